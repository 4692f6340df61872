"""Which meeting comes before another one of the same people."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Document, Meeting, MinutesVersion
from service.db.unit_of_work import Work


def minutes_before(work: Work, meeting: Meeting) -> tuple[Meeting, Document] | None:
    """The newest meeting of the series before this one that has confirmed minutes, with their document."""
    if meeting.series_id is None:
        return None
    query = (
        select(Meeting, Document)
        .join(MinutesVersion, MinutesVersion.meeting_id == Meeting.id)
        .join(Document, Document.id == MinutesVersion.document_id)
        .where(
            Meeting.series_id == meeting.series_id,
            Meeting.id != meeting.id,
            Meeting.held_on <= meeting.held_on,
            Meeting.minutes_key_id.is_not(None),
            MinutesVersion.version == Meeting.version,
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    )
    found = work.session.execute(query).first()
    return None if found is None else (found[0], found[1])
