"""How does a bench say what it measured?

>>> print(Figure("fanout", "writes_per_s", 50.0, "zadd", 100.0).json)
{"bench":"fanout","measure":"writes_per_s","value":50.0,"against":"zadd","against_value":100.0,"ratio":0.5}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True)
class Figure:
    """One measure; `against` names the peer that was measured in the same run, if there is one."""

    bench: str
    measure: str
    value: float
    against: str | None = None
    against_value: float = 0.0

    @property
    def ratio(self) -> float:
        return round(self.value / self.against_value, 3)

    @property
    def json(self) -> str:
        """The object that `--json` prints, one a line."""
        found: dict[str, object] = {
            "bench": self.bench,
            "measure": self.measure,
            "value": round(self.value, 3),
        }
        if self.against is not None:
            found |= {
                "against": self.against,
                "against_value": round(self.against_value, 3),
                "ratio": self.ratio,
            }
        return msgspec.json.encode(found).decode()

    def __str__(self) -> str:
        said = f"{self.measure:34} {self.value:>14,.1f}"
        if self.against is None:
            return said
        return f"{said}   {self.ratio:g} of {self.against} ({self.against_value:,.1f})"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value at or below which `percent` of them lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def values(lines: Iterable[str]) -> dict[str, float]:
    """What `--json` printed, by measure; blank lines are passed over."""
    said = map(msgspec.json.decode, filter(str.strip, lines))
    return {each["measure"]: each["value"] for each in said}
