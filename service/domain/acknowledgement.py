"""Employees acknowledge or dispute one version of the minutes, bound to its hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.edits import bounded_text
from service.domain.errors import NotAllowed, NotValid
from service.domain.lifecycle import State
from service.domain.minutes import Minutes, item_ids, require_version

COMMENT_MOST = 2_000
"""Characters of a comment."""


class Reply(StrEnum):
    """What an employee says to a version of the minutes."""

    acknowledge = "acknowledge"
    dispute = "dispute"


@dataclass(frozen=True, slots=True)
class Answer:
    """One employee's answer to the version with that hash. A dispute names items (or none) and a comment."""

    employee: str
    version_sha256: str
    reply: Reply
    at: datetime
    items: tuple[str, ...] = ()
    comment: str = ""


def checked(answer: Answer, minutes: Minutes, employees: Collection[str]) -> Answer:
    """The answer with a tidied comment. An acknowledgement may have a comment, a dispute must.

    Raises NotAllowed (not an employee in the meeting), VersionChanged, NotValid.
    """
    if answer.employee not in employees:
        raise NotAllowed("not_in_meeting")
    require_version(minutes, answer.version_sha256)
    known = item_ids(minutes)
    named = answer.items if answer.reply is Reply.dispute else ()
    for item in named:
        if item not in known:
            raise NotValid("unknown_item", item=item[:64])
    required = answer.reply is Reply.dispute
    comment = bounded_text("comment", answer.comment, COMMENT_MOST) if required or answer.comment else ""
    return replace(answer, items=tuple(dict.fromkeys(named)), comment=comment)


def outcome(employees: Collection[str], answers: Iterable[Answer], version_sha256: str) -> State | None:
    """Where the answers to this version lead: disputed by one, acknowledged by all, None while some wait.

    Of several answers of one person the last counts. A meeting without employees is never acknowledged.
    """
    last = {
        answer.employee: answer.reply
        for answer in sorted(answers, key=lambda one: one.at)
        if answer.version_sha256 == version_sha256 and answer.employee in employees
    }
    if Reply.dispute in last.values():
        return State.disputed
    return State.acknowledged if employees and last.keys() == set(employees) else None
