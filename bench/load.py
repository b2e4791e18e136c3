"""How many requests a second does a server answer, and how long does one wait?

A client in plain sockets: httpx costs several times what it would measure. Connections are kept
open, each has one request under way. One process, so that the machine's other core is the server's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import percentile


@dataclass(frozen=True)
class Measured:
    """Of requests that were answered with a status below 300; anything else raises."""

    per_second: float
    p50_ms: float
    p99_ms: float
    answered: int


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """An HTTP/1.1 request, ready to be sent."""
    head = [f"{method} {path} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    if token:
        head.append(f"authorization: Bearer {token}")
    return "\r\n".join([*head, "", ""]).encode() + body


def measure(
    host: str,
    port: int,
    make: Callable[[int], bytes],
    *,
    connections: int = 16,
    seconds: float = 5.0,
    per_second: float | None = None,
) -> Measured:
    """Sends `make(n)` for n = 0, 1, ... as fast as answers come, or at a given rate over all."""
    return asyncio.run(_measure(host, port, make, connections, seconds, per_second))


async def _measure(
    host: str,
    port: int,
    make: Callable[[int], bytes],
    connections: int,
    seconds: float,
    per_second: float | None,
) -> Measured:
    numbers = iter(range(10**9))
    began = time.perf_counter()
    waited: list[float] = []

    async def client(place: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        pause = connections / per_second if per_second else 0.0
        due = began + pause * place / connections
        while (now := time.perf_counter()) < began + seconds:
            if pause:
                await asyncio.sleep(max(0.0, due - now))
                # What a late request had waited before it was sent counts as waiting.
                start, due = due, due + pause
            else:
                start = now
            writer.write(make(next(numbers)))
            await _answer(reader)
            waited.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(client(place) for place in range(connections)))
    took = time.perf_counter() - began
    return Measured(len(waited) / took, _ms(waited, 50), _ms(waited, 99), len(waited))


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    at = head.lower().index(b"content-length:") + len(b"content-length:")
    body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    if status >= 300:
        raise RuntimeError(f"the server answered {status}: {body[:300]!r}")


def _ms(seconds: Sequence[float], percent: float) -> float:
    return percentile(seconds, percent) * 1000
