"""Where do the batch layer's answer and the speed layer's answer meet?

Time is cut into epochs by the broker's clock. For each key the batch layer holds *versions*: a
total of all epochs before `through`. The speed layer holds one total per epoch. To read:

1. take the pointer, the `through` that the batch layer has finished publishing;
2. take the newest version at or below the pointer (a key nobody touched keeps its old version);
3. merge the speed totals of the epochs from the pointer on.

    epochs       0   1   2   3 | 4   5   6
    batch        [--- 17 -----]|                 version through 4, pointer 4
    speed                (2)(1)| 3       1       totals of epochs 2 and 3 are no longer read
    answer                17   +  3   +  1  = 21

A version above the pointer belongs to a run that has not finished: it is not read. Speed totals
below the pointer are not read either: batch has healed them. So a reader never sees half a run,
and a record counts exactly once wherever the seam stands.

>>> merged(SUM, versions={4: 17}, speed={2: 2, 3: 1, 4: 3, 6: 1}, pointer=4)
21
>>> merged(SUM, versions={4: 17, 5: 20}, speed={4: 3, 6: 1}, pointer=4)
21
>>> merged(SUM, versions={4: 17, 5: 20}, speed={4: 3, 6: 1}, pointer=5)
21

What the speed layer never counted, or Redis lost, is not zero: `whole` says whether each epoch from
the pointer on is there, and an answer in which one may be missing says so.

>>> whole(pointer=7, counting=Counting(7, 900), now_ms=950, epoch_ms=100, kept_ms=10_000)
True
>>> whole(pointer=7, counting=Counting(8, 900), now_ms=950, epoch_ms=100, kept_ms=10_000)
False
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import AnyStr, NamedTuple

from views.merges import SUM, Merge

__all__ = [
    "COUNTED",
    "COUNTED_FIELDS",
    "SUM",
    "Counting",
    "batch_field",
    "counts_key",
    "merged",
    "pointer_key",
    "read_counts",
    "speed_field",
    "whole",
]


def merged(
    merge: Merge, *, versions: Mapping[int, int], speed: Mapping[int, int], pointer: int
) -> int:
    """The answer for one measure of one key.

    `versions` maps `through` to batch's total of all epochs before it; `speed` maps an epoch to
    its total; `pointer` is 0 as long as batch has published nothing.
    """
    published = [through for through in versions if through <= pointer]
    base = versions[max(published)] if published else merge.zero
    return merge.over([base, *(value for epoch, value in speed.items() if epoch >= pointer)])


class Counting(NamedTuple):
    """What the speed layer says of its totals, in Redis's hash `counted`; None where it says
    nothing, or Redis lost what it said."""

    since: int | None
    """From this epoch on they are whole."""
    alive_ms: int | None
    """When it was last heard of."""


def whole(*, pointer: int, counting: Counting, now_ms: int, epoch_ms: int, kept_ms: int) -> bool:
    """Whether no epoch from the pointer on is missing. Speed totals are kept `kept_ms` long.

    A layer that was silent for longer than an epoch has missed one.
    """
    since, alive_ms = counting
    if since is None or alive_ms is None or since > pointer or now_ms - alive_ms > epoch_ms:
        return False
    return pointer == 0 or (pointer + 1) * epoch_ms > now_ms - kept_ms


COUNTED = "counted"
COUNTED_FIELDS = ("since", "alive_ms")

# How the seam lies in Redis: one hash a key, one field a total, so one round trip reads it whole.


def counts_key(view: str, key: int) -> str:
    return f"c:{view}:{key}"


def pointer_key(view: str) -> str:
    return f"through:{view}"


def speed_field(epoch: int, measure: str) -> str:
    return f"s:{epoch}:{measure}"


def batch_field(through: int, measure: str) -> str:
    return f"b:{through}:{measure}"


def read_counts(
    merge: Merge,
    measures: Iterable[str],
    fields: Mapping[AnyStr, AnyStr],
    pointer: int,
) -> dict[str, int]:
    """The answer for each measure, from a key's hash as Redis returns it (bytes or str).

    Raises `ValueError` on a field that is neither a batch nor a speed total.
    """
    versions: dict[str, dict[int, int]] = {measure: {} for measure in measures}
    speed: dict[str, dict[int, int]] = {measure: {} for measure in versions}
    for raw_field, raw_value in fields.items():
        field = raw_field.decode() if isinstance(raw_field, bytes) else raw_field
        side, number, measure = field.split(":", 2)
        if side not in ("b", "s"):
            raise ValueError(f"not a total: {field!r}")
        if measure in versions:  # a measure that a newer version of the view adds is not ours yet
            (versions if side == "b" else speed)[measure][int(number)] = int(raw_value)
    return {
        measure: merged(merge, versions=versions[measure], speed=speed[measure], pointer=pointer)
        for measure in versions
    }
