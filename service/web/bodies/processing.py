"""Bodies of a meeting on its way to a draft."""

from __future__ import annotations

from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.domain.lifecycle import State
from service.usecases.processing import Progress

JobState = Literal["queued", "running", "done", "failed", "parked", "cancelled"]

_EXAMPLE: JsonDict = {
    "state": "processing",
    "job": "running",
    "step": "window",
    "share": 0.42,
    "left_s": 310.5,
    "reason": None,
}


class ProgressBody(BaseModel):
    """How far a meeting is. `left_s`: seconds, null while nothing can be said. `reason`: why it failed."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    state: State
    job: JobState | None
    step: str
    share: Annotated[float, Field(ge=0, le=1)]
    left_s: float | None
    reason: str | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """For the use case's value."""
        return cls(
            state=State(progress.state),
            job=cast("JobState | None", progress.job),
            step=progress.step,
            share=progress.share,
            left_s=progress.left_s,
            reason=progress.reason,
        )
