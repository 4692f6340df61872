"""Templates of the kinds of conversation: which are the organisation's own, and one to be edited."""

from __future__ import annotations

from fastapi import Response

from models.schema import Kind
from service.domain.templates import HOLDS, MOST_MINUTES, MOST_QUESTIONS, QUESTION_MOST, TITLE_MOST, Language
from service.usecases import templates
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, section
from service.web.pages.choices import LANGUAGES, TAGS

router = section("/templates")


@router.get("")
def listed(desk: DeskDep, rapport: RapportDep) -> Response:
    """All kinds in both languages."""
    found = {key: templates.list_templates(rapport, desk.actor, key) for key in ("en", "zh")}
    kinds = list(zip(*found.values(), strict=True))
    return desk.page("templates", "templates", kinds=kinds, languages=dict(LANGUAGES))


@router.get("/{kind}/{language}")
def one(desk: DeskDep, rapport: RapportDep, kind: Kind, language: Language) -> Response:
    """One of them in a form."""
    return desk.page(
        "templates",
        "template",
        view=templates.read_template(rapport, desk.actor, kind, language),
        spoken=dict(LANGUAGES)[language],
        spoken_tag=TAGS[language],
        holds=HOLDS,
        most={
            "title": TITLE_MOST,
            "minutes": MOST_MINUTES,
            "questions": MOST_QUESTIONS,
            "question": QUESTION_MOST,
        },
    )
