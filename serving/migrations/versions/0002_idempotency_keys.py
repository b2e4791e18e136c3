"""Requests that were made before, and what came of them."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE idempotency_keys (
            who text NOT NULL,
            key text NOT NULL,
            asked bytea NOT NULL CHECK (octet_length(asked) = 32),
            made_id bigint NOT NULL,  -- set aside for what the request makes
            created_at timestamptz NOT NULL DEFAULT now(),
            locked_until timestamptz NOT NULL,
            answer bytea,  -- null until it is done
            PRIMARY KEY (who, key)
        )
        """
    )
    op.execute("CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)")


def downgrade() -> None:
    op.execute("DROP TABLE idempotency_keys")
