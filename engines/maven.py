"""Where are the jars of a server, at exactly the pinned versions of its pom?

A folder is named after its pom, so a changed pom is a new folder and an unchanged one costs
nothing to ask for.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from engines.java import java_home, maven
from settings import load

POMS = Path(__file__).resolve().parent / "poms"
FINISHED = ".finished"  # written last: a folder without it was interrupted


class FetchFailed(RuntimeError):
    """Maven could not fetch a server; the message ends with what Maven said."""


def folder(name: str) -> Path:
    """`{cache_dir}/jars/<name>-<first 8 of the pom's sha256>`, whether it exists or not."""
    digest = hashlib.sha256((POMS / f"{name}.xml").read_bytes()).hexdigest()[:8]
    return load().cache_dir / "jars" / f"{name}-{digest}"


def fetch(name: str, **properties: str) -> Path:
    """The folder of the jars that `poms/<name>.xml` names, fetched when they are missing.

    `properties` fill the pom's own. Safe to call from several processes. Raises `FetchFailed`.
    """
    target = folder(name)
    if (target / FINISHED).exists():
        return target
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not (target / FINISHED).exists():
            print(f"fetching {name} by Maven into {target}", file=sys.stderr, flush=True)
            _copy_dependencies(POMS / f"{name}.xml", target, properties)
            (target / FINISHED).touch()
    return target


def _copy_dependencies(pom: Path, target: Path, properties: dict[str, str]) -> None:
    command = [
        *(str(maven()), "--batch-mode", "--quiet", "-Dstyle.color=never", "--file", str(pom)),
        *("dependency:copy-dependencies", f"-DoutputDirectory={target}"),
        *(f"-D{key.replace('_', '.')}={value}" for key, value in properties.items()),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"JAVA_HOME": str(java_home())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise FetchFailed(f"Maven could not fetch {pom.name}:\n{done.stdout[-4000:]}")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(fetch(wanted))
