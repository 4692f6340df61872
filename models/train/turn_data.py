"""Data for the turn heads: labelled conversations, short exchanges, real meetings, public single texts.

Conversations: JSON with "split": "train" (any other split is refused unread beyond that key) and labels by
turn. Exchanges: exchanges_en.txt and exchanges_zh.txt beside this file. Meetings (AMI, ICSI, VCSum): nobody
is reviewed there, so every turn counts as neutral. Public texts: GoEmotions (Demszky et al. 2020), COLD
(Deng et al. 2022), Stanford politeness (Danescu-Niculescu-Mizil et al. 2013; TyDiP).
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.engines.turn_features import Matrix
from models.engines.turn_heads import TONES
from models.schema import ACTS, Participant, Transcript, Turn

Kind = Literal["conversation", "exchange", "meeting"]

EXCHANGE_ROLES: dict[str, Any] = {"M": "manager", "E": "employee", "O": "other"}
EXCHANGE_TONES = {"!": "critical", "~": "defensive", "": "neutral"}
MEETING_TURNS = 70
"""Turns taken from each meeting, in one stretch: about a check-in's length."""
LONGEST_TURN = 400
PUBLIC_SEED = 0
EMOTIONS = {
    "annoyance": {"annoyance", "anger", "disgust"},
    "disapproval": {"disapproval", "disappointment"},
    "praise": {"admiration", "gratitude", "approval"},
    "care": {"caring", "remorse"},
    "amusement": {"amusement", "joy"},
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A transcript with tone (n_turns,) as index into TONES and acts (n_turns, 11), None if not labelled."""

    transcript: Transcript
    kind: Kind
    tone: np.ndarray[Any, np.dtype[np.int64]]
    acts: Matrix | None = None


def conversations(folders: Iterable[Path]) -> list[Labelled]:
    """Those whose split is "train", or that name none."""
    found = []
    for path in sorted(path for folder in folders for path in folder.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        if "turns" in document and "participants" in document and document.get("split", "train") == "train":
            found.append(_labelled(document))
    return found


def _labelled(document: dict[str, Any]) -> Labelled:
    people = [Participant(p["id"], p.get("role", "unknown")) for p in document["participants"]]
    acts = [[act in turn["acts"] for act in ACTS] for turn in document["turns"]]
    return Labelled(
        _transcript(document["id"], people, [(t["speaker"], t["text"]) for t in document["turns"]]),
        "conversation",
        np.array([TONES.index(turn["tone"]) for turn in document["turns"]]),
        np.array(acts, np.float32),
    )


def exchanges(folder: Path = Path(__file__).parent) -> list[Labelled]:
    """The short exchanges; their form is explained at the head of each file."""
    people = [Participant(speaker, role) for speaker, role in EXCHANGE_ROLES.items()]
    found = []
    for path in sorted(folder.glob("exchanges_*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        for number, block in enumerate("\n".join(lines).strip().split("\n\n")):
            parsed = [re.fullmatch(r"([MEO])([!~]?): (.+)", line) for line in block.splitlines()]
            turns = [match.groups() for match in parsed if match]
            transcript = _transcript(f"{path.stem}-{number}", people, [(s, text) for s, _, text in turns])
            tones = [TONES.index(EXCHANGE_TONES[mark]) for _, mark, _ in turns]
            found.append(Labelled(transcript, "exchange", np.array(tones)))
    return found


def meetings(public: Path) -> list[Labelled]:
    """A stretch of each real meeting, roles given at random order of speaking, every turn neutral."""
    rng = random.Random(PUBLIC_SEED)  # noqa: S311 - a reproducible choice, not a secret
    found = []
    for name, said in _meeting_turns(public):
        start = rng.randrange(max(1, len(said) - MEETING_TURNS))
        stretch = said[start : start + MEETING_TURNS]
        speakers = list(dict.fromkeys(speaker for speaker, _ in stretch))
        people = [Participant(s, "employee" if i else "manager") for i, s in enumerate(speakers)]
        transcript = _transcript(name, people, stretch)
        found.append(Labelled(transcript, "meeting", np.zeros(len(stretch), np.int64)))
    return found


def for_testing(meeting: Labelled) -> bool:
    """Whether a meeting is kept for counting false alarms: half of them, by a hash of the name."""
    return zlib.crc32(meeting.transcript.id.split("#")[0].encode()) % 2 == 1


def _meeting_turns(public: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for file in ("ami/ami_minutes.train_eval.jsonl.gz", "icsi/icsi_minutes.train.jsonl.gz"):
        with gzip.open(public / file, "rt", encoding="utf-8") as lines:
            for line in lines:
                meeting = json.loads(line)
                if meeting["split"] == "train":
                    said = [(act["spk"], _joined(act["text"])) for act in meeting["das"]]
                    yield meeting["meeting"], _merged(said)
    for line in (public / "vcsum/short_dev.txt").read_text("utf-8").splitlines():
        meeting = json.loads(line)
        paragraphs = ["".join(sentences)[:LONGEST_TURN] for sentences in meeting["context"]]
        said = list(zip(map(str, meeting["speaker"]), paragraphs, strict=True))
        yield f"vcsum-{meeting['av_num']}#{meeting['id']}", _merged(said)


def _joined(text: str) -> str:
    """AMI and ICSI put blanks before punctuation and endings."""
    return re.sub(r"\s+([.,?!]|'(?:s|ll|re|ve|d|m|t)\b)", r"\1", text)


def _merged(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    turns: list[tuple[str, str]] = []
    for speaker, text in said:
        if turns and turns[-1][0] == speaker:
            turns[-1] = (speaker, f"{turns[-1][1]} {text}".strip())
        elif text.strip():
            turns.append((speaker, text.strip()))
    return turns


def _transcript(name: str, people: list[Participant], said: Iterable[tuple[str, str]]) -> Transcript:
    turns = tuple(Turn(i, speaker, text) for i, (speaker, text) in enumerate(said))
    return Transcript(name, "mixed", "2025-01-01", tuple(people), turns)


def public_texts(public: Path) -> dict[str, tuple[list[str], Matrix]]:
    """Quality -> texts and their values: 0 or 1, for politeness a real number around 0."""
    rng = random.Random(PUBLIC_SEED)  # noqa: S311
    names = (public / "goemotions/labels.txt").read_text("utf-8").split()
    rows = [line.split("\t") for line in (public / "goemotions/train.tsv").read_text("utf-8").splitlines()]
    rng.shuffle(rows)
    emotional = [(text, {names[int(i)] for i in labels.split(",")}) for text, labels, _ in rows[:14000]]
    texts = [text for text, _ in emotional]
    found = {
        quality: (texts, np.array([bool(names_ & has) for _, has in emotional], np.float32))
        for quality, names_ in EMOTIONS.items()
    }
    with (public / "cold_zh/train.csv").open(encoding="utf-8-sig", newline="") as file:
        offensive = list(csv.DictReader(file))
    rng.shuffle(offensive)
    offensive = offensive[:9000]
    found["offence"] = (
        [r["TEXT"] for r in offensive],
        np.array([int(r["label"]) for r in offensive], np.float32),
    )
    with (public / "politeness_en/en_train.csv").open(encoding="utf-8", newline="") as file:
        requests = list(csv.DictReader(file))
    polite = np.array([float(r["score"]) for r in requests], np.float32)
    found["politeness"] = ([r["sentence"] for r in requests], polite)
    return found
