"""Which of the times in an utterance is the deadline: corrections, refusals, tense.

Judged clause by clause with small lists of cues. A time that only tells of the past is no deadline; a time
that is refused ("not Tuesday", "下周三我要出差") does not govern; after a correction ("no wait", "改到")
only what follows does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from models.stages.deadlines.expression import Phrase

_CLAUSE = re.compile(
    r"[,.;:!?—…。]+(?=\s|$|[^\d])|\b(?:but|so|because|and (?:i|we|she|he|they|you|then))\b|"
    r"但是|不过|所以|然后",
    re.IGNORECASE,
)
_PAST_EN = re.compile(
    r"\b(?:was|were|had|did|didn't|went|came|got|made|gave|took|saw|sold|sent|lost|left|missed|told|ran|kept|"
    r"spent|been|won|wrote|broke|forgot|(?:i|we|you|they|he|she|it)(?:'ve|'s)? \w{2,}ed|"
    r"(?:have|has|'ve) \w+(?:ed|en)|\w{3,}(?<!e)ed)\b",
    re.IGNORECASE,
)
_FUTURE_EN = re.compile(
    r"\b(?:will|won't|going to|gonna|can|could|should|would|let's|let us|shall|must|need|needs|have to|"
    r"has to|want|please|do|is|are|am|may|might|happy|works|make|how about|what about|say|then|if|"
    r"due|to be|i'm|we're|plan|try|aim|expect|planned|supposed|scheduled)\b|'ll\b|'d\b",
    re.IGNORECASE,
)
_SETTLED_EN = re.compile(r"\b(?:agreed|decided|promised|said|settled|fixed)\b", re.IGNORECASE)
_PAST_ZH = re.compile(
    r"已经|刚才|当时|那时|那次|那会|的时候|以来|原来|本来|只有|一共|[\u4e00-\u9fff]过(?![来去程关期目滤敏后完一])|"
    r"[\u4e00-\u9fff]了(?![,。!?]|$|吧|再|就|之|以|没)"
)
_FUTURE_ZH = re.compile(
    r"要(?!求)|会(?![议上了开员])|(?<![觉记获取值])得|将|再|吧|可以|争取|打算|准备|能|想|必须|记得|请|别|"
    r"最迟|最晚|之前|以前|底前|内|行不|好不|给[你您我]|帮[你您我]"
)
_NEVER_PAST = re.compile(
    r"^(?:这个|本)?月底|next|coming|tomorrow|upcoming|明|下|后天|later|tonight", re.IGNORECASE
)

_CORRECTION = re.compile(
    r"\bno,? (?:wait|sorry|hang on|hold on)\b|\bscratch that\b|\bi mean\b|\bor rather\b|\bmake (?:it|that)\b|"
    r"\blet's (?:say|make it)\b|\b(?:push|move|shift|bump|change) (?:it|that|this)?\s*(?:back |out )?to\b|"
    r"\bsorry,|\bwait,|\bactually,? (?:make|let's|no)\b|\bbetter\b|"
    r"\bbut (?=(?:on |by )?(?:mon|tue|wed|thu|fri|sat|sun))|"
    r"不对|说错了|改到|改成|改为|改在|推迟到|推到|延到|延期到|挪到|提前到|换到|换成|而是|还是",
    re.IGNORECASE,
)
_NEGATED_BEFORE = re.compile(
    r"(?:\bnot(?: on| by| until| till)?|\brather than(?: on| by)?|\binstead of(?: on| by)?|\bisn't|\bnot the|"
    r"\bno longer(?: on| by)?|不是|不在|而不是|不用等到?|别等到?|不要(?:等到?)?|别|不能等到)\s*$",
    re.IGNORECASE,
)
_NOT_UNTIL = re.compile(r"\b(?:won't|not|can't|cannot|isn't|don't|doesn't)\b|不|没", re.IGNORECASE)
_AWAY = (
    r"in meetings|away|off|out|busy|booked|packed|full|blocked|travelling|traveling|gone|on leave|on holiday|"
    r"on vacation|at the dentist|not in|sick"
)
_REFUSED = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't work|doesn't work|won't make|not possible|impossible|"
    r"too (?:tight|early|soon)|no good|not realistic|"
    rf"(?:i'm|i am|we're|we are|she's|he's|is|are|i'll be) (?:\w+ ){{0,3}}?(?:{_AWAY}))\b|is (?:the|my|our) |"
    r"来不及|(?<!行)不行|不可能|不在|请假|出差|没空|有会|赶不|太紧|太赶|不方便|休假|太急|够呛|悬",
    re.IGNORECASE,
)
_RELATIVE_RULE = re.compile("in_|working_days|before_leaving|relative_to|end_of_day|half_unit")
"""Beside a recurrence these are reckoned from its occasion: "every request within one working day"."""


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the clause that holds text[start:end]; looks at most 160 characters each way."""
    low, high = max(0, start - 160), min(len(text), end + 160)
    left = [m.end() for m in _CLAUSE.finditer(text, low, start)]
    right = _CLAUSE.search(text, end, high)
    return (left[-1] if left else low), (right.start() if right else high)


