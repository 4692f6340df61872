"""Speech recognition: word error rate (English), character error rate (Chinese), lost turns, invented words.

Alignment is the Levenshtein alignment of jiwer over the whole recording in time order, so overlapping
speech costs errors here; `diar` gives the figure that forgives the order (cpWER).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jiwer

from eval.bootstrap import ratio
from eval.data import Data, NothingToMeasure, Reference
from eval.figures import Figure, Outcome, pooled
from eval.text_norm import tokens
from models.schema import Transcript

MIN_LOSABLE_TOKENS = 3
LOST_BELOW = 0.25
RATES = (
    ("inserted_words", "inserted", "words"),
    ("lost_turns", "lost", "losable"),
    ("uncovered_speech", "uncovered_speech_s", "duration_s"),
)


class Recogniser(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def transcript(self, reference: Reference) -> Transcript:
        """Recording to transcript."""
        ...


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Counts of one recording. `losable` are the reference turns of at least 3 tokens, `lost` those of them
    of which less than a quarter was recognised.
    """

    hits: int
    substitutions: int
    deletions: int
    insertions: int
    losable: int
    lost: int

    @property
    def errors(self) -> int:
        """Substitutions, deletions and insertions."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def words(self) -> int:
        """Tokens of the reference."""
        return self.hits + self.substitutions + self.deletions


def recordings(data: Data) -> list[Reference]:
    """Everything with a reference text."""
    return data.checkins() + data.ami_clips() + data.mandarin_clips() + data.own_recordings()


def evaluate(
    references: Sequence[Reference],
    recogniser: Recogniser,
    sequential: Callable[[Reference], str] | None,
    seed: int,
) -> Outcome:
    """Our transcripts and, where `sequential` is given, the yardstick's text of the same recordings."""
    if not references:
        raise NothingToMeasure
    details: list[dict[str, Any]] = []
    for reference in references:
        transcript = recogniser.transcript(reference)
        text = " ".join(turn.text for turn in transcript.turns)
        entry = {"id": reference.id, "row": reference.row}
        uncovered = {
            "uncovered_speech_s": transcript.uncovered_speech_s,
            "duration_s": transcript.duration_s or 0.0,
        }
        details.append(entry | _counts(compare(reference, text)) | uncovered)
        if sequential is not None:
            theirs = compare(reference, sequential(reference))
            details.append(entry | {"row": f"{reference.row}/sequential"} | _counts(theirs))
    return Outcome(tuple(_figures(details, seed)), details)


def compare(reference: Reference, text: str) -> WordErrors:
    """Counts for the recognised text of a recording."""
    turns = [tokens(turn.text, reference.language) for turn in reference.turns]
    return count_errors(turns, tokens(text, reference.language))


def count_errors(reference: Sequence[Sequence[str]], hypothesis: Sequence[str]) -> WordErrors:
    """Errors of `hypothesis` against the turns of `reference`, both as tokens."""
    owner = [i for i, turn in enumerate(reference) for _ in turn]  # (n_reference_tokens,)
    flat = [token for turn in reference for token in turn]
    output = jiwer.process_words(" ".join(flat), " ".join(hypothesis))
    hits = [0] * len(reference)
    for chunk in output.alignments[0]:
        if chunk.type == "equal":
            for i in range(chunk.ref_start_idx, chunk.ref_end_idx):
                hits[owner[i]] += 1
    losable = [(h, len(t)) for h, t in zip(hits, reference, strict=True) if len(t) >= MIN_LOSABLE_TOKENS]
    return WordErrors(
        hits=output.hits,
        substitutions=output.substitutions,
        deletions=output.deletions,
        insertions=output.insertions,
        losable=len(losable),
        lost=sum(h < LOST_BELOW * n for h, n in losable),
    )


def error_key(language: str) -> str:
    """Which rate the language has."""
    return {"en": "word_error_rate", "zh": "character_error_rate", "mixed": "mixed_error_rate"}[language]


def _counts(found: WordErrors) -> dict[str, Any]:
    return {
        "errors": found.errors,
        "words": found.words,
        "inserted": found.insertions,
        "deleted": found.deletions,
        "lost": found.lost,
        "losable": found.losable,
    }


def _figures(details: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    figures: list[Figure] = []
    for row in sorted({d["row"] for d in details}):
        main = (error_key(row.split("/")[0]), "errors", "words")
        for key, over, upon in (main, *RATES):
            units = [(d[over], d[upon]) for d in details if d["row"] == row and over in d]
            figures += pooled(key, row, units, ratio, seed)
    return figures
