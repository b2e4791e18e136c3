"""Do scores keep their word? Draws what a report measured.

python -m moderation.training.picture docs/images/toxicity-reliability.svg
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.drawing import look, pygal, without_scripts
from moderation.scaling import MODEL


def draw(reliability: list[tuple[int, float, float]], file: Path) -> None:
    """Writes an SVG; `reliability` is that of `moderation/training/report.py`."""
    chart = pygal().XY(
        **look(),
        width=560,
        height=480,
        title="Toxicity: scores and what was so",
        x_title="mean score of the texts in a tenth",
        y_title="share of them that is offensive",
        xrange=(0, 1),
        range=(0, 1),
        dots_size=4,
        legend_at_bottom=True,
        truncate_legend=-1,
    )
    chart.add("would be exact", [(0, 0), (1, 1)], show_dots=False)
    chart.add("measured", [(said, was) for _, said, was in reliability])
    chart.add_xml_filter(without_scripts)
    chart.render_to_file(str(file))


if __name__ == "__main__":
    told = json.loads((MODEL / "report.json").read_text())
    draw(told["toxicity"]["reliability"], Path(sys.argv[1]))
