"""Runs in the batch environment: prints whom to follow by the lake of the settings, as JSON."""

from __future__ import annotations

import json

import settings
from batch.who_to_follow import rows

found = [row for batch in rows(settings.load()) for row in batch.to_pylist()]
print(json.dumps({"rows": found}))
