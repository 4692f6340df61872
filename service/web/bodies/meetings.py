"""Bodies of meetings and their consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from models.schema import Kind
from service.domain.lifecycle import State
from service.usecases.create_meeting import Plan
from service.usecases.list_meetings import MeetingPage
from service.usecases.meeting_views import MeetingView
from service.web.bodies.fields import Moment

Id = Annotated[str, Field(min_length=1, max_length=36)]
Invitable = Literal["employee", "hr", "mentor", "other"]
Spoken = Literal["auto", "en", "zh"]
Written = Literal["en", "zh"]
Sensitivity = Literal["low", "normal", "high"]
HostName = Annotated[str, Field(pattern="^[a-z0-9.:\\[\\]-]{1,255}$")]
Rhythm = Literal["none", "weekly", "biweekly", "monthly", "quarterly"]
TimeZone = Annotated[str, Field(min_length=1, max_length=64)]

_EXAMPLE: dict[str, JsonValue] = {
    "kind": "check_in",
    "held_on": "2026-05-04",
    "time_zone": "Asia/Shanghai",
    "participants": [{"person_id": "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f", "role": "employee"}],
}


class InvitedBody(BaseModel):
    """Somebody besides the manager."""

    model_config = ConfigDict(extra="forbid")

    person_id: Id
    role: Invitable


class AskedBody(InvitedBody):
    """The same, and whether they told you that they agree to the recording; else they are asked by mail.

    `host`: the machine elsewhere (`model_host` of the organisation) that you told them of.
    """

    agreed: bool = False
    host: HostName | None = None


Invitations = Annotated[list[InvitedBody], Field(min_length=1, max_length=50)]


class NewMeeting(BaseModel):
    """A meeting that you lead. With one employee it belongs to the series of the two of you; `rhythm` is how
    often you talk, and begins a series of a group too.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    kind: Kind
    held_on: date
    participants: Annotated[list[AskedBody], Field(min_length=1, max_length=50)]
    time_zone: TimeZone = "UTC"
    started_at: Moment | None = None
    language: Spoken = "auto"
    minutes_language: Written | None = None
    sensitivity: Sensitivity = "normal"
    series_id: Id | None = None
    rhythm: Rhythm | None = None

    def plan(self) -> Plan:
        """What the use case takes."""
        people = [(one.person_id, one.role) for one in self.participants]
        agreed = {one.person_id: one.host for one in self.participants if one.agreed}
        return Plan(**self.model_dump(exclude={"participants"}), participants=people, agreed=agreed)


class MeetingChange(BaseModel):
    """Fields that change; those left out stay. `participants` can change until a recording is there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"held_on": "2026-05-05"}]})

    kind: Kind = "other"
    held_on: date = date.min
    participants: Invitations | None = None
    time_zone: TimeZone = "UTC"
    started_at: Moment | None = None
    language: Spoken = "auto"
    minutes_language: Written | None = None
    sensitivity: Sensitivity = "normal"

    def people(self) -> list[tuple[str, Invitable]] | None:
        """Everybody but the manager; None where that stays."""
        if self.participants is None:
            return None
        return [(one.person_id, one.role) for one in self.participants]


class ParticipantBody(BaseModel):
    """A participant. Consent is shown to themselves and to the manager."""

    model_config = ConfigDict(from_attributes=True)

    pid: str
    person_id: str | None
    role: str
    name: str
    consent: str | None
    consent_at: datetime | None
    told_at: datetime | None


class MeetingBody(BaseModel):
    """A meeting without its content. `revision` is its ETag."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: Kind
    state: State
    state_since: datetime
    reason: str | None
    held_on: date
    started_at: datetime | None
    time_zone: str
    language: str
    minutes_language: str | None
    sensitivity: str
    series_id: str | None
    manager_id: str
    version: int
    revision: int
    audio_erased_at: datetime | None
    created_at: datetime
    participants: list[ParticipantBody]

    @classmethod
    def of(cls, view: MeetingView) -> MeetingBody:
        """The view as a body."""
        row = {name: getattr(view.meeting, name) for name in cls.model_fields if name != "participants"}
        people = [ParticipantBody.model_validate(one) for one in view.participants]
        return cls(**row, participants=people)


class MeetingList(BaseModel):
    """A page of meetings, newest first. `next`: the cursor of the next page, null at the end."""

    items: list[MeetingBody]
    next: str | None

    @classmethod
    def of(cls, page: MeetingPage) -> MeetingList:
        """The page as a body."""
        return cls(items=[MeetingBody.of(view) for view in page.items], next=page.next)


class Successor(BaseModel):
    """Who is to read the confirmed minutes that you lead until now with these employees."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"person_id": "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"}]},
    )

    person_id: Id


class ConsentAnswer(BaseModel):
    """Your own answer to the recording: `object` is for what was attested, `withdraw` for what you gave.

    `host`: the machine elsewhere (`model_host` of the organisation) to which a `give` lets text be sent.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"answer": "give"}]})

    answer: Literal["give", "object", "withdraw"]
    host: HostName | None = None


class Attestation(BaseModel):
    """What the participant agreed to. `host`: as in an answer of their own."""

    model_config = ConfigDict(extra="forbid")

    host: HostName | None = None
