"""Who speaks when: local speaker segmentation, voice embeddings, clustering, for one recording at a time.

Segmentation-3.0 (Bredin 2023, powerset of at most three speakers in 10 s) looks at chunks that overlap by
two thirds; each local speaker gets a CAM++ embedding (Wang et al. 2023) from the frames in which nobody
else speaks; complete-linkage clustering over cosine distance finds the speakers of the recording. The
embeddings are biometric: they live in this call only and are never returned, stored or compared across
recordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment

from models.audio import SAMPLE_RATE
from models.ports import Samples
from models.schema import SpeakerSpan
from models.store import Store

CHUNK = 10 * SAMPLE_RATE
STEP = CHUNK // 3
FRAME = 270
FRAME_S = FRAME / SAMPLE_RATE
BATCH = 16
POWERSET = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.uint8)
MIN_VOICE_S = 0.4
SURE_VOICE_S = 1.5
THRESHOLD = 0.7
MIN_SHARE = 0.03
MOST_CLUSTERED = 1500
FILL_S = 0.5
MIN_SPAN_S = 0.2

Vectors = npt.NDArray[np.float32]


@dataclass
class _Chunk:
    """One look of the segmentation: activity of three local speakers, shape (n_frames, 3), its first frame
    within the recording, and the rows of its local speakers' embeddings (-1: too little voice).
    """

    first_frame: int
    active: npt.NDArray[np.uint8]
    rows: list[int] = field(default_factory=lambda: [-1, -1, -1])


class OnnxDiarizer:
    """Diarizer over the two exported networks."""

    def __init__(self, segmentation: str, embedding: str, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        cpu = ["CPUExecutionProvider"]
        self.segmentation = onnxruntime.InferenceSession(segmentation, options, providers=cpu)
        self.embedding = onnxruntime.InferenceSession(embedding, options, providers=cpu)

    def diarize(self, windows: Iterator[tuple[float, Samples]], speakers: int | None) -> list[SpeakerSpan]:
        """Speakers s1, s2, ... in the order in which they are first heard."""
        chunks: list[_Chunk] = []
        voices: list[Vectors] = []
        weights: list[float] = []
        end_s = 0.0
        for start_s, audio in windows:
            end_s = start_s + audio.size / SAMPLE_RATE
            fbank = _fbank(audio)
            for chunk, at in self._look(audio, start_s):
                for local in range(3):
                    vector, seconds = self._voice(chunk.active, local, fbank, at)
                    if vector is not None:
                        chunk.rows[local] = len(voices)
                        voices.append(vector)
                        weights.append(seconds)
                chunks.append(chunk)
        if not voices:
            return []
        similarity = np.stack(voices) @ _centroids(np.stack(voices), np.array(weights), speakers).T
        return _named(_spans(_activity(chunks, similarity), end_s))

    def _look(self, audio: Samples, start_s: float) -> Iterator[tuple[_Chunk, int]]:
        """Chunks of a window, each with its first sample within the window."""
        last = max(0, audio.size - CHUNK)
        starts = [*range(0, last, STEP), last]
        for first in range(0, len(starts), BATCH):
            group = starts[first : first + BATCH]
            clips = [audio[s : s + CHUNK] for s in group]
            batch = np.stack([np.pad(clip, (0, CHUNK - clip.size)) for clip in clips])[:, None]
            scores = self.segmentation.run(None, {"x": batch.astype(np.float32)})[0]
            for s, score, clip in zip(group, scores, clips, strict=True):
                active = POWERSET[score.argmax(axis=-1)]
                active = active[: int(np.ceil(clip.size / FRAME))]
                yield _Chunk(round((start_s * SAMPLE_RATE + s) / FRAME), active), s

    def _voice(
        self, active: npt.NDArray[np.uint8], local: int, fbank: Vectors, at: int
    ) -> tuple[Vectors | None, float]:
        """The unit embedding of a local speaker and the seconds of voice behind it."""
        mine = active[:, local] > 0
        alone = mine & (active.sum(axis=1) == 1)
        use = alone if alone.sum() * FRAME_S > MIN_VOICE_S else mine
        seconds = float(use.sum()) * FRAME_S
        if seconds < MIN_VOICE_S:
            return None, 0.0
        rows = np.flatnonzero(np.repeat(use, FRAME)[::160]) + at // 160
        frames = fbank[rows[rows < len(fbank)]]
        if len(frames) < MIN_VOICE_S * 50:
            return None, 0.0
        frames = (frames - frames.mean(axis=0))[None].astype(np.float32)
        vector = self.embedding.run(None, {"x": frames})[0][0]
        return vector / np.linalg.norm(vector), seconds


def load(store: Store, threads: int) -> OnnxDiarizer:
    """Factory for models/registry; raises WeightsMissing."""
    segmentation = store.path("segmentation-3.0") / "segmentation.onnx"
    embedding = store.path("campplus") / "campplus.onnx"
    return OnnxDiarizer(str(segmentation), str(embedding), threads)


def _fbank(audio: Samples) -> Vectors:
    """80 log mel energies every 10 ms (Kaldi's definition), shape (n_frames, 80)."""
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = False
    options.mel_opts.num_bins = 80
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(SAMPLE_RATE, audio)
    bank.input_finished()
    frames = [bank.get_frame(i) for i in range(bank.num_frames_ready)]
    return np.array(frames, np.float32) if frames else np.zeros((0, 80), np.float32)


def _centroids(voices: Vectors, weights: npt.NDArray[np.float64], speakers: int | None) -> Vectors:
    """Unit vectors, one a speaker: complete linkage over the surest voices, then five rounds of k-means."""
    order = np.argsort(-weights)[:MOST_CLUSTERED]
    sure = order[weights[order] >= SURE_VOICE_S]
    chosen = sure if len(sure) >= max(2, speakers or 2) else order
    labels = np.ones(len(chosen), int)
    if len(chosen) > 1:
        tree = linkage(voices[chosen], "complete", metric="cosine")
        labels = fcluster(tree, speakers, "maxclust") if speakers else fcluster(tree, THRESHOLD, "distance")
    groups = [chosen[labels == label] for label in np.unique(labels)]
    if not speakers:
        heard = weights[chosen].sum()
        groups = [g for g in groups if weights[g].sum() >= MIN_SHARE * heard]
    centroids = np.stack([_mean(voices[g], weights[g]) for g in groups])
    for _ in range(5):
        nearest = (voices @ centroids.T).argmax(axis=1)
        members = [np.flatnonzero(nearest == i) for i in range(len(centroids))]
        centroids = np.stack(
            [_mean(voices[m], weights[m]) if len(m) else centroids[i] for i, m in enumerate(members)]
        )
    return centroids


def _mean(vectors: Vectors, weights: npt.NDArray[np.float64]) -> Vectors:
    total = (vectors * weights[:, None]).sum(axis=0)
    return np.asarray(total / np.linalg.norm(total), np.float32)


def _activity(chunks: Sequence[_Chunk], similarity: Vectors) -> npt.NDArray[np.bool_]:
    """Frames by speakers: overlapping looks vote, and as many speak at once as the looks say on average."""
    frames = max(chunk.first_frame + len(chunk.active) for chunk in chunks)
    speakers = similarity.shape[1]
    votes, looks, at_once = np.zeros((frames, speakers)), np.zeros(frames), np.zeros(frames)
    for chunk in chunks:
        where = slice(chunk.first_frame, chunk.first_frame + len(chunk.active))
        looks[where] += 1
        at_once[where] += chunk.active.sum(axis=1)
        for local, speaker in _assigned(chunk.rows, similarity):
            votes[where, speaker] += chunk.active[:, local]
    count = np.round(at_once / np.maximum(looks, 1)).astype(int)
    ranked = np.argsort(-votes, axis=1)
    active = np.zeros((frames, speakers), bool)
    for place in range(min(speakers, 3)):
        on = np.flatnonzero((count > place) & (votes[np.arange(frames), ranked[:, place]] > 0))
        active[on, ranked[on, place]] = True
    return active


def _assigned(rows: Sequence[int], similarity: Vectors) -> Iterator[tuple[int, int]]:
    """(local speaker, speaker): two local speakers of one chunk are two people while there are enough."""
    local = [i for i, row in enumerate(rows) if row >= 0]
    if not local:
        return
    near = np.stack([similarity[rows[i]] for i in local])
    best: dict[int, Any] = dict(zip(*linear_sum_assignment(-near), strict=True))
    for place, i in enumerate(local):
        yield i, int(best.get(place, near[place].argmax()))


def _spans(active: npt.NDArray[np.bool_], end_s: float) -> list[SpeakerSpan]:
    """Spans of each column; pauses under 0.5 s in which nobody else speaks belong to the speaker."""
    spans: list[SpeakerSpan] = []
    for speaker in range(active.shape[1]):
        others = np.asarray(np.delete(active, speaker, axis=1).any(axis=1))
        edges = np.flatnonzero(np.diff(np.r_[0, active[:, speaker].astype(np.int8), 0]))
        merged: list[list[int]] = []
        for start, end in edges.reshape(-1, 2).tolist():
            if (
                merged
                and (start - merged[-1][1]) * FRAME_S < FILL_S
                and not others[merged[-1][1] : start].any()
            ):
                merged[-1][1] = end
            else:
                merged.append([start, end])
        spans += [
            SpeakerSpan(round(a * FRAME_S, 3), round(min(b * FRAME_S, end_s), 3), str(speaker))
            for a, b in merged
            if (b - a) * FRAME_S >= MIN_SPAN_S
        ]
    return sorted(spans, key=lambda span: (span.start_s, span.end_s))


def _named(spans: list[SpeakerSpan]) -> list[SpeakerSpan]:
    names: dict[str, str] = {}
    return [SpeakerSpan(s.start_s, s.end_s, names.setdefault(s.speaker, f"s{len(names) + 1}")) for s in spans]
