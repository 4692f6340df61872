"""What stands around the items of a review: people, quotes, earlier items, figures for the manager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from models.schema import PointKind, Recurrence
from service.db.tables import ActionItem
from service.domain.follow_up import STATUS_CHANGES, ItemStatus, suggested
from service.domain.tone_flags import Dismissal
from service.export.due_rules import in_words
from service.export.outline import COUNTS, INDICATORS
from service.usecases.meeting_views import MeetingView
from service.usecases.read_draft import ReadDraft
from service.web.language import Language
from service.web.pages.talk import Talk
from service.web.templating import texts


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a turn. `state`: "", "reworded" or "stale"."""

    turn: int
    words: str
    speaker: str
    start_s: float | None
    state: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An earlier action item and what was heard of it. `offers`: statuses to set with one click."""

    row: ActionItem
    task: str
    owner: str
    heard: str
    moved_to: str | None
    suggested: ItemStatus | None
    offers: tuple[ItemStatus, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A feedback-quality indicator with its definition. `counts`: it is a number, not a share."""

    name: str
    value: float | None
    why: str
    counts: bool
    quotes: tuple[Quote, ...]


class Margin:
    """Of one draft."""

    dismissals = tuple(Dismissal)
    point_kinds = get_args(PointKind)
    recurrences = get_args(Recurrence)

    def __init__(self, read: ReadDraft, view: MeetingView, talk: Talk, language: Language) -> None:
        self.draft = read.review.draft
        self.people = sorted(read.review.participants)
        self.voices = [who for who in talk.speakers if who not in read.review.participants]
        self._earlier, self._talk, self._language = read.earlier, talk, language
        self._turns = {turn["i"]: turn for turn in talk.turns}
        self._persons = {one.person_id: one.name for one in view.participants if one.person_id}
        leads = view.meeting.manager_id
        self.others = [one.name or one.pid for one in view.participants if one.person_id != leads]

    def name(self, pid: str) -> str:
        """Of a participant, or of a voice that nobody has named yet."""
        speaker = self._talk.speakers.get(pid)
        if speaker is None:
            return pid
        return speaker.name or texts().say("transcript.voice", self._language, n=speaker.number)

    def rule(self, rule: str) -> str | None:
        """How a date was understood, in words."""
        return in_words(rule, self._language)

    @property
    def language_model(self) -> Mapping[str, Any] | None:
        """The language model that made suggestions, and its host."""
        step: Mapping[str, Any] = self.draft.get("provenance", {}).get("draft", {})
        return {"model": step["model"], "host": step.get("host")} if step.get("model") else None

    @property
    def uncovered_s(self) -> int:
        """Seconds of speech that no text covers."""
        return round(self.draft["checks"].get("uncovered_speech_s") or 0)

    @property
    def follow_ups(self) -> list[FollowUp]:
        """Items of the minutes before that this talk was searched for, those only that can still be read."""
        return list(self._follow_ups())

    def _follow_ups(self) -> Iterator[FollowUp]:
        for one in self.draft["follow_up"]:
            if (known := self._earlier.get(one["item"])) is None:
                continue
            wanted = suggested(one["status"])
            possible = STATUS_CHANGES[ItemStatus(known.row.status)]
            offers = [ItemStatus.done, ItemStatus.open, *([ItemStatus.moved] if one.get("due") else [])]
            yield FollowUp(
                known.row,
                known.task,
                self._persons.get(known.row.owner_id or "", ""),
                one["status"],
                one.get("due"),
                wanted if wanted in possible else None,
                tuple(offer for offer in offers if offer in possible),
                self.quotes(one.get("evidence", ())),
            )

    @property
    def indicators(self) -> list[Figure]:
        """In the order of their names' table: stored documents are in none."""
        order = list(INDICATORS.table)
        known = sorted(
            self.draft["feedback_quality"].items(),
            key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order),
        )
        return [
            Figure(name, one["value"], one["why"], name in COUNTS, self.quotes(one.get("evidence", ())))
            for name, one in known
        ]

    def indicator_name(self, name: str) -> str:
        """What people call it."""
        known = name in INDICATORS.table
        return INDICATORS.say(name, self._language) if known else name.replace("_", " ")

    def quotes(self, evidence: Iterable[Any]) -> tuple[Quote, ...]:
        """The quotes of evidence, each once, with who said them when; of turn numbers the whole turns."""
        found = dict.fromkeys(
            (one["turn"], one["quote"], _mark(one)) if isinstance(one, dict) else (one, "", "")
            for one in evidence
        )
        return tuple(self._quote(*one) for one in found)

    def _quote(self, number: int, words: str, state: str) -> Quote:
        turn = self._turns.get(number, {})
        return Quote(
            number,
            words or turn.get("text", ""),
            self.name(turn.get("speaker", "")),
            turn.get("start_s"),
            state,
        )


def _mark(one: Mapping[str, Any]) -> str:
    return next((mark for mark in ("stale", "reworded") if one.get(mark)), "")
