"""Labels of speakers to participants, and utterances to turns."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from models.parsing.utterances import Utterance, joined
from models.schema import Participant, Transcript, Turn

_NUMBERED = re.compile(r"s[1-9]\d{0,3}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


class People:
    """Gives every label an id: that of the participant it names, or the next free one of s1, s2, ..."""

    def __init__(self, participants: Sequence[Participant]) -> None:
        self.participants = list(participants)
        self._by_label: dict[str, str] = {}
        self._taken = {person.id for person in participants}
        self._numbered = (f"s{n}" for n in itertools.count(1))
        for person in participants:
            for label in (person.id, person.name, *person.aliases):
                if label:
                    self._by_label.setdefault(label.casefold(), person.id)
        # Captions often give only the first name: it counts where no other participant bears it.
        parts = [(part, person.id) for person in participants for part in person.name.casefold().split()]
        borne = Counter(part for part, _ in parts)
        for part, person_id in parts:
            if borne[part] == 1:
                self._by_label.setdefault(part, person_id)

    def id_of(self, label: str) -> str:
        """The id for this label; a new participant (role unknown) when nobody has it yet."""
        key = label.casefold()
        if key not in self._by_label:
            self._by_label[key] = self._add(label)
        return self._by_label[key]

    def _add(self, label: str) -> str:
        # "s2" from a diarizer is an id already; renumbering it would only confuse.
        numbered = _NUMBERED.fullmatch(label) and label not in self._taken
        new = label if numbered else next(i for i in self._numbered if i not in self._taken)
        self._taken.add(new)
        self.participants.append(Participant(id=new, name="" if numbered else label))
        return new


def with_known_speakers(transcript: Transcript) -> Transcript:
    """The transcript with a participant for every speaker; unknown ones get s1, s2, ... and a name."""
    known = {person.id for person in transcript.participants}
    if all(turn.speaker in known for turn in transcript.turns):
        return transcript
    people = People(transcript.participants)
    turns = tuple(
        turn if turn.speaker in known else replace(turn, speaker=people.id_of(turn.speaker))
        for turn in transcript.turns
    )
    return replace(transcript, participants=tuple(people.participants), turns=turns)


def assemble(
    utterances: Iterable[Utterance], *, meeting: str, date: str, participants: Sequence[Participant]
) -> Transcript:
    """One turn for what a person says until somebody else speaks.

    A file without names has one nameless speaker, s1; its pieces stay apart.
    """
    people = People(participants)
    turns: list[Turn] = []
    said: list[list[str]] = []
    for utterance in utterances:
        speaker = people.id_of(utterance.name or "s1")
        last = turns[-1] if turns else None
        if last is not None and utterance.name is not None and last.speaker == speaker:
            said[-1].append(utterance.text)
            turns[-1] = replace(last, end_s=utterance.end_s)
        else:
            said.append([utterance.text])
            turns.append(Turn(len(turns), speaker, utterance.text, utterance.start_s, utterance.end_s))
    turns = [replace(turn, text=joined(pieces)) for turn, pieces in zip(turns, said, strict=True)]
    ends = [turn.end_s for turn in turns if turn.end_s is not None]
    return Transcript(
        id=meeting,
        language=language_of(turn.text for turn in turns),
        date=date,
        participants=tuple(people.participants),
        turns=tuple(turns),
        duration_s=max(ends, default=None),
    )


def language_of(texts: Iterable[str]) -> Literal["en", "zh", "mixed"]:
    """The language of most turns, or "mixed" when more than a tenth of them are in the other one."""
    chinese = english = 0
    for text in texts:  # English words within Chinese talk are usual, so whole turns are counted
        han, latin = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
        if han * 0.6 > latin:  # about 1.6 characters make a Chinese word
            chinese += 1
        elif latin:
            english += 1
    total = chinese + english
    if chinese > 0.9 * total:
        return "zh"
    return "en" if chinese <= 0.1 * total else "mixed"
