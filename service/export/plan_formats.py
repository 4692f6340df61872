"""The files of a development plan, each as a whole before any is written."""

from __future__ import annotations

from collections.abc import Sequence

from models.plans import DevelopmentPlan
from models.schema import Participant
from service.export.docx import docx_of
from service.export.markdown import markdown_of
from service.export.plan_ics import plan_ics
from service.export.plan_outline import PlanPages


def render_plan(name: str, plan: DevelopmentPlan, people: Sequence[Participant] = ()) -> bytes:
    """The bytes of one file; `name` is md, docx or ics (KeyError otherwise). `people` give the names."""
    pages = PlanPages(plan, people)
    if name == "md":
        return markdown_of(pages.outline()).encode("utf-8")
    if name == "docx":
        return docx_of(pages.outline())
    return {"ics": plan_ics}[name](pages)
