"""Every block of docs/cookbook.md gives the answer that is printed there.

`RENEW_COOKBOOK=1` prints the answers of the first blocks anew, and the pictures.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
from deltalake import DeltaTable

from lake.catalogue import connect
from lake.changes import changes
from lake.columns import comment
from lake.privacy import Role
from lake.tables import named
from settings import Settings
from tests.batch.environment import run
from tests.cookbook import pictures
from tests.cookbook.recipes import FILE, Block, Recipe, recipes, renewed, table
from tests.cookbook.world import cooked

PAGE = recipes(FILE.read_text())
ASKED = [(recipe, block) for recipe in PAGE for block in recipe.blocks]
RENEW = "RENEW_COOKBOOK" in os.environ


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return cooked(tmp_path_factory.mktemp("cookbook"))


def in_sql(lake: Settings, code: str) -> str:
    with connect(lake, role=Role.ANALYST) as session:
        answer = session.sql(code)
        return table(answer.columns, answer.fetchall())


def in_python(lake: Settings, code: str) -> str:
    """The block's `result`."""
    known: dict[str, Any] = {
        "LAKE": lake.lake_dir,
        "settings": lake,
        "pl": polars,
        **{"duckdb": duckdb, "DeltaTable": DeltaTable},
        **{"changes": changes, "named": named, "Role": Role},
    }
    exec(compile(code, str(FILE), "exec"), known)
    result = known["result"]
    if isinstance(result, polars.LazyFrame):
        frame = result.collect()
        return table(frame.columns, frame.rows())
    return table(result.columns, result.fetchall())


def answer(lake: Settings, block: Block) -> str:
    return in_sql(lake, block.code) if block.language == "sql" else in_python(lake, block.code)


@pytest.mark.skipif(not RENEW, reason="only where it is asked for")
def test_the_page_is_printed_anew(lake: Settings) -> None:
    results = {
        recipe.title: answer(lake, next(b for b in recipe.blocks if str(b) != "sql spark"))
        for recipe in PAGE
    }
    FILE.write_text(renewed(FILE.read_text(), results))
    for recipe in recipes(FILE.read_text()):
        if recipe.picture:
            pictures.draw(recipe, FILE.parent / "images")


@pytest.mark.skipif(RENEW, reason="it is printed anew")
@pytest.mark.parametrize(
    ("recipe", "block"),
    [asked for asked in ASKED if str(asked[1]) != "sql spark"],
    ids=lambda part: part.title if isinstance(part, Recipe) else str(part),
)
def test_a_block_gives_what_is_printed(lake: Settings, recipe: Recipe, block: Block) -> None:
    assert answer(lake, block) == recipe.result


@pytest.mark.long
@pytest.mark.engines
@pytest.mark.skipif(RENEW, reason="it is printed anew")
def test_spark_gives_what_is_printed(lake: Settings) -> None:
    asked = [(recipe, block) for recipe, block in ASKED if str(block) == "sql spark"]
    queries = json.dumps([block.code for _, block in asked] + ["DESCRIBE TABLE silver.likes"])
    done = run(lake, "-m", "tests.cookbook.run_spark", queries)
    assert done.code == 0, done.said
    *answers, described = done.result["answers"]
    comments = {(name, said) for name, _, said in described["rows"]}
    assert comments >= {(name, comment(name)) for name in named("silver.likes").schema.names}
    found = {
        recipe.title: table(said["columns"], said["rows"])
        for (recipe, _), said in zip(asked, answers, strict=True)
    }
    assert found == {recipe.title: recipe.result for recipe, _ in asked}


@pytest.mark.parametrize("recipe", [r for r in PAGE if r.picture], ids=lambda r: r.title)
def test_a_picture_shows_the_answer_beside_it(recipe: Recipe, tmp_path: Path) -> None:
    pictures.draw(recipe, tmp_path)
    drawn = (FILE.parent / "images" / str(recipe.picture)).read_text()
    assert (tmp_path / str(recipe.picture)).read_text() == drawn


def test_every_engine_is_asked_many_things() -> None:
    engines = [block.engine for _, block in ASKED]
    assert {engine: engines.count(engine) > 3 for engine in engines} == {
        "duckdb": True,
        "polars": True,
        "spark": True,
    }
