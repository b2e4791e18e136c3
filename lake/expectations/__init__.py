"""What must hold of the lake's tables before anything is computed from them?

An expectation is one of Great Expectations' kinds with its arguments. `critical` ones stop
publication; `warning` ones are told. The frames they are held against are made by
`batch/quality_frames.py`: rows of the epochs that no audit has passed yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Expectation:
    """`kind` as in `expect_column_values_to_not_be_null`; `why` is for who reads the report."""

    kind: str
    why: str
    severity: str = "critical"
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`column_values_to_not_be_null(tweet_id)`: the kind and what it is about."""
        about = ", ".join(
            ", ".join(value) if isinstance(value, list) else str(value)
            for key, value in self.arguments.items()
            if key.startswith("column")
        )
        return f"{self.kind.removeprefix('expect_')}({about})"


def critical(kind: str, why: str, **arguments: Any) -> Expectation:
    return Expectation(f"expect_{kind}", why, "critical", arguments)


def warning(kind: str, why: str, **arguments: Any) -> Expectation:
    return Expectation(f"expect_{kind}", why, "warning", arguments)
