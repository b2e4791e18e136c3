"""Polls and votes, through HTTP."""

from __future__ import annotations

import time

import pytest
import redis

from settings import Settings
from tests.people import Answer, Person
from views import seam
from views.poll_counts import POLL_COUNTS

pytestmark = pytest.mark.engines
FIELDS = "duration_minutes,end_datetime,id,options,voting_status"


def vote(person: Person, poll_id: str, position: int) -> Answer:
    return person.http.post(f"/polls/{poll_id}/votes", json={"position": position})


WHICH = {"options": ["this", "that", "none"], "duration_minutes": 60}


def test_a_poll_takes_one_vote_of_each(alice: Person, bob: Person) -> None:
    id = alice.tweet("which?", poll=WHICH)
    assert bob.get(f"/polls/{id}/votes").json() == {"data": {"poll_id": id, "voted": False}}
    voted = vote(bob, id, 2)
    assert voted.status_code == 200, voted.text
    assert voted.headers["x-log-position"].startswith("polls/")
    assert voted.json() == {"data": {"poll_id": id, "voted": True, "position": 2}}
    assert bob.get(f"/polls/{id}/votes").json()["data"]["position"] == 2
    assert vote(bob, id, 1).status_code == 403  # a second vote
    assert vote(alice, id, 4).status_code == 400  # an option that is not there
    assert vote(alice, id, 5).status_code == 400
    assert vote(alice, alice.tweet("no poll"), 1).status_code == 404


def test_a_poll_comes_with_its_tweet(api_server: Settings, alice: Person, bob: Person) -> None:
    id = alice.tweet("which?", poll=WHICH)
    # As the speed layer would count it: in an epoch that batch has not published.
    field = seam.speed_field(time.time_ns() // 1_000_000 // api_server.epoch_ms, "option_2")
    client = redis.Redis(port=api_server.redis_port)
    client.hset(seam.counts_key(POLL_COUNTS.name, int(id)), field, 1)
    retweet = bob.retweet(id).json()["data"]["id"]
    for tweet_id in (id, retweet):
        found = bob.get(
            f"/tweets/{tweet_id}", expansions="attachments.poll_ids", poll__fields=FIELDS
        ).json()
        assert found["data"]["attachments"] == {"poll_ids": [id]}
        (poll,) = found["includes"]["polls"]
        assert poll.pop("end_datetime").endswith("Z")
        assert poll == {
            "id": id,
            "options": [
                {"position": 1, "label": "this", "votes": 0},
                {"position": 2, "label": "that", "votes": 1},
                {"position": 3, "label": "none", "votes": 0},
            ],
            "duration_minutes": 60,
            "voting_status": "open",
        }
    plain = bob.get(f"/tweets/{id}", expansions="attachments.poll_ids").json()
    assert set(plain["includes"]["polls"][0]) == {"id", "options"}
