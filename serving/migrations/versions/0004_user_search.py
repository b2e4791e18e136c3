"""Finding accounts by a part of their names."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # an index that knows any part of a word
    op.execute(
        "CREATE INDEX accounts_by_names ON accounts "
        "USING gin ((username::text || ' ' || name) gin_trgm_ops)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX accounts_by_names")
