"""Everything about a person, for that person: an encrypted archive whose password is shown once."""

from __future__ import annotations

import io
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select

from service.db.tables import (
    Account,
    Acknowledgement,
    ActionItem,
    ActionItemChange,
    FeedbackIndicator,
    Goal,
    Meeting,
    MinutesVersion,
    Participant,
    Person,
    Profile,
    Rating,
)
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing, allows
from service.export.my_data import to_markdown
from service.usecases.access import facts_of, relations_to, require_for_person
from service.usecases.actor import Actor
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import visible
from service.usecases.who_looked import existing, who_looked

MY_DATA_SCHEMA = "rapport.my-data/1"
PASSWORD_BYTES = 18

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP with AES-256 (WinZip AE-2) and its password, which is kept nowhere."""

    name: str
    content: bytes
    password: str


def my_data(rapport: Rapport, actor: Actor) -> Archive:
    """What Rapport holds about the actor, as JSON and as Markdown. Raises NotAllowed."""
    import pyzipper  # type: ignore[import-untyped] # noqa: PLC0415 - a start need not wait for it

    data = collect(rapport, actor)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(
        buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.writestr("my-data.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("my-data.md", to_markdown(data, actor.language))
    return Archive(f"rapport-my-data-{data['made_at'][:10]}.zip", buffer.getvalue(), password)


def collect(rapport: Rapport, actor: Actor) -> Data:
    """The content of the archive; of others only what the actor may read anyway."""
    person_id = actor.person_id
    with rapport.database.write(actor.organisation_id) as work:
        require_for_person(work, actor, person_id, Action.export, Thing.personal_data)
        work.audit(person_id, "export", "person", person_id)
    with rapport.database.read(actor.organisation_id) as work:
        meetings = [_meeting(rapport, work, actor, asdict(one)) for one in existing(work, person_id)]
        data = {
            "schema": MY_DATA_SCHEMA,
            "made_at": work.now.isoformat(),
            "person": _row(work.one(Person, person_id)),
            "accounts": [_account(row) for row in _mine(work, Account, person_id)],
            "meetings": meetings,
            "action_items": [_row(row) for row in _owned(work, person_id)],
            "action_item_changes": [_row(row) for row in _changed(work, person_id)],
            "feedback_indicators": [_row(row) for row in _feedback(work, person_id)],
            "goals": [_row(row, "blob") for row in _mine(work, Goal, person_id)],
            "ratings": [_row(row) for row in _mine(work, Rating, person_id)],
            "profiles": [
                rapport.documents.read(row.key_id, row.blob) for row in _mine(work, Profile, person_id)
            ],
        }
    return {**data, "looks": _looks(rapport, actor)}


def _meeting(rapport: Rapport, work: Work, actor: Actor, about: Data) -> Data:
    meeting = work.one(Meeting, about["meeting_id"])
    documents = MeetingDocuments(rapport, work, meeting)
    pid = work.session.scalar(
        select(Participant.pid).filter_by(meeting_id=meeting.id, person_id=actor.person_id)
    )
    return {
        **{name: value if isinstance(value, int) else str(value) for name, value in about.items()},
        "minutes": _minutes(work, actor, documents),
        "my_answers": _answers(work, actor, documents),
        **(_said(documents, pid) if pid is not None and meeting.key_id is not None else {}),
    }


def _minutes(work: Work, actor: Actor, documents: MeetingDocuments) -> list[Data]:
    meeting = documents.meeting
    relations = relations_to(work, actor, meeting)
    if not allows(relations, Action.read, Thing.minutes, facts_of(work, meeting)):
        return []
    versions = select(MinutesVersion).filter_by(meeting_id=meeting.id).order_by(MinutesVersion.version)
    found = [documents.read(documents.of(row.document_id)) for row in work.session.scalars(versions)]
    return [visible(work, actor, meeting, one) for one in found]


def _answers(work: Work, actor: Actor, documents: MeetingDocuments) -> list[Data]:
    own = select(Acknowledgement).filter_by(meeting_id=documents.meeting.id, person_id=actor.person_id)
    return [
        {
            "version": row.version,
            "verdict": row.verdict,
            "at": row.at.isoformat(),
            **(documents.read(documents.of(row.document_id)) if row.document_id else {}),
        }
        for row in work.session.scalars(own)
    ]


def _said(documents: MeetingDocuments, pid: str) -> Data:
    """One's own turns, and hints on them while there are any."""
    meeting, said = documents.meeting, {}
    if meeting.transcript_id is not None:
        turns = documents.read(documents.of(meeting.transcript_id))["turns"]
        said["my_turns"] = [turn for turn in turns if turn["speaker"] == pid]
        if meeting.draft_id is not None:
            mine = {turn["i"] for turn in said["my_turns"]}
            flags = documents.read(documents.of(meeting.draft_id))["tone_flags"]
            said["tone_flags_on_my_turns"] = [flag for flag in flags if flag["turn"] in mine]
    return said


def _looks(rapport: Rapport, actor: Actor) -> list[Data]:
    looks, cursor = who_looked(rapport, actor)
    found = list(looks)
    while cursor is not None:
        looks, cursor = who_looked(rapport, actor, cursor)
        found += looks
    return [{**asdict(look), "day": look.day.isoformat()} for look in found]


def _mine(work: Work, table: Any, person_id: str) -> list[Any]:  # noqa: ANN401 - mapped classes
    return list(work.session.scalars(work.rows(table).where(table.person_id == person_id)))


def _owned(work: Work, person_id: str) -> list[ActionItem]:
    return list(work.session.scalars(work.rows(ActionItem).where(ActionItem.owner_id == person_id)))


def _changed(work: Work, person_id: str) -> list[ActionItemChange]:
    """Changes to those, and one's own changes to others."""
    row = ActionItemChange
    owned = select(ActionItem.id).where(ActionItem.owner_id == person_id)
    about = or_(row.by_person_id == person_id, row.action_item_id.in_(owned))
    return list(work.session.scalars(work.rows(row).where(about).order_by(row.id)))


def _feedback(work: Work, person_id: str) -> list[FeedbackIndicator]:
    """Of the conversations that the person led."""
    led = work.rows(FeedbackIndicator).join(Meeting, Meeting.id == FeedbackIndicator.meeting_id)
    return list(work.session.scalars(led.where(Meeting.manager_id == person_id)))


def _account(row: Account) -> Data:
    return _row(row, "password_hash", "subject")


def _row(row: Any, *without: str) -> Data:  # noqa: ANN401 - a mapped row
    columns = [column.key for column in row.__table__.columns if column.key not in without]
    values = {name: getattr(row, name) for name in columns}
    plain = (str, int, float, bool, list, dict, type(None))
    return {name: value if isinstance(value, plain) else value.isoformat() for name, value in values.items()}
