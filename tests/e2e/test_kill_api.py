"""The API is killed under load: is anything acknowledged lost, or anything counted twice?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import psutil
import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.frozen import listeners
from tests.people import NewPerson, Person, ids, pages

pytestmark = pytest.mark.e2e

WRITERS = 4
KILLS = (False, True, True)  # the whole API, or its worker alone
WRITES_BETWEEN = 40


class Writer(threading.Thread):
    """Posts and likes without pause, and remembers what was acknowledged and what merely sent."""

    def __init__(self, person: Person, liked: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.person, self.liked, self._over = person, liked, stop
        self.acknowledged: dict[str, str] = {}  # text -> id
        self.sent: set[str] = set()
        self.likes_acknowledged = 0

    def run(self) -> None:
        while not self._over.is_set():
            text = f"{self.person.username} {len(self.sent)}"
            self.sent.add(text)
            self._attempt(self._post, text)
            self._attempt(self._like)

    def _post(self, text: str) -> None:
        answer = self.person.post(text)
        if answer.status_code == 201:
            self.acknowledged[text] = answer.json()["data"]["id"]

    def _like(self) -> None:
        if self.person.like(self.liked).status_code == 200:
            self.likes_acknowledged += 1

    def _attempt(self, write: Callable[..., None], *arguments: Any) -> None:
        try:
            write(*arguments)
        except httpx.TransportError:
            self._over.wait(0.02)  # the API is gone: it was not acknowledged; go on


def kill_api(settings: Settings, *, whole: bool) -> None:
    """kill -9 to the worker, which its own server replaces; or to all, as the supervisor must."""
    workers = listeners(settings.api_port)
    masters = {p for w in workers if (p := w.parent()) is not None and "serving" in p.cmdline()}
    for process in [*(masters if whole else ()), *workers]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue  # it went with another


def is_live(settings: Settings) -> bool:
    try:
        return httpx.get(f"{settings.api_url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_an_api_killed_under_load_loses_nothing_acknowledged_and_counts_nothing_twice(
    platform: Settings, new_person: NewPerson
) -> None:
    author, reader = new_person("author"), new_person("reader")
    target = author.tweet("like me")
    stop = threading.Event()
    writers = [Writer(new_person(f"writer{n}"), target, stop) for n in range(WRITERS)]

    def acknowledged() -> int:
        return sum(len(writer.acknowledged) for writer in writers)

    for writer in writers:
        writer.start()
    try:
        for whole in KILLS:
            enough = acknowledged() + WRITES_BETWEEN
            until(
                lambda enough=enough: acknowledged() >= enough,
                seconds=120,
                why="the writers do not get through",
            )
            kill_api(platform, whole=whole)
            until(lambda: is_live(platform), seconds=120, why="it was not started again")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert all(w.likes_acknowledged for w in writers)

    for writer in writers:
        # What was sent but not acknowledged may be there, once; what was acknowledged must be.
        found = texts_of(reader, writer.person)
        assert len(found) == len(set(found)), "a tweet is there twice"
        assert set(writer.acknowledged) <= set(found) <= writer.sent
        until(
            lambda writer=writer, found=found: tweet_count(reader, writer.person) == len(found),
            seconds=60,
            why="the count is not the number of tweets",
        )
    until(
        lambda: like_count(reader, target) == WRITERS,
        seconds=60,
        why="likes said many times by each writer count once a writer",
    )


def texts_of(reader: Person, author: Person) -> list[str]:
    """The author's texts, once the speed layer has brought what the API could not."""
    newest = author.post("the last")
    assert newest.status_code == 201
    path = f"/users/{author.id}/tweets"
    until(lambda: reader.get(path, after=newest).status_code == 200, seconds=60)
    texts: list[str] = []
    for page in pages(lambda **query: reader.tweets_of(author, **query), max_results=100):
        assert ids(page)
        texts += [tweet["text"] for tweet in page.json()["data"]]
    author.delete(newest.json()["data"]["id"])
    return [text for text in texts if text != "the last"]


def tweet_count(reader: Person, author: Person) -> int:
    answer = reader.get(f"/users/{author.id}", user__fields="public_metrics")
    count: int = answer.json()["data"]["public_metrics"]["tweet_count"]
    return count


def like_count(reader: Person, tweet_id: str) -> int:
    answer = reader.get(f"/tweets/{tweet_id}", tweet__fields="public_metrics")
    count: int = answer.json()["data"]["public_metrics"]["like_count"]
    return count
