"""Which server answers the API's requests best: Granian, or gunicorn with threads?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.api import home_path, prepare
from bench.figures import Figure
from bench.load import Measured, measure, request
from bench.own_platform import own_platform
from bench.servers import free_port, granian, gunicorn, serving
from settings import Settings

Command = Callable[[str, Settings, int], list[str]]


def figures() -> Iterator[Figure]:
    """The figures. Takes about two minutes."""
    with own_platform("api") as settings:
        yield from measured(settings)


def measured(settings: Settings) -> Iterator[Figure]:
    """The figures of a platform that is up."""
    reader_id, token, _ = prepare(settings)
    for name, target, ask in (
        ("bare", "bench.bare:app", request("GET", "/bare")),
        ("home", "serving.wsgi:app", request("GET", home_path(reader_id), token)),
    ):
        ours = _served(granian, target, settings, ask)
        peer = _served(gunicorn, target, settings, ask)
        yield Figure(
            *("wsgi", f"{name}_requests_per_s_granian", ours.per_second),
            *("gunicorn_gthread", peer.per_second),
        )
        yield Figure("wsgi", f"{name}_p99_ms_granian", ours.p99_ms, "gunicorn_gthread", peer.p99_ms)


def _served(command: Command, target: str, settings: Settings, ask: bytes) -> Measured:
    port = free_port()
    with serving(command(target, settings, port), settings, port):
        measure(settings.host, port, lambda _: ask, seconds=2)  # warm: stores are connected to
        return measure(settings.host, port, lambda _: ask)
