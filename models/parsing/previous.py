"""Action items of the previous meeting, from a draft or from confirmed minutes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import NotATranscript
from models.parsing.documents import check_schema, load_object, require_ids, validate
from models.parsing.reading import read_text
from models.schema import DRAFT_SCHEMA, ActionItem

MINUTES_SCHEMA = "rapport.minutes/1"


@dataclass(frozen=True, slots=True)
class _Items:
    action_items: tuple[ActionItem, ...]


def read_action_items(path: Path) -> tuple[ActionItem, ...]:
    """The items in a `rapport.draft/1` or `rapport.minutes/1` file. Raises NotATranscript, DiskProblem.

    Evidence is left out: it points into a transcript that is not there.
    """
    raw = load_object(read_text(path), path.name)
    is_minutes = str(raw.get("schema")).startswith(MINUTES_SCHEMA)
    check_schema(raw, MINUTES_SCHEMA if is_minutes else DRAFT_SCHEMA, path.name)
    items = raw.get("action_items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise NotATranscript("document_field", path=path.name, field="action_items")
    plain = {"action_items": [{"confidence": 1.0, **item, "evidence": []} for item in items]}
    found = validate(plain, _Items, path.name).action_items
    require_ids(path.name, (("action_items.id", item.id) for item in found))
    return found
