"""The way of a tweet through people's hands: reported, claimed, decided, appealed, decided anew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from ingest.events import TweetScored
from serving.http import now_ms
from serving.openapi.moderation import Entry, Notice, Report, Waiting
from serving.openapi.shapes import Page
from tests.engines.waiting import until
from tests.people import Answer, NewPerson, Person

pytestmark = pytest.mark.engines


@pytest.fixture
def moderators(new_person: NewPerson) -> list[Person]:
    made = [new_person("mona"), new_person("nick")]
    for person in made:
        person.services.auth.moderators.appoint(person.username)
    for person in made:
        until(lambda person=person: moderates(person), 5, why="a moderator may not moderate")
    return made


def moderates(person: Person) -> bool:
    return person.get("/moderation/audit", max_results=1).status_code == 200


def report(person: Person, tweet: str, reason: str = "abuse", **more: Any) -> Answer:
    return person.http.post(f"/tweets/{tweet}/report", json={"reason": reason, **more})


def claim(person: Person, tweet: str) -> Answer:
    return person.http.post(f"/moderation/queue/{tweet}/claim")


def decide(person: Person, tweet: str, decision: str, **more: Any) -> Answer:
    said = {"decision": decision, "reason": "It is an insult.", **more}
    return person.http.post(f"/moderation/queue/{tweet}/decision", json=said)


def waiting(moderator: Person, **query: Any) -> dict[str, dict[str, Any]]:
    """All that waits, page by page, by its tweet's id; a repeat would be an error."""
    found: dict[str, dict[str, Any]] = {}
    more: dict[str, str] = {}
    while True:
        answer = moderator.get("/moderation/queue", max_results=50, **query, **more)
        as_documented(answer, Waiting)
        for item in answer.json().get("data", []):
            assert item["tweet"]["id"] not in found
            found[item["tweet"]["id"]] = item
        token = answer.json()["meta"].get("next_token")
        if token is None:
            return found
        more = {"pagination_token": token}


def told(person: Person, what: str) -> list[dict[str, Any]]:
    answer = person.get(f"/users/{person.id}/{what}")
    as_documented(answer, Report if what == "reports" else Notice)
    return answer.json().get("data", [])


def audit(moderator: Person, **query: Any) -> list[dict[str, Any]]:
    answer = moderator.get("/moderation/audit", **query)
    as_documented(answer, Entry)
    return answer.json()["data"]


def as_documented(answer: Answer, shape: type) -> None:
    assert answer.status_code == 200, answer.text
    msgspec.json.decode(answer.content, type=Page[shape])  # raises where it is not


def statuses(*answers: Answer) -> list[int]:
    return [answer.status_code for answer in answers]


def scored(author: Person, tweet: str, action: str, reasons: str) -> None:
    event = TweetScored(
        at_ms=now_ms(), tweet_id=int(tweet), author_id=int(author.id), toxicity_milli=800,
        spam_milli=0, action=action, reasons=reasons, scorer="tests", occasion="posted",
    )  # fmt: skip
    author.services.write(event, "")


@pytest.fixture
def reporters(new_person: NewPerson, bob: Person, carol: Person) -> list[Person]:
    return [bob, carol, new_person("dave")]


def test_a_tweet_is_reported_claimed_decided_appealed_and_restored(
    alice: Person, reporters: list[Person], moderators: list[Person]
) -> None:
    tweet, other = alice.tweet("you are all fools"), alice.tweet("and so is he")
    bob, carol, dave = reporters
    assert statuses(report(alice, tweet), report(bob, "1")) == [403, 404]
    assert statuses(report(bob, tweet, comment="an insult"), report(bob, tweet)) == [200, 200]
    assert "x-log-position" not in report(bob, tweet).headers
    report(carol, tweet, "spam")
    assert tweet not in waiting(moderators[0])  # two people are not enough
    assert len(report(dave, tweet).headers["x-log-position"].split(",")) == 2
    for person, reason in zip(reporters, ("violence", "spam", "spam"), strict=True):
        report(person, other, reason)

    found = waiting(moderators[0])
    assert list(found).index(other) < list(found).index(tweet)  # it is newer, but urgent
    item = found[tweet]
    assert (item["severity"], item["why"]) == ("high", ["reports"])
    assert item["reports"] == {
        "count": 3,
        "by_reason": {"abuse": 2, "spam": 1},
        "comments": ["an insult"],
    }
    assert item["tweet"]["text"] == "you are all fools"
    assert (item["author"]["id"], item["author_notice_count"]) == (alice.id, 0)
    assert [row["status"] for row in told(bob, "reports")] == ["received", "received"]

    assert decide(moderators[0], tweet, "block").status_code == 409  # not claimed
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda moderator: claim(moderator, tweet), moderators))
    assert sorted(statuses(*both)) == [200, 409]
    winner, loser = moderators if both[0].status_code == 200 else moderators[::-1]
    assert waiting(loser, state="claimed")[tweet]["claim"]["moderator_id"] == winner.id
    assert decide(loser, tweet, "block").status_code == 409
    loser.http.delete(f"/moderation/queue/{tweet}/claim")  # not the loser's to give back
    decision = decide(winner, tweet, "block")
    assert decision.status_code == 200, decision.text
    assert "x-log-position" not in decide(winner, tweet, "block").headers
    assert tweet not in waiting(winner)
    assert claim(loser, tweet).status_code == 404

    (notice,) = told(alice, "moderation_notices")
    assert (notice["tweet_id"], notice["action"], notice["decided_by"]) == (
        tweet,
        "block",
        "person",
    )
    assert (notice["reasons"], notice["can_appeal"]) == (["It is an insult."], True)
    assert "moderator_id" not in notice
    assert [r["status"] for r in told(bob, "reports") if r["tweet_id"] == tweet] == ["acted"]

    def appeal(person: Person) -> Answer:
        return person.http.post(f"/tweets/{tweet}/appeal", json={"text": "It is about chess."})

    assert statuses(appeal(bob), appeal(alice), appeal(alice)) == [403, 200, 403]
    item = waiting(loser)[tweet]
    assert (item["why"], item["appeal"]["text"]) == (["appeal"], "It is about chess.")
    assert claim(winner, tweet).status_code == 403  # it is their decision that is appealed
    assert statuses(claim(loser, tweet), decide(loser, tweet, "allow")) == [200, 200]
    last, first = told(alice, "moderation_notices")
    assert (last["action"], last["appeal"], last["can_appeal"]) == ("allow", "reversed", False)
    assert not first["can_appeal"]
    assert [r["status"] for r in told(bob, "reports") if r["tweet_id"] == tweet] == ["kept"]
    until(lambda: "data" in bob.get(f"/tweets/{tweet}").json(), 10, why="it is not restored")

    said = audit(winner, tweet_id=tweet)
    assert [row["kind"] for row in said] == ["decided", "appealed", "decided", "requested"]
    assert [row.get("moderator_id") for row in said][::2] == [loser.id, winner.id]
    assert (said[0]["held"], said[0]["appeal"]) == ("block", True)
    mine = audit(winner, moderator_id=winner.id)
    assert [(row["tweet_id"], row["action"]) for row in mine] == [(tweet, "block")]
    assert tweet in [row["tweet_id"] for row in audit(winner)]


