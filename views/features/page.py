"""What does docs/features.md say? Its tables, printed from the definitions.

python -m views.features.page                          # prints them
python -m views.features.page --into docs/features.md
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from views.features.tables import FEATURE_TABLES, STANDS, Feature, FeatureTable

BEGIN, END = "<!-- printed by views/features/page.py -->", "<!-- end of what is printed -->"
HEAD = ("feature", "entity", "what it is", "window", "type", "null", "owner view")
NULL = "online, before the first publication; offline never"


def page() -> str:
    """A section for each table."""
    return "\n\n".join(_section(table) for table in FEATURE_TABLES)


def into(document: str, printed: str) -> str:
    """The document with what is printed between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{printed}\n\n{END}{after}"


def _section(table: FeatureTable) -> str:
    rows = [HEAD, tuple("---" for _ in HEAD), *(_row(table, f) for f in table.features)]
    title = f"## {table.name}: `gold/features_{table.name}`, by {', '.join(table.entity)}"
    return title + "\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(table: FeatureTable, feature: Feature) -> tuple[str, ...]:
    window = feature.window.name if feature.window else "as it stands"
    kind = "0 or 1" if feature.kind == STANDS else "count, BIGINT"
    entity = ", ".join(table.entity)
    return (f"`{feature.name}`", entity, feature.doc, window, kind, NULL, f"`{table.view.name}`")


def comments() -> Iterator[tuple[str, str]]:
    """What each feature's column means."""
    for table in FEATURE_TABLES:
        for feature in table.features:
            window = f", in {feature.window.name}" if feature.window else ""
            yield feature.name, feature.doc + window


def main() -> None:
    parser = argparse.ArgumentParser(prog="views.features.page", description=__doc__)
    parser.add_argument("--into", type=Path, help="a document with marks to print between")
    asked = parser.parse_args()
    if asked.into:
        asked.into.write_text(into(asked.into.read_text(), page()))
    else:
        print(page())


if __name__ == "__main__":
    main()
