"""Which JSON Schema has each event, for those who read the log without our code?

`python -m ingest.schemas` writes them out beside this file; a test holds them current.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.codec import schemas

FOLDER = Path(__file__).parent


def written(name: str, schema: dict[str, Any]) -> str:
    """The file's content for one event."""
    return json.dumps({"title": name, **schema}, indent=2, sort_keys=True) + "\n"


def write() -> None:
    """Writes each event's schema to `<Event>.json`."""
    for name, schema in schemas().items():
        (FOLDER / f"{name}.json").write_text(written(name, schema))
