"""Templates of the kinds of conversation."""

from __future__ import annotations

from fastapi import APIRouter, Response

from models.schema import Kind
from service.domain.templates import Language
from service.usecases import templates
from service.web.bodies.templates import TemplateBody, TemplateList, TemplateRecord
from service.web.deps import ActorDep, RapportDep, SeenDep, etag

router = APIRouter(prefix="/api/v1/templates", tags=["organisation"])


@router.get("", operation_id="list_templates")
def listed(rapport: RapportDep, actor: ActorDep, language: Language = "en") -> TemplateList:
    """For each kind of conversation its agenda with questions, and the sections of its minutes."""
    found = templates.list_templates(rapport, actor, language)
    return TemplateList(items=[TemplateRecord.of(one) for one in found])


@router.get("/{kind}/{language}", operation_id="read_template")
def one(
    rapport: RapportDep, actor: ActorDep, response: Response, kind: Kind, language: Language
) -> TemplateRecord:
    """One template."""
    view = templates.read_template(rapport, actor, kind, language)
    response.headers["ETag"] = etag(view.seen)
    return TemplateRecord.of(view)


@router.put("/{kind}/{language}", operation_id="write_template")
def write(
    rapport: RapportDep,
    actor: ActorDep,
    seen: SeenDep,
    response: Response,
    kind: Kind,
    language: Language,
    body: TemplateBody,
) -> TemplateRecord:
    """Writes the organisation's own, for administrators."""
    view = templates.change_template(rapport, actor, kind, language, body.model_dump(), seen)
    response.headers["ETag"] = etag(view.seen)
    return TemplateRecord.of(view)


@router.delete("/{kind}/{language}", operation_id="reset_template")
def reset(
    rapport: RapportDep, actor: ActorDep, seen: SeenDep, kind: Kind, language: Language
) -> TemplateRecord:
    """Goes back to the one that ships, for administrators."""
    return TemplateRecord.of(templates.change_template(rapport, actor, kind, language, None, seen))
