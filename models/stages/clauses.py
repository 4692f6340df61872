"""Turns cut into clauses, and the force of each clause: who asks, offers, accepts, refuses, dates.

A clause is the smallest piece with a predicate of its own: sentences end at . ? ! (or their full-width
forms), and inside a sentence a comma or a conjunction that opens a new subject begins another clause.
Recognised speech drops commas, so a first-person future ("I'll", 我来) also opens one. Forces come from
cues.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from models.schema import Transcript, Turn
from models.stages.deadlines import Calendar, Deadline, Focus, find_deadlines
from models.stages.words import CJK, content_words, fold, language_of, strip_fillers

TalkLanguage = Literal["en", "zh", "mixed"]

PERIODS = frozenset({"year", "quarter", "named_month", "half_year", "weekend", "middle_of_year"})
"""Rules of periods that date a task only when nothing more exact is said."""

_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.?!]+(?=\s|$|[\u3400-\u9fff])|[。;…]+|—+|--+"
)
_SUBJECT = (
    r"(?:i|you|we|he|she|they|it|let's|could|can|would|will|shall|please|what|that's|then|there|"
    r"everyone|nobody)"
)
_CLAUSE_EN = re.compile(
    rf"[,;:]\s+(?=(?:(?:and|but|so|then|because|or|though|okay|ok|well|yes|no)\b,? )*{_SUBJECT}\b)"
    r"|[,;:]\s+(?=(?:and|but|so|because)\b)"
    r"|\s+(?=(?:and|but|so|because|then) (?:i|we|you|could|can|would)(?:'ll|'d|'m)?\b)"
    r"|(?<=[a-z])\s+(?=i'll )",
    re.IGNORECASE,
)
_CLAUSE_ZH = re.compile(r"[,;:、]\s*(?![\da-zA-Z]{0,3}[,、])")
_UNPUNCTUATED_ZH = re.compile(r"(?<=[\u3400-\u9fff]{6})(?=(?:那我|我来|我去|我会|那你|你把|麻烦你))")
_SHIFTING = ("挪", "推", "延", "移", "拖")
"""After 往后 these verbs make it "later", not "from now on"."""
_TO_YOU = re.compile(r"(?:给|发|传|跟|找)[你您](?:看|说|过目|汇报|反馈)?(?:一下|一眼)?[吧嘛啊哦]?$")
_PARTICLES = re.compile(r"[吧啊呀嘛呢了的那就嗯好行哦呗哈么吗哎诶]|可以|没问题")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a turn: character offsets in the turn's text, forces, and the dates said in it."""

    position: int
    turn: int
    speaker: str
    text: str
    start: int
    end: int
    sentence: tuple[int, int]
    language: Literal["en", "zh"]
    forces: frozenset[str]
    question: bool
    dates: tuple[Deadline, ...] = ()
    words: frozenset[str] = field(default_factory=frozenset)

    def has(self, *forces: str) -> bool:
        """Whether the clause has any of these forces."""
        return any(force in self.forces for force in forces)

    @property
    def bare(self) -> bool:
        """Whether hardly anything but a date is said: "Friday, then", 改到下周二吧."""
        rest = _PARTICLES.sub("", fold(_without(self.text, self.dates, self.start)))
        if self.language == "en" or not self.dates:
            return bool(self.dates) and not self.words
        return len(CJK.findall(rest)) <= 3 and not re.search(r"[我是有]|还要|排", rest)

    @property
    def due(self) -> Deadline | None:
        """The last date of the clause that can govern a task; a bare period (Q3, 今年) if need be."""
        dates = [d for d in self.dates if d.is_deadline and not d.due_text.endswith("的")]
        exact = [d for d in dates if d.rule not in PERIODS]
        return next(reversed(exact or dates), None)

    @property
    def recurs(self) -> bool:
        """Whether the date of the clause comes again and again."""
        return self.due is not None and self.due.recurrence is not None


@cache
def cues() -> Mapping[str, Mapping[str, tuple[re.Pattern[str], ...]]]:
    """Load force -> language -> compiled expressions of cues.toml."""
    table = tomllib.loads((Path(__file__).parent / "cues.toml").read_text("utf-8"))
    return {
        force: {lang: tuple(re.compile(p) for p in patterns) for lang, patterns in by_language.items()}
        for force, by_language in table.items()
    }


def forces_of(text: str, language: Literal["en", "zh"]) -> frozenset[str]:
    """Find the forces whose cues match; an expression with ^ is tried at the start and behind fillers."""
    plain = fold(text).strip(" ,.;:?!。…、")
    bare = strip_fillers(plain)
    found = set()
    for force, by_language in cues().items():
        if any(pattern.search(plain) or pattern.search(bare) for pattern in by_language[language]):
            found.add(force)
    return frozenset(found)


