"""What must fan-out do about an event?"""

from __future__ import annotations

from realtime.deliveries import Action, delivery_of
from tests.views.cast import ALICE, deleted, edited, hidden, posted, retweeted


def test_tweets_their_versions_and_retweets_are_posts() -> None:
    assert delivery_of(posted(10, ALICE)) == (ALICE, Action.POST, 10)
    assert delivery_of(edited("10,15", ALICE)) == (ALICE, Action.POST, 15)
    assert delivery_of(retweeted(20, ALICE, 10)) == (ALICE, Action.POST, 20)


def test_nothing_is_delivered_of_what_goes_or_is_hidden() -> None:
    for event in (deleted(10, ALICE), hidden(11, ALICE, 10)):
        assert delivery_of(event)[1] == Action.NOTHING
