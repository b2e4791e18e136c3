"""Can the newly closed epochs be trusted?

    python -m batch.quality --through E

Holds the epochs that no audit has passed yet against the expectations in `lake/expectations/`, by
Great Expectations. A failed critical one ends the command with 65 and its name, so nothing is
folded or published from them; a warning is told. Each result is a row of `ledger/quality`, and a
page for people lies in the state folder's `quality/`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported; nothing leaves the machine

import great_expectations as gx
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.data_context.types.base import ProgressBarsConfig

from batch import command, quality_page
from batch.command import DataAtFault
from batch.quality_frames import Audit, audits
from lake import ledgers, tables
from lake.commits import replace
from lake.expectations import Expectation
from settings import Settings

EXAMPLES = 5


class ExpectationFailed(DataAtFault):
    """A critical expectation of the lake failed."""


def first_epoch(settings: Settings, through: int) -> int:
    """The end of the last audit that passed, less what silver looks back."""
    ledger = ledgers.QUALITY.open(settings).to_pyarrow_dataset()
    rows = ledger.to_table(
        columns=["through", "passed", "severity"], filter=pc.field("through") < through
    ).to_pandas()
    failed = rows[~rows["passed"] & (rows["severity"] == "critical")]["through"]
    passed = rows[~rows["through"].isin(failed)]["through"]
    last = int(passed.max()) if len(passed) else 0
    return max(0, last - settings.silver_lookback_epochs)


class Auditor:
    """Great Expectations, without a project folder and without anything sent anywhere."""

    def __init__(self) -> None:
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self._context.data_sources.add_pandas("lake")

    def held(
        self, name: str, rows: pd.DataFrame, expectations: list[Expectation]
    ) -> list[dict[str, Any]]:
        """One row of the ledger for each expectation."""
        asset = self._source.add_dataframe_asset(name)
        batch = asset.add_batch_definition_whole_dataframe("window").get_batch({"dataframe": rows})
        suite = gx.ExpectationSuite(
            name=name,
            expectations=[
                {
                    "type": e.kind,
                    "kwargs": e.arguments,
                    "severity": e.severity,
                    "meta": {"name": e.name, "why": e.why},
                }
                for e in expectations
            ],
        )
        outcome = batch.validate(
            suite,
            result_format={"result_format": "SUMMARY", "partial_unexpected_count": EXAMPLES},
        )
        return [_ledger_row(name, len(rows), result) for result in outcome.results]


def _ledger_row(name: str, rows: int, result: Any) -> dict[str, Any]:
    config = result.expectation_config
    examples = [str(value) for value in result.result.get("partial_unexpected_list", [])]
    # A broken expectation is a failed one: what could not be checked is not known to be good.
    broken = [
        error.get("exception_message", "")
        for error in result.exception_info.values()
        if isinstance(error, dict)
    ]
    return {
        "table": name,
        "expectation": config.meta["name"],
        "why": config.meta["why"],
        "severity": config.severity.value,
        "passed": bool(result.success),
        "rows": rows,
        "unexpected": int(result.result.get("unexpected_count") or 0),
        "examples": ", ".join(broken or examples[:EXAMPLES]),
    }


def audit(found: list[Audit]) -> list[dict[str, Any]]:
    """All results. A table without rows has nothing that could be wrong."""
    auditor = Auditor()
    return [
        row
        for name, rows, expected in found
        if len(rows)
        for row in auditor.held(name, rows, expected)
    ]


def work(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    tables.create(settings)
    through = asked.through
    first = first_epoch(settings, through)
    results = audit(audits(settings, first, through))
    now_ms = time.time_ns() // 1_000_000
    said = {"through": through, "measured_at_ms": now_ms}
    rows = pa.RecordBatch.from_pylist([r | said for r in results], ledgers.QUALITY.columns)
    replace(ledgers.QUALITY, settings, [rows], f"through = {through}")
    page = quality_page.write(settings, results, first=first, through=through, at_ms=now_ms)
    failed = [r for r in results if not r["passed"]]
    if stopping := [r for r in failed if r["severity"] == "critical"]:
        raise ExpectationFailed("; ".join(map(sentence, stopping)) + f"; report: {page}")
    return {
        "through": through,
        "from": first,
        "expectations": len(results),
        "warnings": [sentence(r) for r in failed],
        "report": str(page),
    }


def sentence(row: dict[str, Any]) -> str:
    found = f", e.g. {row['examples']}" if row["examples"] else ""
    return (
        f"{row['table']}: {row['expectation']} failed for {row['unexpected']} of {row['rows']} rows"
        + found
    )


def main() -> int:
    return command.run(work, command.parser("batch.quality", __doc__, view=False))


if __name__ == "__main__":
    sys.exit(main())
