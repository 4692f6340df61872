"""Refusals by a rule of the product. Values are ids, codes and numbers, never names or text of a meeting.

DomainError (a Refused)
├── NotAllowed          the relation to the object does not give this right
│   └── SecondPersonNeeded  two different people have to agree
├── WrongState          not possible in the state the object is in
├── NotReviewed         items still need a decision of their own
├── VersionChanged      somebody else changed it, or the answer is about another version
├── ConsentMissing      not everybody in the meeting has agreed
├── HeldByLaw           a legal hold forbids erasing
└── NotValid            a value that cannot be taken
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from models.wording import Wording
from service.domain.names import in_words
from service.errors import Refused


class DomainError(Refused):
    """A refusal by a rule. Values that are members of the rules' enumerations are said in words."""

    wording: ClassVar[Wording] = Wording.beside(__file__, "errors.toml")

    def line(self, language: str) -> str:
        """What happened and what to do, in one line of that language."""
        said = {k: in_words(v, language) if isinstance(v, StrEnum) else v for k, v in self.values.items()}
        return self.wording.say(self.key, language, **said)


class NotAllowed(DomainError):
    """The person's relation to the object does not give this right."""


class SecondPersonNeeded(NotAllowed):
    """Two different people have to agree."""


class WrongState(DomainError):
    """Not possible in the state the object is in."""


class NotReviewed(DomainError):
    """Items still need a decision of their own."""


class VersionChanged(DomainError):
    """Somebody else changed the object, or an answer is about another version of it."""


class ConsentMissing(DomainError):
    """Not everybody in the meeting has agreed to the recording."""


class HeldByLaw(DomainError):
    """A legal hold forbids erasing."""


class NotValid(DomainError):
    """A value that cannot be taken."""
