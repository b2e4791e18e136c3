"""Does the SQL that engines run count what `TagWindows` counts?"""

from __future__ import annotations

from collections import defaultdict

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from views.trends import counting
from views.trends.places import WORLDWIDE
from views.trends.uses import uses
from views.trends.windows import LONGEST, WINDOWS, TagCounts, TagWindows

TEXTS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(0, LONGEST),
        st.lists(
            st.sampled_from(["#Storm", "#storm", "#Flood", "#Boston"]), min_size=1, max_size=3
        ),
    ),
    min_size=1,
    max_size=30,
)
_database = duckdb.connect()
_database.execute(
    f"CREATE TABLE {counting.TWEETS} (person_id BIGINT, at_minute BIGINT, places BIGINT[], "
    "tags VARCHAR[], spellings VARCHAR[])"
)
_database.execute(f"CREATE VIEW tag_marks AS {counting.MARKS}")


def by_sql(tweets: list[counting.TaggedTweet]) -> dict[str, TagCounts]:
    _database.execute(f"DELETE FROM {counting.TWEETS}")
    _database.executemany(f"INSERT INTO {counting.TWEETS} VALUES (?, ?, ?, ?, ?)", tweets)
    totals: dict[str, dict[str, int]] = defaultdict(dict)
    for _, tag, kind, field, total in _database.execute(counting.SQL).fetchall():
        totals[tag][counting.field_of(kind, field)] = total
    return {tag: counting.counted(found) for tag, found in totals.items()}


@given(TEXTS)
def test_the_sql_counts_what_the_windows_count(texts: list[tuple[int, int, list[str]]]) -> None:
    tweets: list[counting.TaggedTweet] = []
    expected: dict[str, TagWindows] = defaultdict(TagWindows)
    for person, minute, tags in texts:
        text = " ".join(tags)
        tweets.append(counting.TaggedTweet.of(text, person, minute, (WORLDWIDE,)))
        for use in uses(text, person_id=person, minute=minute):
            expected[use.tag].use(person, minute, use.spelling, use.beside)
    found = by_sql(tweets)
    assert found.keys() == expected.keys()
    now = LONGEST + 1
    for tag, windows in expected.items():
        for window in WINDOWS:
            assert found[tag].counts(window, now) == windows.counts(window, now)
        assert found[tag].spelling() == windows.spelling()
        for other in expected:
            assert found[tag].share_beside(other) == windows.share_beside(other)
