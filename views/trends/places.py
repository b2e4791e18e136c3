"""In which places does somebody speak, by their tweet's own place, or by what their profile says?

A small gazetteer of countries and cities with their WOEIDs (the "where on earth" ids of Yahoo that
the X API asks trends by). The place of a tweet (`geo.place_id`) counts where it is a WOEID here.
A profile's location is free text: it counts where a part of it between commas is a name here,
"Springfield, USA" as the country. Who names no place speaks worldwide alone.

>>> places_of("Boston, MA"), places_of("the moon")
((2367105, 23424977, 1), (1,))
>>> named_places("2367105"), named_places("01a9a39529b27f36")
((2367105, 23424977, 1), ())
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.events.words import folded

WORLDWIDE = 1


class Place(NamedTuple):
    woeid: int
    name: str
    country: int
    """Its country's WOEID, its own of a country, `WORLDWIDE` of the world."""

    others: tuple[str, ...] = ()
    """Other names, folded."""


def _country(woeid: int, name: str, *others: str) -> Place:
    return Place(woeid, name, woeid, others)


COUNTRIES = (
    _country(23424747, "Argentina"),
    _country(23424748, "Australia"),
    _country(23424750, "Austria", "österreich"),
    _country(23424757, "Belgium", "belgique", "belgië"),
    _country(23424768, "Brazil", "brasil"),
    _country(23424775, "Canada"),
    _country(23424782, "Chile"),
    _country(23424787, "Colombia"),
    _country(23424796, "Denmark", "danmark"),
    _country(23424802, "Egypt"),
    _country(23424819, "France"),
    _country(23424829, "Germany", "deutschland"),
    _country(23424833, "Greece"),
    _country(23424848, "India"),
    _country(23424846, "Indonesia"),
    _country(23424803, "Ireland"),
    _country(23424853, "Italy", "italia"),
    _country(23424856, "Japan", "日本"),
    _country(23424863, "Kenya"),
    _country(23424868, "Korea", "south korea", "대한민국"),
    _country(23424900, "Mexico", "méxico"),
    _country(23424909, "Netherlands", "nederland", "the netherlands"),
    _country(23424916, "New Zealand"),
    _country(23424908, "Nigeria"),
    _country(23424910, "Norway", "norge"),
    _country(23424922, "Pakistan"),
    _country(23424934, "Philippines", "the philippines"),
    _country(23424923, "Poland", "polska"),
    _country(23424925, "Portugal"),
    _country(23424948, "Singapore"),
    _country(23424942, "South Africa"),
    _country(23424950, "Spain", "españa"),
    _country(23424954, "Sweden", "sverige"),
    _country(23424957, "Switzerland", "schweiz", "suisse"),
    _country(23424969, "Turkey", "türkiye"),
    _country(23424975, "United Kingdom", "uk", "great britain", "england", "scotland", "wales"),
    _country(23424977, "United States", "usa", "us", "u.s.", "u.s.a.", "united states of america"),
)


def _cities(country: str, *cities: tuple[int, str] | tuple[int, str, str]) -> list[Place]:
    woeid = next(place.woeid for place in COUNTRIES if place.name == country)
    return [Place(id, name, woeid, tuple(others)) for id, name, *others in cities]


CITIES = (
    *_cities("Australia", (1105779, "Sydney"), (1103816, "Melbourne")),
    *_cities("Austria", (551801, "Vienna", "wien")),
    *_cities("Brazil", (455827, "São Paulo", "sao paulo"), (455825, "Rio de Janeiro")),
    *_cities("Canada", (4118, "Toronto"), (3534, "Montreal", "montréal"), (9807, "Vancouver")),
    *_cities("Egypt", (1521894, "Cairo")),
    *_cities("France", (615702, "Paris")),
    *_cities("Germany", (638242, "Berlin")),
    *_cities("India", (2295411, "Mumbai"), (20070458, "Delhi", "new delhi")),
    *_cities("Ireland", (560743, "Dublin")),
    *_cities("Italy", (721943, "Rome", "roma")),
    *_cities("Japan", (1118370, "Tokyo", "東京"), (15015370, "Osaka", "大阪")),
    *_cities("Kenya", (1528488, "Nairobi")),
    *_cities("Korea", (1132599, "Seoul", "서울")),
    *_cities("Mexico", (116545, "Mexico City", "cdmx")),
    *_cities("Netherlands", (727232, "Amsterdam")),
    *_cities("Nigeria", (1398823, "Lagos")),
    *_cities("Spain", (766273, "Madrid"), (753692, "Barcelona")),
    *_cities("Sweden", (906057, "Stockholm")),
    *_cities("Turkey", (2344116, "Istanbul")),
    *_cities("United Kingdom", (44418, "London"), (28218, "Manchester")),
    *_cities(
        "United States",
        (2357024, "Atlanta"),
        (2367105, "Boston"),
        (2379574, "Chicago"),
        (2388929, "Dallas"),
        (2424766, "Houston"),
        (2442047, "Los Angeles"),
        (2450022, "Miami"),
        (2459115, "New York", "nyc"),
        (2471217, "Philadelphia"),
        (2487956, "San Francisco"),
        (2490383, "Seattle"),
        (2514815, "Washington", "washington dc"),
    ),
)
PLACES = {
    place.woeid: place for place in (Place(WORLDWIDE, "Worldwide", WORLDWIDE), *COUNTRIES, *CITIES)
}
_NAMES = {folded(name): place for place in PLACES.values() for name in (place.name, *place.others)}


def _around(place: Place) -> tuple[int, ...]:
    return tuple(dict.fromkeys((place.woeid, place.country, WORLDWIDE)))


def places_of(location: str) -> tuple[int, ...]:
    """WOEIDs: the city where one is named, its country, and always `WORLDWIDE`.

    The first part of the location that is a name here decides.
    """
    for part in location.split(","):
        if (place := _NAMES.get(folded(part.strip()))) and place.woeid != WORLDWIDE:
            return _around(place)
    return (WORLDWIDE,)


def named_places(place_id: str | None) -> tuple[int, ...]:
    """The same by a tweet's own place; none where it names none, or one that is not known here."""
    if place_id is None or not (place_id.isascii() and place_id.isdecimal()):
        return ()
    place = PLACES.get(int(place_id))
    return _around(place) if place else ()
