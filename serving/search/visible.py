"""Which documents may be looked at for this reader?

What is withheld is for nobody; what is behind a notice is for who wrote it. What protected people
write is for those who follow them. What is written by somebody who blocks the reader, or whom the
reader blocks, is left out too. The index leaves out what it can; whoever shows what was found asks
`serving/visibility.py` all the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from serving.paging import NEWEST
from serving.stores.cassandra import CassandraStore
from serving.stores.opensearch import among

MOST_FOLLOWED = 5_000  # of the newest; protected ones beyond are not found, and no harm is done
MOST_BLOCKED = 32_000  # in either direction, for OpenSearch takes 65,536; of pages the rest is too

Dsl = dict[str, Any]


class Reader(NamedTuple):
    """Whose search it is, as far as the index needs to know; by default nobody's."""

    reads: tuple[int, ...] = ()
    """The reader and whom they follow."""
    kept_away: tuple[int, ...] = ()


ANYBODY = Reader()


def reader(cassandra: CassandraStore, id: int) -> Reader:
    """Raises `StoreUnavailable`: that nobody is blocked is never guessed."""
    if not id:
        return ANYBODY
    followed = cassandra.beside("following", id, before=NEWEST, limit=MOST_FOLLOWED)
    blocks = [
        other
        for view in ("blocking", "blocked_by")
        for other in cassandra.beside(view, id, before=NEWEST, limit=MOST_BLOCKED)
    ]
    return Reader((id, *followed), tuple(blocks))


def visible(query: Dsl, reader: Reader, *more: Dsl) -> Dsl:
    """The query among what the reader may see; and of that only what `more` says."""
    public: Dsl = {"term": {"protected": False}}
    allowed = public
    if reader.reads:
        should = [public, among("author_id", reader.reads)]
        allowed = {"bool": {"should": should, "minimum_should_match": 1}}
    away: list[Dsl] = [{"term": {"withheld": True}}, _behind_a_notice(reader)]
    if reader.kept_away:
        away.append(dict(among("author_id", reader.kept_away)))
    return {"bool": {"must": [query], "filter": [allowed, *more], "must_not": away}}


def _behind_a_notice(reader: Reader) -> Dsl:
    doubtful: Dsl = {"term": {"sensitive": True}}
    if not reader.reads:
        return doubtful
    own: Dsl = {"term": {"author_id": reader.reads[0]}}
    return {"bool": {"filter": [doubtful], "must_not": [own]}}
