"""Timelines on several servers are asked as if they were one: plain servers, and a real cluster."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import redis

from engines.redis import Redis
from realtime import redis_functions
from settings import Settings
from stores.shards import Shards
from tests.conftest import free_ports
from tests.engines.waiting import until
from views.timelines import WHOLE, bucket_of, home_prefix, pack

pytestmark = pytest.mark.engines

SLOTS = 16_384


def test_a_bucket_lies_on_one_server_and_replies_come_in_order(redis_server: Settings) -> None:
    with closing(Shards(redis_server)) as shards:
        shards.pipeline((bucket, ("SET", f"t:{{{bucket}}}", bucket)) for bucket in range(6))
        order = [5, 0, 3, 1, 4, 2, 0]
        found = shards.pipeline((bucket, ("GET", f"t:{{{bucket}}}")) for bucket in order)
        assert [int(value) for value in found] == order
        lying = [sorted(int(v) for v in c.mget(sorted(c.keys("t:{*")))) for c in shards.all()]
        assert lying == [[0, 2, 4], [1, 3, 5]]


def test_an_error_of_one_server_leaves_no_reply_unread(redis_server: Settings) -> None:
    with closing(Shards(redis_server, max_connections=1, timeout=1)) as shards:
        for _ in range(3):
            with pytest.raises(redis.ResponseError, match="wrong number of arguments"):
                shards.pipeline([(0, ("GET",)), (0, ("PING",)), (1, ("PING",))])
            assert shards.pipeline([(1, ("ECHO", "b")), (0, ("ECHO", "a"))]) == [b"b", b"a"]


def test_a_connection_that_broke_is_opened_anew(redis_server: Settings) -> None:
    with closing(Shards(redis_server)) as shards:
        shards.pipeline([(0, ("PING",)), (1, ("PING",))])
        for client in shards.all():
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert shards.pipeline([(0, ("ECHO", "a")), (1, ("ECHO", "b"))]) == [b"a", b"b"]


def test_what_is_sent_behind_what_is_under_way_is_done_in_order(redis_server: Settings) -> None:
    with closing(Shards(redis_server, max_connections=1, timeout=1)) as shards:
        first = shards.send([(0, ("SET", "t:{0}", 1)), (1, ("SET", "t:{1}", 1))])
        second = shards.send([(1, ("GETSET", "t:{1}", 2)), (1, ("GETSET", "t:{1}", 3))], first)
        third = shards.send([(0, ("GETSET", "t:{0}", 4)), (1, ("GETSET", "t:{1}", 4))], second)
        assert third.replies() == [b"1", b"3"]
        assert second.replies() == [b"1", b"2"]
        assert first.replies() == [b"OK", b"OK"]
        assert shards.pipeline([(0, ("GET", "t:{0}")), (1, ("GET", "t:{1}"))]) == [b"4", b"4"]


def test_what_was_under_way_on_a_connection_that_broke_is_sent_again(
    redis_server: Settings,
) -> None:
    with closing(Shards(redis_server)) as shards:
        first = shards.send([(0, ("ECHO", "a")), (1, ("ECHO", "b"))])
        second = shards.send([(0, ("ECHO", "c")), (1, ("ECHO", "d"))], first)
        with closing(Shards(redis_server)) as other:
            for client in other.all():
                client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        third = shards.send([(1, ("ECHO", "e")), (0, ("ECHO", "f"))], second)
        assert third.replies() == [b"e", b"f"]
        assert first.replies() == [b"a", b"b"]
        assert second.replies() == [b"c", b"d"]


def test_a_server_that_is_away_is_an_error_and_no_wrong_answer(redis_server: Settings) -> None:
    (nobody,) = free_ports(1)
    servers = f"{redis_server.host}:{redis_server.redis_port},{redis_server.host}:{nobody}"
    away = redis_server.model_copy(update={"timeline_servers": servers})
    with closing(Shards(away)) as shards:
        assert shards.command(0, "PING") in (b"PONG", True)
        for _ in range(3):
            with pytest.raises(redis.ConnectionError):
                shards.pipeline([(0, ("PING",)), (1, ("PING",))])


@pytest.fixture(scope="module")
def cluster(redis_server: Settings, tmp_path_factory) -> Iterator[Settings]:
    """Two primaries with half of the slots each."""
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(primary(redis_server, tmp_path_factory.mktemp("redis")))
            for _ in range(2)
        )
        for client, slots in ((first, (0, 8_191)), (second, (8_192, SLOTS - 1))):
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", *slots)
        host, port = address(second)
        first.execute_command("CLUSTER", "MEET", host, port, port_of_bus(second))
        for client in (first, second):
            until(lambda c=client: c.execute_command("CLUSTER INFO")["cluster_state"] == "ok", 30)
            until(lambda c=client: len(c.execute_command("CLUSTER NODES")) == 2, 30)
        yield redis_server.model_copy(
            update={
                "timeline_servers": ":".join(map(str, address(first))),
                "timeline_cluster": True,
                "timeline_buckets": 8,
            }
        )


@contextmanager
def primary(settings: Settings, folder: Path) -> Iterator[redis.Redis]:
    port, bus = free_ports(2)
    options = f"--port {port} --cluster-port {bus} --cluster-enabled yes --bind {settings.host}"
    command = [str(Redis(settings).binary), *options.split(), "--dir", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env={"LC_ALL": "C"}, stdout=log)
    try:
        with redis.Redis(settings.host, port) as client:
            until(lambda: answers(client), 20)
            yield client
    finally:
        process.kill()
        process.wait()


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def address(client: redis.Redis) -> tuple[str, int]:
    options = client.connection_pool.connection_kwargs
    return options["host"], options["port"]


def port_of_bus(client: redis.Redis) -> int:
    return int(client.config_get("cluster-port")["cluster-port"])


def test_pushes_find_their_readers_in_a_cluster(cluster: Settings) -> None:
    readers = range(1_000, 1_200)
    with closing(redis_functions.connect_shards(cluster)) as shards:
        for reader in readers:
            shards.command(bucket_of(reader, 8), "SET", key_of(reader), WHOLE)
        assert sum(shards.pipeline(pushes(readers, 7))) == len(readers)
        assert len({id(shards.client(bucket)) for bucket in range(8)}) == 2


def test_a_slot_that_moved_is_followed(cluster: Settings) -> None:
    reader = 5_000
    bucket = bucket_of(reader, 8)
    with closing(redis_functions.connect_shards(cluster)) as shards:
        left = shards.client(bucket)
        (joined,) = [client for client in shards.all() if client is not left]
        move(f"{{{bucket}}}", left, joined)
        joined.set(key_of(reader), WHOLE)
        assert shards.pipeline(pushes([reader], 9)) == [1]
        assert shards.command(bucket, "GET", key_of(reader)) == WHOLE + pack([9])
        assert address(shards.client(bucket)) == address(joined)


def move(tag: str, left: redis.Redis, joined: redis.Redis) -> None:
    """Gives the tag's slot, emptied, to the other primary."""
    slot = left.execute_command("CLUSTER KEYSLOT", tag)
    while keys := left.execute_command("CLUSTER GETKEYSINSLOT", slot, 1_000):
        left.unlink(*keys)
    whose = joined.execute_command("CLUSTER MYID")
    for client in (joined, left):
        client.execute_command("CLUSTER SETSLOT", slot, "NODE", whose)


def key_of(reader: int) -> str:
    return f"{home_prefix(bucket_of(reader, 8))}{reader}"


def pushes(readers, id: int) -> list:
    by_bucket: dict[int, list[str]] = {}
    for reader in readers:
        by_bucket.setdefault(bucket_of(reader, 8), []).append(str(reader))
    return [
        (
            bucket,
            (
                "FCALL",
                "timeline_push",
                1,
                home_prefix(bucket),
                pack([id]),
                " ".join(some),
                800,
                400,
            ),
        )
        for bucket, some in by_bucket.items()
    ]
