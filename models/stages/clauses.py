"""Turns cut into clauses, and the force of each clause: who asks, offers, accepts, refuses, dates.

A clause is the smallest piece with a predicate of its own: sentences end at . ? ! (or their full-width forms), and inside a
sentence a comma or a conjunction that opens a new subject begins another clause. Recognised speech drops
commas, so a first-person future ("I'll", 我来) also opens one. Forces come from the table cues.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from models.schema import Turn
from models.stages.deadlines import Calendar, Deadline, find_deadlines

TalkLanguage = Literal["en", "zh", "mixed"]

_CJK = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.?!]+(?=\s|$|[\u3400-\u9fff])|[。;…]+|—+|--+")
_SUBJECT = r"(?:i|you|we|he|she|they|it|let's|could|can|would|will|shall|please|what|that's|then|there|everyone|nobody)"
_CLAUSE_EN = re.compile(
    rf"[,;:]\s+(?=(?:(?:and|but|so|then|because|or|though|okay|ok|well|yes|no)\b,? )*{_SUBJECT}\b)"
    r"|[,;:]\s+(?=(?:and|but|so|because)\b)"
    r"|\s+(?=(?:and|but|so|because|then) (?:i|we|you|could|can|would)(?:'ll|'d|'m)?\b)"
    r"|(?<=[a-z])\s+(?=i'll )",
    re.IGNORECASE,
)
_CLAUSE_ZH = re.compile(r"[,;:、]\s*(?![\da-zA-Z]{0,3}[,、])")
_UNPUNCTUATED_ZH = re.compile(r"(?<=[\u3400-\u9fff]{6})(?=(?:那我|我来|我去|我会|那你|你把|麻烦你))")
_FILLERS = re.compile(
    r"^(?:(?:well|so|um+|uh+|eh|er|erm|mm+|hmm+|oh|ah|och|look|listen|see|like|you know|and|but|then|right|now|okay|ok|yeah|yes|"
    r"actually|honestly|anyway|also|because|though|please|sorry|i mean|i think|i guess)\b[\s,.]*|"
    r"[嗯呃啊哦噢唉诶哎欸喔那么]+[,、\s]*|(?:那个|这个|就是|就是说|然后|另外|还有|所以|不过|但是|可是|而且|其实|反正|对了|行|好的?|可以|对)[,、\s]*)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-zÀ-ÿ][a-zÀ-ÿ'-]*|\d+(?:[.:]\d+)?|[\u3400-\u9fff]+")
_STOP = frozenset(
    """a an and are as at be been but by can could did do does doing done for from get give go going gonna got had has have he
    her him his how i if i'd i'll i'm i've in into is it it's its just let let's like make me mine my no not of off okay on one or
    our out over please put say see shall she should so some such sure take tell than that that's the their them then there these
    they thing things this those to too up us very want was we we'll we're well were what when where which while who will with would
    yeah yes you you'll you're your need also back about all any because bit day week month today tomorrow tonight monday tuesday
    wednesday thursday friday saturday sunday end by before until next first last time now here only really right still again more
    new look good great fine okay know think mean actually anyway don't can't i'd that'll it'll done maybe even way lot kind sort""".split()
)
_STOP_ZH = re.compile(
    r"什么|怎么|这个|那个|一个|我们|你们|他们|咱们|大家|自己|就是|还是|可以|没有|不是|但是|因为|所以|然后|现在|今天|明天|后天|昨天|时候|"
    r"下周|这周|本周|上周|星期|礼拜|月底|之前|以前|以后|一下|觉得|知道|问题|事情|这样|那样|已经|应该|可能|需要|比较|特别|非常|"
    r"[的了吗呢吧啊呀嘛哦嗯我你您他她它们是在有和跟把给就都也还又再要会能不很这那哪几个一二三四五六七八九十号日月周点上下来去到说做好行对先后从被让请得着过么呗啦诶哎喔]"
)


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
    def due(self) -> Deadline | None:
        """The last date of the clause that can govern a task."""
        return next((date for date in reversed(self.dates) if date.is_deadline), None)


