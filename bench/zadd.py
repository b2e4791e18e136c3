"""How fast does a Redis server take pipelined ZADDs? The peer of our own timelines.

As `redis-benchmark -P 16` does it: 50 connections, each with 16 commands on their way, the
commands made before the clock runs, so that the server is measured and not its client.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice

CONNECTIONS, PIPELINED = 50, 16
REPLY = len(b":1\r\n")  # each member is new


def seconds_for(host: str, port: int, readers: Sequence[int], ids: Sequence[int]) -> float:
    """Seconds to add every id to a sorted set of every reader, `zadd:<reader>`.

    Raises `RuntimeError` where the server answers anything but "one was added".
    """
    took = 0.0
    with ExitStack() as opened:
        links = [
            opened.enter_context(socket.create_connection((host, port))) for _ in range(CONNECTIONS)
        ]
        for link in links:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        commands = (_zadd(reader, id) for id in ids for reader in readers)
        while batches := list(islice(_pipelines(commands), 2_000)):
            began = time.perf_counter()
            for first in range(0, len(batches), CONNECTIONS):
                turn = list(zip(links, batches[first : first + CONNECTIONS], strict=False))
                for link, (_, batch) in turn:
                    link.sendall(batch)
                for link, (number, _) in turn:
                    _expect(link, number)
            took += time.perf_counter() - began
    return took


def _zadd(reader: int, id: int) -> bytes:
    key, number = b"zadd:%d" % reader, b"%d" % id
    return b"*4\r\n$4\r\nZADD\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (
        *(len(key), key),
        *(len(number), number),
        *(len(number), number),
    )


def _pipelines(commands: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    while batch := list(islice(commands, PIPELINED)):
        yield len(batch), b"".join(batch)


def _expect(link: socket.socket, number: int) -> None:
    answer = b""
    while len(answer) < number * REPLY:
        answer += link.recv(65536)
        if answer[:1] == b"-":
            break
    if answer != b":1\r\n" * number:
        raise RuntimeError(f"Redis answered {answer[:80]!r}")
