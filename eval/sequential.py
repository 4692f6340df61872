"""The yardstick: faster-whisper as its README uses it, fixed here so that it never moves with ours."""

from __future__ import annotations

from pathlib import Path

from faster_whisper import WhisperModel

from models.schema import Word

COMPUTE_TYPE = "int8"
THREADS = 2
BEAM_SIZE = 5


class SequentialWhisper:
    """Whisper base, int8, 2 threads, one 30 s window after the other, beam 5, VAD filter, word times."""

    def __init__(self, folder: Path) -> None:
        self.model = WhisperModel(
            str(folder), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=THREADS, local_files_only=True
        )

    def words(self, path: Path) -> list[Word]:
        """All words of a recording."""
        segments, _ = self.model.transcribe(
            str(path), beam_size=BEAM_SIZE, vad_filter=True, word_timestamps=True
        )
        return [
            Word(word.word, word.start, word.end, word.probability)
            for segment in segments
            for word in segment.words or ()
        ]

    def text(self, path: Path) -> str:
        """The words as written."""
        return "".join(word.w for word in self.words(path))
