"""Body of the recording as it is drawn."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class TrackBody(BaseModel):
    """`track`: whose voice it is, null: everybody's. `peaks`: how loud each of equal pieces gets."""

    model_config = ConfigDict(from_attributes=True)

    track: str | None
    peaks: list[Annotated[float, Field(ge=0, le=1)]]


class WaveformBody(BaseModel):
    """The recording as it is drawn."""

    model_config = ConfigDict(from_attributes=True)

    duration_s: float
    tracks: list[TrackBody]
