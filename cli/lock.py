"""Which exact packages does each environment hold? Writes locks/ anew from pyproject.toml."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from engines import environments
from engines.environments import REPOSITORY

# Neither a header nor an index: a lock names packages and hashes, not where they came from.
OPTIONS = (
    *("--generate-hashes", "--universal", "--python-version", "3.11", "--no-header", "--quiet"),
    "--no-emit-index-url",
)


def lock(groups: Sequence[str], upgrade: bool) -> None:
    """Locks these dependency groups, or all; what is locked stays unless `upgrade`."""
    uv = environments.folder("bootstrap") / "bin" / "uv"
    for group in groups or ("bootstrap", *environments.NAMES, *environments.ON_DEMAND):
        target = environments.lock_of(group)
        options = [*OPTIONS, *(["--upgrade"] if upgrade else [])]
        command = [str(uv), "pip", "compile", "--group", group, *options, "-o", str(target)]
        subprocess.run(command, cwd=REPOSITORY, check=True)
        print(target.relative_to(REPOSITORY))
