"""Who the actor is to a meeting or a person, from the rows, and whether that gives the right (domain/policy).

A change of role or manager opens nothing that happened before it: the relations to a meeting stem from its
own rows. The one exception is a successor whom the manager of the meeting, or HR, named: see `_succeeds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select

from service.db import tables
from service.db.managing import in_force, manages
from service.db.tables import Account, Meeting, Organisation, Participant
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountRefused
from service.domain.errors import NotAllowed
from service.domain.organisation_settings import shares_transcript
from service.domain.policy import Action, Condition, Relation, Thing, allows
from service.errors import NotFound
from service.usecases.actor import Actor

SCOPES = ("read", "upload", "write", "admin")
"""What an API token can be limited to; `upload` creates meetings, `write` is the rest without `admin`."""

_SCOPE_OF: Mapping[Action, str] = MappingProxyType(
    {
        **dict.fromkeys((Action.read, Action.export, Action.aggregate), "read"),
        **dict.fromkeys((Action.create, Action.upload), "upload"),
        **dict.fromkeys((Action.manage_accounts, Action.manage_settings, Action.manage_webhooks), "admin"),
    }
)

_BY_LINK_ACTIONS = frozenset(
    {Action.read, Action.acknowledge, Action.dispute, Action.give_consent, Action.object, Action.withdraw}
)
_BY_LINK_THINGS = frozenset({Thing.meeting, Thing.minutes, Thing.plan, Thing.action_items, Thing.consent})

_NO_FACTS: frozenset[Condition] = frozenset()


def find_meeting(
    work: Work,
    actor: Actor,
    meeting_id: str,
    action: Action,
    thing: Thing,
    *,
    facts: frozenset[Condition] = _NO_FACTS,
    lock: bool = False,
) -> Meeting:
    """The meeting, if the actor may do this; `lock`: until the end of the unit of work. As `require`."""
    meeting = work.one(Meeting, meeting_id, lock=lock)
    require(work, actor, meeting, action, thing, facts)
    return meeting


def require(
    work: Work,
    actor: Actor,
    meeting: Meeting,
    action: Action,
    thing: Thing,
    facts: frozenset[Condition] = _NO_FACTS,
) -> None:
    """Raises NotAllowed, or NotFound for somebody who may not even know of the meeting.

    `facts` are added to those that the rows tell (`facts_of`).
    """
    relations, true = relations_to(work, actor, meeting), facts | facts_of(work, meeting)
    if not allows(relations, Action.read, Thing.meeting, true) and not allows(relations, action, thing, true):
        raise NotFound("not_found")
    if not (allows(relations, action, thing, true) and within_limits(actor, action, thing)):
        raise NotAllowed("not_allowed", action=action, thing=thing)


def require_for_person(
    work: Work,
    actor: Actor,
    person_id: str,
    action: Action,
    thing: Thing,
    facts: frozenset[Condition] = _NO_FACTS,
) -> None:
    """The same for what is about a person: profile, consent, goals, access log."""
    relations = relations_to_person(work, actor, person_id)
    if not relations:
        raise NotFound("not_found")
    if not (allows(relations, action, thing, facts) and within_limits(actor, action, thing)):
        raise NotAllowed("not_allowed", action=action, thing=thing)


def require_role(actor: Actor, action: Action, thing: Thing, *about: str) -> None:
    """The same for what belongs to the whole organisation: accounts, settings, webhooks, the audit log.

    `about`: ids of the people to whom it gives or takes something. Raises AccountRefused where the actor is
    one of them and could do it for others.
    """
    others = frozenset({Condition.not_oneself})
    if not (allows(_global_roles(actor), action, thing, others) and within_limits(actor, action, thing)):
        raise NotAllowed("not_allowed", action=action, thing=thing)
    if actor.person_id in about and not allows(_global_roles(actor), action, thing):
        raise AccountRefused("not_for_oneself")


def require_scope(actor: Actor, action: Action, thing: Thing) -> None:
    """For lists of one's own: raises NotAllowed where a token or a one-time link does not reach so far."""
    if not within_limits(actor, action, thing):
        raise NotAllowed("not_allowed", action=action, thing=thing)


def relations_to(work: Work, actor: Actor, meeting: Meeting) -> frozenset[Relation]:
    """Everything the actor is to this meeting; empty for a stranger and for another organisation."""
    only = meeting.id if actor.via == "link" else None
    if meeting.organisation_id != actor.organisation_id or actor.meeting_id != only:
        return frozenset()
    if meeting.manager_id == actor.person_id:
        return frozenset({Relation.meeting_manager})
    role = work.session.scalar(
        select(Participant.role).filter_by(meeting_id=meeting.id, person_id=actor.person_id)
    )
    if role is not None:
        return frozenset({Relation.meeting_employee if role == "employee" else Relation.other_participant})
    found = set(_global_roles(actor))
    if _succeeds(work, actor, meeting):
        found.add(Relation.successor_manager)
    return frozenset(found)


def relations_to_person(work: Work, actor: Actor, person_id: str) -> frozenset[Relation]:
    """Everything the actor is to this person today: oneself, their manager or stand-in, HR, admin."""
    if actor.person_id == person_id:
        return frozenset({Relation.self_})
    person = work.session.scalar(work.rows(tables.Person).where(tables.Person.id == person_id))
    if person is None or person.organisation_id != actor.organisation_id or actor.via == "link":
        return frozenset()
    found = set(_global_roles(actor))
    if manages(work, actor.person_id, person_id):
        found.add(Relation.current_manager)
    return frozenset(found)


def facts_of(work: Work, meeting: Meeting) -> frozenset[Condition]:
    """What the rows say about a meeting, besides relations."""
    confirmed = meeting.version > 0
    found = {Condition.confirmed_version_exists if confirmed else Condition.unconfirmed}
    organisation = work.session.get(Organisation, meeting.organisation_id)
    if organisation is not None and shares_transcript(organisation.settings, meeting.created_at):
        found.add(Condition.organisation_shares_transcript)
    return frozenset(found)


def within_limits(actor: Actor, action: Action, thing: Thing) -> bool:
    """A token does what its scopes say; a one-time link answers one meeting and opens little of it."""
    if actor.via == "link" and not (action in _BY_LINK_ACTIONS and thing in _BY_LINK_THINGS):
        return False
    return actor.scopes is None or _SCOPE_OF.get(action, "write") in actor.scopes


def _global_roles(actor: Actor) -> frozenset[Relation]:
    if actor.via == "link":
        return frozenset()
    return frozenset(Relation(role) for role in actor.roles & {Relation.hr, Relation.admin})


def _succeeds(work: Work, actor: Actor, meeting: Meeting) -> bool:
    """Named as successor for an employee of this meeting, on its day or later, by its manager or by HR.

    A row that an administrator made, or that somebody made for themselves, opens nothing.
    """
    row = tables.Relation
    employees = select(Participant.person_id).filter_by(meeting_id=meeting.id, role="employee")
    query = in_force(work, work.now.date()).where(
        row.kind == "successor",
        row.manager_id == actor.person_id,
        row.employee_id.in_(employees),
        row.from_day >= meeting.held_on,
        row.made_by != actor.person_id,
    )
    makers = {found.made_by for found in work.session.scalars(query)}
    if meeting.manager_id in makers:
        return True
    accounts = work.session.scalars(work.rows(Account).where(Account.person_id.in_(makers)))
    return any("hr" in account.roles and "admin" not in account.roles for account in accounts)
