"""What Alembic runs around the versions: one transaction for all of them, on the caller's connection."""

from __future__ import annotations

from alembic import context

from service.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
