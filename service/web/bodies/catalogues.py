"""Bodies of the catalogue and the competencies."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict

from service.usecases.catalogue import Changes, EntryPage
from service.web.bodies.review import Document

Form = Literal["csv", "jsonl", "jsonld"]


class Standing(BaseModel):
    """A list as it is. `own` false: the starter catalogue that ships. `ready_share` (0..1): how much of it a
    worker has made ready for search; `reason`: a code, why it could not.
    """

    model_config = ConfigDict(from_attributes=True)

    own: bool
    entries: int
    ready_share: float
    reason: str | None


class EntryList(BaseModel):
    """A page in the order of the file; `next`: null at the end."""

    standing: Standing
    items: list[Document]
    next: int | None

    @classmethod
    def of(cls, page: EntryPage) -> EntryList:
        """The answer of the use case."""
        return cls(
            standing=Standing.model_validate(page.standing),
            items=[json.loads(line) for line in page.lines],
            next=page.next,
        )


class ImportChanges(BaseModel):
    """What an import changes: the first ids of each, and how many; `notes`: what was merged or not read."""

    entries: int
    new: list[str]
    changed: list[str]
    removed: list[str]
    counts: dict[str, int]
    notes: list[str]

    @classmethod
    def of(cls, changes: Changes, language: str) -> ImportChanges:
        """The answer of the use case."""
        return cls(
            entries=changes.entries,
            new=changes.new,
            changed=changes.changed,
            removed=changes.removed,
            counts=changes.counts,
            notes=[note.line(language) for note in changes.notes],
        )
