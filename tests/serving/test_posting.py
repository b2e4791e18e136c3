"""What may a tweet be made of?"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ingest.ids import first_id_at
from serving.edits import check as check_edit
from serving.errors import Forbidden, InvalidRequest
from serving.posting import NewTweet, check, edited, posted
from serving.rows import TweetRow
from views.tweets import project

MINUTE = 60_000
ID = first_id_at(1_700_000_000_000)
POLL = {"options": ["yes", "no"], "duration_minutes": 5}
MEDIA = {"media_ids": ["7", "8"], "tagged_user_ids": ["3"]}


def asked(**body: Any) -> NewTweet:
    return msgspec.convert({"text": "hello"} | body, NewTweet)


def made(**body: Any) -> TweetRow:
    """The row of a new tweet by user 1."""
    wanted = asked(**body)
    event = posted(
        wanted,
        check(wanted),
        id=ID,
        author_id=1,
        at_ms=0,
        parent=None,
        quoted=None,
        mention_ids=[3, 0],
    )
    (change,) = project(event)
    return msgspec.convert({k: v for k, v in change.row.items() if v is not None}, TweetRow)


def test_all_that_was_said_stands_in_the_row() -> None:
    row = made(poll=POLL | {"reply_settings": "following"}, geo={"place_id": "abc"})
    assert row.poll_options == ["yes", "no"]
    assert row.poll_ends_ms == 1_700_000_000_000 + 5 * MINUTE
    assert (row.reply_settings, row.place_id, row.mention_ids) == ("following", "abc", "3,0")
    row = made(text="", media=MEDIA, reply_settings="verified", nullcast=False)
    assert (row.text, row.media_ids, row.tagged_user_ids) == ("", "7,8", "3")
    assert row.reply_settings == "verified"


@pytest.mark.parametrize(
    "body",
    [
        {"text": " "},
        {"poll": POLL, "media": MEDIA},
        {"poll": POLL, "quote_tweet_id": "5"},
        {"media": MEDIA, "quote_tweet_id": "5"},
        {"poll": {"options": [" ", "b"], "duration_minutes": 5}},
        {"nullcast": True},
        {"community_id": "5"},
        {"card_uri": "card://1"},
        {"edit_options": {"previous_post_id": "5"}, "poll": POLL},
        {"edit_options": {"previous_post_id": "5"}, "quote_tweet_id": "5"},
    ],
)
def test_what_does_not_go_together_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        check(asked(**body))


@pytest.mark.parametrize(
    "body",
    [
        {"poll": POLL | {"options": ["one"]}},
        {"poll": POLL | {"options": list("abcde")}},
        {"poll": POLL | {"options": ["a", "x" * 26]}},
        {"poll": POLL | {"duration_minutes": 4}},
        {"poll": POLL | {"duration_minutes": 10_081}},
        {"media": {"media_ids": []}},
        {"media": {"media_ids": list("12345")}},
        {"reply_settings": "nobody"},
        {"unknown": 1},
    ],
)
def test_what_has_not_the_form_is_no_tweet(body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        asked(**body)


def test_an_edit_changes_the_text_and_keeps_the_rest() -> None:
    first = made(reply_settings="following", media=MEDIA)
    event = edited(
        asked(text="better"), "better", id=ID + 1, at_ms=0, previous=first, mention_ids=[]
    )
    newer, older = (change.row for change in project(event))
    assert (newer["text"], older["text"]) == ("better", "hello")
    assert (newer["media_ids"], older["media_ids"]) == (None, "7,8")
    assert (newer["mention_ids"], older["mention_ids"]) == (None, "3,0")
    assert newer["edit_ids"] == older["edit_ids"] == f"{ID},{ID + 1}"
    assert newer["reply_settings"] == older["reply_settings"] == "following"
    assert (newer["first_id"], older["first_id"]) == (ID, None)


def test_edits_end_after_half_an_hour_and_after_five() -> None:
    row, made_ms = made(), 1_700_000_000_000
    assert check_edit(row, row.id, 1, made_ms + 29 * MINUTE) is row
    often = msgspec.structs.replace(row, edit_ids=",".join(str(ID - n) for n in range(5, -1, -1)))
    answering = msgspec.structs.replace(row, reply_to_id=4, reply_to_user_id=2)
    for refused, asked_id, asker, at_ms in (
        (row, row.id, 1, made_ms + 30 * MINUTE),
        (row, row.id, 2, made_ms),
        (row, row.id - 1, 1, made_ms),  # of a version that was edited since
        (often, row.id, 1, made_ms),
        (answering, row.id, 1, made_ms),
        (made(poll=POLL), row.id, 1, made_ms),
        (None, row.id, 1, made_ms),
    ):
        with pytest.raises(Forbidden):
            check_edit(refused, asked_id, asker, at_ms)
