"""Templates: what a kind of talk looks like before, as an agenda, and after, as sections of minutes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from models.schema import Kind, PointKind
from service.domain.edits import bounded_text
from service.domain.errors import NotValid

Language = Literal["en", "zh"]
HOLDS: tuple[str, ...] = (*get_args(PointKind), "agreements", "action_items", "plan")
"""What stands in a section: a kind of points, or a group of the minutes. What no section names comes last."""

TITLE_MOST, QUESTION_MOST = 100, 300
"""Characters."""

MOST_STAGES, MOST_QUESTIONS, MOST_MINUTES = 20, 10, 240


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the talk: how long it takes (minutes) and what can be asked in it."""

    title: str
    minutes: int
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the minutes; `holds`: of HOLDS."""

    title: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """For one kind of conversation in one language."""

    agenda: tuple[Stage, ...]
    sections: tuple[Section, ...]

    def document(self) -> dict[str, Any]:
        """As JSON; `template_of` reads it again."""
        return {
            "agenda": [{**asdict(one), "questions": list(one.questions)} for one in self.agenda],
            "sections": [{**asdict(one), "holds": list(one.holds)} for one in self.sections],
        }


def shipped(kind: Kind, language: Language) -> Template:
    """The template that comes with Rapport."""
    return _shipped()[kind, language]


def template_of(document: Mapping[str, Sequence[Mapping[str, Any]]]) -> Template:
    """A template that an organisation wrote, its texts tidied. Raises NotValid."""
    template = Template(
        tuple(_stage(one) for one in document["agenda"]),
        tuple(_section(one) for one in document["sections"]),
    )
    for name in ("agenda", "sections"):
        if not 1 <= len(document[name]) <= MOST_STAGES:
            raise NotValid("bad_length", field=name, most=MOST_STAGES)
    held = [what for section in template.sections for what in section.holds]
    if len(set(held)) != len(held):
        raise NotValid("held_twice")
    return template


def _stage(one: Mapping[str, Any]) -> Stage:
    questions = one["questions"]
    if len(questions) > MOST_QUESTIONS or not 1 <= one["minutes"] <= MOST_MINUTES:
        raise NotValid("bad_stage", minutes=MOST_MINUTES, questions=MOST_QUESTIONS)
    asked = tuple(bounded_text("questions", question, QUESTION_MOST) for question in questions)
    return Stage(bounded_text("title", one["title"], TITLE_MOST), one["minutes"], asked)


def _section(one: Mapping[str, Any]) -> Section:
    if not set(one["holds"]) <= set(HOLDS):
        raise NotValid("not_a_choice", field="holds", allowed=", ".join(HOLDS))
    return Section(bounded_text("title", one["title"], TITLE_MOST), tuple(one["holds"]))


@cache
def _shipped() -> Mapping[tuple[str, str], Template]:
    table = tomllib.loads(Path(__file__).with_name("templates.toml").read_text("utf-8"))
    return MappingProxyType(
        {
            (kind, language): template_of(_in(language, table[kind]))
            for kind in get_args(Kind)
            for language in get_args(Language)
        }
    )


def _in(language: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """The document with the words of that language only."""
    if isinstance(value, list):
        return [_in(language, one) for one in value]
    if isinstance(value, dict):
        return (
            value[language]
            if value.keys() == {"en", "zh"}
            else {k: _in(language, v) for k, v in value.items()}
        )
    return value
