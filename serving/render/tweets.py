"""How does a tweet look in an answer?"""

from __future__ import annotations

from typing import Any

from ingest.ids import timestamp_ms
from serving.render.times import written
from serving.rows import Found, TweetRow
from serving.text import entities

EDITABLE_MS = 30 * 60 * 1000


def tweet(row: TweetRow, fields: frozenset[str], found: Found) -> dict[str, Any]:
    """The tweet with the fields asked for, and none that has nothing to say.

    A retweet shows its source's text, entities and metrics; `found` must have the source and its
    author's profile.
    """
    source = found.tweets.get(row.retweet_of_id, row) if row.retweet_of_id else row
    text = shown_text(row, source, found)
    id = str(row.id)
    answer: dict[str, Any] = {"id": id, "text": text, "edit_history_tweet_ids": [id]}
    if len(fields) == len(answer):  # the default fields, most of the time
        return answer
    if "author_id" in fields:
        answer["author_id"] = str(row.author_id)
    if "created_at" in fields:
        answer["created_at"] = written(timestamp_ms(row.id))
    if "conversation_id" in fields:
        answer["conversation_id"] = str(row.conversation_id or row.id)
    if "in_reply_to_user_id" in fields and row.reply_to_user_id is not None:
        answer["in_reply_to_user_id"] = str(row.reply_to_user_id)
    if "referenced_tweets" in fields and (references := referenced(row)):
        answer["referenced_tweets"] = [{"type": t, "id": str(i)} for t, i in references]
    if "public_metrics" in fields:
        answer["public_metrics"] = public_metrics(found.tweet_counts.get(source.id, {}))
    if "entities" in fields and (named := entities(text)):
        answer["entities"] = named
    if "lang" in fields:
        answer["lang"] = source.lang or "und"
    if "display_text_range" in fields:
        answer["display_text_range"] = [0, len(text)]
    if "possibly_sensitive" in fields:
        answer["possibly_sensitive"] = False
    if "reply_settings" in fields:
        answer["reply_settings"] = "everyone"
    if "edit_controls" in fields:
        answer["edit_controls"] = {
            "edits_remaining": 0,
            "is_edit_eligible": False,
            "editable_until": written(timestamp_ms(row.id) + EDITABLE_MS),
        }
    return answer


def shown_text(row: TweetRow, source: TweetRow, found: Found) -> str:
    if source is row:
        return row.text
    author = found.users.get(source.author_id)
    return f"RT @{author.username}: {source.text}" if author else source.text


def referenced(row: TweetRow) -> list[tuple[str, int]]:
    """The tweets this one refers to, with how."""
    pairs = (
        ("retweeted", row.retweet_of_id),
        ("quoted", row.quote_of_id),
        ("replied_to", row.reply_to_id),
    )
    return [(how, id) for how, id in pairs if id is not None]


def public_metrics(counts: dict[str, int]) -> dict[str, int]:
    """Both dialects' names. Totals of a delayed layer never show below zero."""
    shown = {name: max(0, total) for name, total in counts.items()}
    retweets = shown.get("retweet_count", 0)
    return {
        "retweet_count": retweets,
        "repost_count": retweets,
        "reply_count": shown.get("reply_count", 0),
        "like_count": shown.get("like_count", 0),
        "quote_count": shown.get("quote_count", 0),
        "bookmark_count": shown.get("bookmark_count", 0),
        "impression_count": 0,
    }
