"""What would 500 million daily users take? Arithmetic from what the benches measured.

    ./starling bench fanout --json >> figures.jsonl     # and home, jobs, freshness
    python -m bench.scale figures.jsonl                 # prints the tables of docs/scale.md
    python -m bench.scale figures.jsonl --into docs/scale.md

Figures of the load are the source's; what is assumed is named and can be changed on the command
line: `--machine-price 800 --machine-cores 32`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- printed by bench/scale.py -->", "<!-- end of what is printed -->"
GIB, TIB = 2**30, 2**40
ENTRIES = 800
CELEBRITIES = 20  # pulled at a read that `bench home` measures


class MissingFigure(LookupError):
    """No bench has measured it; the message says which to run."""


@dataclass(frozen=True)
class Load:
    """The source's figures."""

    tweets_per_s: float = 5_800
    peak_tweets_per_s: float = 58_000
    reads_per_s: float = 58_000
    followers: float = 200
    daily_users: float = 500e6
    monthly_users: float = 800e6
    tweet_bytes: float = 500


def _assumed(value: float, what: str) -> float:
    return dataclasses.field(default=value, metadata={"what": what})


@dataclass(frozen=True)
class Assumed:
    """Ours; nothing below is measured, and another reader may set it otherwise."""

    machine_cores: float = _assumed(16, "cores of a machine")
    machine_gib: float = _assumed(128, "memory of a machine, GiB")
    machine_price: float = _assumed(1_000, "money a machine a month")
    busy: float = _assumed(0.6, "of a core at the peak, so that others may be away")
    filled: float = _assumed(0.7, "of memory with data: copies on write, fragmentation, buffers")
    copies: float = _assumed(2, "of Redis data: a primary and a replica")
    replicas: float = _assumed(3, "of the log and of Cassandra: RF 3")
    peak_reads: float = _assumed(3, "times the average; the source has a peak for tweets alone")
    events_a_tweet: float = _assumed(10, "likes, follows and so on; the source counts tweets alone")
    log_days: float = _assumed(14, "kept in the log, as `log_retention_hours`")


@dataclass(frozen=True)
class Unit:
    """What a bench measured."""

    what: str
    value: float
    measure: str


Row = tuple[str, ...]

UNITS = {
    "entry_bytes": ("bytes of Redis memory, a timeline entry", "fanout/bytes_an_entry"),
    "push_redis_us": ("CPU µs in Redis, a delivery", "fanout/redis_cpu_us_per_write"),
    "push_flink_us": ("CPU µs in Flink, a delivery", "fanout/flink_cpu_us_per_write"),
    "push_wire": ("bytes on the wire, a delivery", "fanout/wire_bytes_per_write"),
    "read_api_ms": (
        "CPU ms in the API, a home page of 20, 20 authors pulled",
        f"home/with_{CELEBRITIES}_celebrities_api_cpu_ms_a_read",
    ),
    "read_redis_us": (
        "CPU µs in Redis, the same",
        f"home/with_{CELEBRITIES}_celebrities_redis_cpu_us_a_read",
    ),
    "page_bytes": ("bytes, a home page of 20", "home/page_bytes"),
    "build_ms": ("CPU ms in the API, a home built anew and read", "home/build_and_read_api_cpu_ms"),
    "state_flink_us": ("CPU µs in Flink, a tweet made rows", "jobs/state_flink_cpu_us_an_event"),
    "state_cassandra_us": ("CPU µs in Cassandra, the same", "jobs/state_cassandra_cpu_us_an_event"),
    "fold_flink_us": (
        "CPU µs in Flink, a like made a row and counted",
        "jobs/folds_flink_cpu_us_an_event",
    ),
    "archive_us": ("CPU µs in the archiver, an event", "jobs/archiver_cpu_us_an_event"),
    "kafka_us": ("CPU µs in Kafka, an event written and read", "jobs/kafka_cpu_us_an_event"),
    "log_bytes": ("bytes in the log, an event", "jobs/log_bytes_an_event"),
    "lake_bytes": ("bytes in the lake's raw table, an event", "jobs/lake_bytes_an_event"),
}


def units(lines: Iterable[str]) -> dict[str, Unit]:
    """The unit costs among the JSON lines of benches; the last of a measure counts.

    Raises `MissingFigure`.
    """
    found = {}
    for line in filter(str.strip, lines):
        figure = json.loads(line)
        found[f"{figure['bench']}/{figure['measure']}"] = float(figure["value"])
    missing = [measure for _, measure in UNITS.values() if measure not in found]
    if missing:
        raise MissingFigure(f"run ./starling bench again: nothing says {', '.join(missing)}")
    return {name: Unit(what, found[at], at) for name, (what, at) in UNITS.items()}


def tables(cost: Mapping[str, Unit], load: Load, assumed: Assumed) -> str:
    """The unit costs, what is assumed, and what follows, as Markdown."""
    value = {name: unit.value for name, unit in cost.items()}
    return "\n\n".join(
        [
            _table(
                ("unit cost", "measured", "by"),
                ((u.what, _number(u.value), f"`bench {u.measure}`") for u in cost.values()),
            ),
            _table(("assumed", "value", "option"), _assumptions(assumed)),
            _table(("quantity", "how", "result"), _quantities(value, load, assumed)),
            _table(("part", "bound by", "machines", "of them"), _machines(value, load, assumed)),
        ]
    )


def _assumptions(assumed: Assumed) -> Iterator[Row]:
    for field in dataclasses.fields(assumed):
        value = _number(getattr(assumed, field.name))
        yield field.metadata["what"], value, f"`--{field.name.replace('_', '-')}`"


