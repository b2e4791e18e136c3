"""What is known of these tweets: what holds, what was said, who reported, what waits?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.events.moderation import SEVERITIES
from serving.stores.cassandra import Bound, CassandraStore
from views.moderation_history import APPEALED, DECIDED
from views.moderation_states import DECISION, SCORE, Moderation, holds
from views.review_queue import PARTS
from views.review_queue import SCORE as SCORED
from views.tables import KEYSPACE, TABLES
from views.timelines import bucket_of

Row = Mapping[str, Any]

HISTORY_AT_MOST = 100
REPORTS_AT_MOST = 100  # of a tweet, the latest; more people change nothing any more


def select(name: str, where: str) -> str:
    """A SELECT of all columns of a view's table."""
    table = TABLES[name]
    columns = ", ".join((*table.key, *table.columns))
    return f"SELECT {columns} FROM {KEYSPACE}.{name} WHERE {where}"


STATES = select("moderation_states", "tweet_id = ?")
HISTORY = select("moderation_history", "tweet_id = ? LIMIT ?")
REPORTS = select("tweet_reports", "tweet_id = ? LIMIT ?")
WAITING = select("review_queue", "severity IN ? AND part = ? AND tweet_id = ?")


@dataclass(frozen=True)
class Case:
    """Of one tweet. `history` and `reports` are latest first; `waits` says by why of which severity
    and since when (milliseconds since 1970) the tweet waits for a person."""

    tweet_id: int
    score: Row | None = None
    decision: Row | None = None
    history: Sequence[Row] = ()
    reports: Sequence[Row] = ()
    waits: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def state(self) -> Moderation:
        return holds(self.score, self.decision)

    @property
    def severity(self) -> int | None:
        """The most urgent of those it waits with; None where nobody is waited for."""
        return min((severity for severity, _ in self.waits.values()), default=None)

    @property
    def last_decision(self) -> Row | None:
        return next((row for row in self.history if row["kind"] == DECIDED), None)

    @property
    def open_appeal(self) -> Row | None:
        """The appeal that nobody has answered."""
        for row in self.history:
            if row["kind"] == APPEALED:
                return row
            if row["kind"] == DECIDED:
                return None
        return None

    @property
    def standing_reports(self) -> list[Row]:
        """Those since the last decision, one a person: the older ones are answered by it."""
        since = self.last_decision["at_ms"] if self.last_decision else 0
        by_person = {row["reporter_id"]: row for row in self.reports if row["at_ms"] > since}
        return list(by_person.values())


class Cases:
    """Every method may raise `StoreUnavailable`."""

    def __init__(self, cassandra: CassandraStore) -> None:
        self._cassandra = cassandra

    def of(self, tweet_ids: Iterable[int]) -> dict[int, Case]:
        """A case for each of the tweets, those of which nothing was ever said too."""
        ids = list(dict.fromkeys(tweet_ids))
        answers = iter(self.ask([bound for id in ids for bound in _questions(id)]))
        return {id: _case(id, [next(answers) for _ in range(4)]) for id in ids}

    def one(self, tweet_id: int) -> Case:
        return self.of([tweet_id])[tweet_id]

    def has_reported(self, reporter_id: int, tweet_id: int) -> bool:
        (rows,) = self.ask([(TABLES["reports_made"].get, (reporter_id, tweet_id))])
        return bool(rows)

    def states(self, tweet_ids: Sequence[int]) -> dict[int, tuple[Row | None, Row | None]]:
        """By id the rows of the scorer and of the person who decided."""
        answers = self.ask([(STATES, (id,)) for id in tweet_ids])
        return {id: _sources(rows) for id, rows in zip(tweet_ids, answers, strict=True)}

    def ask(self, statements: Sequence[Bound]) -> list[list[dict[str, Any]]]:
        """The rows of each, all asked at once."""
        return self._cassandra.finish(self._cassandra.begin(statements))


def _questions(id: int) -> list[Bound]:
    return [
        (STATES, (id,)),
        (HISTORY, (id, HISTORY_AT_MOST)),
        (REPORTS, (id, REPORTS_AT_MOST)),
        (WAITING, (list(range(SEVERITIES)), bucket_of(id, PARTS), id)),
    ]


def _case(id: int, answers: list[list[dict[str, Any]]]) -> Case:
    states, history, reports, waiting = answers
    score, decision = _sources(states)
    rows = [row for row in waiting if not _answered(row, decision)]
    waits = {row["why"]: (row["severity"], row["at_ms"]) for row in rows}
    return Case(id, score, decision, history, reports, waits)


def _answered(row: Row, decision: Row | None) -> bool:
    """Whether the decision has answered what the row of the queue waits for. It stands over every
    score, as in `holds`; all else it answers that was there before."""
    return decision is not None and (row["why"] == SCORED or row["at_ms"] <= decision["at_ms"])


def _sources(rows: Iterable[Row]) -> tuple[Row | None, Row | None]:
    by_source = {row["source"]: row for row in rows}
    return by_source.get(SCORE), by_source.get(DECISION)
