"""`rapport.transcript/1` and `rapport.draft/1`: JSON in both directions.

Reading is pydantic over the frozen dataclasses of models/schema; unknown fields are ignored, so that a
document with additions can still be read. Writing keeps the order of the dataclasses' fields, "schema" first.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import NotATranscript, UnknownLanguage
from models.parsing.identifiers import is_id
from models.parsing.reading import read_text
from models.schema import DRAFT_SCHEMA, Draft

OMITTED_WHEN_EMPTY = frozenset({"words", "aliases", "person_id", "notes"})
"""Optional fields of the contract: absent rather than null or []."""

Parsed = TypeVar("Parsed")


def document(value: object) -> dict[str, Any]:
    """A transcript, a draft or a part of one as plain JSON values; None stays as null."""
    plain: dict[str, Any] = _plain(value)
    return {"schema": plain.pop("schema"), **plain} if "schema" in plain else plain


def to_json(value: object, *, indent: int | None = 1) -> str:
    """The document as JSON text (UTF-8, no ASCII escapes, stable order), ending with a line break.

    `indent` None gives one line. Raises ValueError on NaN or infinity: they are not JSON.
    """
    return json.dumps(document(value), ensure_ascii=False, indent=indent, allow_nan=False) + "\n"


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: _plain(v) for name, v in pairs if v or name not in OMITTED_WHEN_EMPTY}
    if isinstance(value, dict):
        return {str(key): _plain(v) for key, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def read_draft(path: Path) -> Draft:
    """The draft in a file. Raises NotATranscript, DiskProblem."""
    return parse_draft(read_text(path), path.name)


def parse_draft(text: str, name: str = "") -> Draft:
    """The draft in a JSON text. Raises NotATranscript (also for a document of a later major version)."""
    raw = load_object(text, name)
    check_schema(raw, DRAFT_SCHEMA, name)
    draft = validate(raw, Draft, name)
    require_ids(name, _ids(draft))
    return draft


def load_object(text: str, name: str) -> dict[str, Any]:
    """The JSON object in a text, NotATranscript if there is none. Lone surrogates become U+FFFD."""
    try:
        raw = json.loads(text, parse_constant=_finite, parse_float=_finite)
        if "\\ud" in text.lower():
            raw = _without_surrogates(raw)
    except (ValueError, RecursionError) as error:
        raise NotATranscript("document_not_json", path=name) from error
    if not isinstance(raw, dict):
        raise NotATranscript("document_not_json", path=name)
    return raw


def _finite(number: str) -> float:
    """NaN, Infinity and 1e999 are not times, shares or scores."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _without_surrogates(value: object) -> Any:  # noqa: ANN401 - JSON
    """JSON can escape half of a UTF-16 pair, which no UTF-8 file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def check_schema(raw: dict[str, Any], schema: str, name: str) -> None:
    """Refuses another kind of document and later major versions; sets the schema of this release."""
    written = raw.get("schema", schema)
    if not isinstance(written, str) or not re.fullmatch(re.escape(schema) + r"(\.\d{1,4})?", written):
        raise NotATranscript("document_other_schema", path=name, schema=schema)
    raw["schema"] = schema


def build(kind: type[Parsed], raw: object) -> Parsed:
    """The plain value as a dataclass of models/schema. Raises pydantic.ValidationError."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - half of the start-up time of a command that reads nothing

    return TypeAdapter(kind).validate_python(raw)


def validate(raw: object, kind: type[Parsed], name: str) -> Parsed:
    """The raw value as that dataclass; NotATranscript names the first wrong field."""
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return build(kind, raw)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False)[0]["loc"]
        where = ".".join(str(part) for part in place)
        if where in {"language", "minutes_language"}:
            raise UnknownLanguage("document_language", path=name) from error
        raise NotATranscript("document_field", path=name, field=where[:100]) from error


def require_ids(name: str, ids: Iterator[tuple[str, str]]) -> None:
    """NotATranscript for the first (field, id) that does not match the pattern of ids."""
    for field, value in ids:
        if not is_id(value):
            raise NotATranscript("document_id", path=name, field=field)


def _ids(draft: Draft) -> Iterator[tuple[str, str]]:
    yield "id", draft.id
    for group in ("points", "agreements", "action_items", "skill_gaps", "recommendations", "tone_flags"):
        for item in getattr(draft, group):
            yield f"{group}.id", item.id
    yield from (("action_items.owner", item.owner) for item in draft.action_items if item.owner is not None)
    yield from (("points.person", point.person) for point in draft.points if point.person is not None)
    yield from (("skill_gaps.person", gap.person) for gap in draft.skill_gaps)
    yield from (("talk", person) for person in draft.talk)
