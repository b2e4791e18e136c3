"""Conversations: who may reply, what is around a tweet, and what is hidden; through HTTP."""

from __future__ import annotations

from functools import partial

import pytest

from tests.people import Answer, Person, ids, pages

pytestmark = pytest.mark.engines


def hide(person: Person, tweet_id: str, hidden: bool = True) -> Answer:
    return person.http.put(f"/tweets/{tweet_id}/hidden", json={"hidden": hidden})


def test_a_conversation_is_what_stands_above_and_below(
    alice: Person, bob: Person, carol: Person
) -> None:
    first = alice.tweet("first")
    one, other = bob.reply(first), carol.reply(first)
    below = [alice.reply(one) for _ in range(3)]
    elsewhere = bob.reply(other)

    def around(id: str, **query: object) -> list[str]:
        read = partial(carol.get, f"/tweets/{id}/conversation", max_results=5, **query)
        return [id for page in pages(read) for id in ids(page)]

    assert around(first) == [first, one, other, *below, elsewhere]
    assert around(one) == [first, one, *below]
    assert around(below[1]) == [first, one, below[1]]
    started = carol.get(f"/tweets/{first}/conversation", max_results=5)
    assert ids(started) == [first, one, other, *below[:2]]
    assert "previous_token" not in started.json()["meta"]
    arriving = alice.reply(one)
    token = started.json()["meta"]["next_token"]
    rest = carol.get(f"/tweets/{first}/conversation", max_results=5, pagination_token=token)
    assert ids(rest) == [below[2], elsewhere, arriving]
    back = rest.json()["meta"]["previous_token"]
    assert ids(
        carol.get(f"/tweets/{first}/conversation", max_results=5, pagination_token=back)
    ) == ids(started)

    assert hide(bob, one).status_code == 403  # not bob's conversation
    assert hide(alice, first).status_code == 403  # not a reply
    assert hide(alice, one).json() == {"data": {"hidden": True}}
    assert around(first) == [first, other, elsewhere]
    assert around(below[1]) == [first, one, below[1]]  # above what was asked for it is shown
    assert around(first, hidden="true") == [first, one, other, *below, elsewhere, arriving]
    assert hide(alice, one, hidden=False).json() == {"data": {"hidden": False}}
    alice.delete(below[0])
    assert around(one) == [first, one, *below[1:], arriving]
    assert list(carol.get("/tweets/1/conversation").json()) == ["errors"]


def test_an_edited_tweet_keeps_its_place_and_stays_hidden(alice: Person) -> None:
    first = alice.tweet("first")
    reply = alice.reply(first)
    below = alice.reply(reply)
    edited = alice.tweet("edited", edit_options={"previous_post_id": reply})
    for id in (first, reply, edited, below):
        found = alice.get(f"/tweets/{id}/conversation", max_results=5)
        assert ids(found) == [first, edited, below]
    hide(alice, edited)
    assert ids(alice.get(f"/tweets/{first}/conversation")) == [first]


def test_who_may_reply_is_as_the_author_said(alice: Person, bob: Person, carol: Person) -> None:
    alice.follow(carol)
    for setting, mentions, may in (
        ("mentionedUsers", bob, [bob]),
        ("following", None, [carol]),
        ("verified", None, []),
        ("subscribers", bob, [bob]),
    ):
        text = f"hi @{mentions.username}" if mentions else "hi"
        id = alice.tweet(text, reply_settings=setting)
        shown = bob.get(f"/tweets/{id}", tweet__fields="reply_settings").json()["data"]
        assert shown["reply_settings"] == setting
        for person in (bob, carol, alice):
            answer = person.post("me", reply={"in_reply_to_tweet_id": id})
            assert (answer.status_code == 201) == (person in [*may, alice]), (setting, answer.text)
            if answer.status_code != 201:
                assert answer.status_code == 403
        # The settings of the first tweet hold below it too.
        below = alice.reply(id)
        refused = [p for p in (bob, carol) if p not in may]
        for person in refused:
            assert person.post("me", reply={"in_reply_to_tweet_id": below}).status_code == 403
