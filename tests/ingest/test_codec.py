"""What is encoded decodes; what is no event says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.codec import Undecodable, decode, encode, schemas
from ingest.events import EVENTS, AccountCreated, Event, Liked, TweetPosted

ids = st.integers(0, 2**63 - 1)
any_event = st.one_of(
    st.builds(Liked, at_ms=ids, v=st.just(1), user_id=ids, tweet_id=ids),
    st.builds(
        TweetPosted,
        at_ms=ids,
        v=st.just(1),
        id=ids,
        author_id=ids,
        text=st.text(min_size=1, max_size=50),
        conversation_id=ids,
    ),
)


@given(any_event)
def test_what_is_encoded_decodes(event: Event) -> None:
    assert decode(encode(event), topic=event.topic) == event


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty value"),
        (b"", "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[]", "Expected `object`"),
        (b'{"kind":"Poked","at_ms":1}', "Invalid value 'Poked'"),
        (b'{"kind":"Liked","at_ms":1}', "missing required field `user_id`"),
        (b'{"kind":"Liked","at_ms":1,"user_id":"x","tweet_id":2}', "Expected `int`"),
        (b'{"kind":"Liked","at_ms":1,"v":9,"user_id":1,"tweet_id":2}', "version 9"),
    ],
)
def test_what_is_no_event_says_why(value: bytes | None, reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        decode(value, topic="likes")


def test_an_event_of_another_topic_is_no_event_of_this_one() -> None:
    tweet = TweetPosted(at_ms=1, id=1, author_id=1, text="x", conversation_id=1)
    with pytest.raises(Undecodable):
        decode(encode(tweet), topic="likes")


def test_a_username_with_a_space_is_refused() -> None:
    account = AccountCreated(at_ms=1, id=1, username="two words", name="Two")
    with pytest.raises(Undecodable, match="regex"):
        decode(encode(account), topic="accounts")


def test_every_event_has_a_schema_with_its_kind() -> None:
    assert set(schemas()) == {event.__name__ for event in EVENTS}
