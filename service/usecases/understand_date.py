"""How words for a date are understood, seen from the day of a meeting: the grammar that drafts use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.schema import Recurrence
from service.domain.policy import Action, Thing
from service.export.due_rules import in_words
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

PHRASE_MOST = 200
"""Characters of the words for a date."""


@dataclass(frozen=True, slots=True)
class Understood:
    """`due` None: the words leave it open. `due_text`: the part of them that says it, None: nothing does.

    `rule`: of the grammar; `rule_words`: what it means, in the language of the one who asks.
    """

    due: date | None = None
    due_text: str | None = None
    recurrence: Recurrence | None = None
    rule: str | None = None
    rule_words: str | None = None


def understand_date(rapport: Rapport, actor: Actor, meeting_id: str, phrase: str) -> Understood:
    """For the manager who reviews the draft; nothing is kept. Raises NotFound, NotAllowed."""
    from models.stages.deadlines import Calendar, resolve  # noqa: PLC0415 - 0.1 s that a start need not wait

    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.decide, Thing.draft)
    found = resolve(phrase, Calendar(meeting.held_on), "mixed")
    if found is None:
        return Understood()
    due = date.fromisoformat(found.due) if found.due else None
    words = in_words(found.rule, actor.language)
    return Understood(due, found.due_text, found.recurrence, found.rule, words)
