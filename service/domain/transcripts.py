"""Corrections of a transcript: words, speakers and where a turn ends. Each makes a new `rev`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from service.domain.edits import Item, bounded_text
from service.domain.errors import NotValid

Transcript = dict[str, Any]

TURN_MOST, NAME_MOST = 20_000, 200
"""Characters of one turn, and of a speaker's name."""


@dataclass(frozen=True, slots=True)
class TurnEdit:
    """A correction of turn `i`. `split_at`: characters that stay in it; the rest becomes a turn of its own,
    spoken by `speaker`. None leaves a value as it is.
    """

    i: int
    text: str | None = None
    speaker: str | None = None
    split_at: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters `start` to `end` of the text of a turn."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to change at once. `speakers`: id -> who really spoke these turns, all at the same time: two
    ids may change places, or become one. `names`: id -> what the speaker is called in this transcript.
    """

    turns: Sequence[TurnEdit] = ()
    speakers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def edited(transcript: Transcript, correction: Correction, people: Sequence[Item]) -> Transcript:
    """The next `rev`, in a new document. `people`: the participants of the meeting, as transcripts write
    them; they may speak, and so may the unknown speakers of this transcript. Raises NotValid.
    """
    known = {one["id"]: one for one in (*people, *transcript["participants"])}
    for who in (*correction.speakers, *correction.speakers.values(), *correction.names):
        _require_known(who, known, "speakers")
    turns = _with_edits(transcript["turns"], correction.turns, known)
    turns = [{**turn, "speaker": correction.speakers.get(turn["speaker"], turn["speaker"])} for turn in turns]
    speaking = {turn["speaker"] for turn in turns}
    # A speaker whom nobody knows and who says nothing any more is gone.
    gone = correction.speakers.keys() - {one["id"] for one in people} - speaking
    listed = {one["id"] for one in transcript["participants"]} - gone
    kept = [one for one in known.values() if one["id"] in listed | speaking]
    named = [_named(one, correction.names.get(one["id"])) for one in kept]
    return {**transcript, "rev": transcript.get("rev", 1) + 1, "participants": named, "turns": turns}


def _require_known(who: str, known: Collection[str], field_name: str) -> None:
    if who not in known:
        raise NotValid("not_a_participant", field=field_name)


def _named(participant: Item, name: str | None) -> Item:
    return participant if name is None else {**participant, "name": bounded_text("name", name, NAME_MOST)}


def _with_edits(before: Sequence[Item], edits: Iterable[TurnEdit], known: Collection[str]) -> list[Item]:
    turns = list(before)
    for edit in edits:
        at = next((n for n, turn in enumerate(turns) if turn["i"] == edit.i), None)
        if at is None:
            raise NotValid("unknown_turn", turn=edit.i)
        if edit.speaker is not None:
            _require_known(edit.speaker, known, "speaker")
        turn = _reworded(turns[at], edit)
        following = max(one["i"] for one in turns) + 1
        turns[at : at + 1] = [turn] if edit.split_at is None else _split(turn, edit, following)
    return turns


def _reworded(turn: Item, edit: TurnEdit) -> Item:
    made = dict(turn)
    if edit.text is not None:
        made["text"] = bounded_text("text", edit.text, TURN_MOST)
        made.pop("words", None)  # their times are of other words
    if edit.speaker is not None and edit.split_at is None:
        made["speaker"] = edit.speaker
    return made


def _split(turn: Item, edit: TurnEdit, following: int) -> list[Item]:
    text, at = turn["text"], edit.split_at or 0
    first, rest = text[:at].strip(), text[at:].strip()
    if not (first and rest):
        raise NotValid("bad_split", turn=edit.i)
    plain = {name: value for name, value in turn.items() if name != "words"}
    start, end = turn.get("start_s"), turn.get("end_s")
    middle = None if start is None or end is None else round(start + (end - start) * at / len(text), 2)
    speaker = edit.speaker or turn["speaker"]
    return [
        {**plain, "text": first, "end_s": middle},
        {**plain, "i": following, "speaker": speaker, "text": rest, "start_s": middle},
    ]


def quoted(transcript: Transcript, quotes: Iterable[Quote]) -> list[Item]:
    """The quotes as evidence of an item (`rapport.draft/1`). Raises NotValid."""
    turns = {turn["i"]: turn for turn in transcript["turns"]}
    return [_evidence(turns, quote) for quote in quotes]


def _evidence(turns: Mapping[int, Item], quote: Quote) -> Item:
    if quote.turn not in turns:
        raise NotValid("unknown_turn", turn=quote.turn)
    turn = turns[quote.turn]
    words = turn["text"][quote.start : quote.end].strip()
    if not words or quote.end > len(turn["text"]):
        raise NotValid("bad_quote", turn=quote.turn)
    return {"turn": quote.turn, "quote": words, "start_s": turn.get("start_s"), "end_s": turn.get("end_s")}


def texts(transcript: Transcript) -> dict[int, str]:
    """The text of each turn by its identity."""
    return {turn["i"]: turn["text"] for turn in transcript["turns"]}
