"""Is every tweet scored once it is in the log, whatever dies meanwhile?"""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest
from redis import Redis

from ingest.bulk import BulkProducer, append_all
from ingest.events import Event, TweetPosted, TweetScored
from ingest.scoring import before, note, scored_text
from moderation.activities import Activities
from moderation.behaviour import same_text
from moderation.scorer import Scorer
from realtime.lasting import Lasting
from realtime.scoring import Scoring
from settings import Settings
from tests.engines.waiting import until
from tests.realtime.playing import applied, moved, world
from tests.realtime.scoring import ScorerProcess, told
from tests.views.cast import ALICE, BOB, CAROL, DAVE, edited, followed, liked, posted, retweeted
from views.known_spam import PARTS
from views.rows import pack_row, tweet_key
from views.seam import counts_key, speed_field
from views.tables import KEYSPACE
from views.timelines import bucket_of

pytestmark = pytest.mark.engines

KIND = "Thank you all for coming, it was a lovely evening"
RUDE = "you are a stupid idiot, shut up"
ADVERT = "WINNER!! Claim your £1000 prize now, call 09061234567. Cost 150ppm, txt STOP to end"


def said(event: Event, w: int, text: str) -> Event:
    return msgspec.structs.replace(moved(event, w), text=text)


def play(settings: Settings, events: list[Event]) -> None:
    append_all(settings, events)
    until(lambda: applied(settings, Scoring.job, Scoring.topics), 60)


def brief(found: TweetScored) -> tuple[str, str]:
    return found.action, found.occasion


def test_tweets_and_edits_are_scored_and_nothing_else(scorer_server: Settings) -> None:
    w = world()
    events = [
        said(posted(10, ALICE), w, KIND),
        said(posted(11, ALICE), w, RUDE),
        said(posted(12, BOB), w, ADVERT),
        said(edited("10,13", ALICE), w, RUDE),
        moved(retweeted(14, BOB, 11), w),
        moved(followed(ALICE, BOB), w),
    ]
    play(scorer_server, events)
    found = told(scorer_server, [w + id for id in range(10, 15)])
    assert [[brief(each) for each in found[w + id]] for id in range(10, 15)] == [
        [("allow", "posted")],
        [("block", "posted")],
        [("review", "posted")],
        [("block", "edited")],
        [],
    ]
    rude = found[w + 11][0]
    assert (rude.author_id, rude.scorer) == (w + ALICE, Scorer.load().version)
    assert rude.toxicity_milli > 900
    assert "toxicity" in rude.reasons


def test_what_people_called_spam_is_blocked(
    scorer_server: Settings, cassandra_server: Settings
) -> None:
    w = world()
    text = f"{KIND}, all {w} of you"
    insert = f"INSERT INTO {KEYSPACE}.known_spam (part, text_key, tweet_id, at_ms) VALUES (?,?,?,?)"
    with closing(Lasting(cassandra_server)) as lasting:
        key = same_text(text)
        lasting.column(insert, [(bucket_of(int(key, 16), PARTS), key, w, 1)])
    tries = iter(range(10, 1_000))

    def blocked() -> bool:
        event = said(posted(next(tries), ALICE), w, text)
        play(scorer_server, [event])
        (found,) = told(scorer_server, [event.id])[event.id]
        return found.action == "block" and "known_spam" in found.reasons

    until(blocked, 30)


def test_what_very_many_act_on_is_judged_by_stricter_limits(scorer_server: Settings) -> None:
    w = world()
    doubtful = "hell no"
    (scores,) = Scorer.load().score([doubtful])
    assert 0.4 < scores.toxicity < 0.7  # the test needs a text between the limits
    kind, rude = said(posted(10, ALICE), w, KIND), said(posted(11, ALICE), w, doubtful)
    with Redis.from_url(scorer_server.redis_url) as redis:
        for event in (kind, rude):
            row = {"id": event.id, "author_id": event.author_id, "text": event.text}
            redis.set(tweet_key(event.id), pack_row(1, row))
            fields = {speed_field(10**9, "like_count"): 999, speed_field(10**9, "retweet_count"): 1}
            redis.hset(counts_key("tweet_counts", event.id), mapping=fields)
    play(scorer_server, [kind, rude, moved(liked(BOB, 10), w), moved(liked(BOB, 11), w)])
    until(lambda: len(told(scorer_server, [w + 11])[w + 11]) == 2, 30)
    found = told(scorer_server, [w + 10, w + 11])
    assert [brief(each) for each in found[w + 10]] == [("allow", "posted")]
    assert brief(found[w + 11][1]) == ("review", "viral")


def test_after_a_kill_in_a_burst_all_is_scored_as_a_recount_says(
    scorer_server: Settings, scorer_process: ScorerProcess
) -> None:
    w = world()
    texts = [KIND, RUDE, "well", "good morning", "see http://a.example"]  # nobody is to review
    events = [
        said(posted(10 + n, (ALICE, BOB, CAROL, DAVE)[n % 4]), w, f"{texts[n % 5]} {n // 20}")
        for n in range(400)
    ]
    with BulkProducer(scorer_server) as producer:
        for n, event in enumerate(events):
            producer.append(event)
            if n == 250:
                producer.flush()
                until(lambda: any(told(scorer_server, [w + 10 + n for n in range(250)]).values()))
                scorer_process.kill()
    scorer_process.start()
    until(lambda: applied(scorer_server, Scoring.job, Scoring.topics), 120)
    found = told(scorer_server, [event.id for event in events])
    expected = recount(events)
    for id, scores in found.items():
        assert {(s.action, s.toxicity_milli, s.spam_milli) for s in scores} == {expected[id]}


def recount(events: list[TweetPosted]) -> dict[int, tuple[str, int, int]]:
    """What the scorer says of these, one after the other."""
    scorer, activities, found = Scorer.load(), Activities(), {}
    for event in events:
        (scores,) = scorer.score([scored_text(event)], [before(activities, event)])
        note(activities, event)
        found[event.id] = (
            str(scores.action), round(1_000 * scores.toxicity), round(1_000 * scores.spam)
        )  # fmt: skip
    return found
