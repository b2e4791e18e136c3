"""What happens when `./starling` is called?"""

from __future__ import annotations

import sys

from cli.main import app

OURS = (
    *(
        "bench.",
        "cli.",
        "engines.",
        "ingest.",
        "lake.",
        "moderation.",
        "replay.",
        "serving.",
        "settings",
        "views.",
    ),
    "pydantic",
)


def main() -> None:
    """Runs the command; an error with a name is told in one line, not as a stack of calls."""
    try:
        app(prog_name="./starling")
    except Exception as error:
        if not type(error).__module__.startswith(OURS):
            raise
        print(f"starling: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
