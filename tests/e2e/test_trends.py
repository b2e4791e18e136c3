"""From posts to what trends, through every part of the platform."""

from __future__ import annotations

import pytest

from settings import Settings
from tests.engines.waiting import until
from tests.people import NewPerson
from tests.realtime.playing import world

pytestmark = [pytest.mark.engines, pytest.mark.e2e]


def test_what_many_people_post_trends_and_is_remembered(
    platform: Settings, new_person: NewPerson
) -> None:
    people = [new_person("dave") for _ in range(platform.trend_least_people)]
    tag = f"#Storm{world()}"
    for person in people:
        person.tweet(f"what a {tag}")

    def of_the_board(path: str) -> list[str]:
        trends = people[0].get(path, **{"trend__fields": "trend_name,people_count"})
        return [t["trend_name"] for t in trends.json().get("data", [])]

    until(lambda: tag in of_the_board("/trends/by/woeid/1"), 30)
    past = "/trends/by/woeid/1/history"
    until(lambda: tag in [t["trend_name"] for t in people[0].get(past).json().get("data", [])], 30)
