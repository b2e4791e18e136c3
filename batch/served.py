"""Do readers get from the batch layer what the lake holds?

Both stores are asked: Cassandra for each key, Redis for those it has hot.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from batch.command import DataAtFault
from batch.publish import Gold
from batch.sample import in_sample
from batch.stores import cassandra
from batch.totals import VERSIONS, Version, oldest_needed
from settings import Settings
from views.contract import FoldView
from views.seam import batch_field

CHUNK = 2_000


class ServedWrong(DataAtFault):
    """What readers get from the batch layer is not what the lake holds."""


def check_served(
    settings: Settings,
    view: FoldView,
    through: int,
    hot: Mapping[int, Mapping[bytes, bytes]],
    share: float,
    limit: int,
) -> int:
    """Holds what a reader at `through` gets against gold, for at most about `limit` keys.

    `hot` are the hashes of the keys in the sample of that `share`. Returns the number of keys.
    Raises `ServedWrong`.
    """
    gold = Gold(settings, view, through)
    share = min(share, limit / max(1, gold.count()))
    versions = (v for v in gold.versions(0) if share == 1.0 or in_sample(v.key, share))
    count = 0
    with cassandra(settings) as lasting:
        while chunk := list(islice(versions, CHUNK)):
            found = lasting.all((VERSIONS, (view.name, v.key)) for v in chunk)
            for version, rows in zip(chunk, found, strict=True):
                standing = {row.through: dict(row.totals or {}) for row in rows}
                lasts = standing.get(oldest_needed(standing, through), {})
                require(view, version, "Cassandra", lasts)
                if cached := batch_totals(view, hot.get(version.key, {}), through):
                    require(view, version, "Redis", cached)
            count += len(chunk)
    return count


def require(view: FoldView, version: Version, store: str, served: Mapping[str, int]) -> None:
    if served != version.totals:
        raise ServedWrong(
            f"{store} serves {served} as batch totals of {view.name} {version.key}, the lake holds "
            f"{version.totals}: run ./starling rebuild {view.name}"
        )


def batch_totals(view: FoldView, fields: Mapping[bytes, bytes], pointer: int) -> dict[str, int]:
    """The version that a reader at `pointer` takes from a key's hash; empty where it has none."""
    throughs = {int(field.split(b":")[1]) for field in fields if field.startswith(b"b:")}
    at = oldest_needed(throughs, pointer)
    names = {measure: batch_field(at, measure).encode() for measure in view.measures}
    return {measure: int(fields[name]) for measure, name in names.items() if name in fields}
