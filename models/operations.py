"""What the model process can be asked to do: JSON fields in, calls of the pipeline, JSON fields out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from models import offering, recording_steps
from models.development import Competency
from models.language_model import LanguageModel
from models.parsing import build, document
from models.pipeline import Drafted, DraftOptions, draft_minutes, transcribe_recording
from models.recording_steps import Probe, Recording, Voices
from models.schema import Transcript
from models.stages.transcribe import WindowText
from models.store import Store
from models.tracks import WindowReader

Fields = dict[str, Any]
Report = Callable[[str, float], None]
Send = Callable[..., None]
Operation = Callable[["Desk", Fields, Report, Send], Fields]


class Desk:
    """What stays between requests: the engines with their loaded models, and the open sound of the recording
    whose windows are asked for.
    """

    def __init__(self, models_dir: Path, make_engines: Callable[[], Any]) -> None:
        self.models_dir = models_dir
        self.reader = WindowReader()
        self._make_engines = make_engines

    @cached_property
    def engines(self) -> Any:  # noqa: ANN401 - the registry's class or a stand-in for it
        """Made at the first request that needs them."""
        return self._make_engines()


def probe(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """What there is to do for one recording."""
    return {"probe": document(recording_steps.probe(_recording(request["recording"])))}


def listen(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """Who speaks when."""
    recording, plan = _planned(request)
    return {"voices": document(recording_steps.listen(recording, plan, desk.engines, report))}


def window(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """The words of one window."""
    recording, plan = _planned(request)
    voices = build(Voices, request["voices"])
    text = recording_steps.transcribe_window(
        recording, plan, request["window"], voices, desk.engines, report, desk.reader
    )
    return {"text": document(text)}


def assemble(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """The transcript of all windows."""
    recording, plan = _planned(request)
    voices, texts = build(Voices, request["voices"]), build(tuple[WindowText, ...], request["texts"])
    return {"transcript": document(recording_steps.assemble(recording, plan, voices, texts))}


def transcribe(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """One recording to its transcript."""
    transcript = transcribe_recording(_recording(request["recording"]), desk.engines, report)
    return {"transcript": document(transcript)}


def draft(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """One transcript to its draft, with the trail of every item."""
    transcript = build(Transcript, request["transcript"])
    return _draft(desk, transcript, request, report)


def process(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """One recording to its transcript, sent at once so that no later failure costs it; then to its draft."""
    transcript = transcribe_recording(_recording(request["recording"]), desk.engines, report)
    send("partial", transcript=document(transcript))
    return _draft(desk, transcript, request, report)


def recommend(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """Resources for named gaps."""
    catalogue, person = (_path(request.get(key)) for key in ("catalogue", "person"))
    own = build(tuple[Competency, ...], request.get("competencies", ()))
    shelf = offering.shelf(catalogue, desk.engines, lambda share: report("load", share), own)
    found = offering.for_named(request["gaps"], shelf, person, request["top_k"], request["on"])
    return {
        "offers": [
            {
                "gap": offer.gap.skill,
                "items": [document(i) for i in offer.items],
                "withheld": dict(offer.withheld),
            }
            for offer in found
        ]
    }


def shelve(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """A catalogue and competencies made ready: the vectors of their texts are on this machine's disk."""
    own = build(tuple[Competency, ...], request.get("competencies", ()))
    offering.shelf(
        _path(request.get("catalogue")), desk.engines, lambda share: report("load", share), own
    ).index()
    return {}


def prepare(desk: Desk, request: Fields, report: Report, send: Send) -> Fields:
    """Turns fetched weights into the form that the engines load."""
    from models import prepare as preparing  # noqa: PLC0415 - loads torch, which no other request needs

    preparing.prepare(Store(desk.models_dir), request["names"], report)
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "probe": probe,
    "listen": listen,
    "window": window,
    "assemble": assemble,
    "transcribe": transcribe,
    "draft": draft,
    "process": process,
    "recommend": recommend,
    "shelve": shelve,
    "prepare": prepare,
}


def _draft(desk: Desk, transcript: Transcript, request: Fields, report: Report) -> Fields:
    wanted = request.get("language_model")
    generator = None if wanted is None else desk.engines.text_generator(build(LanguageModel, wanted))
    drafted: Drafted = draft_minutes(
        transcript, _options(request["options"]), desk.engines, report, generator
    )
    trails = {item: [asdict(step) for step in steps] for item, steps in drafted.trails.items()}
    return {"draft": document(drafted.draft), "trails": trails}


def _planned(request: Fields) -> tuple[Recording, Probe]:
    return _recording(request["recording"]), build(Probe, request["probe"])


def _recording(fields: Fields) -> Recording:
    return build(Recording, fields)


def _options(fields: Fields) -> DraftOptions:
    return build(DraftOptions, fields)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
