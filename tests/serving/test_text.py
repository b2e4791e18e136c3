"""Which texts are tweets, and what do they name?"""

from __future__ import annotations

import pytest

from serving.errors import InvalidRequest
from serving.text import entities, tweet_text, urls, weight


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("a" * 280, 280),
        ("日" * 140, 280),
        ("é" * 280, 280),
        ("e\u0301" * 280, 280),  # composed before it is weighed
        ("😀" * 140, 280),
        ("👨‍👩‍👧‍👦" * 140, 280),  # one emoji, however many code points
        ("👍🏽🇩🇪❤️1️⃣", 8),
        ("https://example.com/" + "x" * 1000, 23),
        ("see example.com, please", 4 + 23 + 8),
        ("no link: http://localhost a.b e.g.this", 38),
    ],
)
def test_a_text_weighs_as_x_weighs_it(text: str, weighs: int) -> None:
    assert weight(tweet_text(text)) == weighs


@pytest.mark.parametrize(
    "text",
    ["a" * 281, "日" * 141, "😀" * 141, "", "  \n", "x\u202ey", "\ufeff", "\ud800", "a" * 4001],
)
def test_what_is_no_tweet_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        tweet_text(text)


def test_text_is_kept_composed() -> None:
    assert tweet_text("cafe\u0301") == "café"


@pytest.mark.parametrize(
    "text", ["a." * 2000, "a-" * 1990 + ".com", "日本." * 500, "#a" * 1500, "@" * 3000, "👨‍" * 1300]
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    """A quadratic reading of the first took 20 s; this bound only catches that."""
    with pytest.raises(InvalidRequest):
        tweet_text(text)
    entities(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#café #東京 #1 #a1 &#39; x#y", {"hashtags": ["café", "東京", "a1"]}),
        ("สวัสดี #ไทยแลนด์", {"hashtags": ["ไทยแลนด์"]}),
        ("@bob, hi x@example.org @toolongusername99 @é", {"mentions": ["bob"]}),
        ("$TWTR $5 $brk.b US$", {"cashtags": ["TWTR", "brk.b"]}),
        ("example.com/@bob/#tag", {"urls": ["example.com/@bob/#tag"]}),
        ("nothing here", {}),
    ],
)
def test_entities_are_those_of_x(text: str, names: dict[str, list[str]]) -> None:
    found = entities(text) or {}
    key = {"hashtags": "tag", "mentions": "username", "cashtags": "tag", "urls": "url"}
    assert {kind: [e[key[kind]] for e in them] for kind, them in found.items()} == names


def test_offsets_count_code_points() -> None:
    text = "👨‍👩‍👧 日本語 @bob https://example.com/path?q=1 #tag"
    found = entities(text)
    assert found is not None
    for kind in found.values():
        for entity in kind:
            named = entity.get("url") or entity.get("tag") or entity.get("username")
            assert text[entity["start"] : entity["end"]].lstrip("#@") == named


def test_a_link_ends_where_chinese_or_japanese_begins() -> None:
    assert [u.url for u in urls("これはhttps://example.com/aです。example.comも")] == [
        "https://example.com/a",
        "example.com",
    ]


def test_a_link_ends_and_begins_at_an_emoji() -> None:
    assert [u.url for u in urls("🎰https://example.com/a🎰 example.com👍🏽")] == [
        "https://example.com/a",
        "example.com",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [  # of the conformance rules of twitter-text
        ("＃twj #1tag #a_b (#c) #d's", "hashtags", ["twj", "1tag", "a_b", "c", "d"]),
        ("x#no &#no; http://a.com/#no #a#b", "hashtags", []),
        (
            "#ﾂｲｯﾀｰ #트위터 #русский #עברית #Ｔｅｓｔ",
            "hashtags",
            ["ﾂｲｯﾀｰ", "트위터", "русский", "עברית", "Ｔｅｓｔ"],
        ),
        ("@a, .@b (@c) @d: @e's RT:@f", "mentions", ["a", "b", "c", "d", "e", "f"]),
        ("x@no @no@x !@no @é me@no.com", "mentions", []),
        ("$A $ABCDEF $TOOLONGX $a.b x$NO $1", "cashtags", ["A", "ABCDEF", "a.b"]),
    ],
)
def test_signs_are_read_as_in_twitter_text(text: str, kind: str, found: list[str]) -> None:
    field = "username" if kind == "mentions" else "tag"
    assert [each[field] for each in (entities(text) or {}).get(kind, [])] == found
