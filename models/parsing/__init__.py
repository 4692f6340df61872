"""Reads transcripts and drafts that come from outside, and writes the documents.

Everything read here is hostile until checked: sizes are bounded, ids match one pattern, fields have the
types of models/schema, unknown fields are ignored, and whatever else is refused with a typed error.
"""

from __future__ import annotations

from models.parsing.checking import is_date, is_started_at
from models.parsing.documents import build, document, parse_draft, read_draft, to_json
from models.parsing.identifiers import ID, is_id, meeting_id
from models.parsing.participants import read_participants
from models.parsing.previous import read_action_items
from models.parsing.transcripts import parse_transcript, read_transcript

__all__ = [
    "ID",
    "build",
    "document",
    "is_date",
    "is_id",
    "is_started_at",
    "meeting_id",
    "parse_draft",
    "parse_transcript",
    "read_action_items",
    "read_draft",
    "read_participants",
    "read_transcript",
    "to_json",
]
