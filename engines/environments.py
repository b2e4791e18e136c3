"""Where is the Python environment of an engine, and is it made as its lock says?

An environment is named after its lock, so a changed lock is a new environment and an unchanged
one costs nothing to ask for. Runs in the bootstrap environment too: only the standard library,
filelock and settings may be imported here.

    python -m engines.environments app speed     # makes them, prints their interpreters
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from filelock import FileLock

from settings import load

REPOSITORY = Path(__file__).resolve().parent.parent
NAMES = ("app", "speed", "batch", "airflow")
ON_DEMAND = ("train",)  # gigabytes that only a training needs
FINISHED = ".finished"  # written last: an environment without it was interrupted
KEEP_DAYS = 3  # without being in use


class EnvironmentFailed(RuntimeError):
    """An environment could not be made; the message ends with what the installer said."""


def lock_of(name: str) -> Path:
    return REPOSITORY / "locks" / f"{name}.txt"


@cache
def folder(name: str) -> Path:
    """`{cache_dir}/envs/<name>-<first 8 of the lock's sha256>`, whether it exists or not.

    Decided once a process: a running platform keeps its environments when a lock changes.
    """
    digest = hashlib.sha256(lock_of(name).read_bytes()).hexdigest()[:8]
    return load().cache_dir / "envs" / f"{name}-{digest}"


def python(name: str) -> Path:
    """The interpreter of the environment `name`; call `ensure` first where it may be missing."""
    return folder(name) / "bin" / "python"


def ensure(name: str) -> Path:
    """Makes the environment `name` when it is missing or half made; returns its interpreter.

    Safe to call from several processes at once. Raises `EnvironmentFailed`.
    """
    target = folder(name)
    if keep(name):
        return python(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not (target / FINISHED).exists():
            print(f"making the {name} environment in {target}", file=sys.stderr, flush=True)
            _install(target, lock_of(name))
            (target / FINISHED).touch()
            drop_unused(target, name)
    return python(name)


def keep(name: str) -> bool:
    """Says that the environment `name` is in use, so that no clone drops it; False: there is none.

    Whatever runs on one for days says so again and again, as the supervisor does.
    """
    finished = folder(name) / FINISHED
    if not finished.exists():
        return False
    finished.touch()
    return True


def _install(target: Path, lock: Path) -> None:
    interpreter = target / "bin" / "python"
    if not interpreter.exists():
        uv("venv", "--quiet", "--clear", "--python", sys.executable, str(target))
    uv(
        *("pip", "sync", "--require-hashes", "--compile-bytecode", "--strict"),
        *("--python", str(interpreter), str(lock)),
    )


def uv(*arguments: str) -> None:
    """Runs uv of the bootstrap environment, its cache beside the environments: files are links."""
    root = load().cache_dir
    uv = str(folder("bootstrap") / "bin" / "uv")
    command = [uv, "--cache-dir", str(root / "uv"), "--no-config", "--no-python-downloads"]
    done = subprocess.run([*command, *arguments], cwd=REPOSITORY)
    if done.returncode:
        raise EnvironmentFailed(f"`uv {' '.join(arguments)}` ended with {done.returncode}")


def drop_unused(target: Path, name: str) -> None:
    """Environments of other locks go when nobody asked for them or ran on them for days.

    Not sooner: a platform may still run on one, and clones with different locks share a cache.
    """
    used_since = time.time() - KEEP_DAYS * 86_400
    for other in target.parent.glob(f"{name}-*/"):
        finished = other / FINISHED
        last_used = finished if finished.exists() else other
        if other != target and last_used.stat().st_mtime < used_since:
            shutil.rmtree(other, ignore_errors=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or NAMES:
        print(ensure(wanted))
