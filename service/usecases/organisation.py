"""The organisation and its settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from service.db.tables import Organisation
from service.domain import organisation_settings
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.fingerprint import require_same
from service.usecases.rapport import Rapport

_OWN = ("name", "locale", "time_zone")


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """What people agree to with a recording. `wording`: the organisation's own, None: the one that ships.

    `host`: the machine elsewhere on which drafts are written where everybody agrees to it, None: none.
    """

    wording: str | None
    host: str | None


def read_organisation(rapport: Rapport, actor: Actor) -> Organisation:
    """One's own organisation: everybody in it may know its rules. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return work.session.get_one(Organisation, actor.organisation_id)


def consent_terms(rapport: Rapport, actor: Actor) -> ConsentTerms:
    """In the language of the actor. Raises NotAllowed."""
    settings = organisation_settings.read(read_organisation(rapport, actor).settings)
    host = rapport.hosting.model_host if settings.remote_model else None
    return ConsentTerms(settings.consent_wording.get(actor.language), host)


def change_organisation(
    rapport: Rapport, actor: Actor, values: dict[str, Any], seen: str | None = None
) -> Organisation:
    """Changes what is given: name, locale, time_zone, share_transcript, remote_model, consent_wording
    (by language), retention (by name).

    `seen`: the fingerprint of the state that it is meant for. Raises NotAllowed, NotValid, VersionChanged.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    with rapport.database.write(actor.organisation_id) as work:
        row = work.session.get_one(Organisation, actor.organisation_id, with_for_update=True)
        require_same(row, seen)
        for name in _OWN:
            setattr(row, name, values.get(name) or getattr(row, name))
        chosen = {key: value for key, value in values.items() if key not in _OWN and value is not None}
        current = organisation_settings.read(row.settings)
        if wording := chosen.pop("consent_wording", None):
            chosen["consent_wording"] = {**current.consent_wording, **wording}
        if terms := chosen.pop("retention", None):
            chosen["retention"] = replace(current.retention, **terms)
        row.settings = organisation_settings.changed(row.settings, replace(current, **chosen), work.now)
        work.audit(actor.person_id, "change", "organisation", row.id, dict.fromkeys(values, 1))
    return row
