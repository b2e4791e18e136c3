"""How does a tweet look in an answer?"""

from __future__ import annotations

from typing import Any

from ingest.ids import first_id_at
from serving.render.selection import TWEET_DEFAULT, TWEET_FIELDS, selection
from serving.render.tweets import tweet
from serving.rows import Found, TweetRow, UserRow
from views.moderation_states import Moderation

ID = first_id_at(1_609_958_320_012)
PLAIN = TweetRow(id=ID, author_id=7, text="hello #world", conversation_id=ID)
RETWEET = TweetRow(id=ID + 1, author_id=8, retweet_of_id=ID, retweet_of_user_id=7)
FOUND = Found(
    tweets={ID: PLAIN, ID + 1: RETWEET},
    users={7: UserRow(id=7, username="alice", name="Alice")},
    tweet_counts={ID: {"like_count": 3, "retweet_count": 1, "reply_count": -1, "quote_count": 0}},
)


def test_by_default_a_tweet_has_id_text_and_edit_history() -> None:
    assert tweet(PLAIN, TWEET_DEFAULT, FOUND) == {
        "id": str(ID),
        "text": "hello #world",
        "edit_history_tweet_ids": [str(ID)],
    }


def test_all_fields_have_the_shapes_of_x() -> None:
    shown = tweet(PLAIN, TWEET_FIELDS, FOUND)
    assert shown["created_at"] == "2021-01-06T18:38:40.012Z"
    assert shown["author_id"] == "7"
    assert shown["conversation_id"] == str(ID)
    assert shown["entities"] == {"hashtags": [{"start": 6, "end": 12, "tag": "world"}]}
    assert "referenced_tweets" not in shown
    assert "in_reply_to_user_id" not in shown


def test_what_is_doubtful_is_behind_a_notice_and_a_label_is_read_without_asking() -> None:
    def shown(held: Moderation, row: TweetRow = RETWEET) -> dict[str, Any]:
        found = Found(tweets=FOUND.tweets, users=FOUND.users, moderation={ID: held})
        return tweet(row, TWEET_DEFAULT | {"possibly_sensitive"}, found)

    assert shown(Moderation())["possibly_sensitive"] is False
    for action in ("sensitive", "review"):
        assert shown(Moderation(action))["possibly_sensitive"] is True
        assert "moderation" not in shown(Moderation(action))
    label = {"action": "label", "label": "Not so"}
    assert shown(Moderation("label", label="Not so"))["moderation"] == label
    assert shown(Moderation("block", ("toxicity",)), PLAIN)["moderation"] == {
        "action": "block",
        "reasons": ["toxicity"],
        "decided_by": "scorer",
    }


def test_metrics_have_both_dialects_names_and_are_never_negative() -> None:
    metrics = tweet(PLAIN, TWEET_FIELDS, FOUND)["public_metrics"]
    assert metrics["like_count"] == 3
    assert metrics["retweet_count"] == metrics["repost_count"] == 1
    assert metrics["reply_count"] == 0


def test_a_retweet_shows_its_source() -> None:
    shown = tweet(RETWEET, TWEET_FIELDS, FOUND)
    assert shown["text"] == "RT @alice: hello #world"
    assert shown["author_id"] == "8"
    assert shown["referenced_tweets"] == [{"type": "retweeted", "id": str(ID)}]
    assert shown["public_metrics"]["like_count"] == 3
    assert shown["entities"]["mentions"] == [{"start": 3, "end": 9, "username": "alice"}]


def test_a_reply_that_quotes_refers_to_both() -> None:
    row = TweetRow(id=9, author_id=7, text="x", reply_to_id=3, reply_to_user_id=5, quote_of_id=4)
    shown = tweet(row, TWEET_FIELDS, Found())
    assert shown["referenced_tweets"] == [
        {"type": "quoted", "id": "4"},
        {"type": "replied_to", "id": "3"},
    ]
    assert shown["in_reply_to_user_id"] == "5"


def test_expanding_an_id_shows_it() -> None:
    chosen = selection(
        frozenset(), frozenset(), frozenset({"author_id", "referenced_tweets.id.author_id"})
    )
    assert {"author_id", "referenced_tweets"} <= chosen.tweet_fields
    assert "referenced_tweets.id" in chosen.expansions
