"""Are Java 17 and Maven here, and what is the one command when they are not?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

PACKAGES = "openjdk-17-jre-headless maven"


class JavaMissing(RuntimeError):
    """Java 17 or Maven is missing; the message is the command that installs it."""


@cache
def java() -> Path:
    """The `java` of a Java 17: of JAVA_HOME, of PATH, or Debian's own. Raises `JavaMissing`."""
    found = shutil.which("java")
    candidates = [
        Path(os.environ.get("JAVA_HOME", "/nonexistent")) / "bin" / "java",
        *([Path(found)] if found else []),
        *Path("/usr/lib/jvm").glob("java-17-openjdk*/bin/java"),
    ]
    for candidate in candidates:
        if candidate.exists() and _version(candidate) == 17:
            return candidate.resolve()
    raise JavaMissing(f"Java 17 is missing. Run: sudo apt-get install -y {PACKAGES}")


def java_home() -> Path:
    return java().parent.parent


def maven() -> Path:
    """The `mvn` of PATH. Raises `JavaMissing`."""
    found = shutil.which("mvn")
    if not found:
        raise JavaMissing(f"Maven is missing. Run: sudo apt-get install -y {PACKAGES}")
    return Path(found)


def _version(java: Path) -> int | None:
    """The feature version a `java` states, or None where it does not run."""
    stated = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', stated)
    return int(found.group(1)) if found else None
