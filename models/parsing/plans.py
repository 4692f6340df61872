"""`rapport.plan/1` from a file."""

from __future__ import annotations

from pathlib import Path

from models.parsing.documents import check_schema, load_object, require_ids, validate
from models.parsing.reading import read_text
from models.plans import PLAN_SCHEMA, DevelopmentPlan


def read_plan(path: Path) -> DevelopmentPlan:
    """The development plan in a file. Raises NotATranscript, DiskProblem."""
    raw = load_object(read_text(path), path.name)
    check_schema(raw, PLAN_SCHEMA, path.name)
    plan = validate(raw, DevelopmentPlan, path.name)
    require_ids(path.name, (("id", one) for one in (plan.id, plan.person)))
    require_ids(path.name, (("will.id", step.id) for step in plan.steps))
    return plan
