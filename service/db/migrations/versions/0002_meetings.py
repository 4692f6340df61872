"""Series, meetings, participants, consent, legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    _series()
    _meeting()
    _erasure()
    _hold()
    _participant()
    _permit()
    _consent()


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("manager_id", sa.String(length=36), nullable=False),
        sa.Column("employee_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["person.id"], name="fk_series_employee_id"),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_series_manager_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_series_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_employee_id", "series", ["employee_id"])
    op.create_index("ix_series_manager_id", "series", ["manager_id"])
    op.create_index("ix_series_organisation_id", "series", ["organisation_id"])


def _meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("series_id", sa.String(length=36), nullable=True),
        sa.Column("manager_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("minutes_language", sa.String(length=10), nullable=True),
        sa.Column("sensitivity", sa.String(length=10), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.Column("minutes_key_id", sa.String(length=64), nullable=True),
        sa.Column("transcript_id", sa.String(length=36), nullable=True),
        sa.Column("draft_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("audio_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_meeting_manager_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_meeting_organisation_id"),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name="fk_meeting_series_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_manager_day", "meeting", ["manager_id", "held_on", "id"])
    op.create_index("ix_meeting_organisation_id", "meeting", ["organisation_id"])
    op.create_index("ix_meeting_organisation_state", "meeting", ["organisation_id", "state"])


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("blobs", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_erasure_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_erasure_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_meeting_id", "erasure", ["meeting_id"])
    op.create_index("ix_erasure_organisation_id", "erasure", ["organisation_id"])
    op.create_index("ix_erasure_state", "erasure", ["state"])


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=36), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_hold_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_hold_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_meeting_id", "hold", ["meeting_id"])
    op.create_index("ix_hold_organisation_id", "hold", ["organisation_id"])


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("pid", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_participant_meeting_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_participant_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_participant_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_participant_meeting_id_person_id"),
        sa.UniqueConstraint("meeting_id", "pid", name="uq_participant_meeting_id_pid"),
    )
    op.create_index("ix_participant_meeting_id", "participant", ["meeting_id"])
    op.create_index("ix_participant_organisation_id", "participant", ["organisation_id"])
    op.create_index("ix_participant_person_id", "participant", ["person_id"])


def _permit() -> None:
    op.create_table(
        "permit",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=36), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_permit_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_permit_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
    )
    op.create_index("ix_permit_meeting_id", "permit", ["meeting_id"])
    op.create_index("ix_permit_organisation_id", "permit", ["organisation_id"])


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person_id", sa.String(length=36), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host", sa.String(length=255), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_consent_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_consent_organisation_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_consent_participant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("participant_id", name="uq_consent_participant_id"),
    )
    op.create_index("ix_consent_meeting_id", "consent", ["meeting_id"])
    op.create_index("ix_consent_organisation_id", "consent", ["organisation_id"])
