"""Which calls put totals into Redis? A function of ours there (`totals.lua`) takes many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from views.seam import counts_key, speed_field

AT_ONCE = 2_000  # totals in a call: Redis does nothing else for some milliseconds
Total = tuple[str, int, str, int, int]
"""View, key, measure, epoch, total."""

Call = tuple[str | int, ...]
"""The arguments of `fcall`."""


def calls(totals: Iterable[Total], seconds: int) -> Iterator[Call]:
    """They write the totals in their order, so that the last of one holds, and keep what there is
    of each key so long."""
    rest = iter(totals)
    while some := list(islice(rest, AT_ONCE)):
        hashes: dict[str, dict[str, int]] = {}
        for view, key, measure, epoch, total in some:
            hashes.setdefault(counts_key(view, key), {})[speed_field(epoch, measure)] = total
        numbered = (
            (len(fields), *chain.from_iterable(fields.items())) for fields in hashes.values()
        )
        yield "totals_put", len(hashes), *hashes, seconds, *chain.from_iterable(numbered)
