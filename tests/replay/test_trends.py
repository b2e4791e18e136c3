"""What would have trended in a file? Small files, walked through as a real one is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from replay import trends
from replay.files import BadFile
from replay.tag_files import load
from tests.replay.files import TWEETS, write

MONDAY = datetime(2015, 1, 5)
Tweet = tuple[int, timedelta, str]


def texts(folder: Path, *tweets: Tweet) -> Path:
    rows = [
        (number, person, None, str(MONDAY + after), text, None)
        for number, (person, after, text) in enumerate(tweets)
    ]
    return write(folder / "tweets.parquet", TWEETS, rows)


def trended(path: Path, out: Path) -> list[dict[str, object]]:
    trends.write(load(path), out, every=5, least_people=25, advance=lambda minutes: None)
    return pq.read_table(out).to_pylist()


def burst(people: int, after: timedelta, text: str, times: int = 1) -> list[Tweet]:
    return [
        (person, after + timedelta(seconds=10 * person + time), text)
        for person in range(people)
        for time in range(times)
    ]


def test_a_burst_is_found_within_minutes_and_says_since_when(tmp_path: Path) -> None:
    path = texts(tmp_path, *burst(60, timedelta(hours=1), "the #Storm is here"))
    rows = trended(path, tmp_path / "out.parquet")
    first = rows[0]
    assert (first["tag"], first["place"], first["rank"]) == ("#Storm", "worldwide", 1)
    # Ten seconds apart, 25 people are there after four minutes, and written down at the fifth.
    assert first["since"] == first["window_end"] == datetime(2015, 1, 5, 1, 5, tzinfo=UTC)
    assert {row["since"] for row in rows if row["window"] == "1h"} == {first["since"]}
    assert max(row["people"] for row in rows) == 60


def test_twenty_people_who_post_a_tag_a_hundred_times_do_not_trend(tmp_path: Path) -> None:
    path = texts(tmp_path, *burst(20, timedelta(hours=1), "buy #gold", times=100))
    assert trended(path, tmp_path / "out.parquet") == []


def test_what_happens_each_day_stops_trending(tmp_path: Path) -> None:
    days = [
        tweet
        for day in range(10)
        for tweet in burst(60, timedelta(days=day, hours=8), "#GoodMorning")
    ]
    rows = trended(texts(tmp_path, *days), tmp_path / "out.parquet")
    days_shown = {(row["window_end"] - MONDAY.replace(tzinfo=UTC)).days for row in rows}  # type: ignore[operator]
    assert 0 in days_shown
    assert not days_shown & {7, 8, 9}


def test_the_greatest_bursts_are_told_for_a_person_to_read(tmp_path: Path) -> None:
    path = texts(
        tmp_path,
        *burst(60, timedelta(hours=1), "#Storm"),
        *burst(30, timedelta(hours=2), "#flood"),
    )
    out = tmp_path / "out.parquet"
    trended(path, out)
    assert [burst.tag for burst in trends.greatest(out, 5)] == ["#Storm", "#flood"]


def test_where_nobody_is_named_each_text_is_by_somebody_else(tmp_path: Path) -> None:
    rows = [(str(MONDAY), "#a1"), (str(MONDAY), "#a1")]
    loaded = load(write(tmp_path / "t.parquet", ("created_at", "text"), rows))
    assert len({text.person_id for text in loaded.rows()}) == 2
    assert "does not say who wrote" in loaded.left_out[0]


def test_retweets_and_rows_without_a_time_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [
        (1, 1, None, str(MONDAY), "#a1", None),
        (2, 2, None, str(MONDAY), "RT #a1", 1),
        (3, 2, None, None, "#a1", None),
    ]
    loaded = load(write(tmp_path / "t.parquet", TWEETS, rows))
    assert len(loaded) == 1
    assert loaded.left_out == ("1 retweets", "1 rows without a time or text")


@pytest.mark.parametrize(
    ("columns", "row", "said"),
    [
        (("created_at",), (str(MONDAY),), "text or content or tweet"),
        (("text",), ("#a1",), "created_at or publish_date or timestamp"),
        (("created_at", "text"), (None, "#a1"), "no text with a time"),
    ],
)
def test_a_file_that_cannot_be_walked_through_says_why(
    tmp_path: Path, columns: tuple[str, ...], row: tuple[object, ...], said: str
) -> None:
    with pytest.raises(BadFile, match=said):
        load(write(tmp_path / "t.parquet", columns, [row]))


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.parquet", ("created_at", "text"), [("soon", "#a1")], created_at="VARCHAR"
    )
    with pytest.raises(BadFile, match=r"t.parquet"):
        load(path)


def test_nothing_is_left_behind_where_writing_fails(tmp_path: Path) -> None:
    path = texts(tmp_path, *burst(60, timedelta(0), "#Storm"))

    def fail(minutes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trends.write(load(path), tmp_path / "o.parquet", every=5, least_people=25, advance=fail)
    assert [file.name for file in tmp_path.iterdir()] == ["tweets.parquet"]
