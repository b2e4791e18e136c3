"""`starling bi`: how do BI tools ask the lake, for as long as this runs?"""

from __future__ import annotations

import signal
import threading
import time

import psycopg
from rich.console import Console

from engines import processes
from engines.bi import Bi
from engines.ports import require_free
from lake import mart
from lake.readers import allow, end_overdue
from settings import Settings, load

GUARD_SECONDS = 1.0
START_SECONDS = 60


class NotStarted(RuntimeError):
    """The server did not come up; the message says where it tells why."""


def bi() -> int:
    """Serves until it is told to end. Raises `PortTaken`, `NotStarted`."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    serve(load(), stop)
    return 0


def serve(settings: Settings, stop: threading.Event) -> None:
    """Starts the server, keeps its copy of the lake fresh and its readers within their limits."""
    console = Console(stderr=True)
    server = Bi(settings)
    server.fetch()
    require_free(settings.host, server.ports())
    server.configure()
    (command,) = server.commands()
    process = processes.start(command, settings.state_dir)
    try:
        _await(server, settings)
        with psycopg.connect(mart.owner_url(settings), autocommit=True) as connection:
            _refresh(connection, settings, console)
            secret = settings.state_dir / "analysts" / "bi.password"
            console.print(
                f"{settings.bi_url}, password in {secret}; Ctrl-C ends it", soft_wrap=True
            )
            _keep(connection, settings, stop, console)
    finally:
        processes.stop(process, command)


def _await(server: Bi, settings: Settings) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return server.check()
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                log = processes.log_of(server.name, settings.state_dir)
                raise NotStarted(f"the server of BI tools does not answer: see {log}") from error
            time.sleep(0.1)


def _keep(
    connection: psycopg.Connection, settings: Settings, stop: threading.Event, console: Console
) -> None:
    refreshed = time.monotonic()
    while not stop.wait(GUARD_SECONDS):
        end_overdue(connection, settings)
        if time.monotonic() - refreshed > settings.bi_refresh_seconds:
            try:
                _refresh(connection, settings, console)
            except psycopg.errors.LockNotAvailable:
                console.print("tables are being read; the copy is refreshed next time")
            refreshed = time.monotonic()


def _refresh(connection: psycopg.Connection, settings: Settings, console: Console) -> None:
    began = time.monotonic()
    with connection.transaction():  # whoever may read a table may read the one in its place
        written = mart.load(connection, settings)
        allow(connection, settings)
    if written:
        console.print(
            f"{sum(written.values()):,} rows of {len(written)} tables copied "
            f"in {time.monotonic() - began:.1f} s",
            highlight=False,
        )
