"""Answers of a language model: hostile text to bounded values, whatever it is.

Pure. What is broken is left out and counted by reason, never repaired by guessing: a model that answers
nonsense yields nothing. Nothing here is checked against the talk; models/stages/llm_checks does that.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_ANSWER = 200_000
MAX_STARTS = 200
"""Places of an answer at which a JSON object is looked for."""
MAX_ITEMS = 30
MAX_EVIDENCE = 6
MAX_TEXT = 300
MAX_QUOTE = 600
MAX_SUMMARY = 1500
MAX_TURN = 10**9
NOTHING = frozenset(
    {"", "null", "none", "nil", "n/a", "na", "unknown", "undefined", "无", "未知", "没有", "空"}
)
_PLACEHOLDER = re.compile(
    r"[.\u2026\s]*|<[^<>]*>|string|字符串|(?:the )?(?:task|text|quote|exact quote)|任务|引文"
)
_FENCED = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
_THOUGHT = "</think>"
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_READER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that a model says it found in a turn."""

    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """An action item as a model words it; `owner` is whatever it named, `due` where a date was said."""

    task: str
    owner: str | None
    due: Quoted | None
    evidence: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class SuggestedAgreement:
    """An agreement as a model words it."""

    text: str
    evidence: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class MinutesAnswer:
    """What could be read; `dropped` counts what could not, by a key of service/export/dropped.toml."""

    action_items: tuple[SuggestedItem, ...] = ()
    agreements: tuple[SuggestedAgreement, ...] = ()
    dropped: dict[str, int] = field(default_factory=dict)


def parse_minutes(text: str) -> MinutesAnswer | None:
    """Items and agreements of an answer; None when it holds no such list at all.

    Fences, thoughts and talk around the JSON are passed over; of an answer that breaks off, whole entries
    count.
    """
    text = text[:MAX_ANSWER]
    found = _last_object(text, ("action_items", "agreements"))
    if found is None:
        found = {key: whole for key in ("action_items", "agreements") if (whole := _whole_entries(text, key))}
    if not found:
        return None
    dropped: Counter[str] = Counter()
    items = [item for raw in _entries(found.get("action_items"), dropped) if (item := _item(raw, dropped))]
    agreed = [one for raw in _entries(found.get("agreements"), dropped) if (one := _agreement(raw, dropped))]
    return MinutesAnswer(tuple(items), tuple(agreed), dict(dropped))


def parse_summary(text: str) -> str:
    """The summary of an answer in one line, "" when there is none."""
    found = _last_object(text[:MAX_ANSWER], ("summary",))
    summary = plain_text((found or {}).get("summary"), MAX_SUMMARY)
    return "" if summary is None or _PLACEHOLDER.fullmatch(summary.lower()) else summary


def plain_text(value: object, longest: int) -> str | None:
    """A string in one line without control characters; None for any other value, "null" or one too long."""
    if not isinstance(value, str) or len(value) > 4 * longest:
        return None
    text = one_line(value)
    return None if text.lower() in NOTHING or len(text) > longest else text


def one_line(text: str) -> str:
    """The text with single spaces and without control, invisible or half characters."""
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cc":
        return " " if character in "\t\n\r\v\f\x85" else ""
    return "" if kind in ("Cf", "Cs", "Co", "Cn") else character


def _last_object(text: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """The last JSON object with one of the keys: before its answer, a model may repeat what it was told."""
    spoken = text.rpartition(_THOUGHT)[2]
    places = [*_FENCED.findall(spoken), spoken]
    for place in places:
        found = None
        for value in _objects(place):
            if any(isinstance(value.get(key), list | str) for key in keys):
                found = value
        if found is not None:
            return found
    return None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every outermost JSON object of a text, then those with commas before closing brackets forgiven."""
    for candidate in dict.fromkeys((text, _TRAILING_COMMA.sub("", text))):
        yield from _decoded(candidate)


def _decoded(text: str) -> Iterator[dict[str, Any]]:
    at = text.find("{")
    for _ in range(MAX_STARTS):
        if at < 0:
            return
        value, end = _read_at(text, at)
        if isinstance(value, dict):
            yield value
        at = text.find("{", end)


def _read_at(text: str, at: int) -> tuple[object, int]:
    """(value, end) of the JSON that begins there, (None, the next character) where there is none."""
    try:
        value, end = _READER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at + 1
    return value, end


def _whole_entries(text: str, key: str) -> list[object]:
    """The complete objects of a list that breaks off."""
    opened = re.search(rf'"{key}"\s*:\s*\[', text)
    found: list[object] = []
    at = opened.end() if opened else -1
    while at >= 0 and len(found) <= MAX_ITEMS:
        start = re.compile(r"[\s,]*(?=\{)").match(text, at)
        value, at = _read_at(text, start.end()) if start else (None, -1)
        if not isinstance(value, dict):
            break
        found.append(value)
    return found


def _entries(raw: object, dropped: Counter[str]) -> list[dict[str, Any]]:
    if not isinstance(raw, list):
        return []
    dropped.update({"too_many": len(raw) - MAX_ITEMS} if len(raw) > MAX_ITEMS else {})
    entries = [entry for entry in raw[:MAX_ITEMS] if isinstance(entry, dict)]
    broken = len(raw[:MAX_ITEMS]) - len(entries)
    dropped.update({"malformed": broken} if broken else {})
    return entries


def _item(raw: dict[str, Any], dropped: Counter[str]) -> SuggestedItem | None:
    task = _worded(raw.get("task"), dropped)
    if task is None:
        return None
    owner = plain_text(raw.get("owner"), MAX_TEXT)
    return SuggestedItem(task, owner, _quoted(raw.get("due")), _evidence(raw.get("evidence")))


def _agreement(raw: dict[str, Any], dropped: Counter[str]) -> SuggestedAgreement | None:
    text = _worded(raw.get("text"), dropped)
    return None if text is None else SuggestedAgreement(text, _evidence(raw.get("evidence")))


def _worded(value: object, dropped: Counter[str]) -> str | None:
    """The words of an entry; counted as malformed when they are missing, endless or an example's."""
    text = plain_text(value, MAX_TEXT)
    if text is None or _PLACEHOLDER.fullmatch(text.lower()):
        dropped["malformed"] += 1
        return None
    return text


def _evidence(raw: object) -> tuple[Quoted, ...]:
    listed = raw if isinstance(raw, list) else [raw]
    quotes = (_quoted(entry) for entry in listed[: 4 * MAX_EVIDENCE])
    return tuple(dict.fromkeys(quote for quote in quotes if quote))[:MAX_EVIDENCE]


def _quoted(raw: object) -> Quoted | None:
    if not isinstance(raw, dict):
        return None
    turn, quote = _turn(raw.get("turn")), plain_text(raw.get("quote"), MAX_QUOTE)
    return None if turn is None or quote is None else Quoted(turn, quote)


def _turn(value: object) -> int | None:
    """A turn's number, also as 3.0, "3" or "[3]"."""
    if isinstance(value, str) and (written := re.fullmatch(r"\s*\[?(\d{1,9})\]?\s*", value, re.ASCII)):
        return int(written[1])
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_TURN:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_TURN:
        return None
    return value
