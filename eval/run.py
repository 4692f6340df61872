"""Puts data, engines and evaluations together; all evaluations of a run share the engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from eval import agreement, asr, corpora, diar, memory, minutes, speed, tone
from eval.data import Conversation, Data, NothingToMeasure, Reference
from eval.figures import Outcome
from eval.joining import join
from models.store import Store

if TYPE_CHECKING:
    from eval.sequential import SequentialWhisper
    from eval.shipped import Shipped

T = TypeVar("T")
SPEAKERS_OF_JOINED = 2


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for; lengths in the unit of their name."""

    split: str = "held_back"
    only: tuple[str, ...] = ()
    limit: int | None = None
    compare: bool = False
    pairs: int = 2
    minutes: int = 10
    hours: int = 3
    windows: int = 20
    seed: int = 0

    def chosen(self, things: Sequence[T], name_of: Callable[[T], str]) -> list[T]:
        """Those with the ids asked for, at most `limit`."""
        return [t for t in things if not self.only or name_of(t) in self.only][: self.limit]

    def references(self, found: Sequence[Reference]) -> list[Reference]:
        """Recordings, at most `limit` of each collection."""
        collections = dict.fromkeys(reference.collection for reference in found)
        return [
            reference
            for collection in collections
            for reference in self.chosen([r for r in found if r.collection == collection], lambda r: r.id)
        ]

    def covers(self, conversation: Conversation) -> bool:
        """Whether the conversation belongs to the split."""
        return self.split in ("all", conversation.split)

    def conversations(self, data: Data) -> list[Conversation]:
        """Own conversations of the split, at most `limit` of each language."""
        found = data.conversations(self.split)
        return [
            conversation
            for language in ("en", "zh", "mixed")
            for conversation in self.chosen(
                [c for c in found if c.transcript.language == language], lambda c: c.transcript.id
            )
        ]


LARGE_CATALOGUE = 20_000
"""Entries."""


class Workbench:
    """Data, and the models that are loaded when an evaluation first needs them."""

    def __init__(self, data: Data, models_dir: Path, threads: int) -> None:
        self.data = data
        self.models_dir = models_dir
        self.threads = threads

    @cached_property
    def shipped(self) -> Shipped:
        """The pipeline."""
        from eval.shipped import Shipped  # noqa: PLC0415 - loads model libraries
        from models.registry import Engines  # noqa: PLC0415

        return Shipped(Engines(self.models_dir, self.threads))

    @cached_property
    def sequential(self) -> SequentialWhisper:
        """The yardstick; raises WeightsMissing."""
        from eval.sequential import SequentialWhisper  # noqa: PLC0415 - loads model libraries

        return SequentialWhisper(Store(self.models_dir).path("whisper-base"))


def _asr(bench: Workbench, request: Request) -> Outcome:
    references = request.references(asr.recordings(bench.data))
    sequential = (lambda reference: bench.sequential.text(reference.path)) if request.compare else None
    return asr.evaluate(references, bench.shipped, sequential, request.seed)


def _diar(bench: Workbench, request: Request) -> Outcome:
    return diar.evaluate(request.references(diar.recordings(bench.data)), bench.shipped, True, request.seed)


def _agreement(bench: Workbench, request: Request) -> Outcome:
    return agreement.evaluate(request.chosen(bench.data.labelled_twice(), lambda t: t.id), request.seed)


def _minutes(bench: Workbench, request: Request) -> Outcome:
    meetings = request.chosen(corpora.ami_action_items(bench.data), lambda m: m.transcript.id)
    own = [r for r in bench.data.own_recordings() if r.conversation and request.covers(r.conversation)]
    spoken = [*bench.data.checkins(), *own]
    references = request.references(spoken)
    conversations = [r.conversation for r in references if r.conversation and r.collection == "checkins"]
    conversations += request.conversations(bench.data)
    return minutes.evaluate(conversations, references, meetings, bench.shipped, request.seed)


def _tone(bench: Workbench, request: Request) -> Outcome:
    calm = corpora.calm_talk(bench.data, min(request.windows, request.limit or request.windows), request.seed)
    checkins = [r.conversation for r in request.references(bench.data.checkins()) if r.conversation]
    conversations = [*checkins, *request.conversations(bench.data)]
    return tone.evaluate(conversations, {} if request.only else calm, bench.shipped, request.seed)


def _recommend(bench: Workbench, request: Request) -> Outcome:
    from eval import development, recommend  # noqa: PLC0415 - scikit-learn

    courses, spans, cases = (
        corpora.courses(bench.data),
        development.spans(bench.data),
        development.cases(bench.data),
    )
    return recommend.evaluate(courses, spans, cases, bench.shipped, request.limit, request.seed)


def _speed(bench: Workbench, request: Request) -> Outcome:
    references = request.references(bench.data.checkins())
    seconds = 60.0 * request.minutes
    return speed.evaluate(
        references,
        bench.shipped,
        lambda: bench.sequential,
        pairs=request.pairs,
        joined_s=seconds,
        seed=request.seed,
    )


def _memory(bench: Workbench, request: Request) -> Outcome:
    spoken = request.references(bench.data.checkins())
    if not spoken:
        raise NothingToMeasure
    with TemporaryDirectory() as folder:
        joined = join(spoken, Path(folder) / "long.wav", 3600.0 * request.hours)
        work = (bench.models_dir, bench.threads, joined.path, SPEAKERS_OF_JOINED)
        return memory.figures(memory.watch(memory.record_to_draft, work), request.hours)


def _catalogue(bench: Workbench, request: Request) -> Outcome:
    from eval import catalogue_scale  # noqa: PLC0415 - loads FAISS

    engines = bench.shipped.engines
    return catalogue_scale.evaluate(engines.embedder, engines.fast_embedder, request.limit or LARGE_CATALOGUE)


EVALUATIONS: Mapping[str, Callable[[Workbench, Request], Outcome]] = {
    "asr": _asr,
    "diar": _diar,
    "agreement": _agreement,
    "minutes": _minutes,
    "tone": _tone,
    "recommend": _recommend,
    "catalogue": _catalogue,
    "speed": _speed,
    "memory": _memory,
}
