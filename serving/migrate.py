"""Is the schema of accounts and tokens as this version needs it? `python -m serving.migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(revision: str = "head") -> None:
    """Brings the schema to that revision. Doing it twice changes nothing."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)


if __name__ == "__main__":
    migrate()
