"""Which tags does a text use?"""

from __future__ import annotations

from views.trends.uses import MAX_TAGS, uses


def tags(text: str) -> list[str]:
    return [use.tag for use in uses(text, person_id=1, minute=0)]


def test_a_tag_is_one_however_it_is_spelled() -> None:
    assert tags("#SOTU #sotu ＃ＳＯＴＵ #Straße #STRASSE") == ["sotu", "strasse"]


def test_the_first_spelling_of_a_text_is_kept() -> None:
    assert [use.spelling for use in uses("#SoTu #SOTU", person_id=1, minute=0)] == ["SoTu"]


def test_a_text_without_tags_uses_none() -> None:
    assert tags("no tag, #1 is a number, and a#b is none either") == []


def test_of_a_wall_of_tags_only_the_first_count() -> None:
    wall = " ".join(f"#tag{chr(97 + n)}" for n in range(26))
    assert len(tags(wall)) == MAX_TAGS


def test_each_use_knows_the_tags_beside_it() -> None:
    beside = {use.tag: use.beside for use in uses("#a1 #b1 #c1", person_id=1, minute=0)}
    assert beside == {"a1": ("b1", "c1"), "b1": ("a1", "c1"), "c1": ("a1", "b1")}
