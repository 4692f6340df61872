"""Language models for tests: they answer from a list, or by a function, and remember what they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.ports import Generated
from models.schema import StepProvenance, Transcript
from models.stages import acts
from models.stages.extract import extract
from models.stages.llm_minutes import Written, write

Answer = str | Generated | Exception


@dataclass
class Model:
    """Gives its answers to pieces one after the other, the last again and again; a summary when asked."""

    answers: Sequence[Answer] | Callable[[str], Answer]
    summary: str = ""
    host: str | None = None
    context_tokens: int = 8192
    sent: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def provenance(self) -> StepProvenance:
        return StepProvenance("fake", model="test-model", host=self.host)

    def generate(
        self, instructions: str, data: str, json_schema: dict[str, Any], answer_tokens: int
    ) -> Generated:
        self.sent.append((instructions, data))
        if "summary" in json_schema["properties"]:
            return Generated(json.dumps({"summary": self.summary}))
        self.pieces.append(data)
        if callable(self.answers):
            answer = self.answers(data)
        else:
            answer = self.answers[min(len(self.pieces), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Generated) else Generated(answer)


def item(task: str, owner: object, *evidence: tuple[int, str], due: tuple[int, str] | None = None) -> dict:
    quotes = [{"turn": turn, "quote": quote} for turn, quote in evidence]
    said = None if due is None else {"turn": due[0], "quote": due[1]}
    return {"task": task, "owner": owner, "due": said, "evidence": quotes}


def agreed(text: str, *evidence: tuple[int, str]) -> dict:
    return {"text": text, "evidence": [{"turn": turn, "quote": quote} for turn, quote in evidence]}


def answer(*items: dict, agreements: Sequence[dict] = ()) -> str:
    return json.dumps({"action_items": list(items), "agreements": list(agreements)}, ensure_ascii=False)


def written(transcript: Transcript, model: Model, language: str | None = None) -> Written:
    """What the model's minutes of the talk come to, beside the default engine by cues alone."""
    wanted = language or transcript.language
    default = extract(transcript, acts.label_turns(transcript, None), wanted)
    return write(transcript, default, model, wanted)  # type: ignore[arg-type]
