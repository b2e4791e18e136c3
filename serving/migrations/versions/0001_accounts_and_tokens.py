"""Accounts, and the tokens that speak for them."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS citext")  # names differ by more than case
    op.execute(
        """
        CREATE TABLE accounts (
            id bigint PRIMARY KEY,
            username citext NOT NULL UNIQUE CHECK (username ~ '^[A-Za-z0-9_]{1,15}$'),
            name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 50),
            created_at timestamptz NOT NULL,
            log_position text  -- of its AccountCreated; null until the log has taken it
        )
        """
    )
    op.execute(
        """
        CREATE TABLE tokens (
            sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
            account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            expires_at timestamptz,
            revoked_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX tokens_of_account ON tokens (account_id)")


def downgrade() -> None:
    op.execute("DROP TABLE tokens")
    op.execute("DROP TABLE accounts")
