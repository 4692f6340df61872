"""Bodies of the webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.domain.lifecycle import State

EXAMPLE: JsonDict = {"url": "https://hooks.firm.example/rapport", "events": ["confirmed", "acknowledged"]}


class NewWebhook(BaseModel):
    """An address to be told of changes. `events`: states of a meeting; an empty list means all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    events: Annotated[list[State], Field(max_length=20)] = []


class WebhookSwitch(BaseModel):
    """Whether a webhook is told of changes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": False}]})

    active: bool


class WebhookView(BaseModel):
    """A webhook without its signing key."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    url: str
    events: list[State]
    active: bool
    created_at: datetime


class WebhookMade(WebhookView):
    """A new webhook; `signing_key` is shown this once (Standard Webhooks)."""

    signing_key: str


class WebhookList(BaseModel):
    """All webhooks of the organisation; there are at most 20."""

    items: list[WebhookView]
