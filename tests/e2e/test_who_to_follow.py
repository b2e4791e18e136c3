"""From what people do, through the log and the lake, to whom they are told of and why."""

from __future__ import annotations

import pytest

from settings import Settings
from tests.batch.environment import run
from tests.people import NewPerson, Person

pytestmark = [
    *(pytest.mark.e2e, pytest.mark.engines, pytest.mark.long),
    pytest.mark.timeout(600),
]


def test_people_are_told_of_whom_their_friends_follow_and_who_talks_of_what_they_like(
    platform: Settings, new_person: NewPerson, alice: Person, bob: Person, carol: Person
) -> None:
    talker, fan, new = (new_person(name) for name in ("talker", "fan", "new"))
    for follower, followee in ((alice, bob), (bob, carol), (fan, alice)):
        assert follower.follow(followee).status_code == 200
    tag = f"birds{alice.id}"
    tweet = talker.tweet(f"look at these #{tag}")
    for person in (alice, new):
        assert person.like(tweet).status_code == 200

    done = run(platform, "-m", "batch.who_to_follow")
    assert done.code == 0, done.said

    of_alice = reasons(alice)
    assert of_alice[carol.id] == {"kind": "followed_by", "user_ids": [bob.id]}
    assert of_alice[fan.id] == {"kind": "follows_you"}
    assert of_alice[talker.id] == {"kind": "talks_about", "tags": [tag]}
    assert bob.id not in of_alice
    assert reasons(new)[talker.id]["tags"] == [tag], "who follows nobody yet"


def reasons(reader: Person) -> dict[str, dict]:
    answer = reader.get(f"/users/{reader.id}/suggestions", max_results=100)
    assert answer.status_code == 200, answer.text
    return {user["id"]: user["reason"] for user in answer.json()["data"]}
