"""Bodies of templates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from models.schema import Kind
from service.domain.templates import (
    MOST_MINUTES,
    MOST_QUESTIONS,
    MOST_STAGES,
    QUESTION_MOST,
    TITLE_MOST,
    Language,
)
from service.usecases.templates import TemplateView
from service.web.bodies.accounts import Body, View

Holds = Literal[
    "highlight",
    "obstacle",
    "support",
    "goal",
    "rating",
    "open_question",
    "agreements",
    "action_items",
    "plan",
]
Title = Annotated[str, Field(min_length=1, max_length=TITLE_MOST)]
Question = Annotated[str, Field(min_length=1, max_length=QUESTION_MOST)]


class StageBody(Body):
    """A part of the talk: how many minutes it takes, and what can be asked in it."""

    title: Title
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    questions: Annotated[list[Question], Field(max_length=MOST_QUESTIONS, default_factory=list)]


class SectionBody(Body):
    """A part of the minutes, and which kinds of points or groups stand in it; each in one section at most."""

    title: Title
    holds: Annotated[list[Holds], Field(max_length=9)]


class TemplateBody(Body):
    """The agenda before and the sections of the minutes after; what no section holds comes last."""

    agenda: Annotated[list[StageBody], Field(min_length=1, max_length=MOST_STAGES)]
    sections: Annotated[list[SectionBody], Field(min_length=1, max_length=MOST_STAGES)]


class TemplateRecord(View):
    """The template of one kind of conversation. `own`: the organisation changed it."""

    kind: Kind
    language: Language
    own: bool
    template: TemplateBody

    @classmethod
    def of(cls, view: TemplateView) -> TemplateRecord:
        """The answer of the use case."""
        body = TemplateBody.model_validate(view.template.document())
        return cls(kind=view.kind, language=view.language, own=view.own, template=body)


class TemplateList(View):
    """Templates of all kinds in one language."""

    items: list[TemplateRecord]
