"""How is a figure drawn that one would rather look at than read?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def pygal() -> Any:
    """The library, without the importer that it leaves in the way of all later imports: that one
    finds plugins, of which there are none here, by a method that Python no longer asks."""
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    return pygal


def look() -> dict[str, Any]:
    """What all charts have in common: no scripts, a white ground."""
    style = pygal().style.CleanStyle(
        font_family="sans-serif", title_font_size=18, background="white"
    )
    return {"js": (), "no_prefix": True, "style": style}


def lines(
    file: Path,
    *,
    title: str,
    x_title: str,
    x_labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
) -> None:
    """Writes a chart with a line for each series, from zero on, as an SVG without scripts."""
    chart = pygal().Line(
        **look(),
        width=720,
        height=400,
        title=title,
        x_title=x_title,
        x_labels=x_labels,
        range=(0, 1.15 * max(max(values) for values in series.values())),
        dots_size=4,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(series),
        truncate_legend=-1,
    )
    for name, values in series.items():
        chart.add(name, list(values))
    chart.add_xml_filter(without_scripts)
    chart.render_to_file(str(file))


def without_scripts(root: Any) -> Any:
    for parent in root.iter():
        for child in list(parent):
            if str(child.tag).rpartition("}")[2] == "script":
                parent.remove(child)
    return root
