"""Sound files for tests, made on the spot."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

RATE = 16_000


def tone(seconds: float, rate: int = RATE, level: float = 0.2, hz: float = 220.0) -> np.ndarray:
    """A sine that swells and fades once a second, so that it has quiet moments."""
    t = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hz * t) * np.abs(np.sin(np.pi * t))).astype(np.float32)


def write(path: Path, channels: np.ndarray, rate: int, codec: str) -> Path:
    """Samples of shape (channels, n) into whatever container the suffix names."""
    layout = {1: "mono", 2: "stereo", 8: "7.1"}[channels.shape[0]]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        formats = {f.name for f in stream.codec_context.codec.audio_formats}
        form = next(f for f in ("s16", "fltp", "s16p", "flt", "s32") if f in formats)
        scale = 32767 if form.startswith("s16") else 2**31 - 1 if form == "s32" else 1
        dtype = {"s16": np.int16, "s16p": np.int16, "s32": np.int32}.get(form, np.float32)
        data = (channels * scale).astype(dtype)
        for at in range(0, data.shape[1], 960):
            piece = data[:, at : at + 960]
            shaped = piece if form.endswith("p") else piece.T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(shaped), format=form, layout=layout)
            frame.rate, frame.pts = rate, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def video_without_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
