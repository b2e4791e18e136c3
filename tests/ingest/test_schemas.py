"""The schemas that are written out are those of the events."""

from __future__ import annotations

import json

import jsonschema
import pytest

from ingest.codec import encode, schemas
from ingest.schemas import FOLDER, written
from tests.views.cast import ALICE, BOB, followed, liked, posted


def test_the_files_are_current() -> None:
    """Where this fails, run `python -m ingest.schemas` and look at what changed for readers."""
    on_disk = {path.stem: path.read_text() for path in FOLDER.glob("*.json")}
    assert on_disk == {name: written(name, schema) for name, schema in schemas().items()}


@pytest.mark.parametrize("event", [posted(10, ALICE), liked(BOB, 10), followed(ALICE, BOB)])
def test_an_event_is_valid_under_its_schema(event) -> None:
    schema = json.loads((FOLDER / f"{type(event).__name__}.json").read_text())
    jsonschema.validate(json.loads(encode(event)), schema)
