"""Passwords: which are taken, and how they are kept (Argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.account_errors import AccountNotValid

LEAST, MOST = 12, 200
LEAST_DIFFERENT = 5

# The OWASP password storage cheat sheet's memory and time: bounded where many sign in at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$vgA8cbiNeHvmGRooVaIbow$LY/WNGE+vhAakpJaNQJCPiocFo7ZTu25OM3EMbfkBqQ"
"""The hash of no password, so that an unknown address takes as long as a wrong password."""


def hash_password(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is that password; the same work where there is none."""
    try:
        _HASHER.verify(kept or _NOBODY, _normal(password)[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(kept)


def check_new(password: str, *known: str) -> None:
    """Raises AccountNotValid for one that is short, plain, or holds what everybody knows (`known`)."""
    normal = _normal(password)
    if len(normal) < LEAST:
        raise AccountNotValid("password_short", least=LEAST)
    if len(normal) > MOST:
        raise AccountNotValid("password_long", most=MOST)
    folded = normal.casefold()
    words = {part.casefold() for text in known for part in (text, text.partition("@")[0])}
    if len(set(folded)) < LEAST_DIFFERENT or any(len(word) > 3 and word in folded for word in words):
        raise AccountNotValid("password_plain")


def _normal(password: str) -> str:
    """One form for all keyboards (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
