"""What the organisation's provider of single sign-on says about somebody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderClaims:
    """What a verified ID token says. `email`: None unless verified; `groups`: None where it names none."""

    issuer: str
    subject: str
    email: str | None = None
    groups: frozenset[str] | None = None
