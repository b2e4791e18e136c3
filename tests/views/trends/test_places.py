"""Where does a profile, or a tweet, say that somebody is?"""

from __future__ import annotations

import pytest

from views.trends.places import CITIES, COUNTRIES, PLACES, WORLDWIDE, named_places, places_of

USA, UK, BOSTON, LONDON = 23424977, 23424975, 2367105, 44418


@pytest.mark.parametrize(
    ("location", "places"),
    [
        ("Boston", (BOSTON, USA, WORLDWIDE)),
        ("boston, MA", (BOSTON, USA, WORLDWIDE)),
        ("Springfield, USA", (USA, WORLDWIDE)),
        ("ＬＯＮＤＯＮ", (LONDON, UK, WORLDWIDE)),
        ("Scotland", (UK, WORLDWIDE)),
        ("Worldwide", (WORLDWIDE,)),
        ("behind you", (WORLDWIDE,)),
        ("", (WORLDWIDE,)),
    ],
)
def test_a_location_is_looked_up_by_its_parts(location: str, places: tuple[int, ...]) -> None:
    assert places_of(location) == places


@pytest.mark.parametrize(
    ("place_id", "places"),
    [
        (str(BOSTON), (BOSTON, USA, WORLDWIDE)),
        (str(UK), (UK, WORLDWIDE)),
        (str(WORLDWIDE), (WORLDWIDE,)),
        *((unknown, ()) for unknown in (None, "", "7", "01a9a39529b27f36", "²", "9" * 64)),
    ],
)
def test_a_tweet_names_a_place_by_its_woeid(place_id: str | None, places: tuple[int, ...]) -> None:
    assert named_places(place_id) == places


def test_no_two_places_share_an_id_and_each_city_is_in_a_country() -> None:
    assert len(PLACES) == 1 + len(COUNTRIES) + len(CITIES)
    assert all(PLACES[city.country] in COUNTRIES for city in CITIES)
