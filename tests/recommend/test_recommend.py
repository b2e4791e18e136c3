"""Whom to follow, of graphs in which anybody can see the answer."""

from __future__ import annotations

import json
import os
import random
import subprocess
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines import environments
from engines.server import python_env
from tests.cli.test_command import starling

Edge = tuple[int, int]
ANIMALS, PLANTS = range(100, 112), range(200, 212)
"""Two crowds, and whom they follow: 12 animals, 12 plants."""


def crowds() -> list[Edge]:
    """Persons 1 to 40 each follow 9 of the animals, 41 to 80 each 9 of the plants. Person 90
    follows one animal; 91 follows nobody's friend."""
    chance = random.Random(3)
    edges = [
        (person, other)
        for people, liked in ((range(1, 41), ANIMALS), (range(41, 81), PLANTS))
        for person in people
        for other in chance.sample(list(liked), 9)
    ]
    return [*edges, (90, 100), (91, 92)]


def friends() -> list[Edge]:
    """Person 1 follows 2, 3 and 4, who all follow 5; 6 is followed by 4 alone. Nobody follows 7
    but 8, who follows 1."""
    return [(1, 2), (1, 3), (1, 4), (2, 5), (3, 5), (4, 5), (4, 6), (8, 7), (8, 1)]


@pytest.fixture(scope="module")
def answers() -> dict[str, list[list]]:
    """Of each case `[src, dst, rank, score]`, from one start of the batch environment."""
    shuffled = crowds() * 2
    random.Random(5).shuffle(shuffled)
    cases = {
        "crowds": (crowds(), 20),
        "crowds again, in another order, each edge twice": (shuffled, 20),
        "crowds of strings": ([(f"n{s}", f"n{d}") for s, d in crowds()], 20),
        "friends": (friends(), 5),
    }
    asked = [{"edges": edges, "top": top} for edges, top in cases.values()]
    done = subprocess.run(
        [environments.ensure("batch"), "-m", "tests.recommend.run_recommend"],
        cwd=environments.REPOSITORY,
        env=os.environ | python_env("batch"),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(cases, json.loads(done.stdout), strict=True))


def by_person(rows: list[list]) -> dict[int, list[int]]:
    return {src: [row[1] for row in some] for src, some in groupby(rows, key=lambda row: row[0])}


def test_a_crowd_is_told_of_the_rest_of_what_it_follows(answers: dict) -> None:
    found, edges = by_person(answers["crowds"]), set(crowds())
    for people, liked in ((range(1, 41), ANIMALS), (range(41, 81), PLANTS)):
        for person in people:
            rest = {other for other in liked if (person, other) not in edges}
            assert set(found[person][: len(rest)]) == rest


def test_who_follows_one_person_hears_of_that_crowd(answers: dict) -> None:
    assert set(by_person(answers["crowds"])[90][:8]) <= set(ANIMALS)


def test_the_friend_of_most_friends_comes_first(answers: dict) -> None:
    found = by_person(answers["friends"])
    assert found[1][0] == 5
    assert found[8][0] in (2, 3, 4)  # whom the one she follows follows


@pytest.mark.parametrize("case", ["crowds", "friends"])
def test_everybody_is_answered_and_hears_of_nobody_known(answers: dict, case: str) -> None:
    edges = {"crowds": crowds(), "friends": friends()}[case]
    rows = answers[case]
    assert {row[0] for row in rows} == {src for src, _ in edges}
    assert not {(src, dst) for src, dst, *_ in rows} & set(edges)
    assert all(src != dst for src, dst, *_ in rows)
    for _, some in groupby(rows, key=lambda row: row[0]):
        ranked = list(some)
        assert [row[2] for row in ranked] == list(range(1, len(ranked) + 1))
        scores = [row[3] for row in ranked]
        assert scores == sorted(scores, reverse=True)


def test_neither_order_nor_repetition_of_edges_changes_a_score(answers: dict) -> None:
    again = answers["crowds again, in another order, each edge twice"]
    assert again == answers["crowds"]


def test_ids_may_be_strings(answers: dict) -> None:
    found = by_person(answers["crowds of strings"])
    assert set(found["n90"][:8]) <= {f"n{animal}" for animal in ANIMALS}


def _write(file: Path, src: pa.Array, dst: pa.Array) -> Path:
    pq.write_table(pa.table({"src": src, "dst": dst}), file)
    return file


def _recommend(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return starling("recommend", "--follows", file.name, "--output", "out.parquet", cwd=folder)


def test_the_command_writes_a_file_with_ids_of_the_kind_it_was_given(tmp_path: Path) -> None:
    src, dst = (list(side) for side in zip(*friends(), strict=True))
    file = _write(tmp_path / "in.parquet", pa.array(src, pa.int32()), pa.array(dst, pa.int32()))
    done = _recommend(file, tmp_path)
    assert done.returncode == 0, done.stderr
    found = pq.read_table(tmp_path / "out.parquet")
    kinds = {"src": pa.int32(), "dst": pa.int32(), "rank": pa.int64(), "score": pa.float64()}
    assert dict(zip(found.schema.names, found.schema.types, strict=True)) == kinds
    assert set(found["src"].to_pylist()) == set(src)


def test_a_file_without_rows_makes_one_without_rows(tmp_path: Path) -> None:
    nobody = pa.array([], pa.int64())
    done = _recommend(_write(tmp_path / "in.parquet", nobody, nobody), tmp_path)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("src", "dst", "names", "said"),
    [
        ([1], [2], ("src", "to"), "no column dst, only src, to"),
        ([1, None], [2, 3], ("src", "dst"), "src is empty in 1 of 2 rows"),
        ([1.5], [2.5], ("src", "dst"), "ids are whole numbers or strings"),
        ([1], ["a"], ("src", "dst"), "ids must be of one kind"),
    ],
)
def test_a_file_of_no_edges_is_refused_in_a_sentence(
    tmp_path: Path, src: list, dst: list, names: tuple[str, str], said: str
) -> None:
    pq.write_table(pa.table({names[0]: src, names[1]: dst}), tmp_path / "in.parquet")
    done = _recommend(tmp_path / "in.parquet", tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.parquet").exists()


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    done = _recommend(tmp_path / "none.parquet", tmp_path)
    assert done.returncode == 1
    assert "there is no such file" in done.stderr
