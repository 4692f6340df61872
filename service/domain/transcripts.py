"""Corrections of a transcript: words, speakers and where a turn ends. Each makes a new `rev`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from service.domain.edits import Item, bounded_text
from service.domain.errors import NotValid

Transcript = dict[str, Any]

TURN_MOST = 20_000
"""Characters of one turn."""


@dataclass(frozen=True, slots=True)
class TurnEdit:
    """A correction of turn `i`. `split_at`: characters that stay in it; the rest becomes a turn of its own,
    spoken by `speaker`. None leaves a value as it is.
    """

    i: int
    text: str | None = None
    speaker: str | None = None
    split_at: int | None = None


def edited(transcript: Transcript, edits: Iterable[TurnEdit], speakers: Collection[str]) -> Transcript:
    """The next `rev`, in a new document. `speakers`: ids that may speak. Raises NotValid."""
    turns = list(transcript["turns"])
    for edit in edits:
        at = next((n for n, turn in enumerate(turns) if turn["i"] == edit.i), None)
        if at is None:
            raise NotValid("unknown_turn", turn=edit.i)
        if edit.speaker is not None and edit.speaker not in speakers:
            raise NotValid("not_a_participant", field="speaker")
        turn = _reworded(turns[at], edit)
        following = max(one["i"] for one in turns) + 1
        turns[at : at + 1] = [turn] if edit.split_at is None else _split(turn, edit, following)
    return {**transcript, "rev": transcript.get("rev", 1) + 1, "turns": turns}


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


def texts(transcript: Transcript) -> dict[int, str]:
    """The text of each turn by its identity."""
    return {turn["i"]: turn["text"] for turn in transcript["turns"]}
