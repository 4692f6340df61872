"""Agenda stages of a conversation and its summary of two to four sentences.

Stages follow the shape their kind has (stages.toml) in that order; a small dynamic programme finds the cuts
that give every turn the stage its acts and words speak for. The summary is made of fixed sentences around
what was extracted, so it cannot say anything that is not in the draft.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.schema import ActionItem, StageSpan, Transcript, TurnLabels
from models.stages.words import fold, language_of
from models.wording import Wording

if TYPE_CHECKING:
    from models.stages.extract import Extraction

WORDING = Wording.beside(__file__, "summary.toml")
ENTER = 0.6
"""What a stage must earn before it is worth entering."""
NAMED = 3
"""Items or agreements spelled out in the summary; the rest is counted."""


@cache
def _shapes() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((Path(__file__).parent / "stages.toml").read_text("utf-8"))


def stages(transcript: Transcript, labels: Sequence[TurnLabels]) -> tuple[StageSpan, ...]:
    """Contiguous spans that cover all turns in the order of the kind's agenda; () for free kinds.

    A stage nobody spoke about is left out.
    """
    shape = _shapes().get(transcript.kind, [])
    if not shape or not transcript.turns:
        return ()
    acts = {label.turn: label.acts for label in labels}
    scores = [[_score(t.text, acts.get(t.i, {}), stage) for stage in shape] for t in transcript.turns]
    path = _best_path(scores)
    spans: list[StageSpan] = []
    for turn, stage in zip(transcript.turns, path, strict=True):
        name = str(shape[stage]["name"])
        if spans and spans[-1].name == name:
            spans[-1] = StageSpan(name, spans[-1].from_turn, turn.i)
        else:
            spans.append(StageSpan(name, turn.i, turn.i))
    return tuple(spans)


def _score(text: str, acts: dict[str, float], stage: dict[str, Any]) -> float:
    said = sum(weight * acts.get(act, 0.0) for act, weight in stage["acts"].items())
    return float(said) + 0.5 * bool(re.search(stage[language_of(text)], fold(text)))


def _best_path(scores: Sequence[Sequence[float]]) -> list[int]:
    """Find the non-decreasing stages with the greatest total score. scores: (n_turns, n_stages)."""
    best = [[0.0] * len(scores[0])]
    best[0] = [score - ENTER * (k > 0) for k, score in enumerate(scores[0])]
    came: list[list[int]] = []
    for row in scores[1:]:
        now, back = [], []
        for k, score in enumerate(row):
            before = max(range(k + 1), key=lambda j: best[-1][j] - ENTER * (j != k))
            now.append(best[-1][before] - ENTER * (before != k) + score)
            back.append(before)
        best.append(now)
        came.append(back)
    path = [max(range(len(best[-1])), key=lambda k: best[-1][k])]
    for back in reversed(came):
        path.append(back[path[-1]])
    return path[::-1]


def summary(transcript: Transcript, extraction: Extraction, language: str) -> str:
    """Two to four sentences in the minutes language; what people said stays in their own words."""
    sentences = [_opening(extraction, language)]
    agreed = [_quoted(a.text, language) for a in extraction.agreements[:NAMED]]
    if agreed:
        sentences.append(WORDING.say("agreed", language, what=_join(agreed, language)))
    items = [_task(item, transcript, language) for item in extraction.action_items[:NAMED]]
    if items:
        sentences.append(WORDING.say("tasks", language, what=_join(items, language)))
    rest = len(extraction.action_items) - len(items)
    if rest > 0:
        sentences.append(WORDING.say("more" if rest > 1 else "one_more", language, n=rest))
    if len(sentences) == 1:
        sentences.append(WORDING.say("nothing", language))
    return ("" if language == "zh" else " ").join(sentences)


def _opening(extraction: Extraction, language: str) -> str:
    kinds = dict.fromkeys(point.kind for point in extraction.points if point.kind != "open_question")
    named = [WORDING.say(f"kind_{kind}", language) for kind in kinds][:4]
    if not named:
        return WORDING.say("opening_plain", language)
    return WORDING.say("opening", language, what=("\u3001" if language == "zh" else ", ").join(named))


def _task(item: ActionItem, transcript: Transcript, language: str) -> str:
    person = transcript.participant(item.owner) if item.owner else None
    name = (person.name or person.id) if person else WORDING.say("nobody", language)
    when = item.due or item.due_text
    key = "task_due" if when else "task"
    return WORDING.say(key, language, name=name, task=_quoted(item.task, language), due=when)


def _quoted(text: str, language: str) -> str:
    plain = text.strip(" .;\u3002\uff1b\uff0c,")
    return WORDING.say("quoted", language, text=plain)


def _join(parts: Sequence[str], language: str) -> str:
    if language == "zh":
        return "\uff1b".join(parts) if any("\uff1a" in p for p in parts) else "\u3001".join(parts)
    return parts[0] if len(parts) == 1 else "; ".join(parts)
