"""The sources of speech in a recording: a file with several voices, a channel or a file with one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models import audio
from models.errors import NotAudio
from models.memory import give_back
from models.ports import Samples
from models.schema import Word

BLEED_DB = 9.0


@dataclass(frozen=True, slots=True)
class Track:
    """One source of speech: a file or one channel of it; `speaker` is set when it carries one voice. `name`
    is what errors call the file, "": by its path.
    """

    path: Path
    layout: audio.Layout
    channel: int | None = None
    speaker: str | None = None
    name: str = ""

    def windows(self, report: Callable[[float], None]) -> Iterator[tuple[float, Samples]]:
        """(start in seconds, samples) of each window, telling the share that is done."""
        for start_s, samples in self.windows_from(0):
            report(start_s / self.layout.duration_s)
            yield start_s, samples
            give_back()

    def windows_from(self, number: int) -> Iterator[tuple[float, Samples]]:
        """(start in seconds, samples) of the windows from that number on."""
        return audio.windows(self.path, self.layout, self.channel, number, self.name)

    def spans(self) -> list[tuple[float, float]]:
        """(start, end) in seconds of each window."""
        return list(pairwise((0.0, *self.layout.cuts_of(self.channel), self.layout.duration_s)))


class WindowReader:
    """Windows by number. The file stays open, so that reading them in order decodes it once."""

    def __init__(self) -> None:
        self._track: Track | None = None
        self._stamp: tuple[int, ...] = ()
        self._windows: Iterator[tuple[float, Samples]] = iter(())
        self._next = 0

    def read(self, track: Track, number: int) -> tuple[float, Samples]:
        """Start in seconds and samples of that window. Raises UnusableInput when the file cannot be read."""
        stamp = _stamp(track.path)
        if (track, stamp) != (self._track, self._stamp) or number != self._next:
            self._track, self._stamp = track, stamp
            self._windows = track.windows_from(number)
        found = next(self._windows, None)
        if found is None:
            raise NotAudio("not_audio", path=track.name or track.path.name)
        self._next = number + 1
        if self._next == len(track.spans()):
            self._track, self._windows = None, iter(())  # closes the file
        return found


def _stamp(path: Path) -> tuple[int, ...]:
    """Which file a path leads to, as far as its contents count."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def tracks_of(
    paths: Sequence[Path],
    layouts: Sequence[audio.Layout],
    speakers: Sequence[str],
    names: Sequence[str] = (),
) -> list[Track]:
    """One track a file, named by `speakers` where each carries one voice; two tracks of a file whose channels
    do. `layouts`: one a path, from audio.examine. `names`: what errors call each file.
    """
    called = tuple(names) or ("",) * len(paths)
    if speakers:
        files = zip(paths, layouts, speakers, called, strict=True)
        return [Track(path, layout, None, who, name) for path, layout, who, name in files]
    path, layout = paths[0], layouts[0]
    if layout.separate:
        return [Track(path, layout, channel, f"s{channel + 1}", called[0]) for channel in range(2)]
    return [Track(path, layout, name=called[0])]


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
