"""Where somebody says that a skill is missing in oneself, or accepts it when another says so.

Cues come from skill_cues.toml and are weighed: a plain statement of lack counts by itself, a hint needs a
second sign. A wrong gap is worse than a missed one, so circumstances, politeness and other people's lacks
take a cue away again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

from models.schema import Transcript, Turn, TurnLabels
from models.stages.words import fold, language_of

PLAIN, HINT, FURTHER_CUE, AFTER_QUESTION, BEFORE_TEACHING = 0.6, 0.3, 0.15, 0.2, 0.15
ENOUGH = 0.55
"""A plain cue, or a hint with two more signs or a question before it and one more."""

MOST_MATCHES = 8
"""Places of one expression that are looked at in a sentence: hostile text may hold thousands."""

CLAUSE_REACH = 80
"""Characters around a cue in which its clause is looked for."""

READ, DENIED = 0.5, 0.08
"""From the first probability on the reader's word is enough; below the second it speaks against a cue."""
UNREAD = 0.15

SAME_TALK = 4
"""Turns of one person at most this far apart about one skill are one gap."""

_SENTENCE = re.compile(r"(?<!\bMr)(?<!\bMs)(?<!\bDr)[.!?;]+(?=[\s\"'”’」)]|$|[㐀-鿿])|[。…]+")
_ELLIPSIS = re.compile(r"^\W*(?:(?:well|honestly|no|yeah|yes|oh|um+|uh+|but|and|just)\W+)*", re.IGNORECASE)
_NO_SUBJECT = {
    "i have ": re.compile(r"(?:no|zero|not a) (?:idea|clue|real experience|experience)\b"),
    "i'm ": re.compile(r"not (?:very |really |so |that )?(?:confident|comfortable|good|great|strong)\b"),
    "i ": re.compile(r"(?:never|don't|can't|cannot|struggle)\b"),
}
_OTHERS_ZH = re.compile(
    r"(?:他|她|它|你|您|别人|人家|大家|客户|研发|新人|孩子|家长|对方|老板|同事|他们|她们|病人|师傅|领导|用户|谁|有人|同学|学生|组员|团队)"
    r"(?!的(?:时候|话))[^我]{0,6}$"
)

_CLAUSE = re.compile(r"[,;:]|—+|--+|\bbut\b")
_CAN = re.compile(
    r"\bi can (?!not)|\bi(?:'m| am) (?:fine|okay|good|great)\b"
    r"|(?<!不)(?<!不太)(?<!不大)会(?:写|做|用|算|说|讲|画|看|带|弄|顶|的)|没问题|可以$|还行|还可以"
)
"""What the speaker can do is no part of what is missing."""

