"""The sources of speech in a recording: a file with several voices, a channel or a file with one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models import audio
from models.memory import give_back
from models.ports import Samples
from models.schema import Word

BLEED_DB = 9.0


@dataclass(frozen=True, slots=True)
class Track:
    """One source of speech: a file or one channel of it; `speaker` is set when it carries one voice."""

    path: Path
    layout: audio.Layout
    channel: int | None = None
    speaker: str | None = None

    def windows(self, report: Callable[[float], None]) -> Iterator[tuple[float, Samples]]:
        """(start in seconds, samples) of each window, telling the share that is done."""
        for start_s, samples in audio.windows(self.path, self.layout, self.channel):
            report(start_s / self.layout.duration_s)
            yield start_s, samples
            give_back()


def tracks_of(paths: Sequence[Path], speakers: Sequence[str]) -> list[Track]:
    """One track a file, named by `speakers` where each carries one voice; two tracks of a file whose channels
    do. Raises UnusableInput for files that cannot be read.
    """
    layouts = [audio.examine(path) for path in paths]
    if speakers:
        triples = zip(paths, layouts, speakers, strict=True)
        return [Track(path, layout, None, who) for path, layout, who in triples]
    path, layout = paths[0], layouts[0]
    if layout.separate:
        return [Track(path, layout, channel, f"s{channel + 1}") for channel in range(2)]
    return [Track(path, layout)]


def without_bleed(channel: int, words: Sequence[Word], balance: npt.NDArray[np.float32]) -> list[Word]:
    """Words of a channel, less those that are only the other channel's voice heard through it.

    `balance`: audio.channel_balance, by how many dB the first channel is louder, each tenth of a second.
    """
    louder = balance if channel == 0 else -balance
    kept = []
    for word in words:
        here = louder[int(word.start_s * 10) : int(word.end_s * 10) + 1]
        if here.size == 0 or float(np.median(here)) > -BLEED_DB:
            kept.append(word)
    return kept
