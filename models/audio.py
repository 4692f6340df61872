"""Sound from any file that ffmpeg's libraries read, as a stream of mono windows at 16 kHz.

A recording is never held in memory as a whole: `examine` looks at it once and finds quiet moments some
minutes apart, `windows` decodes it again in pieces that end there, so that no word is cut. A path may also be
`/proc/self/fd/N`, an open file that has no name; `name` is then what errors call it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from models.errors import NotAudio, UnusableInput
from models.ports import Samples

SAMPLE_RATE = 16_000
WINDOW_S = 240.0
CUT_SEARCH_S = 30.0
FRAME = SAMPLE_RATE // 50
TENTH = SAMPLE_RATE // 10
TARGET_DBFS = -23.0
MAX_GAIN_DB = 40.0
DOMINANCE_DB = 9.0
MAX_CHANNELS = 8
PEAKS = 2000

Block = npt.NDArray[np.float32]
"""Decoded audio at 16 kHz, shape (channels, n_samples)."""

logging.getLogger("libav").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds. `separate`: each channel carries another speaker. `mono_from`: the channel to
    use for mono, None for the mean of all. `broken`: decoding stopped before the end of the file. `cuts`: the
    moments in seconds where windows meet, of the mono mix, and of each channel where they are separate.
    `peaks`: how loud each of at most PEAKS equal pieces gets, 0 to 1, to draw the sound by.
    """

    duration_s: float
    channels: int
    separate: bool = False
    mono_from: int | None = None
    broken: bool = False
    cuts: tuple[tuple[float, ...], ...] = ((),)
    peaks: tuple[float, ...] = ()

    def cuts_of(self, channel: int | None) -> tuple[float, ...]:
        """The moments where windows of that channel meet, None: of the mix."""
        return self.cuts[0 if channel is None else channel + 1]


def examine(path: Path, seconds: float = WINDOW_S, name: str = "") -> Layout:
    """Decode the file once: how its channels relate, and where windows of about `seconds` (from 4) meet.

    Raises UnusableInput when there is no such file and NotAudio when no sound can be read from it.
    """
    products: npt.NDArray[np.float64] | None = None
    levels: list[npt.NDArray[np.float32]] = []
    meter = _Meter(FRAME)
    samples = 0
    broken = False
    for block, ok in _blocks(path, name):
        broken = broken or not ok
        if block.shape[1] == 0:
            continue
        if products is None:
            products = np.zeros((block.shape[0], block.shape[0]))
        products += block.astype(np.float64) @ block.T
        levels.append(np.sqrt(np.mean(block**2, axis=1)))
        meter.add(np.concatenate([_mono(block, None)[None], block]))
        samples += block.shape[1]
    if products is None or samples < SAMPLE_RATE // 20:
        raise NotAudio("no_sound", path=name or path.name)
    separate = len(products) == 2 and _alternate(np.stack(levels))
    mono_from = _cancelling_channel(products)
    rows = [0 if mono_from is None else 1 + mono_from, *((1, 2) if separate else ())]
    energy = meter.read()
    return Layout(
        duration_s=samples / SAMPLE_RATE,
        channels=len(products),
        separate=separate,
        mono_from=mono_from,
        broken=broken,
        cuts=tuple(_quiet_cuts(energy[row], samples, seconds) for row in rows),
        peaks=_peaks(energy[rows[0]]),
    )


def windows(
    path: Path, layout: Layout, channel: int | None = None, first: int = 0, name: str = ""
) -> Iterator[tuple[float, Samples]]:
    """(start in seconds, samples) of the windows from number `first` on. `channel` picks one channel;
    otherwise the channels are mixed. Levels are brought to -23 dBFS.
    """
    pending: list[Samples] = []
    held = start = number = 0
    cuts = [round(cut * SAMPLE_RATE) for cut in layout.cuts_of(channel)]
    for block, _ in _blocks(path, name):
        pending.append(_mono(block, channel if channel is not None else layout.mono_from))
        held += pending[-1].size
        if number < len(cuts) and start + held >= cuts[number]:
            audio, size = np.concatenate(pending), cuts[number] - start
            if number >= first:
                yield start / SAMPLE_RATE, normalise(audio[:size])
            pending, held, start, number = [audio[size:]], held - size, cuts[number], number + 1
    if held and number >= first:
        yield start / SAMPLE_RATE, normalise(np.concatenate(pending))


def channel_balance(path: Path, name: str = "") -> npt.NDArray[np.float32]:
    """By how many dB the first channel is louder than the second, for each tenth of a second."""
    meter = _Meter(TENTH)
    for block, _ in _blocks(path, name):
        meter.add(block[:2])
    first, second = meter.read() + 1e-12
    return np.asarray(10 * np.log10(first / second), np.float32)


class _Meter:
    """Mean square of every `frame` samples of signals that come in blocks of shape (n_signals, n_samples)."""

    def __init__(self, frame: int) -> None:
        self._frame = frame
        self._rest: Block | None = None
        self._found: list[npt.NDArray[np.float32]] = []

    def add(self, block: Block) -> None:
        held = block if self._rest is None else np.concatenate([self._rest, block], axis=1)
        whole = held.shape[1] // self._frame * self._frame
        framed = held[:, :whole].reshape(len(held), -1, self._frame)
        self._found.append((framed**2).mean(axis=2))
        self._rest = held[:, whole:]

    def read(self) -> npt.NDArray[np.float32]:
        """Shape (n_signals, n_frames)."""
        return np.concatenate(self._found, axis=1)


