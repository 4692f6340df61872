"""Who speaks when, and who said what.

DER: missed + false alarm + confused speech over all speech (NIST RT-09), no collar, overlap scored, computed
by pyannote.metrics (Bredin 2017). cpWER: words of each speaker joined, best assignment of found to real
speakers, word errors summed (CHiME-6, Watanabe et al. 2020); a word with the wrong speaker counts twice, as
missing there and inserted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from scipy.optimize import linear_sum_assignment

from eval.asr import count_errors
from eval.bootstrap import ratio
from eval.data import Data, NothingToMeasure, Reference
from eval.figures import Figure, Outcome, pooled
from eval.text_norm import tokens
from models.audio import examine
from models.schema import SpeakerSpan, Transcript

PARTS = {
    "diarization_error_rate": "errors",
    "missed_speech": "missed",
    "false_alarm_speech": "false_alarm",
    "confused_speech": "confused",
}


class SpeakerFinder(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def spans(self, reference: Reference, speakers: int | None) -> list[SpeakerSpan]:
        """Who speaks when."""
        ...

    def transcript(self, reference: Reference) -> Transcript:
        """Recording to transcript."""
        ...


def recordings(data: Data) -> list[Reference]:
    """Everything with speaker times."""
    found = data.checkins() + data.ami_clips() + data.two_speaker() + data.own_recordings()
    return [reference for reference in found if reference.spans]


def evaluate(references: Sequence[Reference], finder: SpeakerFinder, with_words: bool, seed: int) -> Outcome:
    """DER with the number of speakers given and estimated, and cpWER where the words are known."""
    if not references:
        raise NothingToMeasure
    details: list[dict[str, Any]] = []
    for reference in references:
        length_s = examine(reference.path).duration_s
        for condition, given in (("given", reference.speakers), ("estimated", None)):
            spans = finder.spans(reference, given)
            details.append(
                {"id": reference.id, "row": f"{reference.row}/{condition}"}
                | speaker_errors(reference.spans, spans, length_s)
                | {"speakers_off": abs(len({s.speaker for s in spans}) - reference.speakers), "one": 1}
            )
        if with_words and reference.turns:
            errors, words = cp_errors(reference, finder.transcript(reference))
            details.append({"id": reference.id, "row": reference.row, "cp_errors": errors, "words": words})
    return Outcome(tuple(_figures(details, seed)), details)


def speaker_errors(
    reference: Sequence[SpeakerSpan], found: Sequence[SpeakerSpan], length_s: float
) -> dict[str, float]:
    """Seconds of missed, false-alarm and confused speech, and of all speech of the reference."""
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    parts: Mapping[str, float] = metric(
        _annotation(reference),
        _annotation(found),
        uem=Timeline([Segment(0, length_s)]),
        detailed=True,
    )
    missed, false_alarm, confused = parts["missed detection"], parts["false alarm"], parts["confusion"]
    return {
        "missed": missed,
        "false_alarm": false_alarm,
        "confused": confused,
        "errors": missed + false_alarm + confused,
        "speech": parts["total"],
    }


def cp_errors(reference: Reference, transcript: Transcript) -> tuple[int, int]:
    """(errors, words of the reference) of the concatenated minimum-permutation word error rate. Found and
    real speakers without a partner count with all their words.
    """
    real = _by_speaker([(t.speaker, t.text) for t in reference.turns], reference)
    found = _by_speaker([(t.speaker, t.text) for t in transcript.turns], reference)
    size = max(len(real), len(found))
    real += [[]] * (size - len(real))
    found += [[]] * (size - len(found))
    costs = np.array([[count_errors([r], f).errors for f in found] for r in real])
    rows, columns = linear_sum_assignment(costs)
    return int(costs[rows, columns].sum()), sum(len(r) for r in real)


def _by_speaker(turns: Sequence[tuple[str, str]], reference: Reference) -> list[list[str]]:
    said: dict[str, list[str]] = {}
    for speaker, text in turns:
        said.setdefault(speaker, []).extend(tokens(text, reference.language))
    return list(said.values())


def _annotation(spans: Sequence[SpeakerSpan]) -> Annotation:
    annotation = Annotation()
    for i, span in enumerate(spans):
        annotation[Segment(span.start_s, span.end_s), i] = span.speaker
    return annotation


def _figures(details: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    figures: list[Figure] = []
    for row in sorted({d["row"] for d in details}):
        mine = [d for d in details if d["row"] == row]
        timed = [d for d in mine if "speech" in d]
        for key, part in PARTS.items():
            figures += pooled(key, row, [(d[part], d["speech"]) for d in timed], ratio, seed)
        figures += pooled("speakers_off", row, [(d["speakers_off"], d["one"]) for d in timed], ratio, seed)
        worded = [(d["cp_errors"], d["words"]) for d in mine if "cp_errors" in d]
        figures += pooled("speaker_attributed_error_rate", row, worded, ratio, seed)
    return figures
