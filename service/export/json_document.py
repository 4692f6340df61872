"""The documents `rapport.transcript/1`, `rapport.draft/1` and `rapport.plan/1` as files."""

from __future__ import annotations

from models.parsing import to_json
from models.plans import DevelopmentPlan
from models.schema import Draft, Transcript


def to_bytes(value: Draft | Transcript | DevelopmentPlan) -> bytes:
    """UTF-8 JSON, the same bytes for the same value."""
    return to_json(value).encode("utf-8")
