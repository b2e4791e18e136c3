"""How is the API served? `python -m serving`: Flask under Granian, on settings' port."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from settings import load

GRACE_SECONDS = 10  # for requests under way when the server stops


def metrics_folder(state_dir: Path) -> Path:
    """Where worker processes keep what they count; empty, as counts start with the server."""
    folder = state_dir / "api" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    settings = load()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder(settings.state_dir))
    # Imported now: the metrics library reads the folder above when it is first imported.
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    Granian(
        "serving.wsgi:app",
        address=settings.host,
        port=settings.api_port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.api_workers,
        blocking_threads=settings.api_threads,
        respawn_failed_workers=True,  # what a dying worker held was not acknowledged
        workers_kill_timeout=GRACE_SECONDS,
    ).serve()


if __name__ == "__main__":
    main()
