"""Which entries of a catalogue answer a query: words and meaning, fused by reciprocal rank.

- words: BM25 (Robertson and Zaragoza 2009) over English words and Chinese character pairs;
- meaning: cosine of sentence vectors. Whether an entry fits is judged by a z-score against its similarity to
  a fixed sample of unrelated skills: that takes away that some texts are near to everything, and makes one
  threshold hold for catalogues of one entry and of thousands;
- feedback: in a large catalogue, cosine to the query moved towards the first entries found (Rocchio 1971);
- fusion: reciprocal rank (Cormack, Clarke and Büttcher 2009), then an entry stays only if it fits by itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import bm25s  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt

from models.development import Resource
from models.ports import Embedder, Vectors
from models.stages.taxonomy import Taxonomy
from models.stages.words import language_of

RANK_SMOOTHING = 10
"""k of reciprocal rank fusion; the paper's 60 is for hundreds of results, here the first few matter."""

MEANS_THE_SAME = 2.5
"""z-score from which an entry fits although it shares no word with the query."""

MEANS_SIMILAR = 1.5
"""z-score from which an entry fits whose text holds all words of one name of the skill; in the title and the
skills they are enough."""

PLAINLY, LEAST = 4.0, 0.7
"""z-score from which a high rank counts in full, and what it counts at least: the first of a poor lot is not
a good one."""

FEEDBACK_ONE_IN, FEEDBACK_AT_MOST, FEEDBACK_WEIGHT = 200, 5, 2.0
"""One entry in so many gives feedback, at most so many; their mean counts twice as much as the query."""

SAMPLE = 96
"""Unrelated skills that an entry is compared with."""

_WORD = re.compile(r"[a-z][a-z+#.]*[a-z+#]|[a-z]|\d+|[㐀-鿿]+")
_STOP = frozenset(
    """a an and are as at be by for from how i in into is it its my of on or our that the their this to use
    using we with you your skill skills 的 了 和 与""".split()  # noqa: SIM905 - a list of forty words is no easier to read
)

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits: `relevance` 0..1 for this query, comparable between queries only roughly."""

    resource: Resource
    relevance: float


@dataclass(frozen=True, slots=True)
class Query:
    """One need: the texts it may be said in (any of them may match by words), the first one leading."""

    texts: tuple[str, ...]


class CatalogueIndex:
    """A catalogue made ready for queries. Vectors are kept by the hash of their text."""

    def __init__(self, resources: Sequence[Resource], embedder: Embedder, taxonomy: Taxonomy) -> None:
        self.resources = tuple(resources)
        self.embedder = embedder
        self._tokens = [tokens(" ".join(_weighted(resource))) for resource in self.resources]
        self._held = [frozenset(words) for words in self._tokens]
        self._named = [frozenset(tokens(" ".join((r.title, *r.skills)))) for r in self.resources]
        self._bm25 = bm25s.BM25()
        if any(self._tokens):
            self._bm25.index(self._tokens, show_progress=False)
        texts = [_text(resource) for resource in self.resources]
        self._vectors = embed_once(texts, embedder) if texts else np.zeros((0, 1), np.float32)
        self._taxonomy = taxonomy
        self._backgrounds: dict[str, tuple[Scores, Scores]] = {}

    def search(self, query: Query) -> list[Hit]:
        """Entries that fit, best first; none for a query without a word."""
        if not self.resources or not any(tokens(text) for text in query.texts):
            return []
        asked = embed_once(query.texts[:3], self.embedder)  # (n_texts, dimension)
        near = self._vectors @ asked.T  # (n_resources, n_texts)
        fused = _reciprocal(self._by_words(query)) + _reciprocal(near.max(axis=1))
        fused = self._with_feedback(fused, asked[0])
        meaning = np.max([self._z(near[:, i], text) for i, text in enumerate(query.texts[:3])], axis=0)
        fits = meaning >= MEANS_THE_SAME
        fits |= self._holding(query, self._held) & (meaning >= MEANS_SIMILAR)
        fits |= self._holding(query, self._named)
        relevance = fused * np.clip(meaning / PLAINLY, LEAST, 1.0)
        order = [int(i) for i in np.argsort(-relevance, kind="stable") if fits[i]]
        return [Hit(self.resources[i], round(float(relevance[i]), 4)) for i in order]

    def _z(self, near: Scores, text: str) -> Scores:
        """How far above unrelated skills of the same language, in standard deviations, shape (n_resources,).

        Texts of one language are nearer to each other than to those of another, whatever they are about.
        """
        language = language_of(text)
        if language not in self._backgrounds:
            unrelated = self._taxonomy.sample(SAMPLE, language, self.embedder)  # (n_sample, dimension)
            background = self._vectors @ unrelated.T
            self._backgrounds[language] = (background.mean(axis=1), background.std(axis=1) + 1e-6)
        mean, spread = self._backgrounds[language]
        scores: Scores = (near - mean) / spread
        return scores

    def _with_feedback(self, fused: Scores, asked: Scores) -> Scores:
        """The mean of the fused lists, 1 for an entry that leads all; with feedback where there is room."""
        count = min(len(self.resources) // FEEDBACK_ONE_IN, FEEDBACK_AT_MOST)
        lists = 2
        if count:
            first = np.argsort(-fused, kind="stable")[:count]
            moved = asked + FEEDBACK_WEIGHT * self._vectors[first].mean(axis=0)
            fused, lists = fused + _reciprocal(self._vectors @ moved), 3
        scaled: Scores = fused * np.float32((RANK_SMOOTHING + 1) / lists)
        return scaled

    def _by_words(self, query: Query) -> Scores:
        """BM25 of the best-matching text of the query, shape (n_resources,)."""
        best = np.zeros(len(self.resources), np.float32)
        for text in query.texts:
            asked = tokens(text)
            if asked and any(self._tokens):
                best = np.maximum(best, self._bm25.get_scores(asked) / len(asked) ** 0.5)
        return best

    def _holding(self, query: Query, held: Sequence[frozenset[str]]) -> npt.NDArray[np.bool_]:
        """Whether an entry holds every word of one of the query's texts."""
        asked = [frozenset(tokens(text)) for text in query.texts]
        return np.array([any(words and words <= has for words in asked) for has in held], dtype=bool)


