"""A development plan as a calendar (iCalendar, RFC 5545): steps are tasks, the review is an event."""

from __future__ import annotations

from datetime import date

from icalendar import Component, Event, Todo

from models.plans import Step
from service.export.ics import fill
from service.export.plain_text import clean
from service.export.plan_outline import PlanPages

_STATUS = {"done": "COMPLETED", "dropped": "CANCELLED", "in_work": "IN-PROCESS"}


def entries_of(pages: PlanPages) -> list[Component]:
    """One VTODO for each step before the review, and one VEVENT of the whole day, tentative at first."""
    plan = pages.plan
    todos = [_todo(pages, one.gap, step) for one in plan.plan for step in one.will if step.kind != "review"]
    return [*todos, _review(pages)]


def _todo(pages: PlanPages, gap: str, step: Step) -> Todo:
    todo = Todo()
    measure, notice = clean(step.measure), pages.notice
    said = pages.say("calendar_step", who=pages.who(step), measure=measure, notice=notice)
    # Numbers of steps move when another resource is accepted; what a step is about does not. Confirmed ones
    # have names of their own.
    about = step.id if pages.plan.confirmed else f"{gap}/{step.kind}/{step.resource}"
    fill(todo, f"{_key(pages)}/{about}", pages.plan.on, step.task, said)
    if step.starts:
        todo.add("dtstart", date.fromisoformat(step.starts))
    todo.add("due", date.fromisoformat(step.due))
    todo.add("status", _STATUS.get(pages.statuses.get(step.id, ""), "NEEDS-ACTION"))
    return todo


def _review(pages: PlanPages) -> Event:
    event = Event()
    skills = pages.say("comma").join(clean(one.skill) for one in pages.plan.plan)
    said = pages.say("calendar_skills", skills=skills, notice=pages.notice)
    fill(event, f"{_key(pages)}/review", pages.plan.on, pages.say("calendar_review"), said)
    event.add("dtstart", date.fromisoformat(pages.plan.review_on))
    event.add("status", "CONFIRMED" if pages.plan.confirmed else "TENTATIVE")
    return event


def _key(pages: PlanPages) -> str:
    return f"{pages.plan.id}/plan/{pages.plan.person}"
