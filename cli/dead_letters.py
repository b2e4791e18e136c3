"""Which records could not be understood, and why?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from confluent_kafka import Consumer, KafkaException, TopicPartition
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.dead_letters import DeadLetter
from ingest.producer import LogUnavailable
from ingest.topics import DEAD_LETTERS
from settings import Settings, load

WAIT_SECONDS = 10


def newest(settings: Settings, number: int) -> Iterator[tuple[int, DeadLetter]]:
    """The last `number` dead letters, oldest first, each with its time in ms.

    Raises `LogUnavailable`.
    """
    client = Consumer(
        {
            "bootstrap.servers": settings.kafka,
            "client.id": "starling-dead-letters",
            "group.id": "starling-dead-letters",  # required, unused: nothing is committed
            "enable.auto.commit": False,
        }
    )
    try:
        low, high = client.get_watermark_offsets(
            TopicPartition(DEAD_LETTERS, 0), timeout=WAIT_SECONDS
        )
        client.assign([TopicPartition(DEAD_LETTERS, 0, max(low, high - number))])
        for _ in range(min(number, high - low)):
            record = client.poll(WAIT_SECONDS)
            if record is None or record.error():
                raise LogUnavailable(f"the log does not answer: {record and record.error()}")
            headers = cast("list[tuple[str, bytes]]", record.headers() or [])
            yield record.timestamp()[1], DeadLetter.of(headers, record.value())
    except KafkaException as error:
        raise LogUnavailable(f"the log is not reachable: {error}") from error
    finally:
        client.close()


def dead_letters(number: int, as_json: bool) -> None:
    """Prints them, newest last."""
    letters = newest(load(), number)
    if as_json:
        for at_ms, letter in letters:
            print(json.dumps({"at_ms": at_ms, "source": str(letter.source), "reason": letter.reason,
                              "value": _text(letter)}))  # fmt: skip
        return
    table = Table("when (UTC)", "where it stood", "why", "the record")
    for at_ms, letter in letters:
        when = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(when, str(letter.source), escape(letter.reason), escape(_text(letter)[:120]))
    console = Console()
    console.print(table if table.row_count else "No dead letters: every record was understood.")


def _text(letter: DeadLetter) -> str:
    """The record as text; bytes that are none are shown as escapes."""
    return (letter.value or b"").decode(errors="backslashreplace")
