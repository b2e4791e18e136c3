"""Runs in the batch environment: writes whom to follow to gold, by the lake of the settings, and
prints the rows as JSON."""

from __future__ import annotations

import json

import settings
from batch import command, suggestions
from batch.who_to_follow import rows
from lake import tables

here = settings.load()
suggestions.write(here, 1, rows(here))
found = tables.WHO_TO_FOLLOW.open(here).to_pyarrow_table().to_pylist()
print(json.dumps({"rows": found}))
command.leave(0)
