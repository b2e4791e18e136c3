"""Where are redis-benchmark and a Redis built by Debian, without installing anything?

`redis-benchmark` is a client in C, so it measures a server and not itself; the jar that Starling's
own server comes in does not have it. Debian's package does, and in it, under another name, the
server as most people run it, with jemalloc. Both are unpacked into the cache folder.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

from bench.fetched import fetched

PACKAGES = ("redis-tools", "libjemalloc2", "liblzf1", "libatomic1")


class NoRedisTools(RuntimeError):
    """Debian's packages could not be had; the message says why."""


def benchmark() -> tuple[Path, dict[str, str]]:
    """The program and what it needs in its environment. Raises `NoRedisTools`."""
    return _program("redis-benchmark")


def server() -> tuple[Path, dict[str, str]]:
    """Debian's redis-server, which goes by the name it is called with. Raises `NoRedisTools`."""
    return _program("redis-server")


def _program(name: str) -> tuple[Path, dict[str, str]]:
    root = fetched("redis-tools", _unpack)
    libraries = root / "usr/lib" / sysconfig.get_config_var("MULTIARCH")
    return root / "usr/bin" / name, {"LD_LIBRARY_PATH": str(libraries)}


def _unpack(target: Path) -> None:
    packages = target / "packages"
    packages.mkdir()
    _run(["apt-get", "download", "--quiet", *PACKAGES], packages)
    for package in sorted(packages.glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(package), str(target)], target)
    # One program, which the other package, redis-server, has under its usual name.
    (target / "usr/bin/redis-server").symlink_to("redis-check-rdb")


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
