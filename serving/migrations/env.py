"""How does alembic reach the database of accounts? Run by `python -m serving.migrate`."""

from alembic import context
from sqlalchemy import create_engine

import settings

url = settings.load().postgres_url.replace("postgresql://", "postgresql+psycopg://", 1)
with create_engine(url).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
