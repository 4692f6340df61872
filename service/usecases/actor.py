"""Who asks: a person with an account, or Rapport itself in a schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a use case runs. `roles`: of admin, hr, member; they open no content.

    `scopes`: what an API token is limited to; None: everything the person may do. `meeting_id`: the only
    meeting that a one-time link opens. `language`: of messages to them.
    """

    organisation_id: str
    person_id: str
    account_id: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    via: Literal["session", "token", "link", "machine"] = "session"
    meeting_id: str | None = None
    language: Literal["en", "zh"] = "en"
