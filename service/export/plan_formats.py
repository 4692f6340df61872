"""The files of a development plan, each as a whole before any is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.plans import DevelopmentPlan
from models.schema import Participant
from service.export.ics import calendar_of
from service.export.markdown import markdown_of
from service.export.plan_ics import entries_of
from service.export.plan_outline import PlanPages


def render_plan(name: str, plan: DevelopmentPlan, people: Sequence[Participant] = ()) -> bytes:
    """The bytes of one file; `name` is md, docx or ics (KeyError otherwise). `people` give the names."""
    return render_pages(name, [PlanPages(plan, people)])


def render_pages(name: str, plans: Sequence[PlanPages]) -> bytes:
    """The same for several plans of one person as one file: the first gives title and facts."""
    first, *others = (pages.outline() for pages in plans)
    outline = replace(first, sections=(*first.sections, *(part for one in others for part in one.sections)))
    if name == "md":
        return markdown_of(outline).encode("utf-8")
    if name == "docx":
        from service.export.docx import docx_of  # noqa: PLC0415 - a start need not wait for it

        return docx_of(outline)
    calendar = {"ics": [entry for pages in plans for entry in entries_of(pages)]}[name]
    return calendar_of(calendar)