def _quantities(v: Mapping[str, float], load: Load, a: Assumed) -> Iterator[Row]:
    pushes, peak = load.tweets_per_s * load.followers, load.peak_tweets_per_s * load.followers
    memory = load.monthly_users * ENTRIES * v["entry_bytes"]
    events = load.tweets_per_s * (1 + a.events_a_tweet)
    yield "deliveries a second", "tweets × followers", _number(pushes)
    yield "at the peak", "58,000 tweets × followers", _number(peak)
    yield "timelines' memory", "monthly users × 800 × bytes an entry", f"{memory / TIB:.1f} TiB"
    yield (
        "if only daily users' were kept",
        "daily users × 800 × bytes an entry",
        f"{load.daily_users * ENTRIES * v['entry_bytes'] / TIB:.1f} TiB",
    )
    yield (
        "fan-out on the wire, peak",
        "deliveries × bytes on the wire",
        f"{peak * v['push_wire'] / 1e9:.2f} GB/s",
    )
    yield (
        "pages on the wire",
        "reads × bytes of a page of 20",
        f"{load.reads_per_s * v['page_bytes'] / 1e9:.2f} GB/s",
    )
    yield "events a second", "tweets × (1 + events a tweet)", _number(events)
    yield (
        "the log",
        "events × bytes × days kept × replicas",
        f"{events * v['log_bytes'] * 86_400 * a.log_days * a.replicas / TIB:.0f} TiB",
    )
    yield (
        "tweets in Cassandra",
        "tweets × the source's 500 bytes × replicas, a year",
        f"{load.tweets_per_s * load.tweet_bytes * 86_400 * 365 * a.replicas / TIB:.0f} TiB",
    )
    yield (
        "the lake's raw table",
        "events × bytes, a year",
        f"{events * v['lake_bytes'] * 86_400 * 365 / TIB:.0f} TiB",
    )
    yield (
        "followers in Flink's state",
        "users × 200 × 20 bytes (an id in decimal)",
        f"{load.daily_users * load.followers * 20 / TIB:.1f} TiB",
    )
    yield (
        "all timelines built anew",
        "monthly users × CPU ms, core-hours",
        _number(load.monthly_users * v["build_ms"] / 1e3 / 3_600),
    )


def machines(v: Mapping[str, float], load: Load, a: Assumed) -> dict[str, tuple[str, int]]:
    """What binds each part, and how many machines that makes it."""
    peak = load.peak_tweets_per_s * load.followers
    reads = load.reads_per_s * a.peak_reads
    events = load.peak_tweets_per_s * (1 + a.events_a_tweet)
    memory = load.monthly_users * ENTRIES * v["entry_bytes"] * a.copies

    def cores(per_second: float, us: float) -> int:
        return math.ceil(per_second * us / 1e6 / a.busy / a.machine_cores)

    redis_cores = cores(1, peak * v["push_redis_us"] * a.copies + reads * v["read_redis_us"])
    redis_memory = math.ceil(memory / (a.machine_gib * GIB * a.filled))
    return {
        "Redis, timelines": (
            "memory" if redis_memory > redis_cores else "cores",
            max(redis_memory, redis_cores),
        ),
        "API": ("cores", cores(reads, 1e3 * v["read_api_ms"])),
        "Flink, fan-out": ("cores", cores(peak, v["push_flink_us"])),
        "Flink, rows": ("cores", cores(load.peak_tweets_per_s, v["state_flink_us"])),
        "Flink, counts": ("cores", cores(events, v["fold_flink_us"])),
        "Cassandra, writes": (
            "cores",
            cores(load.peak_tweets_per_s * a.replicas, v["state_cassandra_us"]),
        ),
        "archiver": ("cores", cores(events, v["archive_us"])),
        "Kafka": ("cores", cores(events * a.replicas, v["kafka_us"])),
    }


def _machines(v: Mapping[str, float], load: Load, a: Assumed) -> Iterator[Row]:
    found = machines(v, load, a)
    total = sum(number for _, number in found.values())
    for part, (bound, number) in found.items():
        yield part, bound, _number(number), f"{100 * number / total:.0f} %"
    yield "**in all**", "", f"**{_number(total)}**", ""
    yield "money a month", "machines × price", _number(total * a.machine_price), ""
    yield (
        "a thousand daily users",
        "of that, a month",
        f"{1e3 * total * a.machine_price / load.daily_users:.2f}",
        "",
    )


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    """Three digits that count.

    >>> [_number(n) for n in (1_160_000, 57.26, 2.413, 1000)]
    ['1,160,000', '57.3', '2.41', '1,000']
    """
    if value == 0 or value >= 1_000:
        return f"{round(value):,}"
    return f"{value:.3g}"


def into(document: str, printed: str) -> str:
    """The document with what is printed between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{printed}\n\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.scale", description=__doc__.splitlines()[0])
    parser.add_argument("figures", type=Path, nargs="+", help="JSON lines of ./starling bench")
    parser.add_argument("--into", type=Path, help="a document with marks to print between")
    for field in dataclasses.fields(Assumed):
        option = f"--{field.name.replace('_', '-')}"
        parser.add_argument(option, type=float, default=field.default)
    asked = vars(parser.parse_args())
    files, document = asked.pop("figures"), asked.pop("into")
    lines = (line for file in files for line in file.read_text().splitlines())
    printed = tables(units(lines), Load(), Assumed(**asked))
    if document:
        document.write_text(into(document.read_text(), printed))
    else:
        print(printed)


if __name__ == "__main__":
    main()
