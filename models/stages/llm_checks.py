"""The checks that a suggestion of a language model must pass to be in the minutes: the default engine's own.

Quotes stand in their turns, the owner took the task on, the date is what our grammar reads in the quoted
words, the wording was said. What fails is left out and counted under a key of service/export/dropped.toml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.parsing.answers import SuggestedAgreement, SuggestedItem
from models.schema import ActionItem, Agreement, Evidence, TrailStep, Transcript
from models.stages import confidence
from models.stages.clauses import Clause
from models.stages.deadlines import Deadline
from models.stages.evidence import quote_stretches
from models.stages.llm_grounds import Ground, Grounds
from models.stages.llm_owners import acceptance, owner_of
from models.stages.llm_wording import first_capital, is_said, own_wording
from models.stages.veil import Veil
from models.stages.words import content_words
from models.wording import Wording

WORDING = Wording.beside(__file__, "llm_minutes.toml")
PLAIN, EXPLICIT, TWO_SIDED = 0.55, 0.65, 0.75
"""Confidence of an item by what its quotes show. Only one that the default engine found too is surer, so that
a manager decides each of the others singly.
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """An item that passed, its places in the talk, how it came about, and the piece it was found in."""

    item: ActionItem
    grounds: tuple[Ground, ...]
    trail: tuple[TrailStep, ...]
    piece: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An agreement that passed, with its places in the talk."""

    agreement: Agreement
    grounds: tuple[Ground, ...]


class Checks:
    """Checks the suggestions for one talk; `dropped` counts what failed."""

    def __init__(
        self,
        transcript: Transcript,
        turns: Sequence[Sequence[Clause]],
        veil: Veil,
        default_items: Sequence[ActionItem],
        language: str,
    ) -> None:
        self.grounds = Grounds(transcript, turns, veil)
        self.dropped: Counter[str] = Counter()
        self._transcript = transcript
        self._veil = veil
        self._default_items = default_items
        self._language = language

    def action_item(self, told: SuggestedItem, piece: int) -> Checked | None:
        """The item with our owner, date, wording and confidence; None after counting why not."""
        grounds = self.grounds.find(told.evidence, self.dropped)
        if not grounds:
            return None
        known = self._veil.person(told.owner) if told.owner else None
        people = self._transcript.participants
        owner = owner_of(told.owner, known, grounds, self.grounds, people)
        accepted = acceptance(owner.person, grounds, self.grounds)
        if isinstance(accepted, str):
            self.dropped[accepted] += 1
            return None
        if accepted is not None:
            grounds = (*grounds, _ground(accepted))
        task, reworded = self._worded(told.task, grounds)
        if not task:
            self.dropped["wording_not_said"] += 1
            return None
        ground, date = self._due(told)
        grounds = _together(grounds, ground)
        evidence = self._evidence(grounds)
        reason = None if owner.person else WORDING.say(owner.reason or "owner_doubtful", self._language)
        sure, both = self._sure(owner.person, date, grounds)
        item = ActionItem(
            id="",
            task=task,
            owner=owner.person,
            evidence=evidence,
            confidence=sure,
            owner_reason=reason,
            due=self._not_past(date.due if date else None),
            due_text=(date.due_text if date else self.grounds.text(ground)) if ground else None,
            due_rule=date.rule if date else None,
            recurrence=date.recurrence if date else None,
        )
        keys = ["named", *(["reworded"] if reworded else []), *(["both"] if both else [])]
        trail = self._trail(keys, grounds, accepted, ground)
        return Checked(item, grounds, trail, piece)

    def agreement(self, told: SuggestedAgreement) -> Settled | None:
        """The agreement in words that were said; None after counting why not."""
        grounds = self.grounds.find(told.evidence, self.dropped)
        if not grounds:
            return None
        if len({ground.speaker for ground in grounds}) == 1:
            reply = self.grounds.reply(grounds, None)
            if reply is None:
                self.dropped["proposed"] += 1
                return None
            grounds = (*grounds, _ground(reply))
        quotes = [self.grounds.text(ground) for ground in grounds]
        text = self._veil.show(told.text)
        if not is_said(text, quotes):
            text = max(quotes, key=lambda quote: len(content_words(quote))).strip(" ,;\uff0c\uff1b")
        return Settled(Agreement("", first_capital(text), self._evidence(grounds), PLAIN), grounds)

    def _worded(self, told: str, grounds: Sequence[Ground]) -> tuple[str, bool]:
        """(task, whether our own wording replaces the model's)."""
        text = self._veil.show(told)
        if is_said(text, [self.grounds.text(ground) for ground in grounds]):
            return first_capital(text), False
        return own_wording(self.grounds.clauses(grounds)), True

    def _due(self, told: SuggestedItem) -> tuple[Ground | None, Deadline | None]:
        """Where the date was said and what our grammar reads there; the model's reading does not count."""
        if told.due is None:
            return None, None
        ground = self.grounds.one(told.due)
        if ground is None or self.grounds.is_order(ground):
            self.dropped["due_not_said"] += 1
            return None, None
        return ground, self.grounds.deadline(ground)

    def _not_past(self, due: str | None) -> str | None:
        if due is not None and due < self._transcript.date:
            self.dropped["due_before_meeting"] += 1
            return None
        return due

    def _evidence(self, grounds: Sequence[Ground]) -> tuple[Evidence, ...]:
        return quote_stretches([(g.position, g.start, g.end) for g in grounds], self._transcript)

    def _sure(
        self, owner: str | None, date: Deadline | None, grounds: Sequence[Ground]
    ) -> tuple[float, bool]:
        """(confidence, whether the default engine found the same owner and date at one of the places)."""
        if owner is None:
            return confidence.DOUBTFUL, False
        own = [c for c in self.grounds.clauses(grounds) if c.speaker == owner]
        sure = EXPLICIT if any(c.has("commit", "accept", "handover") for c in own) else PLAIN
        if len({ground.speaker for ground in grounds}) > 1:
            sure = max(sure, TWO_SIDED) if sure == EXPLICIT else EXPLICIT
        due = date.due if date else None
        places = {ground.turn for ground in grounds}
        same = [
            item.confidence
            for item in self._default_items
            if item.owner == owner and item.due == due and places & {e.turn for e in item.evidence}
        ]
        return round(max([sure, *same]), 2), bool(same)

    def _trail(
        self,
        keys: Sequence[str],
        grounds: Sequence[Ground],
        accepted: Clause | None,
        dated: Ground | None,
    ) -> tuple[TrailStep, ...]:
        first = grounds[0].turn
        steps = [TrailStep(first, "found", WORDING.say(key, self._language)) for key in keys]
        if accepted is not None:
            person = self._transcript.participant(accepted.speaker)
            speaker = person.name if person and person.name else accepted.speaker
            said = WORDING.say("accepted", self._language, speaker=speaker)
            steps.append(TrailStep(accepted.turn, "accepted", said))
        if dated is not None:
            steps.append(TrailStep(dated.turn, "dated", WORDING.say("dated", self._language)))
        return tuple(steps)


def _ground(clause: Clause) -> Ground:
    return Ground(clause.turn, clause.position, clause.speaker, clause.start, clause.end)


def _together(grounds: Sequence[Ground], more: Ground | None) -> tuple[Ground, ...]:
    """All in order of the talk."""
    joined = {*grounds, *([more] if more else [])}
    return tuple(sorted(joined, key=lambda g: (g.position, g.start)))
