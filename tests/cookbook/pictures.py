"""How are answers of the cookbook drawn?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.drawing import look, pygal, without_scripts
from tests.cookbook.recipes import Recipe, cells

SIZE = {"width": 640, "height": 360, "disable_xml_declaration": True}


def retention(rows: list[list[str]]) -> Any:
    """A line a cohort: the share that still writes, by week."""
    chart = pygal().Line(
        title="Who stays: people who write, by week after they came",
        x_labels=["first", "second", "third", "fourth"],
        range=(0, 1),
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        truncate_legend=-1,
        dots_size=4,
        **look(),
        **SIZE,
    )
    for cohort, people, *shares in rows:
        points = [float(share) if share else None for share in shares]
        if any(point is not None for point in points):
            chart.add(f"{cohort} ({people} people)", points)
    return chart


def hours(rows: list[list[str]]) -> Any:
    chart = pygal().Bar(
        title="When it is busy: tweets by hour of the day, UTC",
        x_labels=[f"{int(hour):02}–{int(hour) + 3:02}" for hour, _ in rows],
        show_legend=False,
        **look(),
        **SIZE,
    )
    chart.add("tweets", [int(tweets) for _, tweets in rows])
    return chart


CHARTS = {"cookbook-retention.svg": retention, "cookbook-hours.svg": hours}


def draw(recipe: Recipe, folder: Path) -> None:
    """Writes the picture of the recipe's answer."""
    assert recipe.picture
    chart = CHARTS[recipe.picture](cells(recipe.result))
    chart.add_xml_filter(without_scripts)
    (folder / recipe.picture).write_text(chart.render(is_unicode=True) + "\n")
