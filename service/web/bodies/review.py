"""Bodies of the review: transcript, draft, decisions, confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.domain.edits import Verdict
from service.domain.transcripts import TURN_MOST, TurnEdit
from service.usecases.decide import Addition, Choice
from service.usecases.read_draft import ReadDraft

Item = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Fields = Annotated[dict[str, Annotated[str, Field(max_length=10_000)] | None], Field(max_length=8)]
Group = Literal["points", "agreements", "action_items"]
Document = dict[str, JsonValue]

_DECISIONS: dict[str, JsonValue] = {
    "decisions": [
        {"item": "a1", "verdict": "edit", "fields": {"due": "2026-05-08", "owner": "e"}},
        {"item": "p1", "verdict": "reject"},
    ],
    "additions": [{"group": "agreements", "fields": {"text": "We review on Mondays"}}],
}


class TranscriptBody(BaseModel):
    """`transcript`: `rapport.transcript/1`."""

    transcript: Document


class TurnChange(BaseModel):
    """A correction of one turn. `split_at`: characters that stay in it; the rest is spoken by `speaker`."""

    model_config = ConfigDict(extra="forbid")

    i: Annotated[int, Field(ge=0, le=1_000_000)]
    text: Annotated[str, Field(max_length=TURN_MOST)] | None = None
    speaker: Item | None = None
    split_at: Annotated[int, Field(ge=1, le=TURN_MOST)] | None = None


class TranscriptChange(BaseModel):
    """Corrections, applied in order; all or none."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"edits": [{"i": 3, "text": "By Friday."}]}]}
    )

    edits: Annotated[list[TurnChange], Field(min_length=1, max_length=500)]

    def turn_edits(self) -> list[TurnEdit]:
        """What the use case takes."""
        return [TurnEdit(one.i, one.text, one.speaker, one.split_at) for one in self.edits]


class DecisionBody(BaseModel):
    """What you decide on one item. `fields`: new values of an edit, null clears one."""

    model_config = ConfigDict(extra="forbid")

    item: Item
    verdict: Verdict
    fields: Fields = {}
    no_date: bool = False


class AdditionBody(BaseModel):
    """An item of your own."""

    model_config = ConfigDict(extra="forbid")

    group: Group
    fields: Fields
    no_date: bool = False


class DecisionsBody(BaseModel):
    """Decisions and added items; all or none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_DECISIONS]})

    decisions: Annotated[list[DecisionBody], Field(max_length=500)] = []
    additions: Annotated[list[AdditionBody], Field(max_length=100)] = []

    def choices(self) -> list[Choice]:
        """What the use case takes."""
        return [Choice(one.item, one.verdict, one.fields, one.no_date) for one in self.decisions]

    def added(self) -> list[Addition]:
        """What the use case takes."""
        return [Addition(one.group, one.fields, one.no_date) for one in self.additions]


class ConfirmBody(BaseModel):
    """`displayed`: ids of the items that you were shown, "summary" among them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"displayed": ["summary", "a1", "g1"]}]}
    )

    displayed: Annotated[list[Item], Field(max_length=2000)]


class DecisionMade(BaseModel):
    """A decision that holds."""

    item: str
    verdict: Verdict
    fields: dict[str, str | None]
    no_date: bool
    at: datetime


class DraftBody(BaseModel):
    """`draft`: `rapport.draft/1`; `added`: your own items by group.

    `open_items`: ids of what one confirm cannot cover.
    """

    draft: Document
    added: dict[str, list[Document]]
    decisions: list[DecisionMade]
    open_items: list[str]

    @classmethod
    def of(cls, read: ReadDraft) -> DraftBody:
        """The answer of the use case."""
        review = read.review
        made = [
            DecisionMade(item=d.item, verdict=d.verdict, fields=dict(d.fields), no_date=d.no_date, at=d.at)
            for d in review.decisions
        ]
        return cls(draft=review.draft, added=review.added, decisions=made, open_items=read.open_items)


class Revised(BaseModel):
    """The state of the meeting after a change; the ETag holds its new revision."""

    state: str
    revision: int


class VersionMade(BaseModel):
    """A confirmed version. `sha256`: of its canonical JSON (RFC 8785), what an answer has to name."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    sha256: str
    confirmed_at: datetime
