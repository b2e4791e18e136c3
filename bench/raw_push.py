"""How fast do the Redis servers take the very calls that fan-out makes, sent by a plain client?

The limit of what any fan-out in front of them can reach: the calls are made before the clock runs,
and one thread a server does nothing but send them and read the replies.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ingest.events import TweetPosted
from realtime.followers import DictOfChunks, Followers
from settings import Settings
from views.timelines import home_prefix, pack

UNDER_WAY = 4  # calls sent to a server and not yet answered: it never waits for the next


class WrongReply(RuntimeError):
    """The server answered something else than how many timelines it wrote."""


def calls_of(
    settings: Settings, followers: Mapping[int, Iterable[int]], tweets: Sequence[TweetPosted]
) -> list[list[bytes]]:
    """The calls that deliver the tweets, for each server of timelines."""
    chunks = {author: _chunks(settings, readers) for author, readers in followers.items()}
    servers: list[list[bytes]] = [[] for _ in settings.timeline_addresses]
    cut = (settings.timeline_cap, settings.timeline_slack)
    for tweet in tweets:
        entry = pack([tweet.id])
        for bucket, readers in chunks[tweet.author_id]:
            push = ("FCALL", "timeline_push", 1, home_prefix(bucket), entry, readers, *cut)
            servers[bucket % len(servers)].append(command(*push))
    return servers


def command(*parts: str | bytes | int) -> bytes:
    r"""The bytes of a command on the wire.

    >>> command("GET", "k")
    b'*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'
    """
    said = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"*%d\r\n" % len(said) + b"".join(b"$%d\r\n%b\r\n" % (len(p), p) for p in said)


def send(settings: Settings, servers: Sequence[Sequence[bytes]]) -> tuple[int, float]:
    """Timelines written and seconds, all servers at once. Raises `WrongReply`."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(servers)) as threads:
        written = threads.map(_send, settings.timeline_addresses, servers)
        return sum(written), time.perf_counter() - began


def _send(address: tuple[str, int], calls: Sequence[bytes]) -> int:
    written = 0
    with socket.create_connection(address) as link, link.makefile("rb") as replies:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, call in enumerate(calls):
            if number >= UNDER_WAY:
                written += _written(replies.readline())
            link.sendall(call)
        for _ in calls[:UNDER_WAY]:
            written += _written(replies.readline())
    return written


def _written(reply: bytes) -> int:
    if not reply.startswith(b":"):
        raise WrongReply(repr(reply[:200]))
    return int(reply[1:])


def _chunks(settings: Settings, readers: Iterable[int]) -> list[tuple[int, str]]:
    followers = Followers(
        DictOfChunks(), buckets=settings.timeline_buckets, size=settings.fanout_chunk
    )
    for reader in readers:
        followers.add(reader)
    return list(followers.chunks())
