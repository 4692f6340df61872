"""Consent, one per participant: nothing is recorded or processed without everybody's.

pending   -> given | attested | objected
attested  -> given | objected (within 7 days of being told) | withdrawn
given     -> given (to another wording) | withdrawn
objected, withdrawn -> given
A manager attests only for somebody who has not answered; every other step is the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from service.domain.errors import ConsentMissing, WrongState
from service.domain.lifecycle import UNCONFIRMED, State
from service.domain.retention import Kept

TO_OBJECT = timedelta(days=7)
"""Counted from when the person was told that consent was attested for them."""


class Standing(StrEnum):
    """How one participant stands to the recording."""

    pending = "pending"
    given = "given"
    """By that person, in the product."""
    attested = "attested"
    """Recorded by the manager, who says that the person agreed."""
    objected = "objected"
    withdrawn = "withdrawn"


AGREED = frozenset({Standing.given, Standing.attested})

_BEFORE: Mapping[Standing, frozenset[Standing]] = MappingProxyType(
    {
        Standing.given: frozenset(Standing),
        Standing.attested: frozenset({Standing.pending}),
        Standing.objected: frozenset({Standing.pending, Standing.attested}),
        Standing.withdrawn: AGREED,
    }
)
"""A new standing -> from which it can be reached."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One participant's consent. `by`: who said so, `at`: when; `told_at`: when the person was told.

    `host`: the machine elsewhere to which this consent lets text be sent, None: to none.
    """

    participant: str
    standing: Standing = Standing.pending
    by: str | None = None
    at: datetime | None = None
    told_at: datetime | None = None
    host: str | None = None


def give(consent: Consent, by: str, at: datetime, host: str | None = None) -> Consent:
    """The person agrees. Raises WrongState."""
    return replace(_moved(consent, Standing.given, by, at), host=host)


def attest(consent: Consent, by: str, at: datetime, host: str | None = None) -> Consent:
    """The manager says that the person agreed; the person has to be told. Raises WrongState."""
    return replace(_moved(consent, Standing.attested, by, at), told_at=None, host=host)


def told(consent: Consent, at: datetime) -> Consent:
    """The person was told; telling again does not move the term."""
    return replace(consent, told_at=consent.told_at or at)


def refuse(consent: Consent, by: str, at: datetime) -> Consent:
    """The person objects: instead of agreeing, or to what was attested. Raises WrongState."""
    ends = objection_ends(consent)
    if ends is not None and at > ends:
        raise WrongState("objection_over", days=TO_OBJECT.days)
    return _moved(consent, Standing.objected, by, at)


def withdraw(consent: Consent, by: str, at: datetime) -> Consent:
    """The person no longer agrees; possible at any time. Raises WrongState."""
    return _moved(consent, Standing.withdrawn, by, at)


def objection_ends(consent: Consent) -> datetime | None:
    """Until when the person can object to an attested consent; None: no term runs."""
    if consent.standing is not Standing.attested or consent.told_at is None:
        return None
    return consent.told_at + TO_OBJECT


def may_refuse(consent: Consent, at: datetime) -> Literal["object", "withdraw"] | None:
    """What somebody says who does not want the recording (any more); None: they said so."""
    if consent.standing not in _BEFORE[Standing.objected] | _BEFORE[Standing.withdrawn]:
        return None
    ends = objection_ends(consent)
    late = consent.standing not in _BEFORE[Standing.objected] or (ends is not None and at > ends)
    return "withdraw" if late else "object"


def _moved(consent: Consent, standing: Standing, by: str, at: datetime) -> Consent:
    if consent.standing not in _BEFORE[standing]:
        raise WrongState("wrong_consent", standing=consent.standing)
    return replace(consent, standing=standing, by=by, at=at)


def missing(consents: Iterable[Consent], now: datetime) -> list[str]:
    """Participants whose consent is not there now."""
    return [one.participant for one in consents if not _holds(one, now)]


def _holds(consent: Consent, now: datetime) -> bool:
    return consent.standing in AGREED and consent.at is not None and consent.at <= now


def may_record(consents: Iterable[Consent], now: datetime) -> bool:
    """Whether everybody agreed. Nobody at all is not everybody."""
    everybody = list(consents)
    return bool(everybody) and not missing(everybody, now)


def may_process(consents: Iterable[Consent], now: datetime, host: str | None = None) -> bool:
    """The same for a model to read it; `host`: the machine elsewhere on which that model runs."""
    everybody = list(consents)
    return may_record(everybody, now) and (host is None or all(one.host == host for one in everybody))


def require(consents: Iterable[Consent], now: datetime, host: str | None = None) -> None:
    """Raises ConsentMissing unless `may_process`."""
    everybody = list(consents)
    if not may_record(everybody, now):
        raise ConsentMissing("consent_missing", participants=", ".join(missing(everybody, now)) or "-")
    others = [one.participant for one in everybody if host is not None and one.host != host]
    if others:
        raise ConsentMissing("host_not_agreed", host=host, participants=", ".join(others))


def effect_of_objection(state: State) -> frozenset[Kept]:
    """What an objection or a withdrawal erases.

    Before the first confirmation everything (and processing stops); afterwards all but the minutes. The draft
    goes with the transcript, whose words it quotes.
    """
    if state is State.erased:
        return frozenset()
    return frozenset(Kept) if state in UNCONFIRMED else frozenset(Kept) - {Kept.minutes}
