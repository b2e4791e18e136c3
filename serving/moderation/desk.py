"""What lies on a moderator's desk, and what do they do with it? For the API and for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.events import Event
from ingest.positions import Position
from serving.auth.moderators import Moderators
from serving.errors import Conflict, NotFound
from serving.moderation import deciding
from serving.moderation.cases import Case, Cases
from serving.moderation.claims import Claim, Claims
from serving.moderation.deciding import NewDecision
from serving.moderation.queue import Place, Queue
from serving.rows import Found, Rows, TweetRow
from serving.stores.redis import RedisStore
from views.tables import KEYSPACE

State = Literal["open", "claimed", "mine"]
Write = Callable[[Event], Position]

NOTICES_AT_MOST = 100
NOTICES = f"SELECT tweet_id FROM {KEYSPACE}.moderation_notices WHERE author_id = ? LIMIT ?"
UNCLAIMED = "Claim it first: it is nobody's, or your claim has ended."


@dataclass
class Lying:
    """Some of what waits: `found` has the tweets and their authors, `notices` says by author how
    often they were told of something before (100 is the most)."""

    cases: list[Case]
    found: Found = field(default_factory=Found)
    claims: Mapping[int, Claim] = field(default_factory=dict)
    notices: Mapping[int, int] = field(default_factory=dict)
    next: Place | None = None


class Desk:
    """Every method may raise `StoreUnavailable`."""

    def __init__(
        self,
        cases: Cases,
        queue: Queue,
        claims: Claims,
        rows: Rows,
        redis: RedisStore,
        moderators: Moderators,
    ) -> None:
        self._cases, self._queue, self._claims = cases, queue, claims
        self._rows, self._redis, self._moderators = rows, redis, moderators

    def waiting(
        self,
        moderator_id: int,
        at: Place,
        limit: int,
        now_ms: int,
        *,
        why: str | None = None,
        state: State | None = None,
    ) -> Lying:
        """A page, without what is gone and what is the moderator's own."""
        lying = Lying([])
        claims: dict[int, Claim] = {}

        def keep(cases: Mapping[int, Case]) -> list[Case]:
            some = [id for id, case in cases.items() if why is None or why in case.waits]
            if not some:
                return []
            rows = self._rows.fetch(tweets=some)
            lying.found.add(rows)
            claims.update(self._claims.of(some, now_ms))
            return [
                cases[id]
                for id in some
                if id in rows.tweets
                and rows.tweets[id].author_id != moderator_id
                and (state is None or _state(claims.get(id), moderator_id) == state)
            ]

        page = self._queue.page(at, limit, keep)
        lying.cases, lying.claims, lying.next = page.cases, claims, page.next
        self._add_authors(lying)
        return lying

    def one(self, tweet_id: int, moderator_id: int, now_ms: int) -> Lying:
        """A single one, as if it were a page. Raises `NotFound` where it does not wait."""
        case, row = self._waits(tweet_id)
        deciding.may_decide(case, row.author_id, moderator_id, others=False)
        lying = Lying([case], self._rows.fetch(tweets=[tweet_id]))
        lying.claims = self._claims.of([tweet_id], now_ms)
        self._add_authors(lying)
        return lying

    def claim(self, tweet_id: int, moderator_id: int, now_ms: int) -> Claim:
        """Raises `NotFound`, `Conflict` where it is somebody else's, `Forbidden` where this
        moderator may not decide about it."""
        case, row = self._waits(tweet_id)
        self._may_decide(case, row, moderator_id)
        return self._claims.take(tweet_id, moderator_id, now_ms)

    def release(self, tweet_id: int, moderator_id: int) -> None:
        """Gives a claim back; where there is none of this moderator's, nothing changes."""
        self._claims.release(tweet_id, moderator_id)

    def decide(
        self, tweet_id: int, moderator_id: int, asked: NewDecision, now_ms: int, write: Write
    ) -> Position | None:
        """The log position of the decision; None where it was made before.

        Raises `InvalidRequest`, `NotFound`, `Forbidden`, or `Conflict` without a claim.
        """
        deciding.check(asked)
        with self._redis.exclusively(f"review:{tweet_id}"):
            case = self._cases.one(tweet_id)
            if deciding.repeated(case, asked, moderator_id):
                return None
            row = self._row(tweet_id)
            if not case.waits:
                raise Conflict("This Tweet waits for nobody: it was decided, or looks well now.")
            deciding.check_spam(asked, row.text)
            self._may_decide(case, row, moderator_id)
            claim = self._claims.of([tweet_id], now_ms).get(tweet_id)
            if claim is None or claim.moderator_id != moderator_id:
                raise Conflict(UNCLAIMED)
            self._claims.take(tweet_id, moderator_id, now_ms)  # longer than the log may take
            event = deciding.decided(asked, case, row, moderator_id=moderator_id, at_ms=now_ms)
            position = write(event)
        self._claims.release(tweet_id, moderator_id)
        return position

    def _waits(self, tweet_id: int) -> tuple[Case, TweetRow]:
        case, row = self._cases.one(tweet_id), self._row(tweet_id)
        if not case.waits:
            raise NotFound("tweet", str(tweet_id), "tweet_id")
        return case, row

    def _row(self, tweet_id: int) -> TweetRow:
        row = self._rows.fetch(tweets=[tweet_id]).tweets.get(tweet_id)
        if row is None:
            raise NotFound("tweet", str(tweet_id), "tweet_id")
        return row

    def _may_decide(self, case: Case, row: TweetRow, moderator_id: int) -> None:
        others = case.open_appeal is not None and self._moderators.others_than(
            moderator_id, row.author_id
        )
        deciding.may_decide(case, row.author_id, moderator_id, others=others)

    def _add_authors(self, lying: Lying) -> None:
        tweets = [lying.found.tweets[case.tweet_id] for case in lying.cases]
        authors = list({row.author_id for row in tweets})
        if not authors:
            return
        more = self._rows.fetch(
            users=authors,
            user_counts=authors,
            tweet_counts=list({row.counted_id for row in tweets}),
        )
        lying.found.add(more)
        lying.notices = self._notices(authors)

    def _notices(self, authors: Sequence[int]) -> dict[int, int]:
        answers = self._cases.ask([(NOTICES, (id, NOTICES_AT_MOST)) for id in authors])
        return {id: len(rows) for id, rows in zip(authors, answers, strict=True)}


def _state(claim: Claim | None, moderator_id: int) -> State:
    if claim is None:
        return "open"
    return "mine" if claim.moderator_id == moderator_id else "claimed"
