"""Points worth keeping: highlights, obstacles, support, goals, rating, open questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from models.schema import Point, PointKind, Transcript, TurnLabels
from models.stages.clauses import Clause
from models.stages.evidence import quote_clauses

MOST = 12
PER_KIND = 3
_KIND_OF_ACT: tuple[tuple[str, PointKind], ...] = (
    ("recognition", "highlight"),
    ("obstacle", "obstacle"),
    ("goal", "goal"),
    ("support_offer", "support"),
)
_RATING = re.compile(
    r"\b(?:rating|meets|exceeds|partially meets|outstanding|below expectations)\b"
    r"|评级|绩效(?:是|为|等级)|评为|得分|打[ABCD]",
    re.I,
)
_CONTRAST = re.compile(r"^(?:不过|但是?|可是)|^(?:but|however)\b|问题|\bproblem", re.I)
"""In the same turn as praise, but no praise."""
_NUMBER = re.compile(r"\d|百分之|\bpercent\b")


def find_points(
    turns: Sequence[Sequence[Clause]],
    labels: Mapping[int, TurnLabels],
    transcript: Transcript,
    used: Collection[int],
) -> tuple[Point, ...]:
    """At most twelve points, three a kind, the most informative first within a kind, in order of the talk.

    `used` are turns whose sentences already became tasks.
    """
    scored: list[tuple[float, PointKind, list[Clause]]] = []
    for position, clauses in enumerate(turns):
        for sentence in _sentences(clauses):
            kind = _kind(sentence, labels)
            if kind is not None and sentence[0].turn not in used:
                scored.append((_score(sentence), kind, sentence))
        asked = _unanswered(turns, position)
        if asked is not None:
            scored.append((_score(asked), "open_question", asked))
    chosen = _choose(scored)
    return tuple(
        Point(
            f"p{n}",
            kind,
            _text(said, transcript),
            _person(kind, said[0], transcript),
            quote_clauses(said, transcript),
        )
        for n, (_, kind, said) in enumerate(chosen, 1)
    )


def _sentences(clauses: Sequence[Clause]) -> list[list[Clause]]:
    found: dict[tuple[int, int], list[Clause]] = {}
    for clause in clauses:
        found.setdefault(clause.sentence, []).append(clause)
    return list(found.values())


def _kind(sentence: Sequence[Clause], labels: Mapping[int, TurnLabels]) -> PointKind | None:
    text = " ".join(c.text for c in sentence)
    label = labels.get(sentence[0].turn)
    if any(c.question for c in sentence) or sum(len(c.words) for c in sentence) < 3 or label is None:
        return None
    if _RATING.search(text):
        return "rating"
    if label.tone.get("neutral", 1.0) < 0.5:
        return None
    kinds = [pair for pair in _KIND_OF_ACT if pair[1] != "highlight" or not _CONTRAST.search(text)]
    best = max(kinds, key=lambda pair: label.acts.get(pair[0], 0.0))
    return best[1] if label.has(best[0], 0.6) else None


def _score(sentence: Sequence[Clause]) -> float:
    words = frozenset().union(*(c.words for c in sentence))
    number = bool(_NUMBER.search(" ".join(c.text for c in sentence)))
    return min(len(words), 12) + 3 * number


def _unanswered(turns: Sequence[Sequence[Clause]], position: int) -> list[Clause] | None:
    """Find a question with substance whose turn nobody else follows with more than a backchannel."""
    asked = [c for c in turns[position] if c.question and c.has("wh") and len(c.words) >= 2]
    if not asked or asked[-1] is not turns[position][-1]:
        return None
    following = turns[position + 1 : position + 3]
    answered = any(c.speaker != asked[-1].speaker and c.words for turn in following for c in turn)
    return None if answered else asked[-1:]


def _choose(
    scored: Sequence[tuple[float, PointKind, list[Clause]]],
) -> list[tuple[float, PointKind, list[Clause]]]:
    taken: dict[str, int] = {}
    chosen: list[tuple[float, PointKind, list[Clause]]] = []
    for entry in sorted(scored, key=lambda e: -e[0]):
        if taken.get(entry[1], 0) < PER_KIND and len(chosen) < MOST:
            taken[entry[1]] = taken.get(entry[1], 0) + 1
            chosen.append(entry)
    return sorted(chosen, key=lambda e: (e[2][0].position, e[2][0].start))


def _text(said: Sequence[Clause], transcript: Transcript) -> str:
    turn = transcript.turn(said[0].turn)
    return turn.text[said[0].start : said[-1].end].strip() if turn else ""


def _person(kind: PointKind, clause: Clause, transcript: Transcript) -> str | None:
    """Praise and ratings concern the other of two people; the rest concerns the speaker."""
    if kind not in ("highlight", "rating"):
        return clause.speaker
    others = [p.id for p in transcript.participants if p.id != clause.speaker]
    return others[0] if len(others) == 1 else None