def test_an_author_hears_of_a_block_by_the_scorer_and_has_a_person_look(
    alice: Person, bob: Person, moderators: list[Person]
) -> None:
    tweet = alice.tweet("no harm meant")
    scored(alice, tweet, "block", "toxicity")
    (notice,) = told(alice, "moderation_notices")
    assert (notice["decided_by"], notice["reasons"]) == ("scorer", ["toxicity"])
    assert notice["can_appeal"]
    assert tweet not in waiting(moderators[0])
    appealed = alice.http.post(f"/tweets/{tweet}/appeal", json={"text": "No harm was meant."})
    assert appealed.status_code == 200, appealed.text
    mona = moderators[0]
    item = waiting(mona, why="appeal")[tweet]
    assert item["scores"]["toxicity"] == 0.8
    assert statuses(claim(mona, tweet), claim(mona, tweet)) == [200, 200]
    said = decide(mona, tweet, "label", label="Strong language")
    assert said.status_code == 200, said.text
    last, _ = told(alice, "moderation_notices")
    assert (last["label"], last["appeal"]) == ("Strong language", "changed")
    (row,) = audit(mona, moderator_id=mona.id)
    assert row["scores"]["reasons"] == ["toxicity"]


def test_a_moderator_who_posts_is_judged_by_others_and_one_no_more_judges_nobody(
    moderators: list[Person], reporters: list[Person], alice: Person
) -> None:
    mona, nick = moderators
    tweet = mona.tweet("I am above the law")
    for person in reporters:
        report(person, tweet)
    assert tweet in waiting(nick)
    assert tweet not in waiting(mona)
    assert claim(mona, tweet).status_code == 403
    assert not moderates(alice)
    nick.services.auth.moderators.dismiss(nick.username)
    until(lambda: not moderates(nick), 5, why="a role that was taken away still opens")
    assert claim(nick, tweet).status_code == 403
    assert nick.get("/users/me").status_code == 200  # signed in all the same


def test_what_a_moderator_blocks_as_spam_is_said_by_nobody_else(
    moderators: list[Person], reporters: list[Person], alice: Person
) -> None:
    text = f"Win a phone, only today, at {alice.username}!"
    tweet, mona = alice.tweet(text), moderators[0]
    for person in reporters:
        report(person, tweet, "spam")
    assert claim(mona, tweet).status_code == 200
    assert decide(mona, tweet, "block", spam=True).status_code == 200
    refused = lambda: reporters[0].post(text).status_code == 403  # noqa: E731
    until(refused, 10, why="what is spam is still said")


def test_blocked_tags_are_kept_with_who_said_so(moderators: list[Person], alice: Person) -> None:
    mona, _ = moderators
    path = f"/moderation/blocked_tags/Scandal{mona.username[-6:]}"
    name = path.rpartition("/")[2].casefold()

    def blocked() -> dict[str, str]:
        data = mona.get("/moderation/blocked_tags").json().get("data", [])
        return {row["tag"]: row["moderator_id"] for row in data}

    put: Callable[[Person], Answer] = lambda who: who.http.put(path, json={"reason": "Doxxing"})  # noqa: E731
    assert statuses(put(alice), put(mona), put(mona)) == [403, 200, 200]
    assert blocked()[name] == mona.id
    assert mona.http.delete(path).status_code == 200
    assert name not in blocked()
    assert mona.http.put("/moderation/blocked_tags/12", json={"reason": "x"}).status_code == 400
