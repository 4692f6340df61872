"""The sound of a meeting as it is drawn, and whether there is any that the actor may hear."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.errors import NotAllowed
from service.domain.policy import Action, Thing
from service.errors import NotFound
from service.jobs.assignment import sounds_of
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import PROBE, MeetingDocuments
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class TrackPeaks:
    """`track`: the participant whose voice it is, None: everybody's. `peaks`: how loud each of equal pieces
    gets, 0 to 1.
    """

    track: str | None
    peaks: list[float]


@dataclass(frozen=True, slots=True)
class Waveform:
    """`duration_s`: of the longest track."""

    duration_s: float
    tracks: list[TrackPeaks]


@dataclass(frozen=True, slots=True)
class Sound:
    """What can be heard: one recording (None), or a track of each voice. `is_drawn`: there is a waveform."""

    tracks: tuple[str | None, ...]
    is_drawn: bool


def read_waveform(rapport: Rapport, actor: Actor, meeting_id: str) -> Waveform:
    """The look is in the audit log as one at the sound. Raises NotFound (of an older meeting, too),
    NotAllowed.
    """
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.audio)
        documents = MeetingDocuments(rapport, work, meeting)
        found = documents.newest(PROBE)
        tracks = [sound.track for sound in sounds_of(work, meeting.id)]
    if found is None:
        raise NotFound("not_found")
    note_looks(rapport, actor, "audio", [meeting.id])
    probe = documents.read(found)
    drawn = zip(tracks, probe["layouts"], strict=False)
    return Waveform(probe["duration_s"], [TrackPeaks(who, layout["peaks"]) for who, layout in drawn])


def sound_of(rapport: Rapport, actor: Actor, meeting_id: str) -> Sound | None:
    """What the actor may hear of it, without listening; None: nothing. Raises NotFound for the meeting."""
    with rapport.database.read(actor.organisation_id) as work:
        try:
            meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.audio)
        except NotAllowed:
            return None
        tracks = tuple(sound.track for sound in sounds_of(work, meeting.id))
        drawn = MeetingDocuments(rapport, work, meeting).newest(PROBE)
    return Sound(tracks, drawn is not None) if tracks else None
