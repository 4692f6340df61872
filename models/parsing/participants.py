"""Participants in a JSON file: an array of them, or a document that has one under "participants"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import NotATranscript
from models.parsing.documents import load_object, require_ids, validate
from models.parsing.reading import read_text
from models.schema import Participant


@dataclass(frozen=True, slots=True)
class _People:
    participants: tuple[Participant, ...]


def read_participants(path: Path) -> tuple[Participant, ...]:
    """The participants in a file, at least one. Raises NotATranscript, DiskProblem."""
    text = read_text(path).strip()
    raw = load_object(f'{{"participants": {text}}}' if text.startswith("[") else text, path.name)
    people = validate(raw, _People, path.name).participants
    require_ids(path.name, (("participants.id", person.id) for person in people))
    if not people or len({person.id for person in people}) < len(people):
        raise NotATranscript("document_field", path=path.name, field="participants.id")
    return people
