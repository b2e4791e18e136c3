"""What may an analyst do in the PostgreSQL of BI tools, and for how long?

Read, and nothing else: the role owns nothing and may make nothing, not even temporary tables. A
session may lift what PostgreSQL limits by default, time among it, and may change its own password
and defaults: so who overstays is cancelled from outside, and the role is set anew at each load.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from lake.mart import DATABASE, READER, password
from settings import Settings

# Everybody may call these by default, and each writes.
WRITING_FUNCTIONS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_put(oid, bigint, bytea)",
    "lo_open(oid, integer)",
    "lo_truncate(integer, integer)",
    "lo_unlink(oid)",
    "lowrite(integer, bytea)",
)


def allow(connection: psycopg.Connection, settings: Settings) -> None:
    """Makes the role, or sets it right again, and lets it read all schemas there are."""
    with connection.transaction():
        role = sql.Identifier(READER)
        there = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        for statement in _role(settings):
            connection.execute(sql.SQL(statement).format(role=role, secret=password(settings)))
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname IN ('silver', 'gold', 'ledger')"
        ).fetchall()
        for (schema,) in schemas:
            for statement in (
                "GRANT USAGE ON SCHEMA {schema} TO {role}",
                "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
            ):
                connection.execute(
                    sql.SQL(statement).format(schema=sql.Identifier(schema), role=role)
                )


def _role(settings: Settings) -> list[str]:
    return [
        "ALTER ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT LOGIN "
        f"CONNECTION LIMIT {settings.bi_connections} PASSWORD {{secret}}",
        "ALTER ROLE {role} RESET ALL",
        "ALTER ROLE {role} SET default_transaction_read_only = on",
        f"ALTER ROLE {{role}} SET statement_timeout = '{settings.bi_query_seconds}s'",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {{role}}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC",
        *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC" for function in WRITING_FUNCTIONS),
    ]


def end_overdue(connection: psycopg.Connection, settings: Settings) -> int:
    """Ends the sessions whose query, or open transaction, lasts too long; returns how many."""
    ended = connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = %s AND state <> 'idle' "
        "AND now() - COALESCE(xact_start, query_start) > make_interval(secs => %s)",
        [READER, settings.bi_query_seconds + 1],  # PostgreSQL's own limit comes first
    )
    return ended.rowcount
