"""Voice activity by Silero VAD (MIT), the copy that faster-whisper carries."""

from __future__ import annotations

from models.audio import SAMPLE_RATE
from models.ports import Samples, Span

MIN_SILENCE_MS = 200
PAD_MS = 30


class SileroDetector:
    """SpeechDetector; the network is small (2 MB) and loaded by the first call."""

    def detect(self, audio: Samples) -> list[Span]:
        """Spans of speech in seconds."""
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        options = VadOptions(min_silence_duration_ms=MIN_SILENCE_MS, speech_pad_ms=PAD_MS)
        found = get_speech_timestamps(audio, options)
        return [(span["start"] / SAMPLE_RATE, span["end"] / SAMPLE_RATE) for span in found]


def load() -> SileroDetector:
    """Factory for models/registry."""
    return SileroDetector()
