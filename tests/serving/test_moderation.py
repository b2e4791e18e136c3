"""What do people see of a tweet about which moderation has said something?"""

from __future__ import annotations

import time

import pytest
from redis import Redis

from ingest.events import TweetScored
from ingest.ids import first_id_at
from serving.errors import StoreUnavailable
from serving.moderations import STALE, Moderations
from serving.stores.cassandra import CassandraStore
from serving.stores.redis import RedisStore
from settings import Settings
from tests.people import Person
from tests.serving.test_relations import NOWHERE, rows
from views.moderation_states import AT_ONCE_MS
from views.rows import moderation_key

pytestmark = pytest.mark.engines


def score(
    author: Person, tweet: str, action: str, reasons: str = "", at_ms: int | None = None
) -> None:
    """The scorer says so, and the speed layer has it."""
    author.services.write(
        TweetScored(
            at_ms=at_ms or time.time_ns() // 1_000_000,
            tweet_id=int(tweet), author_id=int(author.id),
            toxicity_milli=950, spam_milli=0, action=action, reasons=reasons, scorer="test",
            occasion="posted",
        ),
        "",
    )  # fmt: skip


def test_what_is_withheld_is_not_found_and_its_author_is_told_why(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    tweet = alice.tweet()
    score(alice, tweet, "block", "toxicity")
    (error,) = bob.get(f"/tweets/{tweet}").json()["errors"]
    assert error["type"].endswith("resource-not-found")
    assert bob.like(tweet).status_code == 404
    own = alice.get(f"/tweets/{tweet}").json()["data"]
    assert own["moderation"] == {
        "action": "block",
        "reasons": ["toxicity"],
        "decided_by": "scorer",
    }
    assert alice.tweets_of(alice).json()["meta"]["result_count"] == 0
    quote = bob.tweet("look", quote_tweet_id=bob.tweet("mine"))
    assert bob.get(f"/tweets/{quote}").status_code == 200
    assert alice.delete(tweet).status_code == 200


def test_a_quoted_tweet_that_is_withheld_is_no_part_of_the_answer(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    tweet = alice.tweet("bad words")
    quote = bob.tweet("look", quote_tweet_id=tweet)
    alice.hold(tweet, "block")
    answer = bob.get(f"/tweets/{quote}", expansions="referenced_tweets.id").json()
    assert "includes" not in answer
    assert answer["errors"][0]["resource_id"] == tweet
    assert "bad words" not in str(answer)


def test_what_waits_for_review_is_behind_a_notice_until_somebody_has_decided(
    api_server: Settings, alice: Person, bob: Person
) -> None:
    tweet = alice.tweet()

    def shown() -> dict[str, object]:
        answer = bob.get(f"/tweets/{tweet}", tweet__fields="possibly_sensitive")
        data: dict[str, object] = answer.json()["data"]
        return data

    assert shown()["possibly_sensitive"] is False
    score(alice, tweet, "review", "spam")
    assert shown()["possibly_sensitive"] is True
    alice.hold(tweet, "label", "Out of date")
    assert shown()["moderation"] == {"action": "label", "label": "Out of date"}
    assert shown()["possibly_sensitive"] is False
    score(alice, tweet, "block", "toxicity")  # the decision stands
    assert shown()["moderation"] == {"action": "label", "label": "Out of date"}


@pytest.mark.parametrize("redis", [True, False], ids=["with Redis", "without Redis"])
def test_both_stores_say_the_same_also_when_redis_has_lost_it(
    api_server: Settings, alice: Person, redis: bool
) -> None:
    allowed, blocked = alice.tweet(), alice.tweet()
    score(alice, allowed, "block")
    alice.hold(allowed, "allow")
    score(alice, blocked, "allow")
    alice.hold(blocked, "block")
    ids = [int(allowed), int(blocked)]

    def held() -> list[str]:
        found = rows(api_server, redis=redis).fetch(tweets=ids)
        return [found.moderation[id].action for id in ids]

    assert held() == ["allow", "block"]
    with Redis.from_url(api_server.redis_url) as client:
        client.delete(*map(moderation_key, ids))
        assert held() == ["allow", "block"]
        assert all(client.hget(moderation_key(id), "loaded") for id in ids) is redis
        # What was said first, told again long after, does not say that nothing else was said.
        client.hdel(moderation_key(ids[1]), "loaded", "decision")
        late = time.time_ns() // 1_000_000 + 2 * AT_ONCE_MS
        score(alice, blocked, "allow", at_ms=late)
        assert held() == ["allow", "block"]


def test_while_cassandra_is_away_what_redis_lacks_is_unsaid_of_new_tweets_alone(
    api_server: Settings, alice: Person
) -> None:
    redis = RedisStore(api_server)
    nowhere = CassandraStore(api_server.model_copy(update={"cassandra_port": NOWHERE}))
    alone = Moderations(api_server, redis, nowhere)
    unscored, scored = int(alice.tweet()), int(alice.tweet())
    score(alice, str(scored), "block")

    def said(*ids: int) -> tuple[list[str], frozenset[str]]:
        replies = redis.pipeline(alone.commands(ids))
        found, stale = alone.read(dict(zip(ids, replies, strict=True)))
        return [found[id].action for id in ids], stale

    assert said(scored) == (["block"], frozenset())
    assert said(unscored, scored) == (["allow", "block"], STALE)
    with pytest.raises(StoreUnavailable):
        said(first_id_at(1_600_000_000_000))
