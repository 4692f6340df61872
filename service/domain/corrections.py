"""What a draft makes of a corrected transcript: quotes keep their place, and people the words they said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any

from service.domain.edits import Item
from service.domain.review import SUGGESTIONS
from service.domain.transcripts import Transcript, texts

NEAR_ENOUGH = 0.5
"""Share of words that a quote and its corrected form have to have in common; below, it is stale."""

_PIECE = re.compile(r"[A-Za-z0-9'’]+|.", re.DOTALL)
_PEOPLE = ("owner", "person")


class Anchors:
    """Where the words of one revision of a transcript are in the next one."""

    def __init__(self, before: Transcript, after: Transcript) -> None:
        self._before, self._after = texts(before), texts(after)
        self._split_off = [turn["i"] for turn in after["turns"] if turn["i"] not in self._before]

    def place(self, turn: int, quote: str) -> tuple[int, str] | None:
        """Turn and words of the quote now; None where nothing like it is left."""
        text = self._after.get(turn, "")
        if quote in text:
            return turn, quote
        for other in self._split_off:
            if quote in self._after[other]:
                return other, quote
        reworded = _reworded(quote, self._before.get(turn, ""), text)
        return None if reworded is None else (turn, reworded)

    def followed(self, item: Item) -> Item:
        """The item with evidence that points at the new revision: `reworded` where the words of a quote were
        corrected, `stale` where they are gone.
        """
        if "evidence" not in item:
            return item
        return {**item, "evidence": [self._evidence(one) for one in item["evidence"]]}

    def flags(self, flags: Iterable[Item]) -> list[Item]:
        """Hints on words that nobody said go."""
        placed = [(flag, self.place(flag["turn"], flag["quote"])) for flag in flags]
        return [{**flag, "turn": at[0]} for flag, at in placed if at is not None and at[1] == flag["quote"]]

    def _evidence(self, one: Item) -> Item:
        plain = {name: value for name, value in one.items() if name != "stale"}
        place = self.place(one["turn"], one["quote"])
        if place is None:
            return {**plain, "stale": True}
        marks = {} if place[1] == one["quote"] else {"reworded": True}
        return {**plain, "turn": place[0], "quote": place[1], **marks}


@dataclass(frozen=True, slots=True)
class Reassigned:
    """Who turned out to be who. `speakers`: id before -> now; `people`: ids of the meeting's participants;
    `decided`: ids of items that somebody decided on.
    """

    speakers: Mapping[str, str]
    people: Collection[str] = ()
    decided: Collection[str] = ()

    def followed(self, item: Item) -> Item:
        """The item with its owner or person renamed. What somebody decided about a participant stays theirs;
        an unknown voice can only have meant the person it turned out to be.
        """
        moved = {}
        for name in _PEOPLE:
            who = item.get(name) or ""
            stays = item["id"] in self.decided and who in self.people
            if who in self.speakers and not stays:
                moved[name] = self.speakers[who]
        return {**item, **moved}

    def talk(self, shares: Mapping[str, Item]) -> dict[str, Item]:
        """The figures of each speaker; those of two who became one are added."""
        made: dict[str, Item] = {}
        for who, figures in shares.items():
            now = self.speakers.get(who, who)
            made[now] = _together(made[now], figures) if now in made else figures
        return made


def corrected_draft(draft: Mapping[str, Any], anchors: Anchors, reassigned: Reassigned) -> dict[str, Any]:
    """The draft of the transcript before, following its correction; nothing is added and nothing dropped but
    hints on words that are gone.
    """
    groups = {
        group: [reassigned.followed(anchors.followed(item)) for item in draft[group]] for group in SUGGESTIONS
    }
    return {
        **draft,
        **groups,
        "follow_up": [anchors.followed(one) for one in draft["follow_up"]],
        "tone_flags": anchors.flags(draft["tone_flags"]),
        "talk": reassigned.talk(draft["talk"]),
    }


def _together(one: Item, other: Item) -> Item:
    """`longest_turn_s` is the longer one, of who spoke at all; everything else a sum."""
    made: Item = {}
    for name in one:
        known = [value for value in (one[name], other.get(name)) if value is not None]
        made[name] = (max if name.startswith("longest") else sum)(known) if known else None
    return made


def _reworded(quote: str, before: str, after: str) -> str | None:
    at = before.find(quote)
    if at < 0 or not quote:
        return None
    pieces, new_pieces = _PIECE.findall(before), _PIECE.findall(after)
    start, end = _moved(pieces, new_pieces, at, at + len(quote))
    found = after[start:end].strip()
    alike = SequenceMatcher(None, _words(quote), _words(found)).ratio()
    return found if found and alike >= NEAR_ENOUGH else None


def _words(text: str) -> list[str]:
    return [piece for piece in _PIECE.findall(text) if piece.isalnum()]


def _moved(before: Sequence[str], after: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Character offsets in the text after, for those in the text before; changed words count as a whole."""
    old, new = ([0, *accumulate(map(len, pieces))] for pieces in (before, after))
    begins, ends = 0, new[-1]
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after).get_opcodes():
        if old[i] <= start < old[i_end]:
            begins = new[j] + (start - old[i] if kind == "equal" else 0)
        if old[i] < end <= old[i_end]:
            ends = new[j] + end - old[i] if kind == "equal" else new[j_end]
    return begins, ends
