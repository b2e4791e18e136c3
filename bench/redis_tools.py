"""Where are redis-benchmark and a Redis built by Debian, without installing anything?

`redis-benchmark` is a client in C, so it measures a server and not itself; the jar that Starling's
own server comes in does not have it. Debian's package does, and in it, under another name, the
server as most people run it, with jemalloc. Both are unpacked into the cache folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from filelock import FileLock

from settings import load

PACKAGES = ("redis-tools", "libjemalloc2", "liblzf1", "libatomic1")
FINISHED = ".finished"  # written last: a folder without it was interrupted


class NoRedisTools(RuntimeError):
    """Debian's packages could not be had; the message says why."""


def benchmark() -> tuple[Path, dict[str, str]]:
    """The program and what it needs in its environment. Raises `NoRedisTools`."""
    return _program("redis-benchmark")


def server() -> tuple[Path, dict[str, str]]:
    """Debian's redis-server, which goes by the name it is called with. Raises `NoRedisTools`."""
    return _program("redis-server")


def _program(name: str) -> tuple[Path, dict[str, str]]:
    root = _unpacked()
    libraries = root / "usr/lib" / sysconfig.get_config_var("MULTIARCH")
    return root / "usr/bin" / name, {"LD_LIBRARY_PATH": str(libraries)}


def _unpacked() -> Path:
    target = load().cache_dir / "bench" / "redis-tools"
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not (target / FINISHED).exists():
            shutil.rmtree(target, ignore_errors=True)
            (target / "packages").mkdir(parents=True)
            _run(["apt-get", "download", "--quiet", *PACKAGES], target / "packages")
            for package in sorted((target / "packages").glob("*.deb")):
                _run(["dpkg-deb", "--extract", str(package), str(target)], target)
            # One program, which the other package, redis-server, has under its usual name.
            (target / "usr/bin/redis-server").symlink_to("redis-check-rdb")
            (target / FINISHED).touch()
    return target


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | {"LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError as error:
        raise NoRedisTools(f"{command[0]} is not on this machine") from error
    if done.returncode:
        raise NoRedisTools(f"`{' '.join(command[:2])}` failed: {done.stderr.strip()[-300:]}")
