"""Of which parts is people's moderation made?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serving.auth.moderators import Moderators
from serving.moderation.cases import Cases
from serving.moderation.claims import Claims
from serving.moderation.desk import Desk
from serving.moderation.queue import Queue
from serving.moderation.told import Told
from serving.rows import Rows
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from views.known_spam import AT_MOST, PARTS
from views.tables import KNOWN_SPAM_OF


@dataclass(frozen=True)
class Moderation:
    cases: Cases
    desk: Desk
    told: Told


def spam_keys(cassandra: CassandraStore) -> Iterator[str]:
    """What `same_text` gives of all that people have called spam. Raises `StoreUnavailable`."""
    asked = cassandra.begin([(KNOWN_SPAM_OF, (part, AT_MOST)) for part in range(PARTS)])
    return (row["text_key"] for rows in cassandra.finish(asked) for row in rows)


def make(
    settings: Settings,
    redis: RedisStore,
    cassandra: CassandraStore,
    rows: Rows,
    moderators: Moderators,
) -> Moderation:
    cases, claims = Cases(cassandra), Claims(redis, minutes=settings.claim_minutes)
    desk = Desk(cases, Queue(cases), claims, rows, redis, moderators)
    return Moderation(cases, desk, Told(cases))
