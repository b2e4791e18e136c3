"""What does the queue of moderators cost: a page, and four people who claim and decide at once?

20,000 tweets wait. Pages of twenty are read one after the other as the page and the API read them,
next to one plain read of as many rows of the queue's table in the same run. Then four moderators
claim and decide over HTTP, next to the same four posting a tweet each time; and the first page is
read again, with the tombstones of what they decided before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from bench.figures import Figure, percentile
from bench.own_platform import own_platform
from bench.people import People
from ingest.events import Event, TweetPosted, TweetScored
from serving.moderation.cases import select
from serving.moderation.queue import Place
from serving.services import Services, make
from serving.stores.cassandra import UNSET
from settings import Settings
from views.registry import state_views
from views.review_queue import NORMAL, PARTS
from views.tables import TABLES, statement

WAITING, PAGE, PAGES, AGAIN = 20_000, 20, 200, 50
MODERATORS, EACH = 4, 150
AT_ONCE = 100
PATIENT = {"store_timeout_seconds": 20.0}  # what is slow is measured, not given up
SHOWN = {"tweets", "review_queue", "moderation_states", "moderation_history"}
PLAIN = select("review_queue", "severity = ? AND part = ? AND tweet_id > ? LIMIT ?")


def figures() -> Iterator[Figure]:
    """The figures. Takes about two minutes."""
    with own_platform("api") as settings:
        services = make(settings.model_copy(update=PATIENT))
        try:
            with httpx.Client(base_url=settings.api_url, timeout=20) as http:
                people = People(services, http)
                author_id, _ = people.account()
                ids = [services.ids.next() for _ in range(WAITING)]
                _wait(services, author_id, ids)
                yield Figure("review_queue", "waiting", len(ids))
                moderator_id, _ = people.account()
                plain = _timed(lambda n: _plain(services, n), AGAIN)
                pages, at = [], Place()
                for _ in range(PAGES):
                    took, at = _page(services, moderator_id, at)
                    pages.append(took)
                yield from _against_plain("page", pages, plain)
                tokens = [_moderator(services, people) for _ in range(MODERATORS)]
                yield from _decided(settings, tokens, ids)
            front = _timed(lambda _: _page(services, moderator_id, Place()), AGAIN)
            yield from _against_plain("page_after_decisions", front, plain)
        finally:
            services.close()


def _wait(services: Services, author_id: int, ids: Sequence[int]) -> None:
    """Writes what the log would have said of these tweets, as of its beginning."""
    for first in range(0, len(ids), AT_ONCE):
        events = [event for id in ids[first : first + AT_ONCE] for event in _said(author_id, id)]
        changes = [
            (view.name, change)
            for event in events
            for view in state_views()
            if view.name in SHOWN and isinstance(event, view.events)
            for change in view.project(event)
        ]
        bound = [statement(TABLES[view], each, pos=0, unset=UNSET) for view, each in changes]
        services.cassandra.finish(services.cassandra.begin(bound))
        put = [services.redis.put_change(view, each, 0) for view, each in changes]
        services.redis.pipeline([command for command in put if command])


def _said(author_id: int, id: int) -> tuple[Event, Event]:
    score = {"toxicity_milli": 600, "spam_milli": 10, "action": "review", "reasons": "toxicity"}
    of = {"at_ms": 0, "author_id": author_id}
    posted = TweetPosted(**of, id=id, text="what a silly thing to say", conversation_id=id)
    return posted, TweetScored(**of, tweet_id=id, **score, scorer="bench", occasion="posted")


def _page(services: Services, moderator_id: int, at: Place) -> tuple[float, Place]:
    began = time.perf_counter()
    lying = services.moderation.desk.waiting(moderator_id, at, PAGE, time.time_ns() // 1_000_000)
    took = time.perf_counter() - began
    assert len(lying.cases) == PAGE
    assert lying.next is not None
    return took, lying.next


def _plain(services: Services, number: int) -> None:
    bound = (PLAIN, (NORMAL, number % PARTS, 0, PAGE))
    (rows,) = services.cassandra.finish(services.cassandra.begin([bound]))
    assert len(rows) == PAGE


def _timed(act: Callable[[int], object], times: int) -> list[float]:
    took = []
    for number in range(times):
        began = time.perf_counter()
        act(number)
        took.append(time.perf_counter() - began)
    return took


def _against_plain(name: str, took: Sequence[float], plain: Sequence[float]) -> Iterator[Figure]:
    for percent in (50, 99):
        ours, theirs = (percentile(each, percent) * 1e3 for each in (took, plain))
        yield Figure("review_queue", f"{name}_p{percent}_ms", ours, "one plain read", theirs)


def _moderator(services: Services, people: People) -> str:
    """A token of a new one."""
    id, token = people.account()
    (name,) = (user.username for user in services.rows.fetch(users=[id]).users.values())
    services.auth.moderators.appoint(name)
    return token


def _decided(settings: Settings, tokens: Sequence[str], ids: Sequence[int]) -> Iterator[Figure]:
    """All at once at the front of the queue, each tweet by one of them."""

    def decide(http: httpx.Client, who: int, n: int) -> None:
        path = f"/2/moderation/queue/{ids[n * len(tokens) + who]}"
        http.post(f"{path}/claim").raise_for_status()
        said = {"decision": "allow", "reason": "Nothing is wrong with it"}
        http.post(f"{path}/decision", json=said).raise_for_status()

    def post(http: httpx.Client, who: int, n: int) -> None:
        http.post("/2/tweets", json={"text": f"{who} says {n}"}).raise_for_status()

    ours, theirs = (_per_second(settings, tokens, act) for act in (decide, post))
    yield Figure("review_queue", "claimed_and_decided_per_s", ours, "tweets posted", theirs)


def _per_second(
    settings: Settings, tokens: Sequence[str], act: Callable[[httpx.Client, int, int], None]
) -> float:
    def work(who: int) -> None:
        headers = {"authorization": f"Bearer {tokens[who]}"}
        with httpx.Client(base_url=settings.api_url, timeout=20, headers=headers) as http:
            for n in range(EACH):
                act(http, who, n)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(tokens)) as pool:
        list(pool.map(work, range(len(tokens))))
    return len(tokens) * EACH / (time.perf_counter() - began)
