"""What the API would have said at a time is what a fold over the log up to then says."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from batch import silver
from cli.as_of import milliseconds
from ingest.events import Event
from replay.as_of import AsOf
from settings import Settings
from tests.lake.filling import archive, bronze_rows, lake_in
from tests.views.cast import (
    NAMES,
    blocked,
    created,
    deleted,
    edited,
    followed,
    liked,
    muted,
    posted,
    retweeted,
    unblocked,
    unfollowed,
    unliked,
    unmuted,
    unretweeted,
)
from tests.views.memory import fold, state
from tests.views.records import Record, log_of
from views.blocking import BLOCKING
from views.following import FOLLOWING
from views.muting import MUTING
from views.registry import VIEWS
from views.tweet_counts import TWEET_COUNTS
from views.tweets import TWEETS
from views.user_counts import USER_COUNTS
from views.users import USERS

few_examples = hypothesis_settings(max_examples=20)  # each asks the lake a dozen times
PEOPLE, IDS = sorted(NAMES), range(10, 22)


class Lake(NamedTuple):
    settings: Settings
    log: list[Record]

    def before(self, when_ms: int) -> list[Record]:
        return [record for record in self.log if record.append_ms < when_ms]


def history(chance: random.Random) -> list[Event]:
    def one() -> Event:
        a, b, id = chance.choice(PEOPLE), chance.choice(PEOPLE), chance.choice(IDS)
        author = id % len(PEOPLE) + 1
        hidden = msgspec.structs.replace(created(a), protected=chance.random() < 0.3)
        acts = [
            *(lambda: posted(id, author), lambda: deleted(id, author), lambda: posted(id, author)),
            *(lambda: followed(a, b), lambda: followed(a, b), lambda: unfollowed(a, b)),
            *(lambda: liked(a, id), lambda: unliked(a, id), lambda: hidden, lambda: blocked(a, b)),
            *(lambda: unblocked(a, b), lambda: muted(a, b), lambda: unmuted(a, b)),
        ]
        return chance.choice(acts)()

    first = [created(person) for person in PEOPLE]
    more = [retweeted(30, 1, 12), edited("13,40", 4), unretweeted(30, 1, 12)]
    return [*first, *(one() for _ in range(250)), *more, *(one() for _ in range(50))]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    settings = lake_in(tmp_path_factory.mktemp("lake"))
    log = log_of(history(random.Random(3)), partitions=3)
    archive(settings, bronze_rows(log))
    for topic in {topic for view in VIEWS for topic in view.topics}:
        silver.refine(settings, topic, log[-1].epoch + 1)
    return Lake(settings, log)


moments = st.integers(0, 400 * 310)  # of the history, and a little beyond


def measures(view: Any, log: list[Record], key: int) -> dict[str, int]:
    totals = dict.fromkeys(view.measures, 0)
    for row in fold(view, log):
        if row.key == key:
            totals[row.measure] += row.total
    return totals


@few_examples
@given(when_ms=moments, id=st.sampled_from([*IDS, 30, 40]))
def test_a_tweet_is_there_with_its_counts_as_the_log_said_then(
    lake: Lake, when_ms: int, id: int
) -> None:
    log = lake.before(when_ms)
    tweets, users = state(TWEETS, log), state(USERS, log)
    answer = AsOf(lake.settings, when_ms).tweet(id)
    row = tweets.get(id)
    if row is None or row.get("retweet_of_id") or users[row["author_id"]]["protected"]:
        assert row is not None or "errors" in answer
        return
    assert answer["data"]["author_id"] == str(row["author_id"])
    counted = measures(TWEET_COUNTS, log, row.get("first_id") or id)
    found = answer["data"]["public_metrics"]
    assert (found["like_count"], found["retweet_count"]) == (
        counted["like_count"],
        counted["retweet_count"],
    )


@few_examples
@given(when_ms=moments, id=st.sampled_from(PEOPLE))
def test_a_person_is_there_with_their_counts_as_the_log_said_then(
    lake: Lake, when_ms: int, id: int
) -> None:
    log = lake.before(when_ms)
    row = state(USERS, log).get(id)
    answer = AsOf(lake.settings, when_ms).user(id)
    if row is None:
        assert answer["errors"][0]["title"] == "Not Found Error"
        return
    assert (answer["data"]["username"], answer["data"]["protected"]) == (
        row["username"],
        row["protected"],
    )
    if not row["protected"]:
        counted = measures(USER_COUNTS, log, id)
        assert answer["data"]["public_metrics"]["followers_count"] == counted["followers_count"]


@few_examples
@given(when_ms=moments, reader=st.sampled_from(PEOPLE))
def test_a_home_shows_what_those_said_whom_the_reader_followed_then(
    lake: Lake, when_ms: int, reader: int
) -> None:
    log = lake.before(when_ms)
    follows, blocks, mutes = (set(state(view, log)) for view in (FOLLOWING, BLOCKING, MUTING))
    users, tweets = state(USERS, log), state(TWEETS, log)

    def shown(author: int) -> bool:
        if author == reader:
            return True
        edge = (reader, author)
        kept_away = edge in blocks or (author, reader) in blocks or edge in mutes
        return edge in follows and author in users and not kept_away

    expected = [
        id
        for id, row in sorted(tweets.items(), reverse=True)
        if shown(row["author_id"])
        and (row.get("edit_ids") or str(id)).split(",")[-1] == str(id)
        and row.get("retweet_of_id") is None
    ]
    answer = AsOf(lake.settings, when_ms).home(reader)
    assert [int(each["id"]) for each in answer["data"] if each["id"] != "30"] == expected


def test_a_time_needs_its_zone() -> None:
    assert milliseconds("1970-01-01T00:00:01+00:00") == 1_000
