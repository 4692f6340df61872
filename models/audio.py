"""Sound from any file that ffmpeg's libraries read, as a stream of mono windows at 16 kHz.

A recording is never held in memory as a whole: `examine` looks at it once, `windows` decodes it again in
pieces of some minutes that end in a quiet moment, so that no word is cut.
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

Block = npt.NDArray[np.float32]
"""Decoded audio at 16 kHz, shape (channels, n_samples)."""

logging.getLogger("libav").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds. `separate`: each channel carries another speaker. `mono_from`: the channel to
    use for mono, None for the mean of all. `broken`: decoding stopped before the end of the file.
    """

    duration_s: float
    channels: int
    separate: bool = False
    mono_from: int | None = None
    broken: bool = False


def examine(path: Path) -> Layout:
    """Decode the file once and say how its channels relate.

    Raises UnusableInput when there is no such file and NotAudio when no sound can be read from it.
    """
    products: npt.NDArray[np.float64] | None = None
    levels: list[npt.NDArray[np.float32]] = []
    samples = 0
    broken = False
    for block, ok in _blocks(path):
        broken = broken or not ok
        if block.shape[1] == 0:
            continue
        if products is None:
            products = np.zeros((block.shape[0], block.shape[0]))
        products += block.astype(np.float64) @ block.T
        levels.append(np.sqrt(np.mean(block**2, axis=1)))
        samples += block.shape[1]
    if products is None or samples < SAMPLE_RATE // 20:
        raise NotAudio("no_sound", path=path.name)
    channels = products.shape[0]
    return Layout(
        duration_s=samples / SAMPLE_RATE,
        channels=channels,
        separate=channels == 2 and _alternate(np.stack(levels)),
        mono_from=_cancelling_channel(products),
        broken=broken,
    )


def windows(
    path: Path, layout: Layout, channel: int | None = None, seconds: float = WINDOW_S
) -> Iterator[tuple[float, Samples]]:
    """(start in seconds, samples) of pieces of about `seconds`, each ending in the quietest moment near its
    end. `channel` picks one channel; otherwise the channels are mixed. Levels are brought to -23 dBFS.
    """
    pending: list[Samples] = []
    held = 0
    start = 0
    for block, _ in _blocks(path):
        pending.append(_mono(block, channel if channel is not None else layout.mono_from))
        held += pending[-1].size
        if held >= (seconds + CUT_SEARCH_S) * SAMPLE_RATE:
            audio = np.concatenate(pending)
            cut = _quiet_cut(audio, int(seconds * SAMPLE_RATE))
            yield start / SAMPLE_RATE, normalise(audio[:cut])
            pending, held, start = [audio[cut:]], audio.size - cut, start + cut
    if held:
        yield start / SAMPLE_RATE, normalise(np.concatenate(pending))


def channel_balance(path: Path) -> npt.NDArray[np.float32]:
    """By how many dB the first channel is louder than the second, for each tenth of a second."""
    rest: Block = np.zeros((2, 0), np.float32)
    found = []
    for block, _ in _blocks(path):
        held = np.concatenate([rest, block[:2]], axis=1)
        whole = held.shape[1] // TENTH * TENTH
        energy = (held[:, :whole].reshape(2, -1, TENTH) ** 2).mean(axis=2) + 1e-12
        found.append(10 * np.log10(energy[0] / energy[1]))
        rest = held[:, whole:]
    return np.concatenate(found).astype(np.float32)


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
def _readable(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise UnusableInput("no_such_file", path=path)
    try:
        yield
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise NotAudio("not_audio", path=path.name) from error


def _blocks(path: Path) -> Iterator[tuple[Block, bool]]:
    """Blocks of about a second, all channels; the flag is False on the last one if decoding broke off."""
    with _readable(path), av.open(str(path), metadata_errors="ignore") as container:
        if not container.streams.audio:
            raise NotAudio("no_sound", path=path.name)
        stream = container.streams.audio[0]
        stream.thread_type = "AUTO"
        if stream.codec_context.channels > MAX_CHANNELS:
            raise NotAudio("too_many_channels", path=path.name, most=MAX_CHANNELS)
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


def _quiet_cut(audio: Samples, target: int) -> int:
    """Index of the quietest 400 ms within the search range around `target`."""
    low = target - int(CUT_SEARCH_S * SAMPLE_RATE)
    piece = audio[low : target + int(CUT_SEARCH_S * SAMPLE_RATE)]
    frames = np.mean(piece[: piece.size // FRAME * FRAME].reshape(-1, FRAME) ** 2, axis=1)
    smooth = np.convolve(frames, np.ones(20), mode="valid")
    return low + (int(np.argmin(smooth)) + 10) * FRAME


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
