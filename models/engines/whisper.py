"""Whisper (Radford et al. 2022, arXiv 2212.04356) through CTranslate2 and faster-whisper.

Whisper pads whatever it hears to 30 s. CTranslate2 lets the encoder run on less, and attention is
quadratic, so short pieces are encoded at their own length, in batches of similar length: about half the
time of the sequential mode on the same text (docs/decisions/0005-short-context-batches.md). Pieces whose
text looks doubtful are asked again with the full 30 s and, if need be, at higher temperatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import numpy.typing as npt

from models.audio import SAMPLE_RATE
from models.ports import Samples, Segment, Span
from models.schema import Word
from models.store import Store
from prompts import load_prompt

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

BEAM_SIZE = 5
BATCH_S = 120.0
TAIL_S = 1.0
FULL_FRAMES = 3000
LANGUAGE_S = 4.0
MAX_TOKENS_PER_S = 12
TEMPERATURES = (0.0, 0.4, 0.8)
BEFORE = "\"'\u201c\u00bf([{-"
AFTER = "\"'.\u3002,\uff0c!\uff01?\uff1f:\uff1a\u201d)]}\u3001"
"""Marks that belong to the word after and before them."""
STYLE_PROMPT = "whisper_style.zh.v1.txt"
"""What seems to have been said before: makes Mandarin come out punctuated and Simplified."""
Features = npt.NDArray[np.float32]


class WhisperTranscriber:
    """Transcriber over a faster-whisper model folder: int8 on the CPU, float16 on a CUDA device."""

    def __init__(self, folder: str, threads: int) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        cuda = ctranslate2.get_cuda_device_count() > 0
        self.model: WhisperModel = WhisperModel(
            folder,
            device="cuda" if cuda else "cpu",
            compute_type="float16" if cuda else "int8",
            cpu_threads=threads,
            local_files_only=True,
        )

    def detect_languages(self, audio: Samples, pieces: Sequence[Span]) -> list[dict[str, float]]:
        """Language from the first 4 s of each piece; Cantonese counts as "zh" (Han script comes out)."""
        found: list[dict[str, float]] = [{} for _ in pieces]
        short = [(start, min(end, start + LANGUAGE_S)) for start, end in pieces]
        for group in _batches(short):
            encoded = self._encode([_cut(audio, short[i]) for i in group], tail_s=0.1)
            for i, ranked in zip(group, self.model.model.detect_language(encoded), strict=True):
                for token, probability in ranked:
                    code = token.strip("<|>").replace("yue", "zh")
                    found[i][code] = found[i].get(code, 0.0) + probability
        return found

    def transcribe(
        self, audio: Samples, pieces: Sequence[Span], languages: Sequence[str], careful: bool = False
    ) -> list[Segment]:
        """Beam search over batches of one language and similar length, then word times by alignment."""
        segments: list[Segment | None] = [None] * len(pieces)
        for language in sorted(set(languages)):
            mine = [i for i in range(len(pieces)) if languages[i] == language]
            for group in _batches([pieces[i] for i in mine], one_by_one=careful):
                ids = [mine[g] for g in group]
                done = self._transcribe_batch([_cut(audio, pieces[i]) for i in ids], language, careful)
                for i, segment in zip(ids, done, strict=True):
                    segments[i] = segment
        return cast("list[Segment]", segments)

    def _transcribe_batch(self, clips: list[Samples], language: str, careful: bool) -> list[Segment]:
        from faster_whisper.tokenizer import Tokenizer

        tokenizer = Tokenizer(self.model.hf_tokenizer, True, task="transcribe", language=language)
        encoded = self._encode(clips, frames=FULL_FRAMES if careful else None)
        longest_s = max(clip.size for clip in clips) / SAMPLE_RATE
        best: list[Any] = self._generate(encoded, tokenizer, len(clips), longest_s, 0.0)
        if careful:
            for temperature in TEMPERATURES[1:]:
                if _mean_logprob(best[0]) > -0.7:
                    break
                other = self._generate(encoded, tokenizer, 1, longest_s, temperature)
                best = max(best, other, key=lambda results: _mean_logprob(results[0]))
        tokens = [[t for t in result.sequences_ids[0] if t < tokenizer.eot] for result in best]
        frames = [int(clip.size / SAMPLE_RATE * self.model.frames_per_second) + 1 for clip in clips]
        aligned = self._align(tokenizer, tokens, encoded, frames)
        return [
            Segment(
                language=cast("Literal['en', 'zh']", language),
                words=words,
                avg_logprob=_mean_logprob(result),
                no_speech_prob=float(result.no_speech_prob),
            )
            for words, result in zip(aligned, best, strict=True)
        ]

    def _generate(
        self, encoded: Any, tokenizer: Any, n: int, longest_s: float, temperature: float
    ) -> list[Any]:
        before = tokenizer.encode(load_prompt(STYLE_PROMPT)) if tokenizer.language_code == "zh" else []
        prompt = self.model.get_prompt(tokenizer, before, without_timestamps=False)
        results: list[Any] = self.model.model.generate(
            encoded,
            [prompt] * n,
            beam_size=1 if temperature else BEAM_SIZE,
            num_hypotheses=1,
            sampling_topk=0 if temperature else 1,
            sampling_temperature=temperature or 1.0,
            max_length=min(448, len(prompt) + 20 + int(longest_s * MAX_TOKENS_PER_S)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return results

    def _align(
        self,
        tokenizer: Any,
        tokens: list[list[int]],
        encoded: Any,
        frames: list[int],
    ) -> list[tuple[Word, ...]]:
        from faster_whisper.transcribe import merge_punctuations

        spoken = [i for i, ids in enumerate(tokens) if ids]
        words: list[tuple[Word, ...]] = [()] * len(tokens)
        if not spoken:
            return words
        filled = [ids or [tokenizer.eot - 1] for ids in tokens]
        found = self.model.find_alignment(tokenizer, filled, encoded, frames)
        for i in spoken:
            merge_punctuations(found[i], BEFORE, AFTER)
            words[i] = tuple(
                Word(w["word"], float(w["start"]), float(w["end"]), round(float(w["probability"]), 3))
                for w in found[i]
                if w["word"]
            )
        return words

    def _encode(self, clips: list[Samples], frames: int | None = None, tail_s: float = TAIL_S) -> Any:
        import ctranslate2

        features = [
            self.model.feature_extractor(np.pad(clip, (0, int(tail_s * SAMPLE_RATE))), padding=0)
            for clip in clips
        ]
        width = frames or min(FULL_FRAMES, max(f.shape[1] for f in features))
        width += width % 2
        stacked = np.stack([_fit(f, width) for f in features])
        return self.model.model.encode(ctranslate2.StorageView.from_array(stacked), to_cpu=False)


def load(store: Store, threads: int) -> WhisperTranscriber:
    """Factory for models/registry; raises WeightsMissing."""
    return WhisperTranscriber(str(store.path("whisper-base")), threads)


def _cut(audio: Samples, span: Span) -> Samples:
    return audio[int(span[0] * SAMPLE_RATE) : int(span[1] * SAMPLE_RATE)]


def _fit(features: Features, width: int) -> Features:
    """Exactly `width` frames; the padding is the value of silence, which is the lowest of the piece."""
    missing = width - features.shape[1]
    if missing <= 0:
        return features[:, :width].astype(np.float32)
    return np.pad(features, ((0, 0), (0, missing)), constant_values=features.min()).astype(np.float32)


def _mean_logprob(result: Any) -> float:
    return float(result.scores[0])


def _batches(spans: Sequence[Span], one_by_one: bool = False) -> list[list[int]]:
    """Indices in groups of similar length that hold at most BATCH_S padded seconds."""
    order = sorted(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
    groups: list[list[int]] = []
    for i in order:
        length = spans[i][1] - spans[i][0] + TAIL_S
        if groups and not one_by_one and length * (len(groups[-1]) + 1) <= BATCH_S:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
