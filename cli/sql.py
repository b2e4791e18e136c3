"""`starling sql`: what does the lake answer?"""

from __future__ import annotations

import sys

import duckdb

from lake.catalogue import connect
from lake.privacy import Role
from settings import load


def sql(query: str, role: Role) -> int:
    """Prints the answer as a table; returns 1 where the query is not one."""
    with connect(load(), role=role) as session:
        try:
            answer = session.sql(query)
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            return 1
        if answer is not None:
            print(answer)
    return 0
