"""Does `where` know the way of every event?"""

from __future__ import annotations

import pytest

from cli.where import UnknownEvent, where
from engines.environments import REPOSITORY
from ingest.events import EVENTS, Event


def test_a_like_goes_from_the_api_to_the_counts() -> None:
    assert where("Liked").endswith(
        "ingest/events/likes.py -> "
        "views/liked_tweets.py, views/liking_users.py, views/tweet_counts.py, "
        "views/features/activity.py"
    )


def test_a_tweet_and_its_edits_begin_at_the_api() -> None:
    for event in ("TweetPosted", "TweetEdited", "TweetDeleted"):
        assert where(event).startswith("serving/api/tweets.py -> ingest/events/tweets.py -> views/")


def test_what_batch_decides_begins_at_the_view_that_decides_it() -> None:
    assert where("EdgePlanned").startswith("views/edge_plan.py -> ingest/events/plans.py -> views/")


def test_the_name_may_be_typed_in_any_case() -> None:
    assert where("liked") == where("Liked")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_file_named_is_there(event: type[Event]) -> None:
    for files in where(event.__name__).split(" -> "):
        for file in files.split(", "):
            assert (REPOSITORY / file).is_file()


def test_an_unknown_event_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownEvent, match="no event is called Poked; there are: TweetPosted"):
        where("Poked")
