"""Indicators of good feedback for one conversation, each with its evidence and a plain definition.

They follow Situation-Behaviour-Impact feedback (Weitzel 2000) and the practice guides behind this product:
facts behind conclusions, recognition and improvement in balance, time for the future, the employee's voice,
commitments of both sides. They are never added up: there is no score of a conversation and none of a person.

| indicator | range | None when |
|---|---|---|
| specific_behaviour, facts | 0..1 | the manager gave no feedback |
| impact | 0..1 | no feedback for improvement |
| recognition_balance | 0..1 | no feedback |
| future_share, longest_manager_turn | 0..1 | nothing was said |
| employee_share | 0..1 | nobody or everybody is an employee |
| open_questions, unanswered_questions | 0, 1, 2, ... | no manager, or no turns |
| goals_linked, commitments_dated, commitments_both_sides | 0..1 | no action items (or owners) |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from models import tone_cues
from models.schema import ActionItem, Indicator, Language, Talk, Transcript, Turn, TurnLabels
from models.wording import Wording

WORDING = Wording.beside(__file__, "feedback.toml")
FUTURE = ("proposal", "goal", "commitment", "support_offer")
CHARACTER_RULES = frozenset({"labelling", "generalising", "contempt", "veiled"})
NEIGHBOURHOOD = 2
"""Turns before and after that still belong to a remark."""
ANSWER_WORDS = 2

_IMPACT = re.compile(
    r"\b(?:so|because of (?:that|it|this)|which (?:meant|cost|led|made|left)|as a result"
    r"|that (?:cost|meant|saved|helped|left|made|put)|cost (?:us|them|me)|had to|lost|saved|made it"
    r"|the (?:effect|impact|result|consequence)|complain(?:ed|t)|waited|thanks to)\b"
    r"|所以|因此|结果|导致|影响|造成|后果|耽误|害得|让(?:大家|客户|我们|他们|团队|人)|使得|损失|赔|省(?:了|下)|投诉|返工|多亏",
    re.IGNORECASE,
)
_CONCRETE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|per ?cent"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|yesterday|today|week|month|quarter|between|when|last"
    r"|meeting|call|report|email|mail|customer|client|release|shift|deck|project|twice|times)\b"
    r"|百分|上(?:周|个?月|次|回|季度|礼拜|星期)|昨天|今天|那天|那次|这次|会上|客户|报告|邮件|项目|版本|[一二两三四五六七八九十]+(?:次|个|天|月|号|份|家|条|单)",
    re.IGNORECASE,
)


def talk(transcript: Transcript, labels: Sequence[TurnLabels]) -> dict[str, Talk]:
    """Part of each participant in the talk: share by time if every turn has one, otherwise by words."""
    amount = _amounts(transcript)
    whole = sum(amount.values())
    asked = {label.turn for label in labels if label.has("open_question")}
    found = {}
    for person in transcript.participants:
        mine = [turn for turn in transcript.turns if turn.speaker == person.id]
        lengths = [
            turn.end_s - turn.start_s for turn in mine if turn.start_s is not None and turn.end_s is not None
        ]
        found[person.id] = Talk(
            share=round(sum(amount[turn.i] for turn in mine) / whole, 4) if whole else 0.0,
            turns=len(mine),
            longest_turn_s=round(max(lengths), 2) if lengths else None,
            open_questions=sum(turn.i in asked for turn in mine),
        )
    return found


def indicators(
    transcript: Transcript,
    labels: Sequence[TurnLabels],
    action_items: Sequence[ActionItem],
    language: Language,
) -> dict[str, Indicator]:
    """All indicators of the table above by name, definitions in the minutes' language."""
    talk_view = _View(transcript, labels)
    found = talk_view.of_feedback() | talk_view.of_voice() | talk_view.of_commitments(action_items)
    return {
        name: Indicator(
            value=None if value is None else round(value, 4),
            evidence=tuple(sorted(set(evidence))),
            why=WORDING.say(name, language),
        )
        for name, (value, evidence) in found.items()
    }


Found = dict[str, tuple[float | None, Iterable[int]]]


