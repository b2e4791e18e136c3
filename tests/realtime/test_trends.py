"""Do the engines count what a recount of the tweets would?"""

from __future__ import annotations

from collections.abc import Container, Sequence

import pytest
import redis
from msgspec.structs import replace

from ingest.bulk import append_all
from ingest.events import AccountCreated, AccountUpdated, ReviewDecided, TweetPosted, TweetScored
from realtime.board import totals
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import world
from tests.views.cast import decided, scored
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


def windows(tweets: Sequence[TweetPosted], shown: Container[int], tag: str) -> dict[str, Counts]:
    """What memory counts of a tag at the end of minute 5000, of the tweets that are shown."""
    found = TagWindows()
    for tweet in (tweet for tweet in tweets if tweet.id in shown):
        for use in uses(tweet.text, person_id=tweet.author_id, minute=tweet.at_ms // 60_000):
            if use.tag == tag:
                found.use(use.person_id, use.minute, use.spelling, use.beside)
    return {window: found.counts(window, 5_001) for window in WINDOWS}


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
    append_all(speed_layer, tweets)
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        for name in (tag, other):
            wanted = windows(tweets, [tweet.id for tweet in tweets], name)
            until(lambda: of_tag(client, WORLDWIDE, name) == wanted, 60)  # noqa: B023
        assert int(client.zscore(stored.tags_key(WORLDWIDE), tag) or 0) == len(people)


def test_a_use_counts_as_long_as_moderation_lets_its_tweet_be_shown_without_a_notice(
    speed_layer: Settings,
) -> None:
    w = world()
    tag, acts = f"doubt{w}", ("allow", "review", "block", "label", "sensitive", "")
    tweets = [posted(w + n, w + n, 5_000, f"#{tag}") for n in range(len(acts))]
    tweets.append(posted(w + 9, w, 4_990, f"#{tag} #other{w}"))  # the first person's older one
    scores = [scored(w + n, w + n, act) for n, act in enumerate(acts) if act]
    shown = dict.fromkeys((w, w + 3, w + 5, w + 9))  # nobody scored the fifth: the scorer is away

    def told(*events: TweetScored | ReviewDecided) -> None:
        append_all(speed_layer, events)
        until(lambda: of_tag(client, WORLDWIDE, tag) == windows(tweets, shown, tag), 60)

    with redis.Redis.from_url(speed_layer.redis_url) as client:
        append_all(speed_layer, scores[1::2])  # of half of them the score may be read first
        append_all(speed_layer, tweets)
        told(*scores[::2])
        shown = dict.fromkeys((w + 1, w + 5, w + 9))
        told(
            decided(w + 1, w + 1, "allow"),
            scored(w + 1, w + 1, "block", occasion="viral"),  # people have decided
            decided(w, w, "block"),  # what is left of that person is older
            decided(w + 3, w + 3, "sensitive"),
        )
        shown |= {w: None}
        told(decided(w, w, "label", label="Read this."))


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


def test_a_use_counts_in_the_place_that_its_tweet_names(speed_layer: Settings) -> None:
    w = world()
    tag = f"away{w}"
    here = replace(posted(w, w, 5_000, f"#{tag}"), place_id=str(BOSTON[0]))
    unknown = replace(posted(w + 1, w + 1, 5_000, f"#{tag}"), place_id="01a9a39529b27f36")
    append_all(speed_layer, [here, unknown])
    with redis.Redis.from_url(speed_layer.redis_url) as client:
        until(
            lambda: [of_tag(client, place, tag)["1h"].people for place in BOSTON] == [1, 1, 2], 60
        )


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
