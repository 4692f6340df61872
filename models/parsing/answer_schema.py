"""The form of an answer as JSON schema, for servers that can enforce it: bounded, or weak models loop."""

from __future__ import annotations

from collections.abc import Sequence

from models.parsing.answers import MAX_EVIDENCE, MAX_SUMMARY, MAX_TEXT

MAX_ASKED = 12
"""Entries of a list that one piece of a talk may be answered with."""
MAX_QUOTED = 240
"""Characters of a quote that is asked for; longer ones are still read."""


def minutes_schema(owners: Sequence[str]) -> dict[str, object]:
    """Action items and agreements of a piece; an owner is one of these codes or null."""
    quoted = _object(
        turn={"type": "integer", "minimum": 0}, quote={"type": "string", "maxLength": MAX_QUOTED}
    )
    evidence = {"type": "array", "items": quoted, "minItems": 1, "maxItems": MAX_EVIDENCE}
    item = _object(
        task={"type": "string", "maxLength": MAX_TEXT},
        owner={"enum": [*owners, None]},
        due={"anyOf": [quoted, {"type": "null"}]},
        evidence=evidence,
    )
    agreement = _object(text={"type": "string", "maxLength": MAX_TEXT}, evidence=evidence)
    return _object(
        action_items={"type": "array", "items": item, "maxItems": MAX_ASKED},
        agreements={"type": "array", "items": agreement, "maxItems": MAX_ASKED},
    )


def summary_schema() -> dict[str, object]:
    """One bounded string."""
    return _object(summary={"type": "string", "maxLength": MAX_SUMMARY})


def _object(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
