"""A transcript as pages show it: who speaks, what can be heard, which lines are evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.usecases.meeting_views import ParticipantView
from service.usecases.review_state import ReviewState
from service.usecases.waveform import Sound

_EVIDENT = ("action_items", "agreements", "points", "skill_gaps")


@dataclass(frozen=True, slots=True)
class Speaker:
    """`name`: "" for a voice without one. `known`: one of the people of the meeting. `number`: from 1, in the
    order in which they begin to speak, those who are silent last. `turns`: how many are theirs.
    """

    id: str
    name: str
    known: bool
    number: int
    turns: int


class Talk:
    """`transcript`: rapport.transcript/1. `evidence`: numbers of the turns that something rests on.

    `redraft`: the transcript was corrected since there is a draft; None: nobody drafts here, nor edits.
    """

    def __init__(
        self,
        transcript: Mapping[str, Any],
        people: Sequence[ParticipantView],
        sound: Sound | None,
        evidence: Collection[int] = (),
        *,
        redraft: bool | None = None,
    ) -> None:
        self.turns: list[dict[str, Any]] = transcript["turns"]
        self.sound, self.evidence = sound, frozenset(evidence)
        self.editable, self.redraft = redraft is not None, bool(redraft)
        self.uncovered_s = float(transcript.get("uncovered_speech_s") or 0.0)
        self._duration_s = transcript.get("duration_s")
        self._listed = {one["id"]: one.get("name", "") for one in transcript["participants"]}
        self._people = {one.pid: one.name for one in people}

    @cached_property
    def speakers(self) -> dict[str, Speaker]:
        """Everybody who speaks or could, by id."""
        said = Counter(turn["speaker"] for turn in self.turns)
        return {
            who: Speaker(
                who,
                self._listed.get(who) or self._people.get(who, ""),
                who in self._people,
                number,
                said[who],
            )
            for number, who in enumerate(dict.fromkeys((*said, *self._people)), 1)
        }

    @property
    def speaking(self) -> list[Speaker]:
        """Those whose voice is in it."""
        return [one for one in self.speakers.values() if one.turns]

    @property
    def has_unknown_voices(self) -> bool:
        """Whether somebody speaks whom nobody has named."""
        return any(not (one.known or one.name) for one in self.speaking)

    @property
    def duration_s(self) -> float:
        """Of the recording; where nobody measured it, up to the last word."""
        ends = (turn.get("end_s") or turn.get("start_s") or 0.0 for turn in self.turns)
        return float(self._duration_s or max(ends, default=0.0))


def review_talk(
    transcript: Mapping[str, Any],
    people: Sequence[ParticipantView],
    sound: Sound | None,
    review: ReviewState,
) -> Talk:
    """For the manager, who corrects it: with what the draft rests on."""
    items = [item for group in _EVIDENT for item in review.draft[group]]
    items += [item for added in review.added.values() for item in added]
    evidence = {one["turn"] for item in items for one in item.get("evidence", ()) if not one.get("stale")}
    corrected = transcript.get("rev", 1) > review.draft.get("transcript_rev", 1)
    return Talk(transcript, people, sound, evidence, redraft=corrected)
