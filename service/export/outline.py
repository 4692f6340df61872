"""The draft as sections of paragraphs, points and tables in the language of the minutes.

Markdown, DOCX and the terminal only render what stands here, so they never differ in content. Text in an
outline is clean (no control characters, one line) but not escaped: each renderer does that its own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.schema import ActionItem, Draft, Evidence, FollowUp, StepProvenance, Transcript
from models.wording import Wording
from service.export.due_rules import in_words
from service.export.plain_text import clean, clock

WORDING = Wording.beside(__file__, "headings.toml")
INDICATORS = Wording.beside(__file__, "indicators.toml")
DROPPED = Wording.beside(__file__, "dropped.toml")
COUNTS = frozenset({"open_questions", "unanswered_questions"})
"""Indicators that count; all others are shares, 0..1."""
TODAY = StepProvenance(engine="clock", notes=("nobody gave the day of the meeting: today's was taken",))
"""Provenance of an assumed "date": spoken dates are counted from it, so the reader must know."""
POINT_KINDS = ("highlight", "obstacle", "support", "goal", "rating", "open_question")


@dataclass(frozen=True, slots=True)
class Point:
    """A statement with the quotes it rests on."""

    text: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header; every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; a str is a paragraph."""

    title: str
    parts: Sequence[str | Point | Table]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document. `notice` says that it is a suggestion which nobody has confirmed.

    `colon` stands between the name and the value of a fact.
    """

    title: str
    notice: str
    colon: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


class Minutes:
    """One draft in words.

    The transcript gives names and times; `previous` is the task of each item of the previous minutes by its
    id, for the follow-up: without it items go by their ids.
    """

    def __init__(
        self, draft: Draft, transcript: Transcript, previous: Mapping[str, str] | None = None
    ) -> None:
        self.draft = draft
        self.transcript = transcript
        self.previous = previous or {}

    def outline(self) -> Outline:
        """What may be filed. The private section is left out on purpose: files travel."""
        draft = self.draft
        sections = (
            Section(self.say("summary"), [clean(draft.summary)] if draft.summary else []),
            Section(self.say("action_items"), self._action_items()),
            Section(self.say("agreements"), [self._point(a.text, a.evidence) for a in draft.agreements]),
            *(Section(self.say(kind), self._points(kind)) for kind in POINT_KINDS),
            Section(self.say("follow_up"), self._follow_up()),
            Section(self.say("skill_gaps"), self._skill_gaps()),
            Section(self.say("limits"), self._limits()),
        )
        return Outline(
            title=f"{self.say('title')}{self.say('colon')}{clean(draft.id)}",
            notice=self.say("notice"),
            colon=self.say("colon"),
            facts=self._facts(),
            sections=tuple(section for section in sections if section.parts),
        )

    def private(self) -> Section:
        """Tone hints, indicators, shares of talk: only for the terminal of the manager at work."""
        draft = self.draft
        hints = [
            Point(
                self.say(f"tone_{flag.label}", turn=flag.turn, why=clean(flag.why)),
                (f"“{clean(flag.quote)}”", *([f"→ {clean(flag.suggestion)}"] if flag.suggestion else [])),
            )
            for flag in draft.tone_flags
        ]
        indicators = [
            self._indicator(name, one.value, one.why)
            for name, one in draft.feedback_quality.items()
            if one.value is not None
        ]
        talk = [
            self.say("talk", name=self.name(person), percent=round(100 * one.share), turns=one.turns)
            for person, one in draft.talk.items()
        ]
        return Section(self.say("private"), [*hints, *indicators, *talk])

    def say(self, key: str, **values: object) -> str:
        """A line of headings.toml in the language of the minutes."""
        return WORDING.say(key, self.draft.minutes_language, **values)

    def name(self, person: str | None) -> str:
        """What to call a participant; "not clear who" for None."""
        if person is None:
            return self.say("nobody")
        participant = self.transcript.participant(person)
        return clean(participant.name if participant and participant.name else person)

    def _indicator(self, name: str, value: float, why: str) -> str:
        known = name in INDICATORS.table
        title = INDICATORS.say(name, self.draft.minutes_language) if known else clean(name.replace("_", " "))
        amount = f"{value:.0f}" if name in COUNTS else f"{value:.0%}"
        return self.say("indicator", name=title, value=amount, why=clean(why))

    def _facts(self) -> tuple[tuple[str, str], ...]:
        people = [
            self.say("person", name=self.name(person.id), role=self.say(f"role_{person.role}"))
            for person in self.transcript.participants
        ]
        assumed = self.draft.provenance.get("date") == TODAY
        day = self.say("date_assumed", date=self.draft.date) if assumed else self.draft.date
        return (
            (self.say("date"), day),
            (self.say("kind"), self.say(f"kind_{self.draft.kind}")),
            (self.say("participants"), self.say("comma").join(people)),
        )

    def _points(self, kind: str) -> list[Point]:
        return [self._point(p.text, p.evidence) for p in self.draft.points if p.kind == kind]

    def _point(self, text: str, evidence: Sequence[Evidence]) -> Point:
        quotes = tuple(self._quote(one) for one in evidence)
        # In the speaker's own words: the quote alone says it all.
        return Point(quotes[0]) if self._verbatim(text, evidence) else Point(clean(text), quotes)

    @staticmethod
    def _verbatim(text: str, evidence: Sequence[Evidence]) -> bool:
        return len(evidence) == 1 and clean(evidence[0].quote) == clean(text)

    def _quote(self, evidence: Evidence) -> str:
        turn = self.transcript.turn(evidence.turn)
        start_s = evidence.start_s if evidence.start_s is not None or turn is None else turn.start_s
        who = self.name(turn.speaker) if turn else "?"
        where = self.say("turn", i=evidence.turn)
        source = self.say("comma").join(filter(None, (who, clock(start_s), where)))
        return f"“{clean(evidence.quote)}” — {source}"

    def _action_items(self) -> list[Table | Point]:
        items = self.draft.action_items
        if not items:
            return []
        columns = ("number", "task", "owner", "due", "due_understood", "confidence", "evidence")
        header = tuple(self.say(f"column_{column}") for column in columns)
        rows = tuple(self._row(n, item) for n, item in enumerate(items, start=1))
        quoted = [
            self._point(self.say("item", number=n, task=item.task), item.evidence)
            for n, item in enumerate(items, start=1)
        ]
        return [Table(header, rows), *quoted]

    def _row(self, number: int, item: ActionItem) -> tuple[str, ...]:
        recurrence = self.say(f"recurrence_{item.recurrence}") if item.recurrence else ""
        said = f"“{clean(item.due_text)}”" if item.due_text else ""
        owner = self.name(item.owner)
        if item.owner is None and item.owner_reason:
            owner = f"{owner}{self.say('colon')}{clean(item.owner_reason)}"
        return (
            str(number),
            clean(item.task),
            owner,
            self.say("comma").join(filter(None, (item.due, recurrence))) or self.say("no_date"),
            " → ".join(filter(None, (said, self._rule(item.due_rule or "")))),
            f"{item.confidence:.0%}",
            ", ".join(str(i) for i in dict.fromkeys(one.turn for one in item.evidence)),
        )

    def _rule(self, rule: str) -> str:
        """The rule that read the date in words; its name for one without words."""
        return in_words(rule, self.draft.minutes_language) or clean(rule.replace("_", " "))

    def _follow_up(self) -> list[Point]:
        return [self._point(self._status(one), one.evidence) for one in self.draft.follow_up]

    def _status(self, one: FollowUp) -> str:
        item = clean(self.previous.get(one.item, "")) or clean(one.item)
        return self.say(f"status_{one.status}", item=item, due=one.due)

    def _skill_gaps(self) -> list[Point]:
        found = []
        for gap in self.draft.skill_gaps:
            who = self.say("person", name=clean(gap.skill), role=self.name(gap.person))
            point = self._point(who, gap.evidence)
            resources = [
                f"→ {clean(r.title)} — {clean(r.why)}" for r in self.draft.recommendations if r.gap == gap.id
            ]
            found.append(Point(point.text, (*point.quotes, *resources)))
        return found

    def _limits(self) -> list[str]:
        """What the reader must know is missing."""
        checks, lines = self.draft.checks, self._language_model()
        if checks.uncovered_speech_s >= 1:
            lines.append(self.say("uncovered", seconds=round(checks.uncovered_speech_s)))
        if dropped := sum(checks.dropped.values()):
            lines.append(self.say("dropped", count=dropped, reasons=self._reasons()))
        return lines

    def _language_model(self) -> list[str]:
        """Which language model suggested the items; where it is, when that is not this machine."""
        step = self.draft.provenance.get("draft")
        if step is None or step.model is None:
            return []
        if step.host is None:
            return [self.say("language_model", model=clean(step.model))]
        return [self.say("language_model_remote", model=clean(step.model), host=clean(step.host))]

    def _reasons(self) -> str:
        """Why suggestions were left out, the most frequent reason first."""
        counted = sorted(self.draft.checks.dropped.items(), key=lambda one: (-one[1], one[0]))
        return self.say("semicolon").join(
            self.say("dropped_reason", count=count, reason=self._reason(key))
            for key, count in counted
            if count
        )

    def _reason(self, key: str) -> str:
        known = key in DROPPED.table
        return DROPPED.say(key, self.draft.minutes_language) if known else clean(key.replace("_", " "))
