"""Bodies of a person's development plan."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from models.development import Rater
from service.domain.follow_up import ItemStatus
from service.usecases.development_plan import MeetingPlan
from service.web.bodies.review import Document, Item

Text = Annotated[str, Field(min_length=1, max_length=200)]

_PROFILE: JsonDict = {
    "interest": "data",
    "ratings": [{"skill": "SQL", "value": 2, "by": "self", "on": "2026-03-01"}],
}


class StepState(BaseModel):
    """What became of a step. `id`: for `PATCH /api/v1/action-items/{id}`; `revision`: for its If-Match."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    item: str
    status: ItemStatus
    due: date | None
    revision: int


class MeetingPlanBody(BaseModel):
    """What one conversation planned: entries as its minutes hold them, and the state of each step."""

    meeting_id: str
    held_on: date
    version: int
    entries: list[Document]
    steps: list[StepState]

    @classmethod
    def of(cls, one: MeetingPlan) -> MeetingPlanBody:
        """One of the list."""
        return cls(
            meeting_id=one.meeting_id,
            held_on=one.held_on,
            version=one.version,
            entries=one.entries,
            steps=[StepState.model_validate(row) for row in one.steps.values()],
        )


class RatingBody(BaseModel):
    """A rating of 1 (no experience) to 5 (teaches others), on the day `on`."""

    model_config = ConfigDict(extra="forbid")

    skill: Text
    value: Annotated[int, Field(ge=1, le=5)]
    by: Rater
    on: date


class GapBody(BaseModel):
    """A skill gap that came up in an earlier conversation."""

    model_config = ConfigDict(extra="forbid")

    skill: Text
    on: date


class ProfileChange(BaseModel):
    """What is given is changed, null clears it. The person: language, interest, completed, gaps and ratings
    by "self"; their manager of today: role, level, expected, budget and the other ratings.

    `expected`: skill -> rating; `completed`: ids of the catalogue; `budget`: what one resource may cost.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PROFILE]})

    role: Text | None = None
    level: Text | None = None
    language: Text | None = None
    interest: Text | None = None
    ratings: Annotated[list[RatingBody], Field(max_length=500)] | None = None
    expected: Annotated[dict[Text, Annotated[int, Field(ge=1, le=5)]], Field(max_length=200)] | None = None
    completed: Annotated[list[Item], Field(max_length=1000)] | None = None
    gaps: Annotated[list[GapBody], Field(max_length=500)] | None = None
    budget: Annotated[float, Field(ge=0, le=1e9)] | None = None


class ProfileBody(BaseModel):
    """`profile`: the fields that hold something, as in ProfileChange."""

    profile: Document


class PersonPlan(BaseModel):
    """A person's plan, the newest conversation first, as far as you may read the minutes it stands in."""

    items: list[MeetingPlanBody]
