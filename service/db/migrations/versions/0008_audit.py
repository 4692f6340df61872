"""The audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the tables."""
    _audit_entry()
    _audit_head()
    _audit_view()


def _audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_audit_entry_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("organisation_id", "sequence", name="uq_audit_entry_organisation_id_sequence"),
    )
    op.create_index("ix_audit_entry_object", "audit_entry", ["object_id", "sequence"])
    op.create_index("ix_audit_entry_organisation_id", "audit_entry", ["organisation_id"])


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_audit_head_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_audit_head"),
    )


def _audit_view() -> None:
    op.create_table(
        "audit_view",
        sa.Column("viewer", sa.String(length=36), nullable=False),
        sa.Column("object_kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_audit_view_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_view"),
        sa.UniqueConstraint(
            "viewer", "object_kind", "object_id", "day", name="uq_audit_view_viewer_object_kind_object_id_day"
        ),
    )
    op.create_index("ix_audit_view_organisation_id", "audit_view", ["organisation_id"])
