"""Templates of the kinds of conversation: the organisation's own, or those that ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from models.schema import Kind
from service.db.tables import ConversationTemplate, Organisation
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.domain.policy import Action, Thing
from service.domain.templates import Language, Template, shipped, template_of
from service.usecases.access import require_role
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.fingerprint import fingerprint
from service.usecases.rapport import Rapport

SHIPPED = "shipped"
"""Stands for the state of a template that the organisation did not change."""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """`seen`: its state, which a change can name. `own`: whether the organisation wrote it."""

    kind: Kind
    language: Language
    own: bool
    template: Template
    seen: str


def list_templates(rapport: Rapport, actor: Actor, language: Language) -> list[TemplateView]:
    """One for each kind of conversation, for everybody in the organisation. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return [_view(kind, language, _row(work, kind, language)) for kind in get_args(Kind)]


def read_template(rapport: Rapport, actor: Actor, kind: Kind, language: Language) -> TemplateView:
    """One of them. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return _view(kind, language, _row(work, kind, language))


def change_template(
    rapport: Rapport,
    actor: Actor,
    kind: Kind,
    language: Language,
    document: Mapping[str, Any] | None,
    seen: str | None = None,
) -> TemplateView:
    """Writes it as a whole; None: as shipped again. Meetings that were held do not change.

    Raises NotAllowed, NotValid, VersionChanged.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    with rapport.database.write(actor.organisation_id) as work:
        # Two first changes at once would make two rows.
        work.session.get_one(Organisation, actor.organisation_id, with_for_update=True)
        row = _row(work, kind, language)
        if seen not in (None, _view(kind, language, row).seen):
            raise VersionChanged("version_changed")
        if document is None:
            if row is not None:
                work.session.delete(row)
            row = None
        else:
            content = template_of(document).document()
            row = row or ConversationTemplate(kind=kind, language=language)
            row.content = content
            work.add(row)
        subject = f"{kind}.{language}"
        work.audit(actor.person_id, "change", "template", subject, {"own": int(row is not None)})
        return _view(kind, language, row)


def _row(work: Work, kind: str, language: str) -> ConversationTemplate | None:
    query = work.rows(ConversationTemplate).where(
        ConversationTemplate.kind == kind, ConversationTemplate.language == language
    )
    return work.session.scalar(query)


def _view(kind: Kind, language: Language, row: ConversationTemplate | None) -> TemplateView:
    if row is None:
        return TemplateView(kind, language, own=False, template=shipped(kind, language), seen=SHIPPED)
    return TemplateView(kind, language, own=True, template=template_of(row.content), seen=fingerprint(row))
