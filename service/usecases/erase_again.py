"""What a restored backup brings back though it was erased since: rows whose keys were destroyed go again.

The record of an erasure is the blank in the key store (storage/keys), which no backup of the database holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select

from service.db.tables import Meeting, Profile
from service.usecases.erase import MACHINE, What, carry_out
from service.usecases.rapport import Rapport


def erase_again(rapport: Rapport) -> int:
    """From how many meetings and profiles something went. Fine to repeat.

    Where only the sound had been erased, its old key opened the texts of the backup too: they go with it.
    """
    meetings = list(_meetings(rapport))
    for organisation_id, meeting_id, what in meetings:
        carry_out(rapport, organisation_id, meeting_id, what, again=True)
    return len(meetings) + _profiles(rapport)


def _meetings(rapport: Rapport) -> Iterator[tuple[str, str, What]]:
    with rapport.database.read() as work:
        with_key = or_(Meeting.key_id.is_not(None), Meeting.minutes_key_id.is_not(None))
        found = list(work.session.scalars(select(Meeting).where(with_key)))
    for meeting in found:
        minutes = meeting.minutes_key_id
        if minutes is not None and rapport.keys.is_destroyed(minutes):
            yield meeting.organisation_id, meeting.id, "all"
        elif meeting.key_id is not None and rapport.keys.is_destroyed(meeting.key_id):
            yield meeting.organisation_id, meeting.id, "all" if minutes is None else "transcript"


def _profiles(rapport: Rapport) -> int:
    with rapport.database.read() as work:
        found = list(work.session.scalars(select(Profile)))
    gone = [profile for profile in found if rapport.keys.is_destroyed(profile.key_id)]
    for profile in gone:
        rapport.blobs.delete(profile.blob)
        with rapport.database.write(profile.organisation_id) as work:
            work.session.delete(work.one(Profile, profile.id))
            work.audit(MACHINE, "erase", "profile", profile.id)
    return len(gone)
