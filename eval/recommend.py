"""Recommendation and skill links, against what others tagged and what people judged.

- courses for skill names: a course is relevant when its provider tags it with the skill; the tags are hidden.
  Untagged but fitting courses count as wrong, so the figure is a lower bound. Chinese: the same courses,
  names translated for this project. Internal data: never shipped.
- skills for phrases of job advertisements: the annotator's ESCO label among all (Decorte et al. 2022).
- our own cases: people with a gap, and entries of the starter catalogue graded 2 or 1 by hand.

nDCG: Järvelin and Kekäläinen 2002; gain = grade, 1 where there are no grades.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sklearn.feature_extraction.text import TfidfVectorizer

from eval.bootstrap import Sums, ratio
from eval.corpora import Courses
from eval.data import NothingToMeasure
from eval.development import Case, Span
from eval.figures import Figure, Outcome, pooled
from models.development import Profile
from models.schema import SkillGap
from models.stages import limits
from models.stages.recommend import Offer, named_gaps

TOP = 10
OWN_TOP = 5
DAY = "2026-11-25"
"""The day on which the cases were judged."""


class Recommender(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def offers(
        self, gaps: Sequence[SkillGap], catalogue: Path | None, top_k: int, person: Profile, day: str
    ) -> list[Offer]:
        """Ranked resources by gap."""
        ...

    def skills(self, phrase: str, top: int) -> list[str]:
        """Ranked labels of skills."""
        ...


def evaluate(
    courses: Courses | None,
    spans: Sequence[Span],
    cases: Sequence[Case],
    recommender: Recommender,
    limit: int | None,
    seed: int,
) -> Outcome:
    """All rows for which there are data."""
    figures: list[Figure] = []
    details: list[dict[str, Any]] = []
    if courses is not None:
        figures += _courses(courses, recommender, limit, seed, details)
    for name in sorted({span.collection for span in spans}):
        gains = [_gain(span, recommender) for span in spans[:limit] if span.collection == name]
        figures += pooled("ndcg_at_10", f"en/skill_linking/{name}", [(g, 1.0) for g in gains], ratio, seed)
    for language in ("en", "zh"):
        figures += _own(cases, language, recommender, seed, details)
    if not figures:
        raise NothingToMeasure
    return Outcome(tuple(figures), details)


def _courses(
    courses: Courses, recommender: Recommender, limit: int | None, seed: int, details: list[dict[str, Any]]
) -> list[Figure]:
    """Ours and the floor over the same queries, and by how much ours is ahead, query by query."""
    queries = sorted(courses.relevant)[:limit]
    ours = _scores(courses, {q: q for q in queries}, recommender)
    floor = tfidf(queries, courses.texts)
    below = {q: ndcg(floor[q], dict.fromkeys(courses.relevant[q], 1)) for q in queries}
    chinese = {q: courses.in_chinese[q] for q in queries if q in courses.in_chinese}
    translated = _scores(courses, chinese, recommender)
    details += [{"id": q, "ndcg": ours[q], "floor": below[q], "ndcg_zh": translated.get(q)} for q in queries]
    rows = {
        ("ndcg_at_10", "en/coursera"): list(ours.values()),
        ("ndcg_at_10", "en/coursera/tf-idf"): list(below.values()),
        ("ndcg_above_floor", "en/coursera"): [ours[q] - below[q] for q in queries],
        ("ndcg_at_10", "zh/coursera"): list(translated.values()),
        ("ndcg_at_10", "zh/coursera/same in English"): [ours[q] for q in chinese],
    }
    found: list[Figure] = []
    for (figure, row), values in rows.items():
        found += pooled(figure, row, [(value, 1.0) for value in values], ratio, seed)
    return found


def _scores(courses: Courses, asked: Mapping[str, str], recommender: Recommender) -> dict[str, float]:
    """Query -> nDCG@10 when it is asked in these words."""
    gaps = named_gaps(list(asked.values()))
    offers = recommender.offers(gaps, courses.catalogue, TOP, Profile(), DAY) if gaps else []
    return {
        query: ndcg([i.resource for i in offer.items], dict.fromkeys(courses.relevant[query], 1))
        for query, offer in zip(asked, offers, strict=True)
    }


def _gain(span: Span, recommender: Recommender) -> float:
    return ndcg(recommender.skills(span.phrase, TOP), {span.label: 1})


def _own(
    cases: Sequence[Case], language: str, recommender: Recommender, seed: int, details: list[dict[str, Any]]
) -> list[Figure]:
    """nDCG@5 where something suits; how often nothing was offered where nothing suits; broken limits."""
    ranked, silent, broken = [], [], []
    for case in (case for case in cases if case.language == language):
        (offer,) = recommender.offers([case.gap], None, OWN_TOP, case.person, DAY)
        ids = [item.resource for item in offer.items]
        broken.append(sum(limits.obstacle(case.resources[i], case.person, DAY) is not None for i in ids))
        score = ndcg(ids, case.grades, OWN_TOP)
        if case.grades:
            ranked.append(score)
        else:
            silent.append(float(not ids))
        details.append({"id": case.id, "offered": ids, "ndcg": score})
    row = f"{language}/cases"
    found = pooled("ndcg_at_5", row, [(value, 1.0) for value in ranked], ratio, seed)
    found += pooled("nothing_where_nothing_suits", row, [(value, 1.0) for value in silent], ratio, seed)
    return found + pooled("limits_broken", row, [(float(n),) for n in broken], total, seed)


def total(sums: Sums) -> float:
    """The first sum."""
    return float(sums[0])


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], top: int = TOP) -> float:
    """Discounted gain of the first `top` over that of a perfect ranking; 0 when nothing is relevant."""
    gain = sum(grades.get(found, 0) / math.log2(i + 2) for i, found in enumerate(ranked[:top]))
    best = sorted(grades.values(), reverse=True)[:top]
    perfect = sum(grade / math.log2(i + 2) for i, grade in enumerate(best))
    return gain / perfect if perfect else 0.0


def tfidf(queries: Sequence[str], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """The ten courses nearest to each query by cosine of TF-IDF vectors: the floor to stay above."""
    ids = list(texts)
    vectoriser = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    documents = vectoriser.fit_transform(texts[i] for i in ids)
    scores = (vectoriser.transform(queries) @ documents.T).toarray()  # (n_queries, n_courses)
    return {
        q: [ids[i] for i in (-row).argsort(kind="stable")[:TOP]]
        for q, row in zip(queries, scores, strict=True)
    }