_FOLD = str.maketrans({"\uff0c": ",", "\uff1b": ";", "\uff1a": ":", "\uff1f": "?", "\uff01": "!", "\u2019": "'", "\u3000": " "})


def fold(text: str) -> str:
    """Full-width punctuation as ASCII and lower case, character for character, so that offsets stay."""
    folded = text.translate(_FOLD)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded


def language_of(text: str) -> Literal["en", "zh"]:
    """"zh" when the text holds more Chinese characters than a third of its words."""
    cjk = len(_CJK.findall(text))
    return "zh" if cjk * 3 > len(re.findall(r"[A-Za-z]+", text)) else "en"


def strip_fillers(text: str) -> str:
    """The text without the fillers and connectives it begins with, lower case not applied."""
    return text[_FILLERS.match(text).end() :] if _FILLERS.match(text) else text  # type: ignore[union-attr]


@cache
def cues() -> Mapping[str, Mapping[str, tuple[re.Pattern[str], ...]]]:
    """force -> language -> compiled expressions of cues.toml."""
    table = tomllib.loads((Path(__file__).parent / "cues.toml").read_text("utf-8"))
    return {
        force: {lang: tuple(re.compile(p) for p in patterns) for lang, patterns in by_language.items()}
        for force, by_language in table.items()
    }


def content_words(text: str) -> frozenset[str]:
    """What a clause is about: English words without function words and endings, Chinese character pairs."""
    found: set[str] = set()
    for run in _WORD.findall(fold(text)):
        if _CJK.match(run):
            for piece in _STOP_ZH.split(run):
                found.update(piece[k : k + 2] for k in range(len(piece) - 1))
        elif run not in _STOP and len(run) > 2:
            found.add(_stem(run))
    return frozenset(found)


def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("-", "")
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def forces_of(text: str, language: Literal["en", "zh"]) -> frozenset[str]:
    """The forces whose cues match; expressions that begin with ^ are tried at the start and behind fillers."""
    plain = fold(text).strip(" ,.;:?!。…、")
    bare = strip_fillers(plain)
    found = set()
    for force, by_language in cues().items():
        if any(pattern.search(plain) or pattern.search(bare) for pattern in by_language[language]):
            found.add(force)
    return frozenset(found)


def split_clauses(turns: Sequence[Turn], calendar: Calendar) -> list[list[Clause]]:
    """The clauses of each turn, in order."""
    return [_clauses_of(position, turn, calendar) for position, turn in enumerate(turns)]


def _clauses_of(position: int, turn: Turn, calendar: Calendar) -> list[Clause]:
    language = language_of(turn.text)
    mixed: TalkLanguage = "mixed" if language == "zh" and re.search(r"[A-Za-z]{3}", turn.text) else language
    dates = find_deadlines(turn.text, calendar, mixed)
    clauses = []
    folded = fold(turn.text)
    for first, last, mark in _sentences(folded):
        spans = _split(folded, first, last, _CLAUSE_ZH if language == "zh" else _CLAUSE_EN)
        for start, end in spans:
            text = turn.text[start:end]
            own = tuple(d for d in dates if start <= d.start < end)
            question = end == spans[-1][1] and "?" in mark
            clauses.append(
                Clause(position, turn.i, turn.speaker, text, start, end, (first, last), language,
                       forces_of(text, language), question or bool(re.search(r"[吗么呢]$", text)), own,
                       content_words(_without(text, own, start)))
            )  # fmt: skip
    return clauses


def _without(text: str, dates: Sequence[Deadline], offset: int) -> str:
    for date in dates:
        text = text[: date.start - offset] + " " * (date.end - date.start) + text[date.end - offset :]
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
    cuts = [first]
    for cut in at.finditer(text, first, last):
        cuts.append(cut.end())
    if at is _CLAUSE_ZH:
        cuts += [m.start() for m in _UNPUNCTUATED_ZH.finditer(text, first, last)]
    cuts = sorted({*cuts, last})
    spans = [_trim(text, a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
    return [(a, b) for a, b in spans if b > a]
