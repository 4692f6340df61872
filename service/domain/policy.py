"""Who may do what: everything that GRANTS does not hold is refused.

Rights come from the relation to the object. Whoever has such a relation is judged by it alone: being HR or
admin as well adds nothing. Whoever is only HR and admin is judged as admin, who reads least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from service.domain.errors import NotAllowed
from service.domain.relations import Action, Condition, Relation, Thing

__all__ = ["GRANTS", "Action", "Condition", "Relation", "Thing", "allows", "allows_all", "require"]

GLOBAL_ROLES = frozenset({Relation.hr, Relation.admin})
"""Held in the whole organisation; every other relation stems from the object."""

_CONFIRMED = frozenset({Condition.confirmed_version_exists})
_SHARED = frozenset({Condition.organisation_shares_transcript})
_HR = frozenset({Condition.hr_reason_and_second_person})
_CELLS = frozenset({Condition.cells_of_five})
_ALWAYS: frozenset[Condition] = frozenset()

GRANTS: Mapping[tuple[Relation, Action, Thing], frozenset[Condition]] = MappingProxyType(
    {
        # The meeting itself
        (Relation.meeting_manager, Action.read, Thing.meeting): _ALWAYS,
        (Relation.meeting_employee, Action.read, Thing.meeting): _ALWAYS,
        (Relation.other_participant, Action.read, Thing.meeting): _ALWAYS,
        (Relation.successor_manager, Action.read, Thing.meeting): _CONFIRMED,
        (Relation.hr, Action.read, Thing.meeting): _CONFIRMED | _HR,
        (Relation.current_manager, Action.create, Thing.meeting): _ALWAYS,
        (Relation.meeting_manager, Action.edit, Thing.meeting): frozenset({Condition.unconfirmed}),
        (Relation.meeting_manager, Action.cancel, Thing.meeting): _ALWAYS,
        (Relation.meeting_manager, Action.retry, Thing.meeting): _ALWAYS,
        (Relation.meeting_manager, Action.erase, Thing.meeting): frozenset({Condition.unconfirmed}),
        (Relation.hr, Action.erase, Thing.meeting): _HR | {Condition.erasure_requested},
        (Relation.meeting_employee, Action.request_erasure, Thing.meeting): _ALWAYS,
        (Relation.other_participant, Action.request_erasure, Thing.meeting): _ALWAYS,
        (Relation.meeting_manager, Action.request_erasure, Thing.meeting): _ALWAYS,
        (Relation.hr, Action.hold, Thing.meeting): frozenset({Condition.second_person}),
        (Relation.meeting_manager, Action.read, Thing.legal_hold): _ALWAYS,
        (Relation.meeting_employee, Action.read, Thing.legal_hold): _ALWAYS,
        (Relation.hr, Action.read, Thing.legal_hold): _ALWAYS,
        # Recording and text
        (Relation.meeting_manager, Action.upload, Thing.audio): _ALWAYS,
        (Relation.meeting_manager, Action.read, Thing.audio): _ALWAYS,
        (Relation.meeting_employee, Action.read, Thing.audio): _SHARED,
        (Relation.meeting_manager, Action.erase, Thing.audio): _ALWAYS,
        (Relation.meeting_manager, Action.upload, Thing.transcript): _ALWAYS,
        (Relation.meeting_manager, Action.read, Thing.transcript): _ALWAYS,
        (Relation.meeting_employee, Action.read, Thing.transcript): _SHARED,
        (Relation.meeting_manager, Action.edit, Thing.transcript): _ALWAYS,
        (Relation.meeting_manager, Action.export, Thing.transcript): _CONFIRMED,
        (Relation.meeting_employee, Action.export, Thing.transcript): _SHARED | _CONFIRMED,
        # The manager's own desk
        (Relation.meeting_manager, Action.read, Thing.draft): _ALWAYS,
        (Relation.meeting_manager, Action.read, Thing.tone_flags): _ALWAYS,
        (Relation.meeting_manager, Action.read, Thing.hints): _ALWAYS,
        (Relation.meeting_manager, Action.read, Thing.decisions): _ALWAYS,
        (Relation.meeting_manager, Action.decide, Thing.draft): _ALWAYS,
        (Relation.meeting_manager, Action.confirm, Thing.draft): _ALWAYS,
        # What both sides confirm
        (Relation.meeting_manager, Action.read, Thing.minutes): _CONFIRMED,
        (Relation.meeting_employee, Action.read, Thing.minutes): _CONFIRMED,
        (Relation.other_participant, Action.read, Thing.minutes): _CONFIRMED,
        (Relation.successor_manager, Action.read, Thing.minutes): _CONFIRMED,
        (Relation.hr, Action.read, Thing.minutes): _CONFIRMED | _HR,
        (Relation.meeting_manager, Action.read, Thing.plan): _CONFIRMED,
        (Relation.meeting_employee, Action.read, Thing.plan): _CONFIRMED,
        (Relation.other_participant, Action.read, Thing.plan): _CONFIRMED,
        (Relation.successor_manager, Action.read, Thing.plan): _CONFIRMED,
        (Relation.hr, Action.read, Thing.plan): _CONFIRMED | _HR,
        (Relation.meeting_manager, Action.read, Thing.action_items): _CONFIRMED,
        (Relation.meeting_employee, Action.read, Thing.action_items): _CONFIRMED,
        (Relation.other_participant, Action.read, Thing.action_items): _CONFIRMED,
        (Relation.successor_manager, Action.read, Thing.action_items): _CONFIRMED,
        (Relation.hr, Action.read, Thing.action_items): _CONFIRMED | _HR,
        (Relation.meeting_manager, Action.export, Thing.minutes): _CONFIRMED,
        (Relation.meeting_employee, Action.export, Thing.minutes): _CONFIRMED,
        (Relation.other_participant, Action.export, Thing.minutes): _CONFIRMED,
        (Relation.successor_manager, Action.export, Thing.minutes): _CONFIRMED,
        (Relation.meeting_manager, Action.export, Thing.plan): _CONFIRMED,
        (Relation.meeting_employee, Action.export, Thing.plan): _CONFIRMED,
        (Relation.other_participant, Action.export, Thing.plan): _CONFIRMED,
        (Relation.successor_manager, Action.export, Thing.plan): _CONFIRMED,
        (Relation.meeting_manager, Action.export, Thing.action_items): _CONFIRMED,
        (Relation.meeting_employee, Action.export, Thing.action_items): _CONFIRMED,
        (Relation.other_participant, Action.export, Thing.action_items): _CONFIRMED,
        (Relation.successor_manager, Action.export, Thing.action_items): _CONFIRMED,
        (Relation.meeting_employee, Action.acknowledge, Thing.minutes): _CONFIRMED,
        (Relation.meeting_employee, Action.dispute, Thing.minutes): _CONFIRMED,
        (Relation.meeting_manager, Action.correct, Thing.minutes): _CONFIRMED,
        (Relation.meeting_manager, Action.hand_over, Thing.minutes): _CONFIRMED,
        (Relation.hr, Action.hand_over, Thing.minutes): _CONFIRMED | _HR,
        (Relation.meeting_manager, Action.follow_up, Thing.action_items): _CONFIRMED,
        (Relation.meeting_employee, Action.follow_up, Thing.action_items): _CONFIRMED,
        (Relation.successor_manager, Action.follow_up, Thing.action_items): _CONFIRMED,
        # About one person
        (Relation.current_manager, Action.read, Thing.ratings): _ALWAYS,
        (Relation.self_, Action.read, Thing.ratings): _ALWAYS,
        (Relation.hr, Action.aggregate, Thing.ratings): _CELLS,
        (Relation.current_manager, Action.read, Thing.gaps): _ALWAYS,
        (Relation.self_, Action.read, Thing.gaps): _ALWAYS,
        (Relation.hr, Action.aggregate, Thing.gaps): _CELLS,
        (Relation.current_manager, Action.read, Thing.profile): _ALWAYS,
        (Relation.self_, Action.read, Thing.profile): _ALWAYS,
        (Relation.hr, Action.aggregate, Thing.profile): _CELLS,
        (Relation.current_manager, Action.read, Thing.skill_radar): frozenset({Condition.person_shows_radar}),
        (Relation.self_, Action.read, Thing.skill_radar): _ALWAYS,
        (Relation.self_, Action.edit, Thing.profile): _ALWAYS,
        (Relation.current_manager, Action.edit, Thing.ratings): _ALWAYS,
        (Relation.self_, Action.answer, Thing.pulse): _ALWAYS,
        (Relation.self_, Action.read, Thing.pulse): _ALWAYS,
        (Relation.hr, Action.aggregate, Thing.pulse): _CELLS,
        (Relation.meeting_manager, Action.read, Thing.quality_indicators): _ALWAYS,
        (Relation.hr, Action.aggregate, Thing.quality_indicators): _CELLS,
        (Relation.self_, Action.read, Thing.access_log): _ALWAYS,
        (Relation.self_, Action.export, Thing.personal_data): _ALWAYS,
        (Relation.self_, Action.request_erasure, Thing.personal_data): _ALWAYS,
        # Consent
        (Relation.self_, Action.read, Thing.consent): _ALWAYS,
        (Relation.self_, Action.give_consent, Thing.consent): _ALWAYS,
        (Relation.self_, Action.object, Thing.consent): _ALWAYS,
        (Relation.self_, Action.withdraw, Thing.consent): _ALWAYS,
        (Relation.meeting_manager, Action.attest_consent, Thing.consent): _ALWAYS,
        # Administration: opens no content
        (Relation.admin, Action.manage_accounts, Thing.accounts): frozenset({Condition.not_oneself}),
        (Relation.admin, Action.manage_settings, Thing.settings): _ALWAYS,
        (Relation.admin, Action.manage_webhooks, Thing.webhooks): _ALWAYS,
        (Relation.admin, Action.read, Thing.accounts): _ALWAYS,
        (Relation.admin, Action.read, Thing.settings): _ALWAYS,
        (Relation.admin, Action.read, Thing.webhooks): _ALWAYS,
        (Relation.admin, Action.read, Thing.audit_log): _ALWAYS,
        (Relation.admin, Action.read, Thing.operations): _ALWAYS,
    }
)
"""One line a grant: who, does what, with which thing -> what else has to be true, all of it."""


def effective(relations: Iterable[Relation]) -> frozenset[Relation]:
    """The relations that count: those to the object, or else the stricter of the global roles."""
    held = frozenset(relations) - {Relation.none}
    if held - GLOBAL_ROLES:
        return held - GLOBAL_ROLES
    return held & {Relation.admin} or held


def allows(
    relations: Iterable[Relation], action: Action, thing: Thing, facts: frozenset[Condition] = frozenset()
) -> bool:
    """Whether one of the relations to one object gives the right, given what is true."""
    grants = (GRANTS.get((relation, action, thing)) for relation in effective(relations))
    return any(needed is not None and needed <= facts for needed in grants)


def allows_all(
    relations: Iterable[Relation],
    action: Action,
    things: Iterable[Thing],
    facts: frozenset[Condition] = frozenset(),
) -> bool:
    """The same for something that shows several things at once: the strictest decides; nothing is refused."""
    held, shown = frozenset(relations), frozenset(things)
    return bool(shown) and all(allows(held, action, thing, facts) for thing in shown)


def require(
    relations: Iterable[Relation], action: Action, thing: Thing, facts: frozenset[Condition] = frozenset()
) -> None:
    """Raises NotAllowed unless `allows`."""
    if not allows(relations, action, thing, facts):
        raise NotAllowed("not_allowed", action=action, thing=thing)
