"""A text reads as people see it, whatever code points it is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.reading import reading


@pytest.mark.parametrize(
    "written",
    [
        "p\u200be\u200bace",  # zero-width spaces
        "p\u00adeace",  # a soft hyphen
        "ｐｅａｃｅ",
        "𝓹𝓮𝓪𝓬𝓮",
        "pe\u0430ce",  # a Cyrillic letter among Latin ones
        "p\u0335e\u0335a\u0335c\u0335e\u0335",  # struck through
        "peaaaaace",
        "PEACE",
        "p&#101;ace",
    ],
)
def test_a_disguised_word_reads_as_the_word(written: str) -> None:
    assert reading(written) == "peace"


@pytest.mark.parametrize("word", ["привет", "ελλάδα", "日本", "été"[1]])
def test_other_scripts_stay_themselves(word: str) -> None:
    assert reading(word) == word


def test_a_word_of_lookalikes_alone_is_latin_only_in_latin_company() -> None:
    lookalikes = "\u0440\u0430\u0441\u0435"
    assert reading(f"give {lookalikes}") == "give pace"
    assert reading(f"дай {lookalikes}") == f"дай {lookalikes}"


def test_people_links_tags_and_emoji_become_words() -> None:
    assert reading("@alice @bob look https://a.example/x #GoTeam2015 😂") == (
        "@user look http # go team 2015 face with tears of joy"
    )


@given(st.text())
def test_any_text_can_be_read_and_reads_the_same_twice(text: str) -> None:
    assert "  " not in reading(text)
    assert reading(text) == reading(text)
