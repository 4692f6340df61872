"""Recordings with references and labelled conversations: where they lie and how they are read.

Two roots: the public data set folder (`audio/`, `checkins/`, `ami/`, ...), which is not part of the project,
and eval/data, which is. What a root does not hold is left out; an evaluation that is left with nothing
raises NothingToMeasure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from eval.text_norm import Language
from models.schema import Kind, Participant, Role, SpeakerSpan, Transcript, Turn

AUDIO_SUFFIXES = (".ogg", ".opus", ".wav", ".flac", ".mp3", ".m4a")
AMI_TURN_PAUSE_S = 1.0
DATE_UNKNOWN = "2026-01-05"


class NothingToMeasure(Exception):
    """No data for an evaluation; `key` is a sentence in messages.toml."""

    def __init__(self, key: str = "nothing_to_measure", **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key)


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn of the reference with its place in the recording (seconds), where that is known."""

    i: int
    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A recording and what was said in it. `spans` is empty where nobody marked the speakers, `turns` where
    nobody wrote the words down. `conversation` carries the gold minutes if there are any.
    """

    id: str
    collection: str
    path: Path
    language: Language
    turns: tuple[SpokenTurn, ...] = ()
    spans: tuple[SpeakerSpan, ...] = ()
    participants: tuple[Participant, ...] = ()
    conversation: Conversation | None = None

    @property
    def speakers(self) -> int:
        """How many people speak."""
        return len({s.speaker for s in self.spans} or {t.speaker for t in self.turns})

    @property
    def row(self) -> str:
        """Row of the tables: language, then collection."""
        return f"{self.language}/{self.collection}"


@dataclass(frozen=True, slots=True)
class GoldItem:
    """An action item, agreement or skill gap as labelled: its turns, and owner and date where it has them."""

    turns: frozenset[int]
    owner: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A labelled conversation: turns with tone, and the minutes that a careful reader would write."""

    transcript: Transcript
    split: str
    tone: tuple[str, ...]
    action_items: tuple[GoldItem, ...]
    agreements: tuple[GoldItem, ...]
    skill_gaps: tuple[GoldItem, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """A conversation with the label sets of two annotators, as they lie in eval/data/annotations."""

    id: str
    language: str
    turns: int
    first: dict[str, Any]
    second: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Data:
    """The two roots; `public` is None where nobody has the public data."""

    public: Path | None
    own: Path

    def conversations(self, split: str) -> list[Conversation]:
        """The project's own labelled conversations of a split ("train", "held_back" or "all"), by id."""
        found = [conversation(_json(path)) for path in sorted((self.own / "conversations").glob("*.json"))]
        return [c for c in found if split in ("all", c.split)]

    def labelled_twice(self) -> list[Twice]:
        """Own conversations with the label sets of both annotators."""
        found = []
        for path in sorted((self.own / "conversations").glob("*.json")):
            sets = [self.own / "annotations" / who / path.name for who in ("a", "b")]
            if all(labels.is_file() for labels in sets):
                fields = _json(path)
                first, second = (_json(labels) for labels in sets)
                found.append(Twice(fields["id"], fields["language"], len(fields["turns"]), first, second))
        return found

    def checkins(self) -> list[Reference]:
        """Conversations of the public folder that were spoken by synthetic voices."""
        return [] if self.public is None else _spoken(self.public / "checkins", "checkins")

    def own_recordings(self) -> list[Reference]:
        """Conversations of the project that were spoken by synthetic voices."""
        return _spoken(self.own / "recordings", "own")

    def ami_clips(self) -> list[Reference]:
        """30 s clips of real meetings, four people, far from easy."""
        folder = self._folder("audio/ami30")
        if folder is None:
            return []
        spans = read_rttm(folder / "reference.rttm")
        return [_ami_clip(path, spans) for path in sorted(folder.glob("*.json"))]

    def mandarin_clips(self) -> list[Reference]:
        """Short Mandarin clips of one speaker each."""
        folder = self._folder("audio/zh_short")
        if folder is None:
            return []
        lines = (line.split(maxsplit=1) for line in (folder / "text").read_text("utf-8").splitlines() if line)
        return [
            Reference(
                name, "zh_short", folder / f"{name}.wav", "zh", (SpokenTurn(0, "s1", "".join(text.split())),)
            )
            for name, text in lines
        ]

    def two_speaker(self) -> list[Reference]:
        """Recordings of two people with speaker times only."""
        folder = self._folder("audio/two_speaker")
        if folder is None:
            return []
        return [
            Reference(rttm.stem, "two_speaker", audio, "en", spans=read_rttm(rttm)[rttm.stem])
            for rttm in sorted(folder.glob("*.rttm"))
            if (audio := _audio_beside(rttm))
        ]

    def file(self, name: str) -> Path | None:
        """A file of the public folder, None where it is absent."""
        path = None if self.public is None else self.public / name
        return path if path is not None and path.is_file() else None

    def _folder(self, name: str) -> Path | None:
        path = None if self.public is None else self.public / name
        return path if path is not None and path.is_dir() else None


def conversation(fields: dict[str, Any]) -> Conversation:
    """A labelled conversation from its JSON fields."""
    minutes = fields["minutes"]
    turns = fields["turns"]
    return Conversation(
        transcript=Transcript(
            id=fields["id"],
            language=fields["language"],
            date=fields["date"],
            participants=_participants(fields),
            turns=tuple(Turn(t["i"], t["speaker"], t["text"]) for t in turns),
            kind=cast("Kind", fields.get("kind", "other")),
        ),
        split=fields.get("split", "checkins"),
        tone=tuple(t.get("tone", "neutral") for t in turns),
        action_items=_items(minutes.get("action_items", ())),
        agreements=_items(minutes.get("agreements", ())),
        skill_gaps=_items(minutes.get("skill_gaps", ())),
    )


def read_rttm(path: Path) -> dict[str, tuple[SpeakerSpan, ...]]:
    """Speaker spans by recording from an RTTM file (NIST RT-09: file, start and length in s, name)."""
    found: dict[str, list[SpeakerSpan]] = {}
    for line in path.read_text("utf-8").splitlines():
        parts = line.split()
        if parts and parts[0] == "SPEAKER":
            start = float(parts[3])
            found.setdefault(parts[1], []).append(SpeakerSpan(start, start + float(parts[4]), parts[7]))
    return {name: tuple(spans) for name, spans in found.items()}


def group_words(words: Sequence[dict[str, Any]]) -> tuple[SpokenTurn, ...]:
    """Turns from words with speakers and times: a new one when the speaker changes or pauses for a second."""
    spoken = sorted((w for w in words if not w["punc"]), key=lambda w: (w["start"], w["end"]))
    starts = [0] if spoken else []
    for i, (one, other) in enumerate(pairwise(spoken), start=1):
        if one["speaker"] != other["speaker"] or other["start"] - one["end"] > AMI_TURN_PAUSE_S:
            starts.append(i)
    groups = [spoken[a:b] for a, b in pairwise([*starts, len(spoken)])]
    return tuple(
        SpokenTurn(i, g[0]["speaker"], " ".join(w["w"] for w in g), g[0]["start"], g[-1]["end"])
        for i, g in enumerate(groups)
    )


def _ami_clip(path: Path, spans: dict[str, tuple[SpeakerSpan, ...]]) -> Reference:
    fields = _json(path)
    return Reference(
        id=path.stem,
        collection="ami30",
        path=path.parent / fields["wav"],
        language="en",
        turns=group_words(fields["words"]),
        spans=spans.get(fields["clip"], ()),
    )


def _spoken(folder: Path, collection: str) -> list[Reference]:
    """Every <id>.json with turns and a recording of the same name beside it."""
    found = []
    for path in sorted(folder.glob("*.json")):
        audio = _audio_beside(path)
        if audio is None or path.name.endswith(".times.json"):
            continue
        fields = _json(path)
        times_file = path.with_name(f"{path.stem}.times.json")
        times = {t["i"]: t for t in _json(times_file)} if times_file.is_file() else {}
        rttm = path.with_suffix(".rttm")
        turns = tuple(
            SpokenTurn(
                t["i"],
                t["speaker"],
                t["text"],
                times.get(t["i"], {}).get("start_s"),
                times.get(t["i"], {}).get("end_s"),
            )
            for t in fields["turns"]
        )
        found.append(
            Reference(
                id=path.stem,
                collection=collection,
                path=audio,
                language=fields["language"],
                turns=turns,
                spans=read_rttm(rttm).get(path.stem, ()) if rttm.is_file() else _spans(turns),
                participants=_participants(fields),
                conversation=conversation(fields) if "minutes" in fields else None,
            )
        )
    return found


def _spans(turns: Sequence[SpokenTurn]) -> tuple[SpeakerSpan, ...]:
    return tuple(
        SpeakerSpan(t.start_s, t.end_s, t.speaker)
        for t in turns
        if t.start_s is not None and t.end_s is not None
    )


def _participants(fields: dict[str, Any]) -> tuple[Participant, ...]:
    return tuple(
        Participant(p["id"], cast("Role", p.get("role", "unknown")), p.get("name", ""))
        for p in fields.get("participants", ())
    )


def _items(labelled: Sequence[dict[str, Any]]) -> tuple[GoldItem, ...]:
    return tuple(GoldItem(frozenset(g["turns"]), g.get("owner"), g.get("due")) for g in labelled)


def _audio_beside(path: Path) -> Path | None:
    candidates = (path.with_name(path.stem + suffix) for suffix in AUDIO_SUFFIXES)
    return next((audio for audio in candidates if audio.is_file()), None)


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    return json.loads(path.read_text("utf-8"))
