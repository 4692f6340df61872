"""How the participants of a meeting stand to its recording, and to a model on another machine."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Consent, Meeting, Organisation, Participant
from service.db.unit_of_work import Work
from service.domain import consent as rules
from service.domain.consent import Standing
from service.domain.organisation_settings import read


def consents_of(work: Work, meeting_id: str) -> list[rules.Consent]:
    """How every participant stands to the recording; who has no row has not answered."""
    query = (
        select(Participant, Consent)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(Participant.meeting_id == meeting_id)
        .order_by(Participant.id)
    )
    return [consent_value(participant.pid, row) for participant, row in work.session.execute(query)]


def consent_value(pid: str, row: Consent | None) -> rules.Consent:
    """A row as the rules take it."""
    if row is None:
        return rules.Consent(pid)
    return rules.Consent(pid, Standing(row.state), row.by_person_id, row.at, row.told_at, row.host)


def outside_host(work: Work, meeting: Meeting) -> str | None:
    """The machine elsewhere to which text of this meeting may go: the organisation allows it, and everybody
    agreed to that very one. None: to none.
    """
    organisation = work.session.get_one(Organisation, meeting.organisation_id)
    consents = consents_of(work, meeting.id)
    host = consents[0].host if consents else None
    allowed = host is not None and read(organisation.settings).remote_model
    return host if allowed and rules.may_process(consents, work.now, host) else None