Side = Literal["after", "before"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A matched expression: offsets within its sentence, and on which side of it the skill is named
    (or `skill`, when the expression holds it).
    """

    start: int
    end: int
    side: Side
    plain: bool
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a turn with the cues in it; `folded` may start with a supplied subject."""

    text: str
    folded: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """The clause of a turn that most likely says that a skill is missing, and how likely, 0..1."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody lacks something. `topic`: the words about it, nearest first; `sources`: (turn, quote)."""

    person: str
    topic: tuple[str, ...]
    sources: tuple[tuple[int, str], ...]
    language: Literal["en", "zh"]
    score: float


Patterns = Mapping[str, Mapping[str, tuple[re.Pattern[str], ...]]]


@cache
def _table() -> Patterns:
    """Family and side ("plain.after") -> language -> expressions."""
    raw = tomllib.loads((Path(__file__).parent / "skill_cues.toml").read_text("utf-8"))
    table: dict[str, dict[str, tuple[re.Pattern[str], ...]]] = {}
    for family, by_language in raw.items():
        for language, value in by_language.items():
            sides = value if isinstance(value, dict) else {"": value}
            for side, patterns in sides.items():
                key = f"{family}.{side}" if side else family
                table.setdefault(key, {})[language] = tuple(re.compile(p) for p in patterns)
    return table


def _any(family: str, language: str, text: str) -> re.Match[str] | None:
    return next((m for p in _table()[family][language] if (m := p.search(text))), None)


def find_mentions(
    transcript: Transcript, labels: Sequence[TurnLabels], lacking: Mapping[int, Lack] | None = None
) -> Iterator[Mention]:
    """Possible lacks in time order, at most one a turn; those below ENOUGH need a further sign.

    `lacking`: by turn what a reader heard; its word weighs more than a cue's, both ways.
    """
    improvement = {label.turn for label in labels if label.has("improvement_feedback")}
    turns = transcript.turns
    for position, turn in enumerate(turns):
        language = language_of(turn.text)
        before = turns[position - 1] if position and turns[position - 1].speaker != turn.speaker else None
        sentences = _sentences(turn.text, language)
        found = _stated(turn, sentences, before, turns[position + 1 : position + 3], language)
        if before is not None:
            found = _accepted(turn, before, before.i in improvement, found)
        if lacking is not None:
            found = _weighed(turn, sentences, lacking.get(turn.i), found)
        if found is not None:
            yield found


def _weighed(
    turn: Turn, sentences: Sequence[Sentence], lack: Lack | None, found: Mention | None
) -> Mention | None:
    """A mention by cues after the reader's word, or the reader's own."""
    sure = lack.sure if lack is not None else 0.0
    if found is not None:
        score = max(found.score, min(sure, 0.95)) if sure >= READ else found.score - UNREAD * (sure < DENIED)
        return replace(found, score=score)
    if lack is None or sure < READ:
        return None
    said = next((s.text for s in sentences if lack.text in s.text), sentences[0].text)
    return Mention(
        turn.speaker, (lack.text, said), ((turn.i, said),), language_of(turn.text), min(sure, 0.95)
    )


def _stated(
    turn: Turn,
    sentences: list[Sentence],
    before: Turn | None,
    after: Sequence[Turn],
    language: Literal["en", "zh"],
) -> Mention | None:
    """A lack that the speaker states, with its score, also when it is below ENOUGH."""
    telling = [sentence for sentence in sentences if sentence.cues]
    if not telling:
        return None
    cues = [cue for sentence in telling for cue in sentence.cues]
    best = max(telling, key=lambda sentence: (max(cue.plain for cue in sentence.cues), len(sentence.cues)))
    score = PLAIN if any(cue.plain for cue in cues) else HINT
    score += FURTHER_CUE * min(len(cues) - 1, 2)
    asked = before is not None and _any("question", language_of(before.text), fold(before.text))
    score += AFTER_QUESTION if asked else 0.0
    replies = [reply for reply in after if reply.speaker != turn.speaker]
    taught = any(_any("teaching", language_of(reply.text), fold(reply.text)) for reply in replies)
    score += BEFORE_TEACHING if taught else 0.0
    asked_about = _split(before.text)[::-1] if before is not None else []
    at = next(i for i, sentence in enumerate(sentences) if sentence is best)
    earlier = _clauses(sentences[:at][::-1])
    topic = (*_topic(best, earlier), *earlier, *_clauses(sentences[at + 1 :]), *asked_about)
    sources = tuple((turn.i, sentence.text) for sentence in telling[:3])
    return Mention(turn.speaker, topic, sources, language, min(score, 0.95))


def _clauses(sentences: Sequence[Sentence]) -> list[str]:
    """Their clauses, without what the speaker can do."""
    pieces = [part for sentence in sentences for part in _CLAUSE.split(sentence.folded)]
    return [part for part in pieces if part.strip() and not _CAN.search(part)]


def _accepted(turn: Turn, before: Turn, labelled: bool, stated: Mention | None) -> Mention | None:
    """Criticism of a skill in the turn before, accepted in this one; adds to what the turn states."""
    language = language_of(before.text)
    critical = next(
        (s for s in _split(before.text) if "?" not in fold(s)[-1:] and _any("criticism", language, fold(s))),
        None,
    )
    if critical is None or not _any("accepts", language_of(turn.text), fold(turn.text)):
        return stated
    score = HINT + FURTHER_CUE + (FURTHER_CUE if labelled else 0.0) + (stated.score if stated else 0.0)
    match = _any("criticism", language, fold(critical))
    behind = critical[match.end() :] if match else ""
    ahead = critical[: match.start()] if match else ""
    own = stated.sources if stated else ((turn.i, _split(turn.text)[0]),)
    topic = (
        *(part for part in (behind, ahead) if len(part.strip()) > 1),
        critical,
        *(stated.topic if stated else ()),
    )
    return Mention(turn.speaker, topic, ((before.i, critical), *own), language, min(score, 0.95))


def _split(text: str) -> list[str]:
    """The sentences as they stand in the text, closing mark included."""
    pieces, start = [], 0
    for mark in _SENTENCE.finditer(fold(text)):
        pieces.append(text[start : mark.end()].strip())
        start = mark.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece] or [text]