def of(transcript: Transcript) -> list[Clause]:
    """All clauses of a transcript, in order."""
    turns = split_clauses(transcript.turns, calendar_of(transcript))
    return [clause for turn in turns for clause in turn]


def calendar_of(transcript: Transcript) -> Calendar:
    """What the dates of a talk are reckoned from."""
    return Calendar(date.fromisoformat(transcript.date), None, None)


def split_clauses(turns: Sequence[Turn], calendar: Calendar) -> list[list[Clause]]:
    """Split each turn into its clauses, in order."""
    focus = Focus()
    return [_clauses_of(position, turn, calendar, focus) for position, turn in enumerate(turns)]


def _clauses_of(position: int, turn: Turn, calendar: Calendar, focus: Focus) -> list[Clause]:
    language = language_of(turn.text)
    mixed: TalkLanguage = "mixed" if language == "zh" and re.search(r"[A-Za-z]{3}", turn.text) else language
    dates = find_deadlines(turn.text, calendar, mixed, focus)
    clauses = []
    folded = fold(turn.text)
    for first, last, mark in _sentences(folded):
        spans = _split(folded, first, last, _CLAUSE_ZH if language == "zh" else _CLAUSE_EN)
        for start, end in spans:
            text = turn.text[start:end]
            own = tuple(
                d for d in dates if start <= d.start < end and not turn.text.startswith(_SHIFTING, d.end)
            )
            asked = (end == spans[-1][1] and "?" in mark) or bool(
                re.search(r"[吗么呢]$|(?:对吧|对伐|是吧)$", text)
            )
            forces = forces_of(text, language)
            if not asked:
                forces = _with_dates(text, forces, own, language)
            words = content_words(_without(text, own, start))
            sentence = (first, last)
            clauses.append(
                Clause(
                    position,
                    turn.i,
                    turn.speaker,
                    text,
                    start,
                    end,
                    sentence,
                    language,
                    forces,
                    asked,
                    own,
                    words,
                )
            )
    return _recurring(clauses)


def _recurring(clauses: list[Clause]) -> list[Clause]:
    """Take a first-person clause after "from today, every contract" in its sentence as a commitment."""
    found: list[Clause] = []
    for clause in clauses:
        before = [c for c in found if c.sentence == clause.sentence and c.has("norm") and c.recurs]
        promises = clause.has("first") and not clause.question and not clause.has("past", "third", "wh")
        if before and promises and clause.language == "zh":
            found.append(replace(clause, forces=clause.forces | {"commit"}))
        else:
            found.append(clause)
    return found


def sentences_of(text: str) -> list[tuple[str, bool]]:
    """Each sentence as said, and whether it ends in a question mark."""
    return [(text[start:end], "?" in mark) for start, end, mark in _sentences(fold(text))]


def _with_dates(
    text: str, forces: frozenset[str], dates: Sequence[Deadline], language: str
) -> frozenset[str]:
    """First person and a date to come, with nothing against it, is a commitment (in English a weak one)."""
    named = any(d.is_deadline and d.due for d in dates)
    if language == "zh" and named and _TO_YOU.search(text) and not forces & {"third", "past", "wh"}:
        return forces | {"commit"}
    against = {"obstacle", "past", "third", "wh", "vague", "condition", "refuse"}
    if (
        "first" in forces
        and any(d.is_deadline and (d.due or d.series_start) for d in dates)
        and not forces & against
    ):
        return forces | {"commit" if language == "zh" else "weak_commit"}
    return forces


def _without(text: str, dates: Sequence[Deadline], offset: int) -> str:
    for said in dates:
        text = text[: said.start - offset] + " " * (said.end - said.start) + text[said.end - offset :]
    return text


def _sentences(text: str) -> list[tuple[int, int, str]]:
    """(start, end, closing mark) of each sentence; the mark is outside."""
    found, start = [], 0
    for mark in _SENTENCE.finditer(text):
        if text[start : mark.start()].strip(" ,"):
            found.append((*_trim(text, start, mark.start()), mark.group()))
        start = mark.end()
    if text[start:].strip(" ,"):
        found.append((*_trim(text, start, len(text)), ""))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ,;:、\t":
        start += 1
    while end > start and text[end - 1] in " ,;:、\t":
        end -= 1
    return start, end


def _split(text: str, first: int, last: int, at: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = [first, *(cut.end() for cut in at.finditer(text, first, last))]
    if at is _CLAUSE_ZH:
        cuts += [m.start() for m in _UNPUNCTUATED_ZH.finditer(text, first, last)]
    cuts = sorted({*cuts, last})
    spans = [_trim(text, a, b) for a, b in pairwise(cuts)]
    return [(a, b) for a, b in spans if b > a]
