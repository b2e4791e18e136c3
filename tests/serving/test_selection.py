"""Which fields may a client ask for?"""

from __future__ import annotations

import pytest

from serving.errors import InvalidRequest
from serving.render.selection import Selection, selection


def test_nothing_asked_gives_the_defaults() -> None:
    assert selection(None, None, None, of_users=False) == Selection()


@pytest.mark.parametrize(
    ("tweet_fields", "user_fields", "expansions", "of_users"),
    [
        ("nope", None, None, False),
        ("text,,id", None, None, False),
        (None, "text", None, False),
        (None, None, "pinned_tweet_id", False),
        (None, None, "author_id", True),
    ],
)
def test_an_unknown_name_is_refused_by_its_parameter(
    tweet_fields: str | None, user_fields: str | None, expansions: str | None, of_users: bool
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        selection(tweet_fields, user_fields, expansions, of_users=of_users)
    asked = {"tweet.fields": tweet_fields, "user.fields": user_fields, "expansions": expansions}
    assert set(refused.value.parameters) == {name for name, value in asked.items() if value}
