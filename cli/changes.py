"""`starling changes`: what changed in a table of the lake between two of its versions?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from deltalake.exceptions import DeltaError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lake import changes as feed
from lake.privacy import Role
from lake.tables import named
from settings import load


def changes(table: str, since: str | None, until: str | None, role: Role, out: Path | None) -> int:
    """Prints or writes the changes, else the versions; returns 1 where a version is none."""
    if since is None:
        _versions(table)
        return 0
    settings = load()
    try:
        found = feed.changes(
            named(table), settings, moment(since), moment(until) if until else None, role
        )
        if out:
            found.write_parquet(str(out))
        else:
            print(found)
    except (DeltaError, LookupError, ValueError, duckdb.Error) as error:
        print(f"starling: {error}", file=sys.stderr)
        return 1
    return 0


def moment(said: str) -> feed.Moment:
    """A version's number, or an ISO time, UTC where it names no zone. Raises `ValueError`."""
    if said.isdecimal():
        return int(said)
    time = datetime.fromisoformat(said)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _versions(table: str) -> None:
    grid = Table("version", "at (UTC)", "operation", "said")
    for row in feed.versions(named(table), load()):
        at = row.at.strftime("%Y-%m-%d %H:%M:%S")
        grid.add_row(str(row.version), at, row.operation, escape(row.said))
    Console().print(grid)
