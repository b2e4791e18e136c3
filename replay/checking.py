"""Where does what is served differ from what the oracle says?

Each finding names whose answer is wrong, what it should hold and what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

EXAMPLES = 3  # spelled out for each check; the rest is counted


@dataclass
class Check:
    """One question put to the platform, and how many of its answers were wrong."""

    name: str
    asked: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.wrong == 0

    def found(self, answer: str | None) -> None:
        """Counts one answer; `answer` says what is wrong with it, or is None."""
        self.asked += 1
        if answer is not None:
            self.wrong += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(answer)


def check_number(name: str, expected: int, found: int) -> Check:
    check = Check(name)
    check.found(None if found == expected else f"should be {expected:,}, is {found:,}")
    return check


def check_timelines(
    expected: dict[int, list[int]], served: Iterable[tuple[int, list[int]]], names: dict[int, str]
) -> Check:
    """Each reader's timeline holds the expected ids in the expected order, and nothing else."""
    check = Check("home timelines")
    for reader, ids in served:
        check.found(_timeline_difference(names.get(reader, str(reader)), expected[reader], ids))
    return check


def _timeline_difference(whose: str, expected: list[int], served: list[int]) -> str | None:
    if served == expected:
        return None
    parts = [f"home of {whose}: should hold {len(expected)} entries, holds {len(served)}"]
    for what, ids in (
        ("lacks", set(expected) - set(served)),
        ("holds from elsewhere", set(served) - set(expected)),
    ):
        if ids:
            parts.append(f"{what} {len(ids)} (e.g. {max(ids)})")
    if len(parts) == 1:
        parts.append("the order differs")
    return "; ".join(parts)


def check_counts(
    name: str,
    expected: dict[int, dict[str, int]],
    served: Iterable[tuple[int, dict[str, int]]],
    names: dict[int, str],
) -> Check:
    """Each key's counts are the expected ones, of the measures that the oracle speaks of."""
    check = Check(name)
    for key, counts in served:
        differences = list(_count_differences(expected[key], counts))
        whose = names.get(key, str(key))
        check.found(f"{name} of {whose}: " + ", ".join(differences) if differences else None)
    return check


def _count_differences(expected: dict[str, int], served: dict[str, int]) -> Iterator[str]:
    for measure, value in expected.items():
        if measure not in served:
            yield f"{measure} should be {value:,}, is not there"
        elif served[measure] != value:
            yield f"{measure} should be {value:,}, is {served[measure]:,}"
