"""Older tweets are scored again, and the log is told of those of which something else follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from batch import silver
from batch.rescan import rescan
from ingest.events import Event
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.realtime.playing import moved, world
from tests.realtime.scoring import told
from tests.views.cast import ALICE, BOB, deleted, edited, followed, posted, scored
from tests.views.records import log_of

pytestmark = pytest.mark.engines

SINCE = date(1970, 1, 1)
EVIL = "see http://evil.example/a"


def said(event: Event, text: str) -> Event:
    return msgspec.structs.replace(event, text=text)


def lake_of(settings: Settings, folder: Path, events: list[Event], forbidden: str = "") -> Settings:
    """A lake with these events, and a list of forbidden links of its own."""
    lake = lake_in(folder, like=settings)
    log = log_of(events)
    archive(lake, bronze_rows(log))
    for topic in ("tweets", "follows", "moderation"):
        silver.refine(lake, topic, log[-1].epoch + 1)
    links = folder / "links.txt"
    links.write_text(forbidden)
    return lake.model_copy(update={"forbidden_links": links})


def found(settings: Settings, w: int, ids: range) -> dict[int, list[tuple[str, str, str]]]:
    said = told(settings, [w + id for id in ids])
    return {id: [(s.action, s.reasons, s.occasion) for s in said[w + id]] for id in ids}


def test_what_links_to_a_place_that_is_forbidden_since_is_blocked(
    kafka_server: Settings, tmp_path: Path
) -> None:
    w = world()
    events = [
        said(posted(10, ALICE), "good morning"),
        said(posted(11, ALICE), EVIL),
        said(posted(12, BOB), EVIL),
        said(posted(13, BOB), "never scored"),
        said(edited("10,14", ALICE), EVIL),
        followed(ALICE, BOB),
        *(scored(id, ALICE) for id in (10, 11, 12, 14)),
        deleted(12, BOB),
    ]
    lake = lake_of(kafka_server, tmp_path, [moved(e, w) for e in events], "evil.example\n")
    done = rescan(lake, SINCE, everything=False)
    assert (done["scored"], done["changed"]) == (4, {"allow to block": 2, "unscored to allow": 1})
    blocked = [("block", "forbidden_link:evil.example spam", "rescan")]
    assert found(lake, w, range(10, 15)) == {
        10: [],
        11: blocked,
        12: [],
        13: [("allow", "", "rescan")],
        14: blocked,
    }


def test_what_the_same_version_scored_is_left_alone_unless_all_are_asked_for(
    kafka_server: Settings, tmp_path: Path
) -> None:
    w = world()
    version: dict[str, Any] = {"scorer": version_of_the(kafka_server, tmp_path / "first")}
    events = [
        said(posted(10, ALICE), "you are a stupid idiot, shut up"),
        msgspec.structs.replace(scored(10, ALICE), **version),
    ]
    lake = lake_of(kafka_server, tmp_path, [moved(e, w) for e in events])
    assert rescan(lake, SINCE, everything=False)["scored"] == 0
    assert rescan(lake, date(2030, 1, 1), everything=True)["scored"] == 0
    assert rescan(lake, SINCE, everything=True)["changed"] == {"allow to block": 1}
    assert [action for action, *_ in found(lake, w, range(10, 11))[10]] == ["block"]


def version_of_the(settings: Settings, folder: Path) -> str:
    """The version with an empty list of links."""
    folder.mkdir()
    lake = lake_of(settings, folder, [moved(posted(1, BOB), world())])
    version: str = rescan(lake, date(2030, 1, 1), everything=False)["scorer"]
    return version
