"""Who may decide about what others post?"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE moderators (
            account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
            appointed_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE moderators")
