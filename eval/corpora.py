"""Public corpora: AMI with action items, meetings that are hardly ever harsh, courses with queries."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from eval.data import DATE_UNKNOWN, Data
from models.schema import Language, Participant, Transcript, Turn

PLACEHOLDER = re.compile(r"^\W*NA\W*$")
NOISE_TAG = re.compile(r"\{[a-z]+\}")
SPACE_BEFORE_MARK = re.compile(r"\s+([.,?!;:])")
ALIMEETING_LINE = re.compile(r"^\[(no\.\d+)\][:：]\s*(.+)$", re.MULTILINE)
WINDOW_TURNS = 60


@dataclass(frozen=True, slots=True)
class LabelledMeeting:
    """A meeting whose turns are dialogue acts, and the turns that an annotator linked to an action item."""

    transcript: Transcript
    action_turns: frozenset[int]


@dataclass(frozen=True, slots=True)
class Courses:
    """A catalogue file and, by skill name, the ids of the courses that teach it; some names in Chinese."""

    catalogue: Path
    texts: dict[str, str]
    relevant: dict[str, frozenset[str]]
    in_chinese: dict[str, str] = field(default_factory=dict)


def ami_action_items(data: Data) -> list[LabelledMeeting]:
    """The 20 evaluation meetings of the AMI scenario split (Carletta et al. 2005), placeholders left out."""
    return [
        _labelled(m) for m in _meetings(data, "ami/ami_minutes.train_eval.jsonl.gz") if m["split"] == "eval"
    ]


def calm_talk(data: Data, windows: int, seed: int) -> dict[str, list[Transcript]]:
    """By "language/corpus", up to `windows` pieces of 60 turns in a row, drawn with the seed.

    Real meetings at work, where a tone flag is nearly always a false alarm. Of AMI only the evaluation
    meetings: a classifier may have learnt from the others.
    """
    corpora = {
        "en/ami": [meeting.transcript for meeting in ami_action_items(data)],
        "en/icsi": [_labelled(m).transcript for m in _meetings(data, "icsi/icsi_minutes.train.jsonl.gz")],
        "zh/alimeeting4mug": list(_alimeeting(data)),
        "zh/vcsum": list(_vcsum(data)),
    }
    return {name: _drawn(talks, windows, seed) for name, talks in corpora.items() if talks}


def courses(data: Data) -> Courses | None:
    """Learning products and the skills that their provider tags them with (internal evaluation only)."""
    catalogue, queries = data.file("coursera/courses.jsonl"), data.file("coursera/queries.dev.json")
    if catalogue is None or queries is None:
        return None
    rows = [json.loads(line) for line in _lines(catalogue)]
    relevant = {q: frozenset(ids) for q, ids in json.loads(queries.read_text("utf-8")).items()}
    return Courses(
        catalogue=catalogue,
        texts={r["id"]: f"{r['title']}\n{r.get('description') or ''}" for r in rows},
        relevant=relevant,
        in_chinese=_in_chinese(data, relevant),
    )


def _in_chinese(data: Data, queries: Iterable[str]) -> dict[str, str]:
    """Our translations; the file names a query by the start of its sha256, as it may not hold the query."""
    path = data.own / "skill_queries_zh.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    digests = {query: hashlib.sha256(query.encode()).hexdigest()[:16] for query in queries}
    return {query: known[digest] for query, digest in digests.items() if digest in known}


def clean(text: str) -> str:
    """A dialogue act's text without noise tags and with marks where a writer puts them."""
    return SPACE_BEFORE_MARK.sub(r"\1", " ".join(NOISE_TAG.sub(" ", text).split()))


def _meetings(data: Data, name: str) -> Iterator[dict[str, Any]]:
    path = data.file(name)
    if path is None:
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _lines(path: Path) -> list[str]:
    """Not str.splitlines: descriptions hold U+2028, which it takes for the end of a line."""
    return [line for line in path.read_text("utf-8").split("\n") if line.strip()]


def _labelled(meeting: dict[str, Any]) -> LabelledMeeting:
    acts = [(act, text) for act in meeting["das"] if (text := clean(act["text"]))]
    linked = {
        act
        for item in meeting.get("actions", ())
        if not PLACEHOLDER.match(item["text"])
        for act in item["das"]
    }
    roles = {act["spk"]: act["role"] for act, _ in acts}
    return LabelledMeeting(
        transcript=Transcript(
            id=meeting["meeting"],
            language="en",
            date=DATE_UNKNOWN,
            participants=tuple(
                Participant(speaker, "manager" if role == "PM" else "employee")
                for speaker, role in sorted(roles.items())
            ),
            turns=tuple(
                Turn(i, act["spk"], text, float(act["start"]), float(act["end"]))
                for i, (act, text) in enumerate(acts)
            ),
        ),
        action_turns=frozenset(i for i, (act, _) in enumerate(acts) if act["id"] in linked),
    )


def _alimeeting(data: Data) -> Iterator[Transcript]:
    path = data.file("alimeeting4mug/dev_title_alpaca.json")
    for i, segment in enumerate(json.loads(path.read_text("utf-8")) if path else ()):
        lines = ALIMEETING_LINE.findall(segment["input"])
        yield _talk(f"alimeeting-{i}", "zh", [(speaker.replace("no.", "n"), text) for speaker, text in lines])


def _vcsum(data: Data) -> Iterator[Transcript]:
    path = data.file("vcsum/short_dev.txt")
    for line in _lines(path) if path else ():
        fields = json.loads(line)
        turns = [
            (f"n{speaker}", "".join(sentences).replace(" ", ""))
            for speaker, sentences in zip(fields["speaker"], fields["context"], strict=False)
        ]
        yield _talk(f"vcsum-{fields['id']}", "zh", turns)


def _talk(name: str, language: Language, turns: list[tuple[str, str]]) -> Transcript:
    return Transcript(
        id=name,
        language=language,
        date=DATE_UNKNOWN,
        participants=tuple(Participant(speaker) for speaker in sorted({s for s, _ in turns})),
        turns=tuple(Turn(i, speaker, text) for i, (speaker, text) in enumerate(turns)),
    )


def _drawn(talks: list[Transcript], windows: int, seed: int) -> list[Transcript]:
    """Pieces of different meetings, or as many as there are."""
    rng = np.random.default_rng(seed)
    chosen = [t for t in (talks[i] for i in rng.permutation(len(talks))) if t.turns][:windows]
    return [
        _window(talk, int(rng.integers(0, max(1, len(talk.turns) - WINDOW_TURNS + 1)))) for talk in chosen
    ]


def _window(talk: Transcript, start: int) -> Transcript:
    turns = talk.turns[start : start + WINDOW_TURNS]
    return Transcript(talk.id, talk.language, talk.date, talk.participants, turns)
