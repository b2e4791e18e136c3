"""A BI tool finds the lake in a PostgreSQL, in pseudonyms, and can do nothing but read."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from psycopg import errors

from cli.bi import serve
from lake import mart
from lake.catalogue import connect
from lake.privacy import Role
from lake.readers import allow
from lake.seen import meaning, seen_schema
from lake.tables import BRONZE, silver, tables
from settings import Settings
from tests.conftest import port_settings
from tests.engines.waiting import until
from tests.lake.filling import fold_by_hand
from tests.lake.lived import lived
from views.tweet_counts import TWEET_COUNTS

pytestmark = pytest.mark.engines

QUICK = {"bi_query_seconds": 3, "bi_query_mb": 128, "bi_temp_mb": 8, "bi_refresh_seconds": 600}
COPIED = [table for table in tables() if table is not BRONZE]


@pytest.fixture(scope="module")
def served() -> Iterator[Settings]:
    folder = Path(tempfile.mkdtemp(prefix="starling-bi-"))
    folder.chmod(0o755)
    base = lived(folder).model_dump()
    settings = Settings(**base | QUICK | port_settings())
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(settings, stop))
    thread.start()
    try:
        until(lambda: _answers(settings))
        yield settings
    finally:
        stop.set()
        thread.join()
        shutil.rmtree(folder)


def _answers(settings: Settings) -> bool:
    try:
        ask(settings).close()
    except psycopg.OperationalError:
        return False
    return True


def ask(settings: Settings) -> psycopg.Connection:
    return psycopg.connect(settings.bi_url, password=mart.password(settings), autocommit=True)


@pytest.fixture
def tool(served: Settings) -> Iterator[psycopg.Connection]:
    """A BI tool that is signed in."""
    with ask(served) as connection:
        yield connection


@pytest.fixture
def owner(served: Settings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(mart.owner_url(served), autocommit=True) as connection:
        yield connection


def test_every_table_is_there_with_its_comments(tool: psycopg.Connection) -> None:
    comments = {
        (schema, table, column): said
        for schema, table, column, said in tool.execute(
            "SELECT table_schema, table_name, column_name, col_description("
            "  format('%I.%I', table_schema, table_name)::regclass, ordinal_position) "
            "FROM information_schema.columns WHERE table_schema IN ('silver', 'gold', 'ledger')"
        ).fetchall()
    }
    assert comments == {
        (*table.name.split("/"), field.name): meaning(field.name)
        for table in COPIED
        for field in seen_schema(table)
    }


def test_its_rows_are_those_that_an_analyst_sees(served: Settings) -> None:
    with ask(served) as tool, connect(served, role=Role.ANALYST) as analyst:
        for table in COPIED:
            columns = ", ".join(f'"{name}"' for name in seen_schema(table).names)
            said = f"SELECT {columns} FROM {table.name.replace('/', '.')}"
            rows = analyst.execute(said).fetchall()
            assert sorted(map(repr, tool.execute(said).fetchall())) == sorted(map(repr, rows))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE silver.mine (n int)",
        "CREATE TABLE public.mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION file_fdw SCHEMA silver",
        "INSERT INTO silver.likes (kind) VALUES ('Liked')",
        "UPDATE gold.tweet_counts SET like_count = 9",
        "DELETE FROM silver.likes",
        "TRUNCATE silver.likes",
        "DROP TABLE silver.likes",
        "COMMENT ON TABLE silver.likes IS 'mine'",
        "COPY silver.likes TO '/tmp/likes.csv'",
        "COPY silver.likes FROM '/etc/passwd'",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_from_bytea(0, 'mine')",
        "SELECT lo_creat(-1)",
        "DO $$ BEGIN PERFORM 1; END $$",
        "LOAD '/tmp/mine.so'",
        "ALTER SYSTEM SET port = 1",
        "SET ROLE starling",
        "SELECT * FROM starling.loaded",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_a_tool_can_only_read(tool: psycopg.Connection, statement: str) -> None:
    for allowed in ("SET transaction_read_only = off", "SET default_transaction_read_only = off"):
        tool.execute(allowed)  # a session may say so; it is of no use
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedFile)):
        tool.execute(statement)


def test_who_has_no_password_does_not_get_in(served: Settings) -> None:
    nobody = served.bi_url.replace("analyst@", "starling@")
    for url, password in ((served.bi_url, "guess"), (served.bi_url, ""), (nobody, "guess")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url, password=password)
    elsewhere = served.bi_url.replace("/lake", "/postgres")
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf"):
        psycopg.connect(elsewhere, password=mart.password(served))
    for file in (served.state_dir / "analysts").iterdir():
        assert file.stat().st_mode & 0o077 == 0


def test_a_query_that_lasts_too_long_is_ended(served: Settings) -> None:
    with ask(served) as polite, pytest.raises(errors.QueryCanceled):
        polite.execute("SELECT pg_sleep(60)")
    with ask(served) as stubborn:
        stubborn.execute("SET statement_timeout = 0")
        with pytest.raises(errors.AdminShutdown):
            stubborn.execute("SELECT pg_sleep(60)")


def test_a_query_that_wants_too_much_memory_or_disk_fails(tool: psycopg.Connection) -> None:
    tool.execute("SET work_mem = '1GB'")
    with pytest.raises(errors.OutOfMemory):
        tool.execute("SELECT count(DISTINCT repeat('x', 1000) || n) FROM generate_series(1, 1e6) n")
    tool.execute("SET work_mem = '64kB'")
    with pytest.raises(errors.ConfigurationLimitExceeded):
        tool.execute(
            "SELECT n FROM generate_series(1, 10000000) n ORDER BY n DESC LIMIT 1 OFFSET 9999999"
        )


def test_a_load_copies_the_days_that_changed_and_nothing_else(
    served: Settings, owner: psycopg.Connection, tool: psycopg.Connection
) -> None:
    assert mart.load(owner, served) == {}
    count = "SELECT COUNT(*) FROM silver.likes"
    ((before,),) = tool.execute(count).fetchall()
    row = {"kind": "Liked", "user_id": 1, "tweet_id": 2, "day": date(1970, 1, 9)}
    likes = silver("likes")
    write_deltalake(likes.open(served), pa.Table.from_pylist([row], likes.columns), mode="append")
    assert mart.load(owner, served) == {"silver/likes": 1}
    assert tool.execute(count).fetchall() == [(before + 1,)]


def test_a_table_that_is_read_for_long_is_loaded_the_next_time(
    served: Settings, owner: psycopg.Connection
) -> None:
    fold_by_hand(served, TWEET_COUNTS, 9_000, {10: ({"like_count": 1}, 9_000)})
    with ask(served) as reader, reader.transaction():
        reader.execute("SELECT FROM gold.tweet_counts")
        with pytest.raises(errors.LockNotAvailable):
            mart.load(owner, served)
    assert mart.load(owner, served) == {"gold/tweet_counts": 1}
    allow(owner, served)
    with ask(served) as reader:
        ((likes,),) = reader.execute("SELECT like_count FROM gold.tweet_counts").fetchall()
    assert likes == 1
