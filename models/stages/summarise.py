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

from models.schema import ActionItem, Point, StageSpan, Transcript, TurnLabels
from models.stages.phrasing import first_words, size
from models.stages.words import content_words, fold, language_of, strip_fillers
from models.wording import Wording

if TYPE_CHECKING:
    from models.stages.extract import Extraction

WORDING = Wording.beside(__file__, "summary.toml")
ENTER = 0.6
"""What a stage must earn before it is worth entering."""
NAMED = 3
"""Items or agreements spelled out in the summary; the rest is counted."""
QUOTED = {"en": 20, "zh": 40}
"""English words or Chinese characters up to which a point is quoted."""
ENOUGH = 8
"""Content words from which on a clause is no more telling than another."""
_CLAUSE = re.compile(r"[,;:.?!]\s+|[,\uff0c\u3001\uff1b\uff1a\u3002\uff1f\uff01](?=[\u3400-\u9fff])")
_EDGES = " ,.;:?!\u3001\u3002\uff0c\uff1b\uff1a\uff1f\uff01"


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
    """Two to four sentences in the minutes language; what people said stays in their own words.

    What was talked about, what was agreed, and who does what by when; parts that are empty are left out.
    """
    if not transcript.turns:
        return WORDING.say("silent", language)
    items = extraction.action_items[:NAMED]
    rest = len(extraction.action_items) - len(items)
    agreed = [_quoted(a.text, language) for a in extraction.agreements[:NAMED]]
    sentences = [_topics(extraction.points, language)]
    if agreed:
        sentences.append(WORDING.say("agreed", language, what=_join(agreed, language)))
    if items:
        sentences.append(_tasks(items, transcript, language))
    if rest > 0:
        sentences.append(WORDING.say("more" if rest > 1 else "one_more", language, n=rest))
    if not agreed and not items:
        sentences.append(WORDING.say("nothing", language))
    said = [sentence for sentence in sentences if sentence]
    if len(said) == 1:
        said.insert(0, WORDING.say("plain", language, date=_date(transcript.date, language)))
    return ("" if language == "zh" else " ").join(said)


def _topics(points: Sequence[Point], language: str) -> str:
    """Name the highlight and the obstacle that say most, else another point; "" without points."""
    best = {kind: _fullest(kind, points) for kind in ("highlight", "obstacle", "rating", "goal", "support")}
    quoted = {kind: _quoted(text, language) for kind, text in best.items() if text}
    if "highlight" in quoted and "obstacle" in quoted:
        return WORDING.say("both", language, highlight=quoted["highlight"], obstacle=quoted["obstacle"])
    kind = next(iter(quoted), None)
    return WORDING.say(kind, language, what=quoted[kind]) if kind else ""


def _fullest(kind: str, points: Sequence[Point]) -> str:
    clauses = [_short(point.text) for point in points if point.kind == kind]
    return max(clauses, key=lambda text: min(len(content_words(text)), ENOUGH), default="")


def _short(text: str) -> str:
    """Quote the run of whole clauses that says most within QUOTED; one that is longer breaks off."""
    language = language_of(text)
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    best = ""
    for i, start in enumerate(cuts):
        for end in cuts[i + 1 :]:
            run = text[start:end].strip(_EDGES)
            run = strip_fillers(run).strip(_EDGES) if language == "en" else run
            if size(run) <= QUOTED[language] and _says(run) > _says(best):
                best = run
    return best or first_words(text.strip(_EDGES), QUOTED[language])


def _says(text: str) -> tuple[int, int]:
    return len(content_words(text)), len(text)


def _tasks(items: Sequence[ActionItem], transcript: Transcript, language: str) -> str:
    """Group the tasks by person, in order; those without an owner come last."""
    by_owner: dict[str | None, list[str]] = {}
    for item in sorted(items, key=lambda item: item.owner is None):
        by_owner.setdefault(item.owner, []).append(_task(item, language))
    said = []
    for owner, tasks in by_owner.items():
        key = "person" if owner else "nobody"
        name = _name(owner, transcript, language)
        said.append(WORDING.say(key, language, name=name, what=_join(tasks, language)))
    return WORDING.say("tasks", language, what=("\uff1b" if language == "zh" else "; ").join(said))


def _name(owner: str | None, transcript: Transcript, language: str) -> str:
    person = transcript.participant(owner) if owner else None
    return person.name if person and person.name else WORDING.say("speaker", language, id=owner)


def _task(item: ActionItem, language: str) -> str:
    task = _quoted(item.task, language)
    if item.due:
        return WORDING.say("by", language, task=task, date=_date(item.due, language))
    if item.due_text and fold(item.due_text) not in fold(item.task):
        return WORDING.say("as_said", language, task=task, words=_quoted(item.due_text, language))
    return task


def _date(iso: str, language: str) -> str:
    year, month, day = map(int, iso.split("-"))
    months = WORDING.say("months", language).split()
    return WORDING.say("date", language, year=year, month=months[month - 1], day=day)


def _quoted(text: str, language: str) -> str:
    return WORDING.say("quoted", language, text=text.strip(_EDGES))


def _join(parts: Sequence[str], language: str) -> str:
    if language == "zh":
        return "\u3001".join(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