_kept: WeakKeyDictionary[Embedder, dict[str, Vectors]] = WeakKeyDictionary()
_last: WeakKeyDictionary[Embedder, tuple[tuple[str, ...], CatalogueIndex]] = WeakKeyDictionary()


def embed_once(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Vectors of the texts, shape (n_texts, dimension); each text is embedded once a process and embedder."""
    kept = _kept.setdefault(embedder, {})
    keys = [_digest(text) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if missing:
        kept.update(zip(missing, embedder.embed(list(missing.values())), strict=True))
    return np.stack([kept[key] for key in keys])


def index_of(resources: Sequence[Resource], embedder: Embedder, taxonomy: Taxonomy) -> CatalogueIndex:
    """The index of these entries; the last one is kept, so that a catalogue is read into it once."""
    key = tuple(_digest(repr(resource)) for resource in resources)
    known = _last.get(embedder)
    if known is None or known[0] != key:
        known = (key, CatalogueIndex(resources, embedder, taxonomy))
        _last[embedder] = known
    return known[1]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tokens(text: str) -> list[str]:
    """English words without plural endings and function words, Chinese character pairs."""
    found: list[str] = []
    for run in _WORD.findall(text.lower()):
        if run[0] >= "㐀":
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif run not in _STOP:
            found.append(_stem(run))
    return found


def _stem(word: str) -> str:
    for ending, kept in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("tion", "t"), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 4 - len(kept) and not word.endswith("ss"):
            return word.removesuffix(ending) + kept
    return word


def _weighted(resource: Resource) -> list[str]:
    """Title and skills count three times, the description once."""
    head = [resource.title, *resource.skills]
    return [*head, *head, *head, resource.description]


def _text(resource: Resource) -> str:
    skills = ", ".join(resource.skills)
    return (
        f"{resource.title}. {skills}. {resource.description[:240]}"
        if skills
        else f"{resource.title}. {resource.description[:240]}"
    )


def _reciprocal(scores: Scores) -> Scores:
    """1 / (k + rank) of each entry, equal scores sharing a rank; entries without any score get nothing."""
    ranks = np.searchsorted(np.sort(-scores), -scores) + 1
    shares: Scores = np.where(scores > 0, 1 / (RANK_SMOOTHING + ranks), 0).astype(np.float32)
    return shares
