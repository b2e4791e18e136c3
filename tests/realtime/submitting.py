"""How does a test start jobs, as the platform does?"""

from __future__ import annotations

import os
import subprocess

from engines import environments
from engines.flink import client_env
from settings import Settings


def submit(settings: Settings, *arguments: str) -> str:
    """What `realtime.submit` says."""
    done = subprocess.run(
        [environments.python("speed"), "-m", "realtime.submit", *arguments],
        env=os.environ | client_env(settings),
        cwd=environments.REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
