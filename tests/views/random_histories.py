"""Random histories that are played to an engine as a whole: no part of one is left out.

For what is asked of one engine at a time in memory, `tests/laws/histories.py` makes shorter ones.
"""

from __future__ import annotations

import random

from ingest.events import Event
from tests.views.cast import (
    ALICE,
    BOB,
    NAMES,
    blocked,
    bookmarked,
    classified,
    created,
    declined,
    deleted,
    dismissed,
    edited,
    followed,
    hidden,
    home_read,
    liked,
    list_changed,
    list_followed,
    list_gone,
    list_made,
    list_pinned,
    listed,
    muted,
    planned,
    posted,
    requested,
    retweeted,
    trended,
    unblocked,
    unfollowed,
    unhidden,
    unliked,
    unlisted,
    unretweeted,
    voted,
)

PAIRS = [
    *(liked, unliked, bookmarked, followed, unfollowed, requested, declined),
    *(blocked, unblocked, muted, dismissed, list_followed, list_pinned),
]
OF_LISTS = [list_made, list_changed, list_gone]
TEXTS = ("#storm", "#café in the #Storm", "nothing")


def busy_history(chance: random.Random) -> list[Event]:
    """Two people do everything with the same few tweets, edits and polls among them."""
    events, versions = [created(user) for user in (ALICE, BOB)], set()
    for _ in range(300):
        id = chance.randrange(20, 60)
        author = id % 2 + 1
        facts = {
            "mention_ids": f"0,{ALICE}" if id % 3 else None,
            "quote_of_id": id - 5 if id % 4 else None,
        }
        other, first = id + chance.choice([0, 0, 1000]), id - 2
        kinds = ["post", "post", "edit", "delete", "retweet", "hide", "vote", *PAIRS, *OF_LISTS]
        match chance.choice(kinds):
            case "post" if id not in versions:  # nothing is posted again once it was edited
                events.append(posted(id, author, text=TEXTS[id % 3], **facts))
            case "edit":
                versions.add(id)
                events.append(edited(f"{id},{id + 1000}", author, **facts))
            case "delete":
                events.append(deleted(other, author, **facts))
            case "retweet":
                events.append(chance.choice([retweeted, unretweeted])(id + 100, author, id))
            case "hide":
                events.append(chance.choice([hidden, unhidden])(id, author, first))
            case "vote":
                events.append(voted(author, id, id % 4 + 1))
            case how if how in PAIRS:
                events.append(how(author, chance.randrange(20, 30)))
            case how if how in OF_LISTS:
                events.append(how(id, author))
    return events


def random_history(chance: random.Random) -> list[Event]:
    """Likes, follows, tweets and retweets of few people, with repeats and contradictions."""
    people, tweets = sorted(NAMES), range(10, 16)

    def one() -> Event:
        a, b, tweet = chance.choice(people), chance.choice(people), chance.choice(tweets)
        author = tweet % len(people) + 1
        parent = tweet - 1 if tweet % 2 else None
        return chance.choice(
            [
                lambda: liked(a, tweet),
                lambda: unliked(a, tweet),
                lambda: followed(a, b),
                lambda: unfollowed(a, b),
                lambda: posted(tweet, author, reply_to_id=parent),
                lambda: deleted(tweet, author, reply_to_id=parent),
                lambda: retweeted(100 * a + tweet, a, tweet),
                lambda: unretweeted(100 * a + tweet, a, tweet),
                lambda: created(a),
                lambda: bookmarked(a, tweet),
                lambda: requested(a, b),
                lambda: blocked(a, b),
                lambda: listed(tweet + 100, author, b, private=tweet % 2 == 0),
                lambda: unlisted(tweet + 100, author, b),
                lambda: list_followed(a, tweet + 100),
                lambda: list_made(tweet + 100, author),
                lambda: home_read(a, tweet % 3 + 1),
                lambda: classified(a, pulled=tweet % 2 == 0),
                lambda: planned(a, b, pulled=tweet % 2 == 0),
                lambda: trended(a, "storm", minute=tweet % 3, rank=b),
            ]
        )()

    return [one() for _ in range(chance.randrange(60))]
