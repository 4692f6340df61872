"""Goals, ratings, profiles, catalogues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Makes the tables."""
    _catalogue()
    _rating_cycle()
    _goal()
    _profile()
    _rating()


def _catalogue() -> None:
    op.create_table(
        "catalogue",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("ready_share", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_catalogue_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue"),
        sa.UniqueConstraint("organisation_id", "kind", name="uq_catalogue_organisation_id_kind"),
    )
    op.create_index("ix_catalogue_organisation_id", "catalogue", ["organisation_id"])
    op.create_table(
        "catalogue_entry",
        sa.Column("catalogue_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["catalogue_id"], ["catalogue.id"], name="fk_catalogue_entry_catalogue_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_catalogue_entry_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_entry"),
        sa.UniqueConstraint("catalogue_id", "entry", name="uq_catalogue_entry_catalogue_id_entry"),
        sa.UniqueConstraint("catalogue_id", "position", name="uq_catalogue_entry_catalogue_id_position"),
    )
    op.create_index("ix_catalogue_entry_organisation_id", "catalogue_entry", ["organisation_id"])


def _rating_cycle() -> None:
    op.create_table(
        "rating_cycle",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_rating_cycle_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rating_cycle"),
    )
    op.create_index("ix_rating_cycle_organisation_id", "rating_cycle", ["organisation_id"])


def _goal() -> None:
    op.create_table(
        "goal",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("blob", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_goal_organisation_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["goal.id"], name="fk_goal_parent_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_goal_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
    )
    op.create_index("ix_goal_organisation_id", "goal", ["organisation_id"])
    op.create_index("ix_goal_person_id", "goal", ["person_id"])


def _profile() -> None:
    op.create_table(
        "profile",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_profile_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_profile_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint("person_id", name="uq_profile_person_id"),
    )
    op.create_index("ix_profile_organisation_id", "profile", ["organisation_id"])


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["rating_cycle.id"], name="fk_rating_cycle_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_rating_organisation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_rating_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
        sa.UniqueConstraint("cycle_id", "person_id", name="uq_rating_cycle_id_person_id"),
    )
    op.create_index("ix_rating_organisation_id", "rating", ["organisation_id"])
    op.create_index("ix_rating_person_id", "rating", ["person_id"])
