"""Bodies of confirmed minutes, the answers to them, and their action items."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.domain.acknowledgement import COMMENT_MOST, Reply
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import ItemPage, ListedItem
from service.usecases.read_minutes import ReadMinutes
from service.web.bodies.review import DecisionsBody, Document, Item

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Comment = Annotated[str, Field(max_length=COMMENT_MOST)]
ExportFormat = Literal["md", "docx", "ics", "json", "srt"]

_SHA = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"


class Acknowledgement(BaseModel):
    """`sha256`: of the version that you have read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"sha256": _SHA}]})

    sha256: Sha256
    comment: Comment = ""


class Dispute(BaseModel):
    """`items`: those that are not right, or none; `comment`: why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"sha256": _SHA, "items": ["a1"], "comment": "Friday is a holiday."}]
        },
    )

    sha256: Sha256
    items: Annotated[list[Item], Field(max_length=500)] = []
    comment: Comment


class Correction(DecisionsBody):
    """Decisions on items of the newest version, and items to add. `reason`: why; it is in that version."""

    reason: Comment = ""


class ReplyBody(BaseModel):
    """How one employee answered; the words are for the two sides only."""

    model_config = ConfigDict(from_attributes=True)

    person_id: str
    verdict: Reply
    at: datetime
    items: list[str]
    comment: str


class MinutesBody(BaseModel):
    """`minutes`: `rapport.minutes/1`; `versions`: the numbers of all of them."""

    minutes: Document
    sha256: str
    versions: list[int]
    replies: list[ReplyBody]
    state: str

    @classmethod
    def of(cls, read: ReadMinutes) -> MinutesBody:
        """The answer of the use case."""
        return cls(
            minutes=read.minutes,
            sha256=read.sha256,
            versions=list(read.versions),
            replies=[ReplyBody.model_validate(one) for one in read.replies],
            state=read.state,
        )


class ActionItemChangeMade(BaseModel):
    """What somebody made of an action item; `was_due`: its day before."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    by_person_id: str
    by_name: str
    status: ItemStatus
    due: date | None
    was_due: date | None


class ActionItemBody(BaseModel):
    """An action item of confirmed minutes, or a step of a development plan. `item`: its id there; `revision`:
    for If-Match; `plan_of`: whose plan; `resource`: what the step is learnt with; `history`: oldest first.
    """

    id: str
    meeting_id: str
    item: str
    task: str
    owner_id: str | None
    plan_of: str | None
    resource: str | None
    due: date | None
    recurrence: str | None
    status: ItemStatus
    held_on: date
    revision: int
    history: list[ActionItemChangeMade]

    @classmethod
    def of(cls, one: ListedItem) -> ActionItemBody:
        """One of the list."""
        row = one.row
        return cls(
            id=row.id,
            meeting_id=row.meeting_id,
            item=row.item,
            task=one.task,
            owner_id=row.owner_id,
            plan_of=row.plan_of,
            resource=row.resource,
            due=row.due,
            recurrence=row.recurrence,
            status=ItemStatus(row.status),
            held_on=one.held_on,
            revision=row.revision,
            history=[ActionItemChangeMade.model_validate(change) for change in one.changes],
        )


class ActionItemList(BaseModel):
    """A page; `next_cursor`: null at the end."""

    items: list[ActionItemBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: ItemPage) -> ActionItemList:
        """The answer of the use case."""
        return cls(items=[ActionItemBody.of(one) for one in page.items], next_cursor=page.next_cursor)


class ActionItemChange(BaseModel):
    """What became of it; `due`: the new day, exactly when it is moved."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"status": "moved", "due": "2026-06-01"}]}
    )

    status: ItemStatus
    due: date | None = None


class ActionItemState(BaseModel):
    """An action item after a change."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: ItemStatus
    due: date | None
    revision: int
