"""A development plan as a calendar (iCalendar, RFC 5545): steps are tasks, the review is an event."""

from __future__ import annotations

from datetime import date

from icalendar import Event, Todo

from models.plans import Step
from service.export.ics import calendar_of, fill
from service.export.plain_text import clean
from service.export.plan_outline import PlanPages


def plan_ics(pages: PlanPages) -> bytes:
    """One VTODO for each step before the review, and one VEVENT of the whole day, still tentative."""
    plan = pages.plan
    todos = [_todo(pages, one.gap, step) for one in plan.plan for step in one.will if step.kind != "review"]
    return calendar_of([*todos, _review(pages)])


def _todo(pages: PlanPages, gap: str, step: Step) -> Todo:
    todo = Todo()
    measure, notice = clean(step.measure), pages.say("notice")
    said = pages.say("calendar_step", who=pages.who(step), measure=measure, notice=notice)
    # Numbers of steps move when another resource is accepted; what a step is about does not.
    fill(todo, f"{_key(pages)}/{gap}/{step.kind}/{step.resource}", pages.plan.on, step.task, said)
    if step.starts:
        todo.add("dtstart", date.fromisoformat(step.starts))
    todo.add("due", date.fromisoformat(step.due))
    todo.add("status", "NEEDS-ACTION")
    return todo


def _review(pages: PlanPages) -> Event:
    event = Event()
    skills = pages.say("comma").join(clean(one.skill) for one in pages.plan.plan)
    said = pages.say("calendar_skills", skills=skills, notice=pages.say("notice"))
    fill(event, f"{_key(pages)}/review", pages.plan.on, pages.say("calendar_review"), said)
    event.add("dtstart", date.fromisoformat(pages.plan.review_on))
    event.add("status", "TENTATIVE")
    return event


def _key(pages: PlanPages) -> str:
    return f"{pages.plan.id}/plan/{pages.plan.person}"
