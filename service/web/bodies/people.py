"""Bodies of people, relations and the organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from service.domain.organisation_settings import DAYS, WORDING_MOST, OrganisationSettings, read
from service.web.bodies.accounts import Body, Role, View
from service.web.bodies.fields import Email, Id, Locale, Name, ShortName, TimeZone

Aliases = Annotated[list[Name], Field(max_length=20)]


class PersonView(View):
    """A person, as everybody in the organisation sees them. `sort_key`: what lists are ordered by."""

    id: str
    display_name: str
    family_name: str
    given_name: str
    aliases: list[str]
    sort_key: str
    locale: str
    time_zone: str
    unit_id: str | None
    left_on: date | None


class PersonRecord(PersonView):
    """The same with the address, for administrators and for oneself."""

    email: str | None


class OwnRecord(PersonRecord):
    """Oneself. `shows_radar`: whether one's manager of today may see one's skill radar."""

    shows_radar: bool


class PersonPage(View):
    """A page of people; `next`: what to give as `after` for the following page, null at the end."""

    items: list[PersonView]
    next: str | None


class NewPerson(Body):
    """Somebody new."""

    display_name: Name
    family_name: ShortName = ""
    given_name: ShortName = ""
    aliases: Aliases = Field(default_factory=list)
    locale: Locale = "en"
    time_zone: TimeZone = "UTC"
    unit_id: Id | None = None
    email: Email | None = None


class PersonChange(Body):
    """What changes about a person; what is left out stays. `left_on`: their last day."""

    display_name: Name = ""
    family_name: ShortName = ""
    given_name: ShortName = ""
    aliases: Aliases = Field(default_factory=list)
    locale: Locale = "en"
    time_zone: TimeZone = "UTC"
    unit_id: Id | None = None
    email: Email | None = None
    left_on: date | None = None


class ImportProblem(View):
    """What is wrong in the record that begins on this line."""

    line: int
    detail: str


class ImportedPerson(View):
    """Whom the record that begins on this line adds, or changes."""

    line: int
    name: str
    is_new: bool


class ImportedBody(View):
    """How many people and units an import added or changed; with problems nothing was kept. `people` and
    `problems`: the first 500 of each.
    """

    added: int
    changed: int
    units: int
    people: list[ImportedPerson]
    problems: list[ImportProblem]
    problem_count: int


class OwnChange(Body):
    """What people change about themselves."""

    aliases: Aliases = Field(default_factory=list)
    locale: Locale = "en"
    time_zone: TimeZone = "UTC"
    shows_radar: bool = False


class Me(View):
    """Oneself. `csrf`: for the header X-CSRF-Token; null for an API token, which needs none."""

    person: OwnRecord
    organisation_id: str
    roles: list[Role]
    scopes: list[str] | None
    csrf: str | None


class RelationView(View):
    """Who manages whom, and which administrator said so."""

    id: str
    kind: Literal["manager", "stand_in", "successor"]
    manager_id: str
    employee_id: str
    from_day: date
    until_day: date | None
    made_by: str | None


class RelationList(View):
    """Relations, the newest first; at most 500."""

    items: list[RelationView]


class NewRelation(Body):
    """Who manages whom from that day on."""

    kind: Literal["manager", "stand_in"] = "manager"
    manager_id: Id
    employee_id: Id
    from_day: date
    until_day: date | None = None


class RelationEnd(Body):
    """The last day of a relation."""

    until_day: date


def _days(name: str) -> Any:  # noqa: ANN401 - what Annotated takes
    return Field(ge=1, le=DAYS[name], default=None)


class RetentionView(View):
    """How long things are kept, in days; `audio_only`: everything but audio is kept without a term."""

    audio_after_acknowledgement_days: int
    audio_days: int
    unconfirmed_draft_days: int
    transcript_days: int
    minutes_days: int
    tone_flags_days: int
    audio_only: bool


class RetentionChange(Body):
    """Terms that change; what is left out stays."""

    audio_after_acknowledgement_days: int = _days("audio_after_acknowledgement_days")
    audio_days: int = _days("audio_days")
    unconfirmed_draft_days: int = _days("unconfirmed_draft_days")
    transcript_days: int = _days("transcript_days")
    minutes_days: int = _days("minutes_days")
    tone_flags_days: int = _days("tone_flags_days")
    audio_only: bool = False


Wording = Annotated[str, Field(max_length=WORDING_MOST)]


class ConsentWording(Body):
    """What people are told before they agree to a recording, by language; empty: the wording that ships."""

    en: Wording = ""
    zh: Wording = ""


class OrganisationView(View):
    """The organisation and its rules, which everybody in it may read.

    `model_host`: the machine elsewhere that drafts are written on where everybody in a meeting agrees to it;
    null: none.
    """

    id: str
    name: str
    locale: str
    time_zone: str
    share_transcript: bool
    remote_model: bool
    model_host: str | None
    consent_wording: ConsentWording
    retention: RetentionView
    created_at: datetime

    @classmethod
    def of(cls, row: Any, model_host: str | None) -> OrganisationView:  # noqa: ANN401 - a row
        """The answer for that row."""
        settings: OrganisationSettings = read(row.settings)
        return cls(
            id=row.id,
            name=row.name,
            locale=row.locale,
            time_zone=row.time_zone,
            share_transcript=settings.share_transcript,
            remote_model=settings.remote_model,
            model_host=model_host if settings.remote_model else None,
            consent_wording=ConsentWording(**settings.consent_wording),
            retention=RetentionView.model_validate(settings.retention),
            created_at=row.created_at,
        )


class OrganisationChange(Body):
    """What changes; what is left out stays. Sharing transcripts counts for meetings made from then on."""

    name: Name = ""
    locale: Locale = "en"
    time_zone: TimeZone = "UTC"
    share_transcript: bool = False
    remote_model: bool = False
    consent_wording: ConsentWording = Field(default_factory=ConsentWording)
    retention: RetentionChange = Field(default_factory=RetentionChange)
