"""Bodies of what people can know and ask about their own data, and of what needs two people."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from service.usecases.holds import HoldReason
from service.usecases.permits import AccessReason
from service.usecases.subject_access import Archive


class LookBody(BaseModel):
    """Somebody looked at something about you on a day, once or more."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    viewer_id: str
    viewer_name: str
    thing: str
    object_id: str
    day: date


class LookList(BaseModel):
    """A page, newest first; `next_cursor`: null at the end."""

    items: list[LookBody]
    next_cursor: str | None


class ExistingBody(BaseModel):
    """What there is of one meeting with you."""

    model_config = ConfigDict(from_attributes=True)

    meeting_id: str
    held_on: date
    state: str
    consent: str | None
    recording: bool
    transcript: bool
    minutes_versions: int


class ExistingList(BaseModel):
    """All your meetings, newest first."""

    items: list[ExistingBody]


class ArchiveBody(BaseModel):
    """A ZIP archive with AES-256; `password` is shown this once. `content`: base64."""

    file_name: str
    password: str
    content: str

    @classmethod
    def of(cls, archive: Archive) -> ArchiveBody:
        """The answer of the use case."""
        content = base64.b64encode(archive.content).decode()
        return cls(file_name=archive.name, password=archive.password, content=content)


class ErasureBody(BaseModel):
    """`audio`: the sound alone, `all`: everything but that the meeting was. There is no way back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"what": "audio"}]})

    what: Literal["audio", "all"]


class AccessRequest(BaseModel):
    """Why HR has to read minutes. Both sides of the meeting are told."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "grievance"}]})

    reason: AccessReason


class HoldRequest(BaseModel):
    """Why nothing of a meeting may be erased."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "litigation"}]})

    reason: HoldReason


class PermitBody(BaseModel):
    """A request that a second person agrees to. `ended_at`: until when it gives the right."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    meeting_id: str
    kind: str
    reason_code: str
    asked_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None


class HoldBody(BaseModel):
    """A legal hold; it counts from `agreed_at` on."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    meeting_id: str
    reason_code: str
    asked_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None


class HoldList(BaseModel):
    """All holds of a meeting."""

    items: list[HoldBody]


class Lifted(BaseModel):
    """False: somebody else still has to agree."""

    lifted: bool
