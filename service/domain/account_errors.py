"""Refusals about accounts, people and settings.

├── SignInFailed (NotSignedIn)     nobody is behind this password, session, token or code
├── TooManyTries (TooMany)         wait; the value `seconds` says how long
├── AccountRefused (NotAllowed)    not for oneself, not by a token
├── AccountNotValid (NotValid)     a password, address or relation that cannot be taken
├── AccountConflict (Refused)      it is there already, or over already
└── ProviderUnavailable (Broken)   single sign-on does not answer
"""

from __future__ import annotations

from models.wording import Wording
from service.domain.errors import NotAllowed, NotValid
from service.errors import Broken, NotSignedIn, Refused, TooMany

WORDS = Wording.beside(__file__, "account_errors.toml")


class SignInFailed(NotSignedIn):
    """Nobody is behind this password, session, token or code."""

    wording = WORDS


class TooManyTries(TooMany):
    """Too many tries; `seconds` to wait."""

    wording = WORDS


class AccountRefused(NotAllowed):
    """Nobody does this for themselves, or not by a token."""

    wording = WORDS


class AccountNotValid(NotValid):
    """A value that cannot be taken."""

    wording = WORDS


class AccountConflict(Refused):
    """It exists already, or is over already."""

    wording = WORDS


class ProviderUnavailable(Broken):
    """The provider of single sign-on does not answer as it should."""

    wording = WORDS
    retry_can_help = True