def _sentences(text: str, language: Literal["en", "zh"]) -> list[Sentence]:
    found = []
    for piece in _split(text):
        folded = fold(piece)
        if language == "en":
            folded = _with_subject(folded)
        cues = () if folded.endswith("?") and language == "en" else tuple(_cues(folded, language))
        found.append(Sentence(piece, folded, cues))
    return found


def _with_subject(folded: str) -> str:
    """The sentence with the subject that short answers leave out: "Never learned it"."""
    bare = folded[_ELLIPSIS.match(folded).end() :]  # type: ignore[union-attr]
    return next((subject + bare for subject, cue in _NO_SUBJECT.items() if cue.match(bare)), folded)


def _cues(folded: str, language: Literal["en", "zh"]) -> Iterator[Cue]:
    """Matches of the speaker's own lack, overlapping ones once, plain ones preferred."""
    taken: list[tuple[int, int]] = []
    for family in ("plain", "hint"):
        for side in ("after", "before"):
            for pattern in _table()[f"{family}.{side}"][language]:
                for match in islice(pattern.finditer(folded), MOST_MATCHES):
                    start, end = match.span()
                    if any(start < e and s < end for s, e in taken) or _is_elsewhere(folded, match, language):
                        continue
                    taken.append((start, end))
                    skill = next((part for part in match.groupdict().values() if part), "").strip()
                    yield Cue(start, end, "after" if side == "after" else "before", family == "plain", skill)


def _is_elsewhere(folded: str, match: re.Match[str], language: Literal["en", "zh"]) -> bool:
    """Whether the lack is of circumstances or of somebody else, or over, or only supposed."""
    if language == "en":
        return _any("elsewhere", "en", folded) is not None
    first, last = max(0, match.start() - CLAUSE_REACH), match.end() + CLAUSE_REACH
    clause_start = max(first, folded.rfind(",", first, match.start()) + 1)
    clause_end = folded.find(",", match.end(), last)
    clause = folded[clause_start : clause_end if clause_end >= 0 else last]
    if _any("elsewhere", "zh", clause):
        return True
    return _OTHERS_ZH.search(folded[clause_start : match.start()]) is not None


def _topic(sentence: Sentence, earlier: Sequence[str]) -> Iterator[str]:
    """The words about the lack, nearest first: on the named side of the cue, the other, other clauses.

    `earlier`: clauses of the sentences before, nearest first; where the cue only says "it", they come sooner.
    """
    for cue in sorted(sentence.cues, key=lambda cue: (not cue.plain, cue.start)):
        if cue.skill:
            yield cue.skill
        ahead = _CLAUSE.split(sentence.folded[: cue.start])[::-1]
        behind = _CLAUSE.split(sentence.folded[cue.end :])
        near = [behind[0], ahead[0]] if cue.side == "after" else [ahead[0], behind[0]]
        if _PRONOUN.match(near[0]) and cue.side == "after":
            near += earlier
        for part in (*near, *ahead[1:], *behind[1:]):
            if len(part.strip()) > 1 and not _CAN.search(part):
                yield part.strip()


_PRONOUN = re.compile(r"\W*(?:of |with |on |at |in |to )?(?:it|that|this|them|those|these)?\W*$")
