"""Recommendation: nDCG@10 of courses for skill names, beside a TF-IDF floor on the same queries.

A course is relevant when its provider tags it with the skill; the tags are hidden from the documents.
Untagged but fitting courses count as wrong, so the figure is a lower bound. Internal data: never shipped.
nDCG: Järvelin and Kekäläinen 2002, binary gain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sklearn.feature_extraction.text import TfidfVectorizer

from eval.bootstrap import ratio
from eval.corpora import Courses
from eval.data import NothingToMeasure
from eval.figures import Outcome, pooled
from models.schema import Recommendation

TOP = 10


class Recommender(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def recommend(
        self, gaps: Sequence[str], catalogue: Path, top_k: int
    ) -> Mapping[str, list[Recommendation]]:
        """Ranked resources by gap."""
        ...


def evaluate(courses: Courses | None, recommender: Recommender, limit: int | None, seed: int) -> Outcome:
    """Ours and the floor over the same queries, and by how much ours is ahead, query by query."""
    if courses is None:
        raise NothingToMeasure
    queries = sorted(courses.relevant)[:limit]
    found = recommender.recommend(queries, courses.catalogue, TOP)
    ours = {q: [item.resource for item in found.get(q, ())] for q in queries}
    floor = tfidf(queries, courses.texts)
    details: list[dict[str, Any]] = [
        {
            "id": query,
            "ndcg": ndcg(ours[query], courses.relevant[query]),
            "floor": ndcg(floor[query], courses.relevant[query]),
        }
        for query in queries
    ]
    figures = pooled("ndcg_at_10", "en/coursera", [(d["ndcg"], 1.0) for d in details], ratio, seed)
    figures += pooled("ndcg_at_10", "en/coursera/tf-idf", [(d["floor"], 1.0) for d in details], ratio, seed)
    ahead = [(d["ndcg"] - d["floor"], 1.0) for d in details]
    figures += pooled("ndcg_above_floor", "en/coursera", ahead, ratio, seed)
    return Outcome(tuple(figures), details)


def ndcg(ranked: Sequence[str], relevant: frozenset[str], top: int = TOP) -> float:
    """Discounted gain of the first `top` over that of a perfect ranking; 0 when nothing is relevant."""
    gain = sum(1 / math.log2(i + 2) for i, found in enumerate(ranked[:top]) if found in relevant)
    perfect = sum(1 / math.log2(i + 2) for i in range(min(top, len(relevant))))
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
