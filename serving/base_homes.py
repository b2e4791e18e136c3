"""What stands on a home while Redis cannot say, and nobody can build it just now?

What the batch layer computed last as this reader's home (Cassandra's `home_base`), the newest of
those whom the reader pulls, and the reader's own. It may lack what others said since, so it is
marked stale. Where batch has not run yet, the newest of those whom the reader follows.
"""

from __future__ import annotations

from serving.home_building import following
from serving.recents import Recents, newest
from serving.standing import Standing
from serving.stores.cassandra import CassandraStore
from settings import Settings
from views.tables import KEYSPACE
from views.timelines import unpack

BASE = f"SELECT ids FROM {KEYSPACE}.home_base WHERE reader_id = ?"
AUTHORS = 300  # looked up for one answer, at most
STALE = frozenset({"timeline"})


class BaseHomes:
    def __init__(self, settings: Settings, cassandra: CassandraStore, recents: Recents) -> None:
        self._settings, self._cassandra, self._recents = settings, cassandra, recents

    def standing(self, reader: int, edges: str, *, own: bool) -> Standing:
        """Raises `StoreUnavailable`."""
        cap = self._settings.timeline_cap
        begun = self._cassandra.begin([(BASE, (reader,))])
        known = following(self._cassandra, reader, edges)
        (base,) = self._cassandra.finish(begun)
        ids = unpack(base[0]["ids"]) if base else []
        authors = sorted(known.pulled) if base else known.authors
        asked = [*authors[:AUTHORS], *([reader] if own else [])]
        ids += newest(asked, cap, self._recents.from_cassandra)
        return Standing(ids, cap=cap, stale=STALE)
