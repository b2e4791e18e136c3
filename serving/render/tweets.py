"""How does a tweet look in an answer?"""

from __future__ import annotations

from typing import Any

from ingest.events.tweets import ids_of
from ingest.ids import timestamp_ms
from serving import edits
from serving.render.selection import TWEET_DEFAULT
from serving.render.times import written
from serving.rows import Found, TweetRow
from serving.text import entities, usernames
from views.moderation_states import UNSAID, Moderation

IMAGE_KEY = "3_"  # media keys bear the kind of the media before its id


def tweet(row: TweetRow, fields: frozenset[str], found: Found) -> dict[str, Any]:
    """The tweet with the fields asked for, and none that has nothing to say.

    A retweet shows its source's text, entities, attachments and metrics, as the newest version has
    them; `found` must have the source and its author's profile.
    """
    source = row
    if row.retweet_of_id is not None and row.retweet_of_id in found.tweets:
        source = found.newest(found.tweets[row.retweet_of_id])
    text = shown_text(row, source, found)
    versions = found.newest(row).versions
    answer: dict[str, Any] = {
        "id": str(row.id),
        "text": text,
        "edit_history_tweet_ids": [str(id) for id in versions],
    }
    held = found.moderation.get(source.id, UNSAID)
    if said := notice(held):
        answer["moderation"] = said
    if len(fields) == len(TWEET_DEFAULT):  # the default fields, most of the time
        return answer
    if "author_id" in fields:
        answer["author_id"] = str(row.author_id)
    if "attachments" in fields and (attached := attachments(source)):
        answer["attachments"] = attached
    if "created_at" in fields:
        answer["created_at"] = written(timestamp_ms(row.id))
    if "conversation_id" in fields:
        answer["conversation_id"] = str(row.conversation_id or row.id)
    if "in_reply_to_user_id" in fields and row.reply_to_user_id is not None:
        answer["in_reply_to_user_id"] = str(row.reply_to_user_id)
    if "referenced_tweets" in fields and (references := referenced(row)):
        answer["referenced_tweets"] = [{"type": t, "id": str(i)} for t, i in references]
    if "public_metrics" in fields:
        answer["public_metrics"] = public_metrics(found.tweet_counts.get(source.counted_id, {}))
    if "entities" in fields and (named := _entities(row, source, text, found)):
        answer["entities"] = named
    if "geo" in fields and source.place_id is not None:
        answer["geo"] = {"place_id": source.place_id}
    if "lang" in fields:
        answer["lang"] = source.lang or "und"
    if "display_text_range" in fields:
        answer["display_text_range"] = [0, len(text)]
    if "possibly_sensitive" in fields:
        answer["possibly_sensitive"] = held.sensitive
    if "reply_settings" in fields:
        answer["reply_settings"] = source.reply_settings or "everyone"
    if "edit_controls" in fields:
        answer["edit_controls"] = {
            "edits_remaining": max(0, edits.MAX_EDITS + 1 - len(versions)),
            "is_edit_eligible": edits.eligible(row),
            "editable_until": written(edits.editable_until_ms(row)),
        }
    return answer


def notice(held: Moderation) -> dict[str, Any] | None:
    """What people read beside a tweet: its label; and what its author reads who alone sees it."""
    if held.label is not None:
        return {"action": "label", "label": held.label}
    if held.withheld:
        said = {"action": "block", "reasons": list(held.reasons)}
        return said | {"decided_by": "person" if held.decided else "scorer"}
    return None


def shown_text(row: TweetRow, source: TweetRow, found: Found) -> str:
    if source is row:
        return row.text
    author = found.users.get(source.author_id)
    return f"RT @{author.username}: {source.text}" if author else source.text


def attachments(row: TweetRow) -> dict[str, list[str]]:
    attached = {}
    if row.media_ids:
        attached["media_keys"] = [f"{IMAGE_KEY}{id}" for id in ids_of(row.media_ids)]
    if row.poll_options:
        attached["poll_ids"] = [str(row.id)]
    return attached


def _entities(row: TweetRow, source: TweetRow, text: str, found: Found) -> dict[str, Any] | None:
    """Those of the text. A mention has the id of who bore the name when it was written.

    As in X, the name of nobody is no mention.
    """
    named = entities(text)
    if named is None or "mentions" not in named or source.mention_ids is None:
        return named
    # They were written in the order of the names; those that a reply adds come after them.
    ids = dict(zip(usernames(source.text), ids_of(source.mention_ids), strict=False))
    if source is not row and (author := found.users.get(source.author_id)):
        ids[author.username.lower()] = author.id
    mentions = []
    for mention in named.pop("mentions"):
        id = ids.get(mention["username"].lower())
        if id is None:
            mentions.append(mention)
        elif id:
            mentions.append(mention | {"id": str(id)})
    return (named | {"mentions": mentions} if mentions else named) or None


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
