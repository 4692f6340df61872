"""From suggestion to acknowledged minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables."""
    _action_item()
    _action_item_change()
    _suggestion()
    _acknowledgement()
    _decision()
    _minutes_version()


def _action_item() -> None:
    op.create_table(
        "action_item",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("plan_of", sa.String(length=36), nullable=True),
        sa.Column("resource", sa.String(length=64), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("recurrence", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_action_item_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_action_item_organisation_id"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_action_item_owner_id"),
        sa.ForeignKeyConstraint(["plan_of"], ["person.id"], name="fk_action_item_plan_of"),
        sa.PrimaryKeyConstraint("id", name="pk_action_item"),
        sa.UniqueConstraint("meeting_id", "item", name="uq_action_item_meeting_id_item"),
    )
    op.create_index("ix_action_item_organisation_id", "action_item", ["organisation_id"])
    op.create_index("ix_action_item_plan_of", "action_item", ["plan_of"])
    op.create_index("ix_action_item_owner_status", "action_item", ["owner_id", "status", "due"])


def _action_item_change() -> None:
    op.create_table(
        "action_item_change",
        sa.Column("action_item_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("was_due", sa.Date(), nullable=True),
        sa.Column("by_person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_item_id"], ["action_item.id"], name="fk_action_item_change_action_item_id"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_action_item_change_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_action_item_change_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_action_item_change"),
    )
    for column in ("action_item_id", "meeting_id", "organisation_id"):
        op.create_index(f"ix_action_item_change_{column}", "action_item_change", [column])


def _suggestion() -> None:
    op.create_table(
        "suggestion",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_suggestion_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_suggestion_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
        sa.UniqueConstraint("meeting_id", "item", name="uq_suggestion_meeting_id_item"),
    )
    op.create_index("ix_suggestion_organisation_id", "suggestion", ["organisation_id"])


def _acknowledgement() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=15), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_acknowledgement_document_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_acknowledgement_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_acknowledgement_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_acknowledgement_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_acknowledgement"),
        sa.UniqueConstraint(
            "meeting_id", "version", "person_id", name="uq_acknowledgement_meeting_id_version_person_id"
        ),
    )
    op.create_index("ix_acknowledgement_document_id", "acknowledgement", ["document_id"])
    op.create_index("ix_acknowledgement_organisation_id", "acknowledgement", ["organisation_id"])


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("no_date", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("by_person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_decision_document_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_decision_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_decision_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.UniqueConstraint("meeting_id", "item", name="uq_decision_meeting_id_item"),
    )
    op.create_index("ix_decision_document_id", "decision", ["document_id"])
    op.create_index("ix_decision_organisation_id", "decision", ["organisation_id"])


def _minutes_version() -> None:
    op.create_table(
        "minutes_version",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("confirmed_by", sa.String(length=36), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_minutes_version_document_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_minutes_version_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_minutes_version_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_minutes_version"),
        sa.UniqueConstraint("meeting_id", "version", name="uq_minutes_version_meeting_id_version"),
    )
    op.create_index("ix_minutes_version_document_id", "minutes_version", ["document_id"])
    op.create_index("ix_minutes_version_organisation_id", "minutes_version", ["organisation_id"])
