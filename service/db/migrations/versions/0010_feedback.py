"""Quality indicators of confirmed conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "feedback_indicator",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_feedback_indicator_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_feedback_indicator_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_indicator"),
        sa.UniqueConstraint("meeting_id", "name", name="uq_feedback_indicator_meeting_id_name"),
    )
    op.create_index("ix_feedback_indicator_organisation_id", "feedback_indicator", ["organisation_id"])
