"""Do the engines count what a recount of the tweets would?"""

from __future__ import annotations

from collections import defaultdict

import pytest
import redis

from ingest.bulk import append_all
from ingest.events import AccountCreated, AccountUpdated, TweetPosted
from realtime.board import totals
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import world
from views.trends import stored
from views.trends.counting import counted
from views.trends.places import WORLDWIDE, places_of
from views.trends.uses import uses
from views.trends.windows import WINDOWS, Counts, TagWindows

pytestmark = pytest.mark.engines
BOSTON = places_of("Boston")


def posted(id: int, author_id: int, minute: int, text: str) -> TweetPosted:
    return TweetPosted(
        at_ms=minute * 60_000, id=id, author_id=author_id, text=text, conversation_id=id
    )


def located(author_id: int, location: str) -> AccountUpdated:
    return AccountUpdated(
        at_ms=0, id=author_id, username=f"u{author_id % 10**12}"[:15], name="somebody",
        created_at_ms=0, location=location,
    )  # fmt: skip


def of_tag(client: redis.Redis, place: int, tag: str) -> dict[str, Counts]:
    """What Redis holds of a tag, by window, at the end of minute 5000."""
    fields = client.hgetall(stored.tag_key(place, tag))
    found = counted(totals(fields))
    return {window: found.counts(window, 5_001) for window in WINDOWS}


def test_flink_counts_people_as_memory_does(speed_layer: Settings) -> None:
    w = world()
    tag, other = f"storm{w}", f"flood{w}"
    people = range(w, w + 12)
    tweets = [
        posted(
            w + n,
            people[n % 12],
            5_000 - (n * 37) % 300,
            f"#{tag} #{other}"[: 200 if n % 3 else 1 + len(tag)],
        )
        for n in range(60)
    ]
    expected: dict[str, TagWindows] = defaultdict(TagWindows)
    for tweet in tweets:
        for use in uses(tweet.text, person_id=tweet.author_id, minute=tweet.at_ms // 60_000):
            expected[use.tag].use(use.person_id, use.minute, use.spelling, use.beside)
    append_all(speed_layer, tweets)
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        for name in (tag, other):
            wanted = {window: expected[name].counts(window, 5_001) for window in WINDOWS}
            until(lambda: of_tag(client, WORLDWIDE, name) == wanted, 60)  # noqa: B023
        assert int(client.zscore(stored.tags_key(WORLDWIDE), tag) or 0) == len(people)


def test_what_a_protected_account_says_counts_nowhere(speed_layer: Settings) -> None:
    w = world()
    tag, loud, quiet = f"secret{w}", w + 1, w + 2
    hidden = AccountCreated(at_ms=0, id=quiet, username="quiet", name="quiet", protected=True)
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        append_all(speed_layer, [hidden])
        sent = w

        def counted_alone() -> bool:
            nonlocal sent  # nobody says which topic is read first
            fresh = f"{tag}x{(sent := sent + 1)}"
            both = [
                posted(sent := sent + 1, person, 5_000, f"#{fresh}") for person in (quiet, loud)
            ]
            append_all(speed_layer, both)
            until(lambda: of_tag(client, WORLDWIDE, fresh)["1h"].people > 0, 60)
            return of_tag(client, WORLDWIDE, fresh)["1h"].people == 1

        until(counted_alone, 60)


def test_a_use_counts_in_the_places_of_its_author(speed_layer: Settings) -> None:
    w = world()
    tag, people = f"game{w}", range(w, w + stored.GATE)
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        append_all(speed_layer, [located(person, "Boston, MA") for person in people])
        sent = w

        def all_there() -> bool:
            nonlocal sent  # accounts and tweets are two topics: nobody says which is read first
            append_all(speed_layer, [posted(sent := sent + 1, p, 5_000, f"#{tag}") for p in people])
            return all(
                client.zscore(stored.tags_key(place), tag) == len(people) for place in BOSTON
            )

        until(all_there, 60)
        assert {str(place).encode() for place in BOSTON} <= client.smembers(stored.PLACES)
