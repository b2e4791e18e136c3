"""Have our answers the shapes of those that X gave: its keys, with values of its types?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ingest.ids import first_id_at
from serving.render.selection import TWEET_FIELDS, USER_FIELDS
from serving.render.tweets import tweet
from serving.render.users import user
from serving.rows import Found, TweetRow, UserRow
from tests import recorded

ID = first_id_at(1_700_000_000_000)
ALICE = UserRow(id=7, username="alice", name="Alice", created_at_ms=1_600_000_000_000)
ROWS = [
    TweetRow(
        id=ID,
        author_id=7,
        text="hi @alice, see example.com #now $ABC",
        conversation_id=ID,
        reply_to_id=3,
        reply_to_user_id=7,
        quote_of_id=4,
        mention_ids="7",
        media_ids="5",
        place_id="abc",
        reply_settings="following",
        edit_ids=f"{ID},{ID + 1}",
    ),
    TweetRow(id=ID + 1, author_id=7, text="plain", poll_option_1="a", poll_option_2="b"),
    TweetRow(id=ID + 2, author_id=7, retweet_of_id=ID + 1, retweet_of_user_id=7),
]
FOUND = Found(tweets={row.id: row for row in ROWS}, users={7: ALICE})

# In answers of today, and of later ones than were recorded.
NEWER = {
    "public_metrics.repost_count",
    "public_metrics.bookmark_count",
    "public_metrics.impression_count",
    "public_metrics.post_count",
    "display_text_range",
    "display_text_range.int",
    "connection_status",
    "attachments.poll_ids",
    "attachments.poll_ids.str",
}


def paths(document: Any, prefix: str = "") -> Iterator[str]:
    """Each key with its parents, and the type of its value: `entities.urls.start.int`."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield f"{prefix}{key}"
            yield from paths(value, f"{prefix}{key}.")
    elif isinstance(document, list):
        for value in document:
            yield from paths(value, prefix)
    elif prefix:
        yield f"{prefix}{type(document).__name__}"


def all_paths(documents: Iterable[Any]) -> set[str]:
    return {path for document in documents for path in paths(document)}


def test_a_tweet_has_the_keys_and_types_that_x_recorded() -> None:
    theirs = all_paths(t for answer in recorded.answers() for t in recorded.tweets(answer))
    ours = all_paths(tweet(row, TWEET_FIELDS, FOUND) for row in ROWS)
    strange = {path for path in ours - theirs if not any(path.startswith(n) for n in NEWER)}
    assert strange == set()


def test_a_user_has_the_keys_and_types_that_x_recorded() -> None:
    theirs = all_paths(u for answer in recorded.answers() for u in recorded.users(answer))
    ours = set(paths(user(ALICE, USER_FIELDS, FOUND)))
    strange = {path for path in ours - theirs if not any(path.startswith(n) for n in NEWER)}
    assert strange == set()
