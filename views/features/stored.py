"""How do features lie in Redis?

    through:features            the epoch through which batch has published tiles
    before:features             the one before: what left all windows since is taken away by it
    f:users:{id}                hash: "tiles" to the tiles of the user, as text (`tiles.py`)
    f:tweets:{id}               the same of a tweet
    f:pairs:{viewer}            hash: an author's id to the tiles of that pair
    c:user_activity:{id}        hash of the speed layer: "s:{epoch}:{measure}" to a total
    c:tweet_activity:{id}       the same of a tweet
    c:pair_activity:{viewer}    "s:{epoch}:{measure} {author}" to a total

Hashes of batch (`f:`) have no time to live: batch takes away what has left every window, and keeps
whom a viewer follows. Those of the speed layer live `speed_row_ttl_hours` from their last write on.
"""

from __future__ import annotations

from collections.abc import Sequence

from views.features.tables import FeatureTable
from views.seam import counts_key

POINTER = "through:features"
BEFORE = "before:features"
TILES = "tiles"


def tiles_key(table: FeatureTable, entity: Sequence[int]) -> str:
    return f"f:{table.name}:{entity[0]}"


def tiles_field(table: FeatureTable, entity: Sequence[int]) -> str:
    return str(entity[1]) if table.is_pair else TILES


def speed_key(table: FeatureTable, entity: Sequence[int]) -> str:
    return counts_key(table.view.name, entity[0])
