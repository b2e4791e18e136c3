"""How does the log come back from the lake, each record where it stood?

    python -m ingest.restorer [--dry-run]

A topic that lacks records (`ingest/lost.py`) is made anew: in each partition what comes before the
first record that it should hold is filled with nothing and deleted again, so that offsets go on
from there; then come the records of bronze, with the broker's own append times. A position, an
epoch and an `x-log-position` mean afterwards what they meant before.

Meanwhile the topic is closed (`ingest/closed_topics.py`) and the API answers 503 to writes. Before
a topic goes, the archive has all of it. A run that was killed leaves it closed; run again, it
begins that topic anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import structlog
from confluent_kafka import Consumer, TopicPartition
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

import settings as settings_module
from ingest.closed_topics import ClosedTopics
from ingest.ends import Place, log_ends
from ingest.lost import Due, due, short
from ingest.producer import LogUnavailable
from ingest.reading import consumer
from ingest.reappending import append, rows
from ingest.topics import Topic, topics
from lake.archive import archived_offsets
from settings import Settings

log = structlog.get_logger("restorer")

ANSWER_SECONDS = 60
ARCHIVE_SECONDS = 120


class AnotherLog(RuntimeError):
    """The log holds records that are not those of the lake: nobody may take them away."""


class NotWhereItWas(RuntimeError):
    """The broker put a record elsewhere than it stood."""


class NotArchived(RuntimeError):
    """The archive has not all of the log; without it nothing may be taken away."""


def restore(settings: Settings) -> dict[str, Any]:
    """Brings back every topic that lacks records; says how many of each.

    Raises `AnotherLog`, `NotArchived`, `NotWhereItWas`, `LogUnavailable`, `KafkaException`.
    """
    closed = ClosedTopics(settings)
    known = {topic.name: topic for topic in topics(settings)}
    done: dict[str, int] = {}
    for name in lacking(settings, closed):
        _require_same(settings, name)
        done[name] = _restore(settings, closed, known[name])
        log.info("restored", topic=name, records=done[name])
    return {"topics": done, "records": sum(done.values())}


def plan(settings: Settings) -> dict[str, Any]:
    """As `restore` would say, without doing it."""
    wanted = due(settings)
    counts = {
        name: sum(of.records for place, of in wanted.items() if place[0] == name)
        for name in lacking(settings, ClosedTopics(settings))
    }
    return {"topics": counts, "records": sum(counts.values())}


def lacking(settings: Settings, closed: ClosedTopics) -> list[str]:
    """The topics to restore, those included that a killed run left closed."""
    wanted = due(settings)
    found = short(wanted, held(settings, wanted, closed.present()))
    return sorted(found | closed.left())


def held(
    settings: Settings, places: Iterable[Place], present: set[str]
) -> dict[Place, tuple[int, int]]:
    """Kafka's first and next offset of each place; 0 and 0 where there is no such topic."""
    with closing(consumer(settings, "restorer")) as client:
        return {
            place: client.get_watermark_offsets(TopicPartition(*place), timeout=ANSWER_SECONDS)
            if place[0] in present
            else (0, 0)
            for place in places
        }


def _restore(settings: Settings, closed: ClosedTopics, topic: Topic) -> int:
    if topic.name in closed.present():
        closed.close(topic.name)
        _wait_archived(settings, topic)
    closed.make_anew(topic)
    wanted = {place: of for place, of in due(settings).items() if place[0] == topic.name}
    count = append(settings, wanted)
    closed.drop_before({place: of.first for place, of in wanted.items()})
    for place, offsets in held(settings, wanted, {topic.name}).items():
        if offsets != tuple(wanted[place]):
            raise NotWhereItWas(f"{place} holds offsets {offsets}, not {tuple(wanted[place])}")
    closed.open(topic)
    return count


def _wait_archived(settings: Settings, topic: Topic) -> None:
    """Until the archive has all of the topic, which nobody writes any more."""
    ends = log_ends(settings, [topic.name])

    def archived() -> bool:
        done = archived_offsets(settings, ends)
        return all(done[place] >= end for place, end in ends.items())

    done = Retrying(
        retry=retry_if_result(lambda archived: not archived),
        stop=stop_after_delay(ARCHIVE_SECONDS),
        wait=wait_fixed(0.2),
        retry_error_callback=lambda _: False,
    )(archived)
    if not done:
        raise NotArchived(
            f"{topic.name} is not archived after {ARCHIVE_SECONDS} s: is the archiver up?"
        )


def _require_same(settings: Settings, topic: str) -> None:
    """Raises `AnotherLog` where the last record that both have is not the same: a Kafka that was
    set up anew was written since, and the archive knows other records by the same places."""
    places = [(topic, n) for n in range(settings.partitions)]
    archived = archived_offsets(settings, places)
    present = ClosedTopics(settings).present()
    with closing(consumer(settings, "restorer")) as client:
        for place, (low, high) in held(settings, places, present).items():
            last = min(high, archived[place]) - 1
            if last >= low and _value(client, place, last) != _archived(settings, place, last):
                raise AnotherLog(
                    f"{place[0]}/{place[1]} holds another record at {last} than the lake: it was "
                    "written after it was lost; see docs/operators.md"
                )


def _value(client: Consumer, place: Place, offset: int) -> bytes | None:
    client.assign([TopicPartition(*place, offset)])
    record = client.poll(ANSWER_SECONDS)
    if record is None or record.error():
        raise LogUnavailable(f"the log does not answer: {record and record.error()}")
    return record.value()


def _archived(settings: Settings, place: Place, offset: int) -> bytes | None:
    row = next(rows(settings, place, Due(offset, offset + 1)), None)
    return row[3] if row else None


def main() -> int:
    parser = argparse.ArgumentParser("ingest.restorer", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dry-run", action="store_true", help="only say what the log lacks")
    asked, began = parser.parse_args(), time.monotonic()
    try:
        done = (plan if asked.dry_run else restore)(settings_module.load())
    except (AnotherLog, NotArchived, NotWhereItWas, LogUnavailable) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(done | {"seconds": round(time.monotonic() - began, 1)}))
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a thread of pyarrow's that still reads ahead for DuckDB would abort the end