def without_past(phrases: Iterable[Phrase], text: str) -> list[Phrase]:
    """Mark as past what a clause of the past names plainly ("in April you promised")."""
    return [_in_its_tense(phrase, text) for phrase in phrases]


def _in_its_tense(phrase: Phrase, text: str) -> Phrase:
    if phrase.kind == "from" and phrase.due and _tells_of_past(replace(phrase, kind="due", plain=True), text):
        return replace(phrase, due=None, names=None)
    past = _tells_of_past(phrase, text)
    return replace(phrase, kind="past", rule="past", due=None, names=None, seek=None) if past else phrase


def _tells_of_past(phrase: Phrase, text: str) -> bool:
    said = text[phrase.start : phrase.end]
    if phrase.kind != "due" or not phrase.plain or phrase.marked or _NEVER_PAST.search(said):
        return False
    low, high = clause_around(text, phrase.start, phrase.end)
    rest = text[low : phrase.start] + "|" + text[phrase.end : high]
    if re.search("[\u4e00-\u9fff]", said):
        return bool(_PAST_ZH.search(rest)) and not _FUTURE_ZH.search(rest)
    if not phrase.coarse and _SETTLED_EN.search(rest):
        return False
    return bool(_PAST_EN.search(rest)) and not _FUTURE_EN.search(rest)


def _refused(phrase: Phrase, phrases: list[Phrase], text: str) -> bool:
    """Whether its clause, up to the next time that is named, says that it does not suit."""
    low, high = clause_around(text, phrase.start, phrase.end)
    high = min([high, *(p.start for p in phrases if p.start >= phrase.end)])
    if _NEGATED_BEFORE.search(text[max(0, phrase.start - 24) : phrase.start]):
        return True
    if phrase.kind == "until" and _NOT_UNTIL.search(text[low : phrase.start]):
        return True
    return bool(_REFUSED.search(text[low : phrase.start] + "|" + text[phrase.end : high]))


def _weight(phrase: Phrase) -> float:
    """How strongly a phrase claims to be the deadline."""
    if phrase.kind == "every":
        return 1.6 if phrase.rule == "from_now_on" else 2.5
    if phrase.kind == "until":
        return 1.5 if phrase.due else 0.8
    if phrase.kind == "from":
        return 1.4
    if phrase.due is None:
        return 1.2 if phrase.marked else 1.0
    if phrase.marked:
        return 3.0
    return 1.8 if phrase.coarse else 2.4 if phrase.rule.startswith("end_of") else 2.6


def governing(phrases: list[Phrase], text: str) -> Phrase | None:
    """Choose the phrase that says when: not refused, after a correction, the strongest, the last."""
    claims = [
        p for p in phrases if p.kind in {"due", "every", "until", "from"} and not _refused(p, phrases, text)
    ]
    for cue in reversed([m.end() for m in _CORRECTION.finditer(text)]):
        later = [p for p in claims if p.end > cue]
        if later:
            claims = later
            break
    series = next((p.start for p in claims if p.every), len(text))
    claims = [p for p in claims if p.start <= series or not _RELATIVE_RULE.match(p.rule)]
    if not claims:
        return None
    top = max(_weight(p) for p in claims)
    return [p for p in claims if _weight(p) == top][-1]
