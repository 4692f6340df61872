"""Engines by name. Each is loaded, with its libraries, when it is used first and stays loaded."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from models.language_model import LanguageModel, checked
from models.ports import DialogueReader, Diarizer, Embedder, SpeechDetector, TextGenerator, Transcriber
from models.store import Store

ENGINES = {
    "detector": "models.engines.silero:load",
    "transcriber": "models.engines.whisper:load",
    "diarizer": "models.engines.diarization:load",
    "embedder": "models.engines.e5:load",
    "fast_embedder": "models.engines.e5:load_fast",
    "catalogue_embedder": "models.engines.vector_cache:CachedEmbedder",
    "reader": "models.engines.dialogue_reader:load",
    "chat_endpoint": "models.engines.chat_endpoint:load",
    "local_llm": "models.engines.local_llm:load",
}


class Engines:
    """The engines that ship, over the store in `models_dir`; each may use `threads` threads.

    The first use of an engine raises WeightsMissing when its model is not in the store.
    """

    def __init__(self, models_dir: Path, threads: int) -> None:
        self.store = Store(models_dir)
        self.threads = threads
        self._generator: tuple[LanguageModel, TextGenerator] | None = None

    @cached_property
    def detector(self) -> SpeechDetector:
        """Where somebody speaks."""
        return cast("SpeechDetector", _make("detector"))

    @cached_property
    def transcriber(self) -> Transcriber:
        """Speech to text."""
        return cast("Transcriber", _make("transcriber", self.store, self.threads))

    @cached_property
    def diarizer(self) -> Diarizer:
        """Who speaks when."""
        return cast("Diarizer", _make("diarizer", self.store, self.threads))

    @cached_property
    def embedder(self) -> Embedder:
        """Sentence vectors."""
        return cast("Embedder", _make("embedder", self.store, self.threads))

    def catalogue_embedder(self, advance: Callable[[float], None]) -> Embedder:
        """The embedder for texts of a catalogue, which keeps their vectors; `advance` is told 0..1."""
        path = self.store.path("e5-small")
        kept = self.store.root / "vectors" / f"{path.parent.name}-{path.name}-int8.sqlite"
        return cast("Embedder", _make("catalogue_embedder", lambda: self.fast_embedder, kept, advance))

    @cached_property
    def fast_embedder(self) -> Embedder:
        """Sentence vectors for many texts."""
        return cast("Embedder", _make("fast_embedder", self.store, self.threads))

    @cached_property
    def reader(self) -> DialogueReader:
        """Acts, tone and moves of a conversation."""
        return cast("DialogueReader", _make("reader", self.store, self.threads))

    def text_generator(self, wanted: LanguageModel) -> TextGenerator:
        """The language model of the LLM engine; it stays loaded until another one is asked for.

        Raises LanguageModelRefused, or UnusableInput for a name that is neither folder nor catalogue entry.
        """
        if self._generator is None or self._generator[0] != wanted:
            self._generator = (wanted, self._generator_for(checked(wanted)))
        return self._generator[1]

    def _generator_for(self, wanted: LanguageModel) -> TextGenerator:
        if wanted.endpoint is not None:
            return cast("TextGenerator", _make("chat_endpoint", wanted))
        given = Path(wanted.model).expanduser()
        folder = given if given.is_dir() else self.store.path(wanted.model)
        name = given.name if given.is_dir() else wanted.model
        return cast("TextGenerator", _make("local_llm", folder, name, wanted.context_tokens, self.threads))


def _make(name: str, *arguments: object) -> Any:  # noqa: ANN401 - factories of several kinds
    module, _, factory = ENGINES[name].partition(":")
    return getattr(importlib.import_module(module), factory)(*arguments)
