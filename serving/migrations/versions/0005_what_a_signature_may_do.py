"""A token of OAuth 1.0a may do less than its app; what has ended is found by when it did."""

from alembic import op

revision = "0005"
down_revision = "0004"

EXPIRING = ("tokens", "sessions", "authorization_codes", "refresh_tokens", "oauth1_requests")


def upgrade() -> None:
    for table in ("oauth1_requests", "oauth1_tokens"):
        op.execute(f"ALTER TABLE {table} ADD scopes text[]")
        op.execute(f"UPDATE {table} t SET scopes = a.scopes FROM apps a WHERE a.id = t.app_id")
        op.execute(f"ALTER TABLE {table} ALTER scopes SET NOT NULL")
    for table in EXPIRING:
        op.execute(f"CREATE INDEX {table}_by_end ON {table} (expires_at)")


def downgrade() -> None:
    for table in EXPIRING:
        op.execute(f"DROP INDEX {table}_by_end")
    for table in ("oauth1_requests", "oauth1_tokens"):
        op.execute(f"ALTER TABLE {table} DROP scopes")
