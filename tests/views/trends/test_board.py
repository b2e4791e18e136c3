"""What trends, and what does not?"""

from __future__ import annotations

from collections.abc import Iterable

from views.trends.baseline import Baseline, Row
from views.trends.board import GAP, Board, Trend
from views.trends.scores import SHOWN_ABOVE, Score, scores
from views.trends.windows import TagWindows

NOTHING_USUAL = Baseline.of([], 0, 1)
LEAST = 25


def tag(people: Iterable[int], minute: int = 0, times: int = 1, **more: object) -> TagWindows:
    windows = TagWindows()
    for person in people:
        for _ in range(times):
            windows.use(person, minute, **more)  # type: ignore[arg-type]
    return windows


def found(now: int, usual: Baseline = NOTHING_USUAL, **tags: TagWindows) -> list[Score]:
    return [score for name, tag in tags.items() for score in scores(name, tag, usual, now, LEAST)]


def shown(
    now: int, board: Board | None = None, blocked: Iterable[str] = (), **tags: TagWindows
) -> list[Trend]:
    trends = (board or Board()).show(found(now, **tags), tags, now, set(blocked))
    return trends["1h"]


def test_twenty_people_who_post_a_tag_a_hundred_times_do_not_trend() -> None:
    assert found(1, spam=tag(range(20), times=100)) == []


def test_many_people_trend_with_their_evidence() -> None:
    (score, *_) = found(1, storm=tag(range(40)))
    assert (score.tag, score.window, score.people, score.uses) == ("storm", "1h", 40, 40)
    assert score.score == 40 / 5 > SHOWN_ABOVE
    assert score.expected == 0


def test_what_is_usual_does_not_trend() -> None:
    hours = [Row("goodmorning", hour, 4 * 90, 4 * 90 * 168, 4 * 90 * 168) for hour in range(168)]
    usual = Baseline.of(hours, 0, 4 * 168 * 60)
    assert found(60, usual, goodmorning=tag(range(100), minute=59)) == []


def test_a_blocked_tag_is_not_shown() -> None:
    tags = {"storm": tag(range(40)), "slur": tag(range(50))}
    assert [trend.score.tag for trend in shown(1, blocked=["slur"], **tags)] == ["storm"]


def test_tags_that_go_together_are_shown_as_one() -> None:
    tags = {
        "sotu": tag(range(60), spelling="SOTU"),
        "sotu2015": tag(range(30), spelling="SOTU2015", beside=("sotu",)),
        "storm": tag(range(40)),
    }
    trends = shown(1, **tags)
    assert [(trend.spelling, trend.related) for trend in trends] == [
        ("SOTU", ("SOTU2015",)),
        ("", ()),
    ]


def test_a_short_gap_does_not_begin_a_trend_anew_and_a_long_one_does() -> None:
    board, tags = Board(), {"storm": tag(range(40))}
    assert shown(1, board, **tags)[0].since == 1
    assert shown(2, board, blocked=["storm"], **tags) == []
    assert shown(3, board, **tags)[0].since == 1
    later = 4 + GAP
    assert shown(later, board, storm=tag(range(40), minute=later - 1))[0].since == later
