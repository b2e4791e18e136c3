"""Who speaks to the API in tests? People with accounts of their own, made as `token` makes them.

`alice`, `bob` and `carol` are new in every test of a folder whose conftest.py names them and says
with `new_person` on which platform they live.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from ingest.events import AccountUpdated, ReviewDecided
from serving.principal import ALL_SCOPES
from serving.services import Services, make
from settings import Settings

Answer = httpx.Response


class Person:
    """An account with a token. Each method is one request; `seen` is what a reader must see."""

    def __init__(self, settings: Settings, services: Services, name: str) -> None:
        self.services = services
        self.username = f"{name.split()[0]}_{secrets.token_hex(4)}"[:15]
        account = services.accounts.ensure(self.username, name=name.title())
        self.id = str(account.id)
        self.token = services.tokens.issue(account.id, ALL_SCOPES)
        self.http = httpx.Client(
            base_url=f"{settings.api_url}/2",
            headers={"authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    def get(self, path: str, *, after: Answer | None = None, **query: Any) -> Answer:
        headers = {"x-read-after": after.headers["x-log-position"]} if after else {}
        named = {name.replace("__", "."): value for name, value in query.items()}
        return self.http.get(path, params=named, headers=headers)

    def post(self, text: str, **more: Any) -> Answer:
        return self.http.post("/tweets", json={"text": text, **more})

    def tweet(self, text: str = "hello", **more: Any) -> str:
        """The id of a new tweet."""
        answer = self.post(text, **more)
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["data"]["id"]
        return id

    def reply(self, tweet_id: str, text: str = "a reply") -> str:
        return self.tweet(text, reply={"in_reply_to_tweet_id": tweet_id})

    def delete(self, tweet_id: str) -> Answer:
        return self.http.delete(f"/tweets/{tweet_id}")

    def like(self, tweet_id: str) -> Answer:
        return self.http.post(f"/users/{self.id}/likes", json={"tweet_id": tweet_id})

    def unlike(self, tweet_id: str) -> Answer:
        return self.http.delete(f"/users/{self.id}/likes/{tweet_id}")

    def retweet(self, tweet_id: str) -> Answer:
        return self.http.post(f"/users/{self.id}/retweets", json={"tweet_id": tweet_id})

    def unretweet(self, tweet_id: str) -> Answer:
        return self.http.delete(f"/users/{self.id}/retweets/{tweet_id}")

    def follow(self, other: Person) -> Answer:
        return self.http.post(f"/users/{self.id}/following", json={"target_user_id": other.id})

    def unfollow(self, other: Person) -> Answer:
        return self.http.delete(f"/users/{self.id}/following/{other.id}")

    def protect(self) -> None:
        """Only followers may read this account from now on."""
        self.update(protected=True)

    def hold(self, tweet_id: str, decision: str, label: str | None = None) -> None:
        """Somebody decides about this tweet of theirs, as the log says it."""
        self.services.write(
            ReviewDecided(
                at_ms=time.time_ns() // 1_000_000,
                tweet_id=int(tweet_id),
                author_id=int(self.id),
                moderator_id=1,
                decision=decision,
                label=label,
            ),
            "",
        )

    def update(self, **profile: Any) -> None:
        """Changes these fields of the profile, as the log says it."""
        row = self.services.rows.fetch(users=[int(self.id)]).users[int(self.id)]
        event = AccountUpdated(
            at_ms=time.time_ns() // 1_000_000,
            id=row.id,
            username=row.username,
            name=row.name,
            created_at_ms=row.created_at_ms,
            **{"description": "about me"} | profile,
        )
        self.services.write(event, "")

    def block(self, other: Person) -> Answer:
        return self.http.post(f"/users/{self.id}/blocking", json={"target_user_id": other.id})

    def unblock(self, other: Person) -> Answer:
        return self.http.delete(f"/users/{self.id}/blocking/{other.id}")

    def mute(self, other: Person) -> Answer:
        return self.http.post(f"/users/{self.id}/muting", json={"target_user_id": other.id})

    def unmute(self, other: Person) -> Answer:
        return self.http.delete(f"/users/{self.id}/muting/{other.id}")

    def bookmark(self, tweet_id: str) -> Answer:
        return self.http.post(f"/users/{self.id}/bookmarks", json={"tweet_id": tweet_id})

    def make_list(self, name: str = "birds", **more: Any) -> str:
        """The id of a new list."""
        answer = self.http.post("/lists", json={"name": name, **more})
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["data"]["id"]
        return id

    def add_to(self, list_id: str, other: Person) -> Answer:
        return self.http.post(f"/lists/{list_id}/members", json={"user_id": other.id})

    def home(self, **query: Any) -> Answer:
        return self.get(f"/users/{self.id}/timelines/reverse_chronological", **query)

    def tweets_of(self, other: Person, **query: Any) -> Answer:
        return self.get(f"/users/{other.id}/tweets", **query)


NewPerson = Callable[[str], Person]
"""Makes a person whose name begins so."""


@contextmanager
def people(settings: Settings) -> Iterator[NewPerson]:
    """A function that makes new people; their connections are closed at the end."""
    services, made = make(settings), []

    def new(name: str) -> Person:
        person = Person(settings, services, name)
        made.append(person)
        return person

    try:
        yield new
    finally:
        for person in made:
            person.http.close()
        services.close()


def ids(answer: Answer) -> list[str]:
    """The ids of the tweets in an answer's `data`, in its order."""
    assert answer.status_code == 200, answer.text
    return [tweet["id"] for tweet in answer.json().get("data", [])]


def pages(read: Callable[..., Answer], **query: Any) -> Iterator[Answer]:
    """Page after page, until one names no next."""
    more: dict[str, Any] = {}
    while True:
        answer = read(**query, **more)
        assert answer.status_code == 200, answer.text
        yield answer
        token = answer.json()["meta"].get("next_token")
        if token is None:
            return
        more = {"pagination_token": token}


@pytest.fixture
def alice(new_person: NewPerson) -> Person:
    return new_person("alice")


@pytest.fixture
def bob(new_person: NewPerson) -> Person:
    return new_person("bob")


@pytest.fixture
def carol(new_person: NewPerson) -> Person:
    return new_person("carol")
