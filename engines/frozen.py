"""Which settings may never change in the life of a state folder?

They decide where existing records lie: an epoch, a partition, a bucket. The folder remembers them.
"""

from __future__ import annotations

import json
from pathlib import Path

from settings import Settings

FROZEN = ("epoch_seconds", "partitions", "timeline_buckets")


class FrozenSettingChanged(RuntimeError):
    """A setting differs from what the state folder was made with."""

    def __init__(self, name: str, made_with: object, now: object, state_dir: Path) -> None:
        self.name, self.made_with, self.now = name, made_with, now
        super().__init__(
            f"{state_dir} was made with STARLING_{name.upper()}={made_with}, now it is {now}: "
            f"set it back, or choose another STARLING_STATE_DIR"
        )


def remember(settings: Settings) -> None:
    """Writes them on first use of a state folder. Raises `FrozenSettingChanged` ever after."""
    path = settings.state_dir / "platform.json"
    now = {name: getattr(settings, name) for name in FROZEN}
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(now, indent=1) + "\n")
        return
    for name, made_with in json.loads(path.read_text()).items():
        if now.get(name, made_with) != made_with:
            raise FrozenSettingChanged(name, made_with, now[name], settings.state_dir)
