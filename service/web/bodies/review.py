"""Bodies of the review: transcript, draft, decisions, confirm."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from models.schema import Recurrence
from service.domain.edits import Verdict
from service.domain.follow_up import ItemStatus
from service.domain.tone_flags import Dismissal
from service.domain.transcripts import NAME_MOST, TURN_MOST, Correction, Quote, TurnEdit
from service.usecases.action_items import ListedItem
from service.usecases.decide import Addition, Choice
from service.usecases.read_draft import ReadDraft
from service.usecases.understand_date import PHRASE_MOST

Item = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Fields = Annotated[dict[str, Annotated[str, Field(max_length=10_000)] | None], Field(max_length=8)]
Group = Literal["points", "agreements", "action_items"]
Document = dict[str, JsonValue]

_CORRECTION: dict[str, JsonValue] = {
    "edits": [{"i": 3, "text": "By Friday."}],
    "speakers": {"s1": "e"},
    "names": {"s2": "Ms Li"},
}
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
    """Corrections: turns in order, then speakers, then names; all or none.

    `speakers`: id -> who really spoke all of these turns, at once: `{"s1": "e"}` makes an unknown voice a
    participant, or one of two; `{"m": "e", "e": "m"}` swaps them. The draft follows. `names`: id -> name.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CORRECTION]})

    edits: Annotated[list[TurnChange], Field(max_length=500)] = []
    speakers: Annotated[dict[Item, Item], Field(max_length=50)] = {}
    names: Annotated[dict[Item, Annotated[str, Field(max_length=NAME_MOST)]], Field(max_length=50)] = {}

    def correction(self) -> Correction:
        """What the use case takes."""
        edits = [TurnEdit(one.i, one.text, one.speaker, one.split_at) for one in self.edits]
        return Correction(edits, self.speakers, self.names)


class DecisionBody(BaseModel):
    """What you decide on one item. `fields`: new values of an edit, null clears one."""

    model_config = ConfigDict(extra="forbid")

    item: Item
    verdict: Verdict
    fields: Fields = {}
    no_date: bool = False


class QuoteBody(BaseModel):
    """Characters `start` to `end` (not itself in it) of the text of turn `turn`."""

    model_config = ConfigDict(extra="forbid")

    turn: Annotated[int, Field(ge=0, le=1_000_000)]
    start: Annotated[int, Field(ge=0, le=TURN_MOST)]
    end: Annotated[int, Field(ge=1, le=TURN_MOST)]


class AdditionBody(BaseModel):
    """An item of your own, with the words that you selected for it."""

    model_config = ConfigDict(extra="forbid")

    group: Group
    fields: Fields
    no_date: bool = False
    quotes: Annotated[list[QuoteBody], Field(max_length=6)] = []

    def addition(self) -> Addition:
        """What the use case takes."""
        quotes = [Quote(one.turn, one.start, one.end) for one in self.quotes]
        return Addition(self.group, self.fields, self.no_date, quotes)


class DecisionsBody(BaseModel):
    """Decisions and added items; all or none. `withdrawn`: ids that become undecided again, or are no longer
    added; they come first.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_DECISIONS]})

    decisions: Annotated[list[DecisionBody], Field(max_length=500)] = []
    additions: Annotated[list[AdditionBody], Field(max_length=100)] = []
    withdrawn: Annotated[list[Item], Field(max_length=500)] = []

    def choices(self) -> list[Choice]:
        """What the use case takes."""
        return [Choice(one.item, one.verdict, one.fields, one.no_date) for one in self.decisions]

    def added(self) -> list[Addition]:
        """What the use case takes."""
        return [one.addition() for one in self.additions]


class FlagChange(BaseModel):
    """Why a hint on wording does not hold; null: it stands again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dismissed": "misheard"}]})

    dismissed: Dismissal | None


class ConfirmBody(BaseModel):
    """`displayed`: ids of the items that you were shown, "summary" among them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"displayed": ["summary", "a1", "g1"]}]}
    )

    displayed: Annotated[list[Item], Field(max_length=2000)]


class PhraseBody(BaseModel):
    """Words for a date, in English or Chinese."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"phrase": "by next Friday"}]})

    phrase: Annotated[str, Field(min_length=1, max_length=PHRASE_MOST)]


class UnderstoodBody(BaseModel):
    """How the words were understood. `due`: the day, null where they leave it open; `due_text`: the part of
    the words that says it, null where none does; `rule`: the rule that read it, `rule_words`: that rule in
    your language.
    """

    model_config = ConfigDict(from_attributes=True)

    due: date | None
    due_text: str | None
    recurrence: Recurrence | None
    rule: str | None
    rule_words: str | None


class DecisionMade(BaseModel):
    """A decision that holds."""

    item: str
    verdict: Verdict
    fields: dict[str, str | None]
    no_date: bool
    at: datetime


class EarlierItem(BaseModel):
    """An action item of the minutes before; `item`: the id that `follow_up` of the draft names, `id` and
    `revision`: with which its status is set.
    """

    id: str
    item: str
    task: str
    owner_id: str | None
    due: date | None
    status: ItemStatus
    held_on: date
    revision: int

    @classmethod
    def of(cls, one: ListedItem) -> EarlierItem:
        """One of the use case's answer."""
        row = one.row
        return cls(
            id=row.id,
            item=row.item,
            task=one.task,
            owner_id=row.owner_id,
            due=row.due,
            status=ItemStatus(row.status),
            held_on=one.held_on,
            revision=row.revision,
        )


class DraftBody(BaseModel):
    """`draft`: `rapport.draft/1`; `added`: your own items by group; `plan`: the development plan that your
    accepted recommendations make, whose steps are items to decide on, too.

    `open_items`: ids of what one confirm cannot cover; `new_items`: of what the newest drafting added;
    `earlier`: what the draft's `follow_up` is about.
    """

    draft: Document
    added: dict[str, list[Document]]
    plan: list[Document]
    decisions: list[DecisionMade]
    open_items: list[str]
    new_items: list[str]
    earlier: list[EarlierItem]

    @classmethod
    def of(cls, read: ReadDraft) -> DraftBody:
        """The answer of the use case."""
        review = read.review
        made = [
            DecisionMade(item=d.item, verdict=d.verdict, fields=dict(d.fields), no_date=d.no_date, at=d.at)
            for d in review.decisions
        ]
        return cls(
            draft=review.draft,
            added=review.added,
            plan=review.plan,
            decisions=made,
            open_items=read.open_items,
            new_items=review.draft.get("new_items", []),
            earlier=[EarlierItem.of(one) for one in read.earlier.values()],
        )


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
