"""What does docs/cookbook.md ask, in which engines, and what does it say comes out?

A recipe is a section: blocks fenced as `sql duckdb`, `sql duckdb spark`, `python polars` and so on,
then the table that each of them must give, then perhaps a picture of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engines.environments import REPOSITORY

FILE = REPOSITORY / "docs" / "cookbook.md"
FENCE = re.compile(r"^```(sql|python) ([a-z ]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^(?:\|.*\|\n)+", re.MULTILINE)
PICTURE = re.compile(r"\(images/(cookbook-[a-z]+\.svg)\)")


@dataclass
class Block:
    """A way to ask."""

    language: str
    engine: str
    code: str

    def __str__(self) -> str:
        return f"{self.language} {self.engine}"


@dataclass
class Recipe:
    """A question and its answer."""

    title: str
    result: str
    blocks: list[Block] = field(default_factory=list)
    picture: str | None = None


def sections(text: str) -> list[str]:
    """The parts of the page, each from its heading to the next."""
    return re.split(r"(?m)^(?=## )", text)


def recipes(text: str) -> list[Recipe]:
    """The sections that ask something."""
    found = []
    for section in sections(text)[1:]:
        blocks = [
            Block(language, engine, code)
            for language, engines, code in FENCE.findall(section)
            for engine in engines.split()
        ]
        if blocks:
            table, picture = TABLE.search(section), PICTURE.search(section)
            title = section.splitlines()[0].removeprefix("## ")
            result, name = table and table[0], picture and picture[1]
            found.append(Recipe(title, result or "", blocks, name))
    return found


def renewed(text: str, results: dict[str, str]) -> str:
    """The page with those results, by the title of their section."""
    parts = sections(text)
    for number, section in enumerate(parts):
        result = results.get(section.splitlines()[0].removeprefix("## ") if section else "")
        if result:
            parts[number] = TABLE.sub(lambda _, said=result: said, section, count=1)
    return "".join(parts)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """An answer as it is printed on the page.

    >>> print(table(["kind", "share"], [("Liked", 0.25), ("Unliked", None)]), end="")
    | kind | share |
    |---|---|
    | Liked | 0.25 |
    | Unliked | |
    """
    lines = [columns, *([_cell(value) for value in row] for row in rows)]
    printed = ["|" + "|".join(f" {cell} " if cell else " " for cell in row) + "|" for row in lines]
    printed.insert(1, "|" + "---|" * len(columns))
    return "".join(f"{line}\n" for line in printed)


def cells(result: str) -> list[list[str]]:
    """The rows of a printed table, without its head."""
    return [[c.strip() for c in row.strip("|").split("|")] for row in result.splitlines()[2:]]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | Decimal):
        return f"{round(float(value), 3):g}"
    return value.isoformat() if isinstance(value, date) else str(value)
