"""What did a table say at an earlier time?"""

from __future__ import annotations

from datetime import datetime

from deltalake import DeltaTable

from lake.table import Table
from settings import Settings


def as_of(table: Table, settings: Settings, when: datetime) -> DeltaTable:
    """The table as it stood then, as far back as its retention keeps files: a week for silver and
    gold, a day for bronze, whose rows say themselves when they came. `when` has a time zone."""
    if when.tzinfo is None:
        raise ValueError(f"say in which time zone {when} is")
    delta = table.open(settings)
    delta.load_as_version(when)
    return delta
