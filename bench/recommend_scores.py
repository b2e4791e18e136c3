"""How good is a ranking of whom to follow? Recall and MAP at 20, against follows held out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

AT = 20


def recall_and_map(
    found: Mapping[int, Sequence[int]], held: Mapping[int, Set[int]]
) -> tuple[float, float]:
    """The means over everybody of `held`, each of whom has a follow that is held out.

    Recall is hits over the smaller of 20 and what is held out; precision is summed over the same.

    >>> recall_and_map({1: [7, 8, 9]}, {1: {9, 7}, 2: {5}})
    (0.5, 0.41666666666666663)
    """
    recalls = precisions = 0.0
    for person, wanted in held.items():
        least = min(AT, len(wanted))
        hits = _hits(found.get(person, ())[:AT], wanted)
        recalls += len(hits) / least
        precisions += sum(n / place for n, place in enumerate(hits, 1)) / least
    return recalls / len(held), precisions / len(held)


def _hits(ranked: Iterable[int], wanted: Set[int]) -> list[int]:
    """The places of those that are wanted, from 1 on."""
    return [place for place, person in enumerate(ranked, 1) if person in wanted]
