"""Which structure holds a timeline of 800 best: what do a write, a read and an entry cost?

2,000 full timelines, written 500 readers a call. Each side has the server to itself, in one run on
one machine; its seconds are the server's own processor seconds. Full means in the steady state: the
strings stand anywhere between two cuts, evenly, so a run of any length sees its share of cuts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import redis

from bench.figures import Figure
from bench.own_redis import own_redis
from bench.processor import of_server
from bench.redis_tools import NoRedisTools, server
from bench.steady import CAP, FIRST_ID, ids, in_turns, timelines_of
from engines.environments import REPOSITORY
from views.timelines import WHOLE, pack, settle, unpack

READERS, CALL = 2_000, 500  # timelines, and how many of them one call writes
PREFIX = "tl:{0}:"
LIBRARY = REPOSITORY / "bench" / "layouts.lua"


@dataclass(frozen=True)
class Side:
    """`writes` to each timeline, of four authors, `in_a_row` of each in turn; `absent` is the part
    of the readers who have no timeline."""

    name: str
    layout: str
    slack: int = 0
    writes: int = 1_000
    config: dict[str, str] = field(default_factory=dict)
    absent: float = 0.0
    asks: str = "never"
    in_a_row: int = 1


NO_LOG = {"appendonly": "no"}
LISTPACK = {"zset-max-listpack-entries": "900"}
SORTED_SET = Side("sorted_set", "sorted_set", writes=250)
PACKED = [Side(f"packed_slack_{slack}", "packed", slack) for slack in (50, 100, 200, 400, 800)]
DOUBLED = Side("plain_slack_400", "plain", 400)
AWAY = 0.35  # of a billion users 200 million were not seen in a month, 500 million not in a day

STRUCTURES = [
    SORTED_SET,
    Side("sorted_set_listpack", "sorted_set", writes=50, config=LISTPACK),
    Side("list", "list"),
    *PACKED,
    DOUBLED,
]
WITHOUT_A_LOG = [
    replace(side, name=f"{side.name}_no_aof", config=NO_LOG)
    for side in (SORTED_SET, STRUCTURES[2], PACKED[2], PACKED[3], DOUBLED)
]
WHO_IS_AWAY = [
    replace(side, name=f"{name}_{round(100 * absent)}pct_away", absent=absent, asks=asks)
    for absent in (0.0, 0.05, AWAY)
    for name, side, asks in (
        ("ask_first", Side("", "plain", 200), "first"),
        ("undo_after", Side("", "plain", 200), "after"),
        ("ours", PACKED[2], "never"),
    )
]
OUT_OF_ORDER = [
    replace(PACKED[2], name=f"packed_slack_200_{number}_in_a_row", in_a_row=number)
    for number in (25, 250)
]
OTHER_BUILD = [SORTED_SET, STRUCTURES[2], PACKED[2], PACKED[3], DOUBLED]


def figures() -> Iterator[Figure]:
    """The figures of one side after the other. Takes two to three minutes."""
    with own_redis() as client:
        base: dict[str, float] = {}
        for side in (*STRUCTURES, *OUT_OF_ORDER, *WITHOUT_A_LOG):
            yield from _against(base, side.name, _measured(client, side))
        for side in WHO_IS_AWAY:
            found = _measured(client, side, reads=False)
            yield from _against(base, side.name, {"write_cpu_us": found["write_cpu_us"]})
    try:
        binary, environment = server()
    except NoRedisTools as error:
        print(f"without Debian's build of Redis: {error}", file=sys.stderr)
        return
    with own_redis(binary, environment) as client:
        base = {}
        for side in OTHER_BUILD:
            yield from _against(base, f"jemalloc_{side.name}", _measured(client, side))


def _against(base: dict[str, float], name: str, found: dict[str, float]) -> Iterator[Figure]:
    """Each measure beside that of the first side."""
    first = not base
    for measure, value in found.items():
        peer = base.setdefault(measure, value)
        if first:
            yield Figure("layouts", f"{name}_{measure}", value)
        else:
            yield Figure("layouts", f"{name}_{measure}", value, "sorted_set", peer)


def _measured(client: redis.Redis, side: Side, *, reads: bool = True) -> dict[str, float]:
    client.flushall()
    for name, value in {"appendonly": "yes", "zset-max-listpack-entries": "128"}.items():
        client.config_set(name, side.config.get(name, value))
    client.function_load(LIBRARY.read_text(), replace=True)
    before = int(client.info("memory")["used_memory"])
    readers = [FIRST_ID + 1_000_003 * n for n in range(1, READERS + 1)]
    there = [reader for n, reader in enumerate(readers) if n % 20 >= 20 * side.absent]
    timelines_of(client, side.layout, PREFIX, there, side.slack)

    used, began = of_server(client), time.perf_counter()
    _write(client, side, readers)
    took, used = time.perf_counter() - began, of_server(client) - used
    writes = side.writes * READERS
    entries = len(there) * CAP
    found = {
        "writes_per_s": writes / took,
        "write_cpu_us": 1e6 * used / writes,
        "bytes_an_entry": (int(client.info("memory")["used_memory"]) - before) / entries,
        "key_bytes_an_entry": sum(client.memory_usage(PREFIX + str(r)) for r in there[::10])
        / len(there[::10])
        / CAP,
    }
    if reads:
        for newest in (CAP, 20):
            found |= _read(client, READ[side.layout], there, newest)
    return found


def _write(client: redis.Redis, side: Side, readers: list[int]) -> None:
    calls = [" ".join(map(str, readers[at : at + CALL])) for at in range(0, READERS, CALL)]
    said = in_turns(ids(CAP + side.slack, side.writes), side.in_a_row)
    for first in range(0, side.writes, 50):
        pipe = client.pipeline(transaction=False)
        for id in said[first : first + 50]:
            for some in calls:
                pipe.fcall(*_push(side, id, some))
        pipe.execute()


def _push(side: Side, id: int, readers: str) -> tuple:
    entry = pack([id])
    match side.layout:
        case "packed":
            return "timeline_push", 1, PREFIX, entry, readers, CAP, side.slack
        case "plain":
            return "plain_push", 1, PREFIX, entry, readers, CAP, side.slack, side.asks
        case "list":
            return "list_push", 1, PREFIX, entry, readers, CAP
        case _:
            return "sorted_set_push", 1, PREFIX, id >> 22, entry, readers, CAP


def _read(
    client: redis.Redis, read: tuple[Callable, Callable], readers: list[int], newest: int
) -> dict[str, float]:
    """A hundred in a pipeline, each understood as ids, newest first."""
    command, understand = read
    used, own, began = of_server(client), time.process_time(), time.perf_counter()
    for at in range(0, len(readers), 100):
        pipe = client.pipeline(transaction=False)
        for reader in readers[at : at + 100]:
            pipe.execute_command(*command(PREFIX + str(reader), newest))
        for reply in pipe.execute():
            if len(understand(reply, newest)) != newest:
                raise RuntimeError(f"a timeline has not {newest} entries")
    took, own = time.perf_counter() - began, time.process_time() - own
    used = of_server(client) - used
    return {
        f"newest_{newest}_reads_per_s": len(readers) / took,
        f"newest_{newest}_server_us": 1e6 * used / len(readers),
        f"newest_{newest}_client_us": 1e6 * own / len(readers),
    }


def _settled(value: bytes, newest: int) -> list[int]:
    return settle(value[len(WHOLE) :], cap=newest)


READ = {
    "packed": (lambda key, _: ("GET", key), _settled),
    "plain": (lambda key, _: ("GET", key), _settled),
    "list": (
        lambda key, newest: ("LRANGE", key, 0, newest - 1),
        lambda reply, newest: settle(b"".join(reply), cap=newest),
    ),
    "sorted_set": (
        lambda key, newest: ("ZREVRANGE", key, 0, newest - 1),
        lambda reply, _: unpack(b"".join(reply)),
    ),
}