class _View:
    """The transcript beside its labels, with what several indicators need."""

    def __init__(self, transcript: Transcript, labels: Sequence[TurnLabels]) -> None:
        self.turns = transcript.turns
        self.labels = {label.turn: label for label in labels}
        self.place = {turn.i: n for n, turn in enumerate(self.turns)}
        self.amount = _amounts(transcript)
        self.whole = sum(self.amount.values())
        self.managers = {p.id for p in transcript.participants if p.role == "manager"}
        self.employees = {p.id for p in transcript.participants if p.role == "employee"}

    def of_feedback(self) -> Found:
        """How feedback was given."""
        recognition = self._by(self.managers, "recognition")
        improvement = self._by(self.managers, "improvement_feedback")
        given = [turn for turn in self.turns if turn in recognition or turn in improvement]
        specific = [turn for turn in given if _specific(turn)]
        grounded = [turn for turn in given if self._has_nearby(turn, "data_reference")]
        effect = [turn for turn in improvement if self._said_nearby(turn, _IMPACT)]
        balance = len(recognition) / (len(recognition) + len(improvement)) if given else None
        return {
            "specific_behaviour": (_share(specific, given), _ids(specific)),
            "facts": (_share(grounded, given), _ids(grounded)),
            "impact": (_share(effect, improvement), _ids(effect)),
            "recognition_balance": (balance, _ids(given)),
        }

    def of_voice(self) -> Found:
        """Who had the floor, and what for."""
        future = [turn for turn in self.turns if any(self._has(turn, act) for act in FUTURE)]
        theirs = [turn for turn in self.turns if turn.speaker in self.employees]
        both = bool(self.employees) and any(turn.speaker not in self.employees for turn in self.turns)
        asked = self._by(self.managers, "open_question")
        spoken = [turn for turn in self.turns if turn.speaker in self.managers]
        longest = max(spoken, key=lambda turn: self.amount[turn.i], default=None)
        open_ = [turn for turn in self.turns if self._has(turn, "open_question") and not self._answered(turn)]
        return {
            "future_share": (self._part(future), _ids(future)),
            "employee_share": (self._part(theirs) if both else None, ()),
            "open_questions": (float(len(asked)) if self.managers else None, _ids(asked)),
            "longest_manager_turn": (
                self._part([longest]) if longest else None,
                _ids([longest] if longest else []),
            ),
            "unanswered_questions": (float(len(open_)) if self.turns else None, _ids(open_)),
        }

    def of_commitments(self, items: Sequence[ActionItem]) -> Found:
        """What was promised."""
        dated = [item for item in items if item.owner and (item.due or item.recurrence)]
        linked = [item for item in items if any(self._near_goal(e.turn) for e in item.evidence)]
        owned = [item for item in items if item.owner]
        on_manager = sum(item.owner in self.managers for item in owned)
        even = 2 * min(on_manager, len(owned) - on_manager) / len(owned) if owned else None
        return {
            "goals_linked": (_share(linked, items), _evidence(linked)),
            "commitments_dated": (_share(dated, items), _evidence(dated)),
            "commitments_both_sides": (even, _evidence(owned)),
        }

    def _has(self, turn: Turn, act: str) -> bool:
        label = self.labels.get(turn.i)
        return label is not None and label.has(act)

    def _by(self, people: set[str], act: str) -> list[Turn]:
        return [turn for turn in self.turns if turn.speaker in people and self._has(turn, act)]

    def _nearby(self, number: int, speaker: str | None) -> list[Turn]:
        around = self.turns[max(0, number - NEIGHBOURHOOD) : number + NEIGHBOURHOOD + 1]
        return [turn for turn in around if speaker in (None, turn.speaker)]

    def _has_nearby(self, turn: Turn, act: str) -> bool:
        return any(self._has(near, act) for near in self._nearby(self.place[turn.i], turn.speaker))

    def _said_nearby(self, turn: Turn, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(near.text) for near in self._nearby(self.place[turn.i], turn.speaker))

    def _near_goal(self, i: int) -> bool:
        near = self._nearby(self.place[i], None) if i in self.place else []
        return any(self._has(turn, "goal") or self._has(turn, "data_reference") for turn in near)

    def _answered(self, turn: Turn) -> bool:
        """Somebody else says more than a sound next, before the asker goes on to another question."""
        for following in self.turns[self.place[turn.i] + 1 :][: 2 * NEIGHBOURHOOD]:
            if following.speaker != turn.speaker:
                if tone_cues.word_count(following.text) >= ANSWER_WORDS:
                    return True
            elif self._has(following, "open_question"):
                return False
        return False

    def _part(self, turns: Iterable[Turn]) -> float | None:
        return sum(self.amount[turn.i] for turn in turns) / self.whole if self.whole else None


def _amounts(transcript: Transcript) -> dict[int, float]:
    """Seconds of each turn if all have them, otherwise words (a Chinese word counts as 1.5 characters)."""
    seconds = {
        turn.i: turn.end_s - turn.start_s
        for turn in transcript.turns
        if turn.start_s is not None and turn.end_s is not None
    }
    if len(seconds) == len(transcript.turns) and sum(seconds.values()) > 0:
        return seconds
    return {turn.i: tone_cues.word_count(turn.text) for turn in transcript.turns}


def _specific(turn: Turn) -> bool:
    """Names something that could be observed, and says nothing about character."""
    return bool(_CONCRETE.search(turn.text)) and not CHARACTER_RULES & tone_cues.matches(turn.text).keys()


def _share(some: Sequence[object], of: Sequence[object]) -> float | None:
    return len(some) / len(of) if of else None


def _ids(turns: Iterable[Turn]) -> list[int]:
    return [turn.i for turn in turns]


def _evidence(items: Iterable[ActionItem]) -> list[int]:
    return [evidence.turn for item in items for evidence in item.evidence]
