"""Alembic's entry: called with a live connection by `db.migrate`."""

from alembic import context

from db.base import Base
from db.migrate import TABLES

assert TABLES  # importing the tables fills the metadata
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
