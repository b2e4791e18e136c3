"""How does a person read the outcome of an audit? One plain page, which needs no network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from settings import Settings

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif }}
  body {{ margin: 2rem auto; max-width: 70rem; padding: 0 1rem }}
  table {{ border-collapse: collapse; width: 100% }}
  th, td {{ text-align: left; padding: .3rem .6rem; vertical-align: top }}
  td {{ border-top: 1px solid #8884 }}
  .number {{ text-align: right; font-variant-numeric: tabular-nums }}
  .failed {{ background: #d3333322 }} .told {{ background: #d3a03322 }}
  code {{ overflow-wrap: anywhere }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
<table>
<tr><th>outcome<th>table<th>expectation<th>why
  <th class="number">rows<th class="number">unexpected<th>examples
{rows}
</table>
</html>
"""


def outcome(result: dict[str, Any]) -> str:
    if result["passed"]:
        return "passed"
    return "failed" if result["severity"] == "critical" else "told"


def row(result: dict[str, Any]) -> str:
    said = outcome(result)
    return (
        f'<tr class="{said}"><td>{said}<td>{escape(result["table"])}'
        f"<td><code>{escape(result['expectation'])}</code><td>{escape(result['why'])}"
        f'<td class="number">{result["rows"]:,}<td class="number">{result["unexpected"]:,}'
        f"<td><code>{escape(result['examples'])}</code>"
    )


def page(results: Iterable[dict[str, Any]], *, first: int, through: int, at_ms: int) -> str:
    """The page as HTML: what failed comes first."""
    order = {"failed": 0, "told": 1, "passed": 2}
    ordered = sorted(results, key=lambda result: order[outcome(result)])
    count = {name: sum(outcome(r) == name for r in ordered) for name in order}
    at = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return PAGE.format(
        title=f"Quality of the lake, epochs {first} to {through}",
        summary=(
            f"{at}: {count['failed']} failed and stop publication, {count['told']} are warnings, "
            f"{count['passed']} passed."
        ),
        rows="\n".join(map(row, ordered)),
    )


def write(
    settings: Settings, results: list[dict[str, Any]], *, first: int, through: int, at_ms: int
) -> Path:
    """Writes `quality/<through>.html` and `quality/index.html`, the newest; returns the former."""
    folder = settings.state_dir / "quality"
    folder.mkdir(parents=True, exist_ok=True)
    text = page(results, first=first, through=through, at_ms=at_ms)
    place = folder / f"{through}.html"
    for path in (place, folder / "index.html"):
        path.write_text(text, encoding="utf-8")
    return place
