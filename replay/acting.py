"""How does a made-up world act through the API and through the log at once?

Members act through the API, each with a token; all others straight through the log, as traffic
from elsewhere would arrive. One user's acts keep their order; acts of different users overlap.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

import httpx

from ingest.bulk import BulkProducer
from ingest.events import TweetPosted
from ingest.generator.actions import Action, Delete, Post
from ingest.generator.events import Teller
from replay.calls import Call, about, call

LANES = 8  # requests at a time; a member's requests share a lane and so keep their order
AHEAD = 64  # requests handed over and not yet answered, before the log waits for them
UNSEEN = (403, 404)  # of a tweet that has not arrived, or is gone: answered, or acted upon
BUSY = 503  # nothing was acknowledged: the same request may be made again
VISIBLE_SECONDS = 15.0  # a tweet that came through the log may take so long to reach the API
RETRY_SECONDS = 0.1


@dataclass(frozen=True)
class Member:
    id: int
    token: str


@dataclass
class Requests:
    """What the API was asked, and how it went."""

    answered: Counter[str] = field(default_factory=Counter)
    """Successful requests by the kind of action."""
    seconds: list[float] = field(default_factory=list)
    """How long each of them took."""
    awaited: int = 0
    """Times that a request was made again: its tweet had yet to arrive, or a store was busy."""
    failures: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The time within which this share was answered; 0 where there is none."""
        ranked = sorted(self.seconds)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else 0.0


class Stage:
    """Plays the actions of `teller`'s world. Use it in `with`: the end waits for all answers."""

    def __init__(
        self,
        api_url: str,
        teller: Teller,
        members: Mapping[int, Member],
        producer: BulkProducer,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        self.requests = Requests()
        self._teller, self._members, self._producer = teller, members, producer
        self._progress = progress
        self._http = httpx.Client(base_url=api_url, timeout=30)
        self._lanes = [ThreadPoolExecutor(1) for _ in range(LANES)]
        self._ahead = threading.BoundedSemaphore(AHEAD)
        self._lock = threading.Lock()
        self._coming: dict[int, Future[None]] = {}
        self._gone: set[int] = set()
        for user, member in members.items():
            teller.user_ids[user] = member.id

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for lane in self._lanes:
            lane.shutdown(cancel_futures=kind is not None)
        self._http.close()

    def play(self, actions: Iterable[Action]) -> None:
        """Hands over each action in its order; returns before the last requests are answered."""
        for action in actions:
            if isinstance(action, Delete):
                self._gone.add(action.tweet)
            if action.user in self._members:
                self._ahead.acquire()
                answered = self._lanes[action.user % LANES].submit(self._act, action)
                answered.add_done_callback(lambda _: self._ahead.release())
                if isinstance(action, Post):
                    self._coming[action.tweet] = answered
            elif self._known(action):
                self._producer.append(self._teller.event(action))
                self._progress()

    def _known(self, action: Action) -> bool:
        """Waits until the tweets that the action is about have ids; False where one never will."""
        for tweet in about(action):
            if tweet in self._coming:
                self._coming[tweet].result()
            if tweet not in self._teller.tweets:
                return False
        return True

    def _act(self, action: Action) -> None:
        """One request, repeated while the tweet it is about has not arrived yet."""
        if not self._known(action):
            return
        method, path, body = self._call(action)
        headers = {"Authorization": f"Bearer {self._members[action.user].token}"}
        kind, deadline = type(action).__name__, time.monotonic() + VISIBLE_SECONDS
        while True:
            began = time.monotonic()
            try:
                answer = self._http.request(method, path, json=body, headers=headers)
            except httpx.HTTPError as error:
                self._fail(f"{kind}: {error!r}")
                return
            seconds = time.monotonic() - began
            if answer.is_success:
                break
            if answer.status_code in UNSEEN and any(n in self._gone for n in about(action)):
                return  # it was deleted while the request was on its way
            again = answer.status_code == BUSY or (answer.status_code in UNSEEN and about(action))
            with self._lock:
                self.requests.awaited += bool(again)
            if not again or time.monotonic() > deadline:
                self._fail(f"{kind}: {answer.status_code} {answer.text[:200]}")
                return
            time.sleep(RETRY_SECONDS)
        if isinstance(action, Post):
            self._teller.tweets[action.tweet] = self._posted(action, answer.json()["data"]["id"])
        with self._lock:
            self.requests.answered[kind] += 1
            self.requests.seconds.append(seconds)
            self._progress()

    def _fail(self, what: str) -> None:
        with self._lock:
            self.requests.failures.append(what)

    def _call(self, action: Action) -> Call:
        me = self._members[action.user].id
        return call(action, me, self._teller.tweets, self._teller.user_ids)

    def _posted(self, action: Post, id: str) -> TweetPosted:
        """What others need to know of a tweet that the API took."""
        tweets = self._teller.tweets
        answered = None if action.reply_to is None else tweets[action.reply_to]
        return TweetPosted(
            at_ms=action.at_ms,
            id=int(id),
            author_id=self._members[action.user].id,
            text=action.text,
            conversation_id=answered.conversation_id if answered else int(id),
            reply_to_id=answered.id if answered else None,
            quote_of_id=None if action.quote_of is None else tweets[action.quote_of].id,
        )
