"""Organisation, units, people, who manages whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    _organisation()
    _unit()
    _template()
    _person()
    _relation()


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_unit_organisation_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_index("ix_unit_organisation_id", "unit", ["organisation_id"])


def _template() -> None:
    op.create_table(
        "template",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_template_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
        sa.UniqueConstraint(
            "organisation_id", "kind", "language", name="uq_template_organisation_id_kind_language"
        ),
    )
    op.create_index("ix_template_organisation_id", "template", ["organisation_id"])


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("shows_radar", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_person_organisation_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_person_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_organisation_id", "person", ["organisation_id"])
    op.create_index("ix_person_organisation_sort", "person", ["organisation_id", "sort_key", "id"])


def _relation() -> None:
    op.create_table(
        "relation",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("manager_id", sa.String(length=36), nullable=False),
        sa.Column("employee_id", sa.String(length=36), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["person.id"], name="fk_relation_employee_id"),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_relation_manager_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_relation_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_relation"),
    )
    op.create_index("ix_relation_employee_id", "relation", ["employee_id"])
    op.create_index("ix_relation_manager_id", "relation", ["manager_id"])
    op.create_index("ix_relation_organisation_id", "relation", ["organisation_id"])