def normalise(audio: Samples) -> Samples:
    """Bring the loud parts (95th percentile of 20 ms frames) to -23 dBFS, at most 40 dB up, not clipped."""
    usable = audio.size // FRAME * FRAME
    if usable == 0:
        return audio
    frames = np.sqrt(np.mean(audio[:usable].reshape(-1, FRAME) ** 2, axis=1))
    loud = float(np.percentile(frames, 95))
    if loud < 1e-6:
        return audio
    gain = min(10 ** (TARGET_DBFS / 20) / loud, 10 ** (MAX_GAIN_DB / 20))
    return np.asarray(np.clip(audio * gain, -1.0, 1.0), np.float32)


@contextmanager
def _readable(path: Path, name: str) -> Iterator[None]:
    if not path.is_file():
        raise UnusableInput("no_such_file", path=name or path)
    try:
        yield
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise NotAudio("not_audio", path=name or path.name) from error


def _blocks(path: Path, name: str) -> Iterator[tuple[Block, bool]]:
    """Blocks of about a second, all channels; the flag is False on the last one if decoding broke off."""
    with _readable(path, name), av.open(str(path), metadata_errors="ignore") as container:
        if not container.streams.audio:
            raise NotAudio("no_sound", path=name or path.name)
        stream = container.streams.audio[0]
        stream.thread_type = "AUTO"
        if stream.codec_context.channels > MAX_CHANNELS:
            raise NotAudio("too_many_channels", path=name or path.name, most=MAX_CHANNELS)
        resampler = AudioResampler(format="flt", layout=stream.layout, rate=SAMPLE_RATE)
        channels = stream.codec_context.channels
        pending: list[Block] = []
        for frame, ok in _frames(container, stream):
            pending += [
                np.float32(out.to_ndarray()).reshape(-1, channels).T for out in resampler.resample(frame)
            ]
            if frame is None or sum(p.shape[1] for p in pending) >= SAMPLE_RATE:
                if pending:
                    yield np.concatenate(pending, axis=1).astype(np.float32, copy=False), ok
                pending = []


def _frames(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream
) -> Iterator[tuple[av.AudioFrame | None, bool]]:
    """Frames, then None to flush. A damaged packet is skipped; a broken container ends the stream."""
    intact = True
    demuxer = container.demux(stream)
    while True:
        try:
            packet = next(demuxer, None)
        except av.error.FFmpegError:
            intact, packet = False, None
        if packet is None:
            break
        try:
            for frame in packet.decode():
                frame.pts = None
                yield frame, True
        except av.error.FFmpegError:
            intact = False
    yield None, intact


def _mono(block: Block, channel: int | None) -> Samples:
    return block.mean(axis=0) if channel is None else np.asarray(block[min(channel, len(block) - 1)])


def _quiet_cuts(energy: npt.NDArray[np.float32], samples: int, seconds: float) -> tuple[float, ...]:
    """The middle of the quietest 400 ms near the end of each window. `energy`: mean square, each 20 ms."""
    reach_s = min(CUT_SEARCH_S, seconds / 8)
    low, high = (int(s * SAMPLE_RATE) // FRAME for s in (seconds - reach_s, seconds + reach_s))
    cuts, start = [], 0
    while samples >= (start + high) * FRAME:
        smooth = np.convolve(energy[start + low : start + high], np.ones(20), mode="valid")
        start += low + int(np.argmin(smooth)) + 10
        cuts.append(start * FRAME / SAMPLE_RATE)
    return tuple(cuts)


def _peaks(energy: npt.NDArray[np.float32]) -> tuple[float, ...]:
    """The loudest 20 ms of each piece; 1 is louder than 99 in 100 pieces, so that one knock on the table does
    not make speech look like silence. `energy`: mean square, each 20 ms.
    """
    size = -(-energy.size // PEAKS)
    loudest = np.sqrt(np.pad(energy, (0, -energy.size % size)).reshape(-1, size).max(axis=1))
    top = max(float(np.percentile(loudest, 99)), 1e-9)
    return tuple(np.minimum(loudest.astype(np.float64) / top, 1.0).round(3).tolist())


def _alternate(levels: npt.NDArray[np.float32]) -> bool:
    """Whether two channels carry different speakers: in most active seconds one is clearly louder, and both
    get their turn. `levels`: RMS per second, shape (n_seconds, 2).
    """
    decibels = 20 * np.log10(levels + 1e-7)
    active = decibels.max(axis=1) > decibels.max() - 30
    difference = (decibels[:, 0] - decibels[:, 1])[active]
    clear = np.abs(difference) > DOMINANCE_DB
    left, right = np.mean(difference[clear] > 0) if clear.any() else 0.0, 0.0
    right = 1.0 - left
    return bool(clear.mean() > 0.5 and min(left, right) > 0.05)


def _cancelling_channel(products: npt.NDArray[np.float64]) -> int | None:
    """The loudest channel when the mean of all would cancel or drown it (opposite phase, dead channels)."""
    energy = np.diag(products)
    mean_energy = float(products.sum()) / products.shape[0] ** 2
    return int(np.argmax(energy)) if mean_energy < 0.2 * float(energy.max()) else None
