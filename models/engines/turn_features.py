"""What the turn heads see of a transcript beside sentence vectors: form, word pieces, cues, who spoke before.

Text and roles only. Times, word probabilities and anything of the voice are never read.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models import tone_cues
from models.schema import Transcript
from models.tone_cues import normalised, word_count

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

BUCKETS = 1 << 15
"""Size of the hashed table of word pieces (Weinberger et al. 2009, feature hashing)."""

_TOKENS = re.compile(r"[a-z']+|0|[?!]")
_RUNS = re.compile(r"[\u3400-\u9fff?!]+")
_YOU = re.compile(r"\byou(?:r|'\w+)?\b|[你您恁]")
_ME = re.compile(r"\bi(?:'\w+)?\b|\bmy\b|\bme\b|我")
_THEM = re.compile(r"\b(?:they|he|she|them|everyone|everybody|nobody|people)\b|他|她|人家|别人|大家")
_NOT = re.compile(r"\b(?:not|no|never|nothing)\b|n't|[不没]")
_NUMBER = re.compile(r"\d|百分|[一二三四五六七八九十]")
_PARTICLE = re.compile(r"[吗吧呢嘛啊呀啦咯呗]")
_STOPS = re.compile(r"[,.。]")

SURFACE_OF_PREVIOUS = 6


@dataclass(frozen=True, slots=True)
class Neighbours:
    """For every turn the row of the last turn of another person and of the same person, -1 where none."""

    other: Indices
    own: Indices


def neighbours(transcript: Transcript) -> Neighbours:
    """Whom each turn answers."""
    last: dict[str, int] = {}
    other, own = [], []
    for row, turn in enumerate(transcript.turns):
        other.append(max((at for speaker, at in last.items() if speaker != turn.speaker), default=-1))
        own.append(last.get(turn.speaker, -1))
        last[turn.speaker] = row
    return Neighbours(np.array(other, np.int64), np.array(own, np.int64))


def taken(rows: Indices, values: Matrix) -> Matrix:
    """`values[rows]`, zeros where the row is -1."""
    return np.where(rows[:, None] >= 0, values[rows], np.float32(0))


def roles(transcript: Transcript, around: Neighbours) -> Matrix:
    """Shape (n_turns, 3): the manager speaks, the employee speaks, nobody else spoke before."""
    role = {person.id: person.role for person in transcript.participants}
    spoken = [role.get(turn.speaker, "unknown") for turn in transcript.turns]
    columns = [[r == "manager" for r in spoken], [r == "employee" for r in spoken], around.other < 0]
    return np.array(columns, np.float32).T.reshape(-1, 3)


def surface(texts: Sequence[str]) -> Matrix:
    """Form of each text, shape (n, 11): length, questions, exclamations, persons, negation, numbers."""
    return np.array([_surface(normalised(text)) for text in texts], np.float32).reshape(-1, 11)


def _surface(text: str) -> list[float]:
    words = word_count(text)
    questions = text.count("?")
    return [
        math.log1p(words),
        questions > 0,
        questions > 1,
        "!" in text,
        min(3, len(_YOU.findall(text))),
        min(3, len(_ME.findall(text))),
        min(3, len(_THEM.findall(text))),
        len(_NOT.findall(text)) / max(3.0, words),
        bool(_NUMBER.search(text)),
        len(_STOPS.findall(text)) > 3,
        len(_PARTICLE.findall(text)),
    ]


def cue_counts(texts: Sequence[str]) -> Matrix:
    """Shape (n, 6): critical, defensive and calming cues of the sharpest sentence, whether there are any of
    the first two in the turn, or both. The sharpest part decides: a long turn gains nothing by its length.
    """
    return np.array([_cue_counts(text) for text in texts], np.float32).reshape(-1, 6)


def _cue_counts(text: str) -> list[float]:
    most = {"critical": 0, "defensive": 0, "calm": 0}
    label = tone_cues.rules()
    for sentence in tone_cues.sentences(text):
        found = dict.fromkeys(most, 0)
        for rule, hits in tone_cues.matches(sentence).items():
            found[label[rule]] += min(2, len(hits))
        most = {name: max(most[name], found[name]) for name in most}
    critical, defensive = most["critical"], most["defensive"]
    return [critical, defensive, most["calm"], critical > 0, defensive > 0, critical > 0 and defensive > 0]


def word_pieces(text: str) -> Indices:
    """Buckets of the one to three word sequences (English) and character sequences (Chinese) in the text."""
    plain = re.sub(r"\d+", "0", normalised(text))
    tokens = _TOKENS.findall(plain)
    pieces = {" ".join(tokens[i : i + n]) for n in (1, 2, 3) for i in range(len(tokens) - n + 1)}
    for run in _RUNS.findall(plain):
        pieces |= {run[i : i + n] for n in (1, 2, 3) for i in range(len(run) - n + 1)}
    return np.array(sorted({zlib.crc32(piece.encode()) % BUCKETS for piece in pieces}), np.int64)


def piece_scores(texts: Sequence[str], table: Matrix) -> Matrix:
    """Sum of the table's rows over a text's word pieces by the root of their number, shape (n, columns)."""
    scores = np.zeros((len(texts), table.shape[1]), np.float32)
    for row, text in enumerate(texts):
        pieces = word_pieces(text)
        if len(pieces):
            scores[row] = table[pieces].sum(axis=0) / math.sqrt(len(pieces))
    return scores
