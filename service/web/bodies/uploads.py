"""Bodies of uploads."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class UploadLimits(BaseModel):
    """In bytes: the largest recording, the largest in one request, what may be stored, what is stored."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {"most": 2147483648, "most_at_once": 52428800, "quota": 107374182400, "used": 734003200}
            ]
        },
    )

    most: int
    most_at_once: int
    quota: int
    used: int


class UploadBody(BaseModel):
    """A recording that came in: its id, its meeting and its size in bytes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    meeting_id: str
    size_bytes: int
    track: str | None
