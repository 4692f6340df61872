"""Refusals about meetings and what is uploaded to them.

├── MeetingNotValid (NotValid)   people, cursor or values that cannot be taken
│   └── UnknownSound                 the bytes are no recording that can be read
├── NotTheirManager (NotAllowed) only the manager of an employee plans a meeting with them
├── MeetingConflict (Refused)    not possible beside what is there already
│   ├── OffsetMoved                  the upload stands elsewhere than the request says
│   ├── UploadOver                   the upload is over: expired, refused or erased
│   └── WrongChecksum                the bytes that came are not those that were sent
└── UploadTooBig (TooBig)        beyond the limit, or beyond the organisation's quota
"""

from __future__ import annotations

from models.wording import Wording
from service.domain.errors import NotAllowed, NotValid
from service.errors import Refused, TooBig

WORDS = Wording.beside(__file__, "meeting_errors.toml")


class MeetingNotValid(NotValid):
    """People, cursor or values that cannot be taken."""

    wording = WORDS


class UnknownSound(MeetingNotValid):
    """The bytes are no recording that can be read."""


class NotTheirManager(NotAllowed):
    """Only the manager of an employee plans a meeting with them."""

    wording = WORDS


class MeetingConflict(Refused):
    """Not possible beside what is there already."""

    wording = WORDS


class OffsetMoved(MeetingConflict):
    """The upload stands elsewhere than the request says."""


class UploadOver(MeetingConflict):
    """The upload is over: expired, refused or erased."""


class WrongChecksum(MeetingConflict):
    """The bytes that came are not those that were sent."""


class UploadTooBig(TooBig):
    """Beyond the limit, or beyond the organisation's quota."""

    wording = WORDS
