"""Accounts are found by their names in the search engine; the index for that goes."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("DROP INDEX accounts_by_names")


def downgrade() -> None:
    op.execute(
        "CREATE INDEX accounts_by_names ON accounts "
        "USING gin ((username::text || ' ' || name) gin_trgm_ops)"
    )
