"""An analyst sees no names, no texts and no ids, and counts the same as the lake's owner."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.catalogue import connect
from lake.columns import COMMENTS
from lake.privacy import GROUPS, SHOWS, Role, Show, UnclassifiedColumn, show
from lake.pseudonyms import Pseudonyms
from lake.tables import tables
from settings import Settings, made_once
from tests.lake.lived import lived
from tests.views.cast import NAMES

LONDON = 44418
KEY = "a key of the tests, long enough to be one"
IDS = st.integers(1, 2**63 - 1)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return lived(tmp_path_factory.mktemp("lived"))


@pytest.mark.parametrize("table", tables(), ids=lambda t: t.name)
def test_of_every_column_it_is_said_whether_it_is_personal(table: Any) -> None:
    for field in table.schema:
        show(field.name)


def test_no_column_is_in_two_groups_and_none_is_unheard_of() -> None:
    named = Counter(column for columns in GROUPS.values() for column in columns.split())
    assert not [column for column, times in named.items() if times > 1]
    assert set(SHOWS) == set(COMMENTS)


def test_a_column_of_which_nothing_is_said_is_refused() -> None:
    with pytest.raises(UnclassifiedColumn, match=r"say in lake/privacy\.py"):
        show("shoe_size")


def names(settings: Settings, role: Role, *shows: Show) -> list[tuple[str, str]]:
    """The columns that show so: table and name."""
    with connect(settings, role=role) as asked:
        marks = ", ".join(f"'{s}'" for s in shows)
        return asked.execute(
            f'SELECT "table", "column" FROM columns WHERE analysts_see IN ({marks}) ORDER BY ALL'
        ).fetchall()


def test_every_pair_of_tables_joins_to_as_many_rows_as_for_the_owner(lake: Settings) -> None:
    ids = names(lake, Role.OWNER, Show.PSEUDONYM)
    every = " UNION ALL ".join(
        f"SELECT '{t}.{c}' AS of, {c}::VARCHAR AS id FROM {t} WHERE {c} IS NOT NULL" for t, c in ids
    )
    joined = (
        f"WITH ids AS MATERIALIZED (SELECT of, id, COUNT(*) AS n FROM ({every}) GROUP BY ALL) "
        "SELECT a.of, b.of, SUM(a.n * b.n) FROM ids AS a JOIN ids AS b USING (id) "
        "GROUP BY ALL ORDER BY ALL"
    )
    with connect(lake) as owner, connect(lake, role=Role.ANALYST) as analyst:
        pairs = owner.execute(joined).fetchall()
        assert analyst.execute(joined).fetchall() == pairs
    assert len(pairs) > 150


def test_what_is_not_personal_is_the_same_for_both(lake: Settings) -> None:
    as_it_is = names(lake, Role.OWNER, Show.AS_IS)
    with connect(lake) as owner, connect(lake, role=Role.ANALYST) as analyst:
        for table in {table for table, _ in as_it_is}:
            columns = ", ".join(f'"{c}"' for t, c in as_it_is if t == table)
            asked = f"SELECT {columns}, COUNT(*) FROM {table} GROUP BY ALL ORDER BY ALL"
            assert analyst.execute(asked).fetchall() == owner.execute(asked).fetchall()


def test_no_id_no_name_and_no_text_is_left(lake: Settings) -> None:
    with connect(lake) as owner, connect(lake, role=Role.ANALYST) as analyst:
        ids = {
            part
            for table, column in names(lake, Role.OWNER, Show.PSEUDONYM)
            for (value,) in owner.execute(f"SELECT {column}::VARCHAR FROM {table}").fetchall()
            for part in (value or "").split(",")
        } - {"", "0"}
        assert len(ids) > 50
        for table in tables():
            rows = analyst.execute(f"FROM {table.name.replace('/', '.')}").fetchall()
            for text in (str(value) for row in rows for value in row if value is not None):
                assert ids.isdisjoint(text.split(","))
                assert not any(said in text.lower() for said in (*NAMES.values(), "tweet 7"))


def test_of_a_location_the_place_is_left(lake: Settings) -> None:
    asked = "SELECT location, location_place FROM silver.accounts WHERE location_place IS NOT NULL"
    with connect(lake, role=Role.ANALYST) as analyst:
        assert analyst.execute(asked + " ORDER BY ALL").fetchall() == [(None, 1), (None, LONDON)]


def test_of_a_text_its_length_and_its_tags_are_left(lake: Settings) -> None:
    with connect(lake) as owner, connect(lake, role=Role.ANALYST) as analyst:
        lengths = "SELECT {} AS n, COUNT(*) FROM silver.tweets GROUP BY n ORDER BY n"
        found = analyst.execute(lengths.format("text_length")).fetchall()
        assert found == owner.execute(lengths.format("length(text)")).fetchall()
        texts = analyst.execute("SELECT COUNT(*), COUNT(text) FROM silver.tweets").fetchone()
    assert texts is not None
    assert texts[0] > 0
    assert texts[1] == 0


@pytest.mark.parametrize(
    "query",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('{state}/analysts/pseudonym.key')",
        "FROM glob('{state}/*')",
        "COPY (SELECT 1) TO '{state}/out.csv'",
        "ATTACH '{state}/new.duckdb'",
        "EXPORT DATABASE '{state}/all'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "FROM settings",  # a variable of the program
    ],
)
def test_an_analysts_session_reaches_nothing_but_the_tables(lake: Settings, query: str) -> None:
    settings = lake  # noqa: F841  # what a query must not find
    with connect(lake, role=Role.ANALYST) as analyst, pytest.raises(duckdb.Error):
        analyst.execute(query.format(state=lake.state_dir))
    assert not (lake.state_dir / "out.csv").exists()


def test_no_query_can_name_the_key_or_make_a_pseudonym(lake: Settings) -> None:
    file = lake.state_dir / "analysts" / "pseudonym.key"
    key = made_once(file)
    with connect(lake, role=Role.ANALYST) as analyst, duckdb.connect() as empty:
        functions = "SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY ALL"
        assert analyst.execute(functions).fetchall() == empty.execute(functions).fetchall()
        for told in ("duckdb_views()", "duckdb_settings()", "duckdb_variables()", "columns"):
            assert key not in str(analyst.execute(f"FROM {told}").fetchall())
    assert file.stat().st_mode & 0o077 == 0


@given(st.sets(IDS, min_size=2))
def test_pseudonyms_differ_where_ids_differ_and_nowhere_else(ids: set[int]) -> None:
    known = Pseudonyms(KEY)
    column = known.column(pa.array(sorted(ids) * 2))
    assert len(set(column.to_pylist())) == len(ids)
    assert column.to_pylist() == [known.of(id) for id in sorted(ids)] * 2


@given(IDS, IDS)
def test_a_list_of_ids_is_a_list_of_their_pseudonyms(one: int, other: int) -> None:
    known = Pseudonyms(KEY)
    listed = known.column(pa.array([f"{one},0,{other}", None, ""])).to_pylist()
    assert listed == [f"{known.of(one)},0,{known.of(other)}", None, ""]


@given(IDS)
def test_another_key_gives_another_name(id: int) -> None:
    assert Pseudonyms(KEY).of(id) != Pseudonyms(KEY + "!").of(id)


def test_a_key_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        Pseudonyms("secret")
