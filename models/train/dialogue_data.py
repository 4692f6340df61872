"""Samples for the dialogue reader: labelled conversations, and short exchanges that are labelled for tone.

Conversations: JSON with "split" (one that is not asked for is left unread beyond that key), with the label
sets of all annotators. Exchanges: exchanges_en.txt and exchanges_zh.txt beside this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from models.engines import dialogue_windows
from models.engines.dialogue_reader import TONES
from models.engines.dialogue_windows import Windows
from models.engines.networks.encoder import Encoder
from models.ports import MOVES
from models.schema import ACTS, Participant, Transcript, Turn
from models.stages.clauses import Clause
from models.stages.clauses import of as clauses_of
from models.train.dialogue_fit import Sample
from models.train.dialogue_labels import UNKNOWN, Targets, targets
from models.train.dialogue_network import lower_states

EXCHANGE_ROLES: dict[str, Any] = {"M": "manager", "E": "employee", "O": "other"}
EXCHANGE_TONES = {"!": "critical", "~": "defensive", "": "neutral"}
EXCHANGES_A_STEP = 24
NAMELESS_ONE_IN = 8
"""One conversation in so many is also shown with its speakers' roles unknown."""


class Reader:
    """What samples need of the encoder: its tokenizer, word table and frozen layers."""

    def __init__(self, encoder: Encoder, tokenizer: Any, words: Any) -> None:  # noqa: ANN401 - untyped parts
        self.encoder, self.tokenizer, self.words = encoder, tokenizer, words

    def sample(
        self, talks: Sequence[tuple[Transcript, Sequence[Clause]]], sets: tuple[Targets, ...], known: bool
    ) -> Sample:
        """One sample of one or several talks read side by side."""
        windows = _joined([dialogue_windows.cut(t, clauses, self.tokenizer) for t, clauses in talks])
        lower = lower_states(self.encoder, self.words, windows)
        return Sample(talks[0][0], talks[0][1], lower, sets, known)


def conversations(folder: Path, annotations: Path, reader: Reader, split: str = "train") -> list[Sample]:
    """Those of a split, some of "train" a second time without roles."""
    found = []
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        document = json.loads(path.read_text("utf-8"))
        if document["split"] != split:
            continue
        transcript = transcript_of(document)
        clauses = clauses_of(transcript)
        sets = tuple(targets(labels, transcript, clauses) for labels in label_sets(document, annotations))
        found.append(reader.sample([(transcript, clauses)], sets, known=True))
        if split == "train" and number % NAMELESS_ONE_IN == 0:
            people = tuple(replace(p, role="unknown") for p in transcript.participants)
            nameless = replace(transcript, participants=people)
            found.append(reader.sample([(nameless, clauses)], sets, known=True))
    return found


def transcript_of(document: dict[str, Any]) -> Transcript:
    """The transcript of a labelled conversation."""
    people = tuple(Participant(p["id"], p["role"], p["name"]) for p in document["participants"])
    turns = tuple(Turn(t["i"], t["speaker"], t["text"]) for t in document["turns"])
    return Transcript(document["id"], document["language"], document["date"], people, turns)


def label_sets(document: dict[str, Any], annotations: Path) -> list[dict[str, Any]]:
    """Every annotator's labels of a conversation; the document's own where nobody else's are there."""
    paths = sorted(annotations.glob(f"*/{document['id']}.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths] or [document]


def exchanges(reader: Reader, folder: Path = Path(__file__).parent) -> list[Sample]:
    """The short exchanges, some dozens a sample; their form is explained at the head of each file."""
    found = []
    every = _exchanges(folder)
    while group := list(islice(every, EXCHANGES_A_STEP)):
        talks = [(transcript, clauses_of(transcript)) for transcript, _ in group]
        tone = np.array([TONES.index(EXCHANGE_TONES[mark]) for _, marks in group for mark in marks], np.int64)
        clauses = [clause for _, clauses in talks for clause in clauses]
        found.append(reader.sample(talks, (_tone_only(tone, len(clauses)),), known=False))
    return found


def _exchanges(folder: Path) -> Iterator[tuple[Transcript, list[str]]]:
    people = tuple(Participant(speaker, role) for speaker, role in EXCHANGE_ROLES.items())
    for path in sorted(folder.glob("exchanges_*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        for number, block in enumerate("\n".join(lines).strip().split("\n\n")):
            parsed = [re.fullmatch(r"([MEO])([!~]?): (.+)", line) for line in block.splitlines()]
            said = [match.groups() for match in parsed if match]
            turns = tuple(Turn(i, speaker, text) for i, (speaker, _, text) in enumerate(said))
            name = f"{path.stem}-{number}"
            yield Transcript(name, "mixed", "2025-01-01", people, turns), [mark for _, mark, _ in said]


def _tone_only(tone: Any, clauses: int) -> Targets:  # noqa: ANN401 - a numpy vector
    unknown = np.full(clauses, UNKNOWN, np.float32)
    return Targets(
        moves=np.zeros((clauses, len(MOVES)), np.float32),
        holds=unknown,
        by_speaker=unknown,
        dates=unknown,
        threads=(frozenset(),) * clauses,
        acts=np.zeros((len(tone), len(ACTS)), np.float32),
        tone=tone,
    )


def _joined(parts: Sequence[Windows]) -> Windows:
    """Windows of several talks one after the other."""
    tokens: list[tuple[int, ...]] = []
    turns, clauses = [], []
    for part in parts:
        turns += [replace(span, window=span.window + len(tokens)) for span in part.turns]
        clauses += [replace(span, window=span.window + len(tokens)) for span in part.clauses]
        tokens += part.tokens
    return Windows(tuple(tokens), tuple(turns), tuple(clauses))
