"""How does the log get into the lake?

    python -m ingest.archiver

Reads all topics from where bronze ends and commits a batch about once a second. SIGTERM commits
what is gathered and ends. A full disk or a lost broker is logged and tried again, with patience:
the records stay in the log until they are archived. One archiver a lake.
"""

from __future__ import annotations

import signal
import sys
from threading import Event

import structlog
from confluent_kafka import KafkaException
from deltalake.exceptions import DeltaError
from filelock import FileLock, Timeout

import settings as settings_module
from ingest.archiver_writer import AnotherArchiver, BronzeWriter
from ingest.ends import Place
from ingest.gathering import Batch, LogGap, gather
from ingest.reading import LogRestarted, consumer, patiently, start_at
from ingest.topics import topics
from settings import Settings

log = structlog.get_logger("archiver")


def places(settings: Settings) -> list[Place]:
    """Each topic and partition of the log."""
    return [(t.name, number) for t in topics(settings) for number in range(t.partitions)]


def run(settings: Settings, stop: Event) -> None:
    """Archives until `stop` is set. Raises `AnotherArchiver`, `LogRestarted`, `LogGap`."""
    writer = patiently(stop, "lake_not_writable", OSError, DeltaError)(
        BronzeWriter, settings, places(settings)
    )
    client = consumer(settings, "archiver")
    pulse = settings.state_dir / "archiver.pulse"
    try:
        starts = patiently(stop, "kafka_not_ready", KafkaException)(start_at, client, writer.next)
        client.assign(starts)
        log.info("archiving", from_offsets={f"{p.topic}/{p.partition}": p.offset for p in starts})
        while not stop.is_set():
            batch = gather(
                client.consume,
                seconds=settings.archive_seconds,
                rows=settings.archive_rows,
                bytes=settings.archive_bytes,
            )
            if batch.records:
                patiently(stop, "not_archived", OSError, DeltaError)(_commit, writer, batch)
            writer.tidy()
            pulse.touch()  # the supervisor sees by it that nothing is stuck
    finally:
        client.close()


def _commit(writer: BronzeWriter, batch: Batch) -> None:
    version = writer.write(batch)
    log.info("archived", records=len(batch.records), version=version)


def main() -> int:
    settings = settings_module.load()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings.lake_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.state_dir / "archiver.lock", timeout=0):
            run(settings, stop)
    except Timeout:
        log.error("another_archiver_runs", state_dir=str(settings.state_dir))
        return 1
    except (AnotherArchiver, LogGap, LogRestarted) as error:
        log.error("refused", error=str(error))
        return 1
    except (OSError, DeltaError, KafkaException) as error:
        log.error("ended_with_work_left", error=str(error), note="the next start archives it")
        return 1
    log.info("ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
