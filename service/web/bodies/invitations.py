"""Bodies of one-time links. The secret travels in bodies, never in an address that a log would keep."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.web.bodies.fields import Secret

_LINK = "kq1v0eGZ0pKfZ2f3Yw3bS1dE4hT6uJ8mN5cX7rL9aQk"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Item = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Link(BaseModel):
    """The secret at the end of the link that came by mail."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"link": _LINK}]})

    link: Secret


class LinkAnswer(Link):
    """An answer to the version with that hash. A dispute says why and may name items."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"link": _LINK, "reply": "acknowledge", "sha256": _SHA256}]},
    )

    reply: Literal["acknowledge", "dispute"]
    sha256: Sha256
    items: Annotated[list[Item], Field(max_length=200)] = []
    comment: Annotated[str, Field(max_length=4000)] = ""


class LinkMinutes(BaseModel):
    """Minutes that wait for an answer (`rapport.minutes/1`), with the hash that an answer has to name."""

    meeting: str
    sha256: str
    minutes: dict[str, Any]


class Answered(BaseModel):
    """The meeting after the answer."""

    meeting: str
    state: str
