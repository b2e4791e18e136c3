"""Asks Spark what the cookbook asks, all in one session. Runs in the batch environment.

python -m tests.cookbook.run_spark QUERIES      # a JSON list; prints the answers as JSON
"""

from __future__ import annotations

import json
import re
import sys

import settings as settings_module
from batch.catalogue import register
from batch.session import session

NAMES = re.compile(r"\b(?:silver|gold|ledger)\.[a-z_]+")


def main(queries: list[str]) -> None:
    settings = settings_module.load()
    with session(settings, "cookbook") as spark:
        register(spark, settings, sorted({name for q in queries for name in NAMES.findall(q)}))
        answers = []
        for query in queries:
            frame = spark.sql(query)
            rows = [[plain(value) for value in row] for row in frame.collect()]
            answers.append({"columns": frame.columns, "rows": rows})
    print(json.dumps({"answers": answers}))


def plain(value: object) -> object:
    """JSON has neither dates nor exact decimals."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
