"""What an organisation decides for itself, within bounds. No setting opens what was there before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.domain.edits import bounded_text
from service.domain.errors import NotValid
from service.domain.retention import Policy

DAYS: Mapping[str, int] = MappingProxyType(
    {
        "audio_after_acknowledgement_days": 180,
        "audio_days": 180,
        "unconfirmed_draft_days": 180,
        "transcript_days": 1_095,
        "minutes_days": 3_650,
        "tone_flags_days": 30,
    }
)
"""The longest terms that an organisation may choose (days, from 1); the defaults are retention.Policy's."""

WORDING_MOST = 4_000
"""Characters of the consent wording in one language."""


@dataclass(frozen=True, slots=True)
class OrganisationSettings:
    """`share_transcript`: employees read the transcript of their meetings made from now on.

    `remote_model`: a language model on another machine may be used, where the operator has set one up.
    `consent_wording`: language (en, zh) -> what people are told before they agree to a recording; a language
    without an entry has the wording that ships.
    """

    share_transcript: bool = False
    remote_model: bool = False
    consent_wording: Mapping[str, str] = field(default_factory=dict)
    retention: Policy = field(default_factory=Policy)


def read(stored: Mapping[str, Any]) -> OrganisationSettings:
    """The settings in the form that the organisation's row keeps."""
    return OrganisationSettings(
        share_transcript=stored.get("share_transcript") is True,
        remote_model=stored.get("remote_model") is True,
        consent_wording=stored.get("consent_wording", {}),
        retention=Policy(**stored.get("retention", {}).get("default", {})),
    )


def changed(stored: Mapping[str, Any], wanted: OrganisationSettings, now: datetime) -> dict[str, Any]:
    """The form to keep; an empty wording is taken away. Raises NotValid for what is beyond its bound."""
    terms = asdict(wanted.retention)
    for name, most in DAYS.items():
        if not 1 <= terms[name] <= most:
            raise NotValid("bad_days", field=name, most=most)
    wording = {
        language: bounded_text("consent_wording", text, WORDING_MOST)
        for language, text in wanted.consent_wording.items()
        if text
    }
    since = stored.get("share_transcript_since") if stored.get("share_transcript") else None
    return {
        **stored,
        "share_transcript": wanted.share_transcript,
        "share_transcript_since": (since or now.isoformat()) if wanted.share_transcript else None,
        "remote_model": wanted.remote_model,
        "consent_wording": wording,
        "retention": {**stored.get("retention", {}), "default": terms},
    }


def shares_transcript(stored: Mapping[str, Any], meeting_created_at: datetime) -> bool:
    """Whether employees read the transcript of a meeting made at that time (aware)."""
    since = stored.get("share_transcript_since")
    if stored.get("share_transcript") is not True:
        return False
    return since is None or datetime.fromisoformat(since) <= meeting_created_at
