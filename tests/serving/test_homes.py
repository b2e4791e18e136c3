"""What stands on a home: what was pushed, what is pulled, and one's own."""

from __future__ import annotations

import pytest

from serving.paging import Cursor
from settings import Settings
from tests.people import Person, ids, pages
from tests.serving.delivering import deliver, forget, pull
from tests.serving.reading_homes import Process
from views.timelines import user_key

pytestmark = pytest.mark.engines


def test_a_first_read_has_what_was_said_before(alice: Person, bob: Person) -> None:
    before = [alice.tweet(str(n)) for n in range(3)]
    bob.follow(alice)
    own = bob.tweet()
    answer = bob.home()
    assert ids(answer) == [own, *before[::-1]]
    assert "x-stale" not in answer.headers


def test_ones_own_are_there_whatever_redis_has_of_them(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    own = [bob.tweet(str(n)) for n in range(3)]
    assert ids(bob.home()) == own[::-1]
    forget(api_server, user_key, bob)
    own.append(bob.tweet("one that Redis has"))
    assert ids(bob.home()) == own[::-1]


def test_those_who_are_pulled_are_on_the_home_from_their_first_word_on(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    pushed = carol.tweet("pushed")
    assert ids(bob.home()) == [pushed]
    pull(api_server, bob, [alice])
    pulled = alice.tweet("pulled")
    retweet = alice.retweet(pushed).json()["data"]["id"]
    assert ids(bob.home()) == [pulled, pushed]
    carol.delete(pushed)
    assert ids(bob.home()) == [pulled]
    alice.unretweet(pushed)
    reply = alice.reply(bob.tweet("mine"))
    assert ids(bob.home())[0] == reply != retweet
    bob.mute(alice)
    assert len(ids(bob.home())) == 1
    bob.unmute(alice)
    bob.unfollow(alice)
    assert len(ids(bob.home())) == 1


def test_all_of_the_pulled_is_fetched_only_where_a_page_lies_deeper(
    api_server: Settings,
    process: Process,
    alice: Person,
    bob: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("serving.homes.TAIL", 3)
    bob.follow(alice)
    said = [int(alice.tweet(str(n))) for n in range(8)][::-1]
    process.home(bob)
    pull(api_server, bob, [alice])
    standing = process.homes.standing(int(bob.id))
    assert standing.page(Cursor(), 3) == said[:3]
    later = int(alice.tweet("deeper pages find it, newer ones were read"))
    assert standing.page(Cursor(older_than=said[2]), 3) == said[3:6]
    assert standing.all() == [later, *said]


def test_pages_cover_a_home_once_while_the_pushed_and_the_pulled_say_more(
    api_server: Settings, alice: Person, bob: Person, carol: Person
) -> None:
    for author in (alice, carol):
        bob.follow(author)
    bob.home()
    pull(api_server, bob, [alice])
    old = []
    for n in range(8):
        old += [alice.tweet(f"pulled {n}"), carol.tweet(f"pushed {n}")]
        deliver(api_server, bob.id, old[-1:])
    seen: list[str] = []
    for page in pages(bob.home, max_results=3):
        seen += ids(page)
        alice.tweet("arriving")
        deliver(api_server, bob.id, [carol.tweet("arriving")])
    assert seen == old[::-1]
