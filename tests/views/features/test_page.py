"""The page of features says what the definitions say."""

from __future__ import annotations

from engines.environments import REPOSITORY
from views.features.page import page
from views.features.tables import FEATURE_TABLES

PAGE = REPOSITORY / "docs" / "features.md"


def test_the_page_is_what_the_definitions_print() -> None:
    assert page() in PAGE.read_text(), "run: python -m views.features.page --into docs/features.md"


def test_a_feature_has_one_name_in_all_tables() -> None:
    names = [feature.name for table in FEATURE_TABLES for feature in table.features]
    assert len(names) == len(set(names))
