"""From a post to its score, to what people see, to a decision that gives it back."""

from __future__ import annotations

import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.people import NewPerson, Person

pytestmark = [pytest.mark.engines, pytest.mark.e2e]


def test_what_offends_goes_from_everywhere_and_comes_back_when_somebody_allows_it(
    platform: Settings, scorer_server: Settings, new_person: NewPerson
) -> None:
    alice, bob = new_person("alice"), new_person("bob")
    bob.follow(alice)
    bob.home()
    kind = alice.tweet(f"good morning @{bob.username}")
    rude = alice.tweet(f"you are a stupid idiot, shut up @{bob.username}")

    def seen(path: str, **query: str) -> set[str]:
        data = bob.get(path, **query).json().get("data", [])
        return {each["id"] for each in (data if isinstance(data, list) else [data])}

    def everywhere(reader: Person) -> list[set[str]]:
        return [
            seen("/tweets", ids=f"{kind},{rude}"),
            seen(f"/users/{reader.id}/timelines/reverse_chronological"),
            seen(f"/users/{alice.id}/tweets"),
            seen(f"/users/{reader.id}/mentions"),
            seen("/tweets/search/recent", query=f"from:{alice.username}"),
        ]

    until(lambda: everywhere(bob) == [{kind}] * 5, 30)
    alice.hold(rude, "allow")
    until(lambda: everywhere(bob) == [{kind, rude}] * 5, 30)
