"""Which entries of a catalogue may answer a need, and every sign that they do: by words and by meaning.

- candidates: the first of BM25 (Robertson and Zaragoza 2009; bm25s) over English words and Chinese character
  pairs, and of inner-product indexes (FAISS, Douze et al. 2024) over vectors of the texts and of the skills;
- signs: similarities to text, title and the nearest skill as z-scores against a fixed sample of unrelated
  skills, which takes away that some texts are near to everything and makes them comparable between catalogues
  of one entry and of thousands; the share of the words that an entry holds, the rarer ones counting more;
  whether both name one skill of the taxonomy.

What the signs are worth is models/stages/fit.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from weakref import WeakKeyDictionary

import faiss
import numpy as np
import numpy.typing as npt

from models.development import Resource
from models.ports import Embedder, Vectors
from models.stages.taxonomy import Skill, Taxonomy
from models.stages.words import language_of

POOL = 200
"""Candidates by words, by meaning, and by the meaning of the skills, for each text of a need."""
SKILLS = 40
"""Skills nearest to a need whose entries are candidates."""
SAMPLE = 96
"""Unrelated skills that an entry is compared with."""
FAR, NEAR = -1.0, 8.0
"""z-scores are cut to this range, and divided by ZSCALE."""
ZSCALE = 4.0
DESCRIPTION = 120
"""Characters of a description that are embedded: the rest costs time and says little more."""
MUCH = 8.0
"""A BM25 score (over the root of the number of words) that counts as 1; it may count up to 1.5."""

_WORD = re.compile(r"[a-z][a-z+#.]*[a-z+#]|[a-z]|\d+|[㐀-鿿]+")
_STOP = frozenset(
    """a an and are as at be by for from how i in into is it its my of on or our that the their this to use
    using we with you your skill skills 的 了 和 与""".split()  # noqa: SIM905 - a list of forty words is no easier to read
)

Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
"""Rows of the catalogue."""
Signs = dict[str, float]


@dataclass(frozen=True, slots=True)
class Query:
    """One need: its name, the sentence that showed it (or None), and the skill it is linked to (or None)."""

    name: str
    quote: str | None = None
    skill: Skill | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name in all forms known."""
        known = (self.skill.label, *self.skill.names_en, *self.skill.names_zh) if self.skill else ()
        return tuple(dict.fromkeys((self.name, *known)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may answer the need, and the signs that it does."""

    resource: Resource
    signs: Signs


class CatalogueIndex:
    """A catalogue made ready for queries. `keeper` embeds its texts, and may know them from before."""

    def __init__(
        self, resources: Sequence[Resource], embedder: Embedder, taxonomy: Taxonomy, keeper: Embedder
    ) -> None:
        import bm25s  # type: ignore[import-untyped]  # noqa: PLC0415 - loads SciPy, which a draft may do without

        self.resources = tuple(resources)
        self.embedder = embedder
        self._words = [tokens(" ".join(_weighted(resource))) for resource in self.resources]
        self._bm25 = bm25s.BM25()
        if any(self._words):
            self._bm25.index(self._words, show_progress=False)
        holding = Counter(word for words in self._words for word in set(words))
        self._rarity = {w: float(np.log1p(len(self.resources) / n)) for w, n in holding.items()}
        self._skills = list(dict.fromkeys(skill for resource in self.resources for skill in resource.skills))
        self._row = {skill: row for row, skill in enumerate(self._skills)}
        self._of_skill: dict[str, list[int]] = defaultdict(list)
        for place, resource in enumerate(self.resources):
            for skill in resource.skills:
                self._of_skill[skill].append(place)
        texts = [_text(r) for r in self.resources] + [r.title for r in self.resources] + self._skills
        vectors, size = keeper.embed(texts or [""]), len(self.resources)
        self._texts = _indexed(vectors[:size])
        self._titles: Vectors = vectors[size : 2 * size]
        self._skill_vectors = _indexed(vectors[2 * size : len(texts)])
        self._taxonomy = taxonomy
        self._unrelated: dict[str, Vectors] = {}
        self._known: dict[str, Skill | None] = {}

    def search(self, query: Query) -> list[Candidate]:
        """Candidates in the order of the catalogue; none for a need without a word."""
        if not self.resources or not tokens(query.name):
            return []
        said = [query.name, query.quote] if query.quote else [query.name]
        asked = self.embedder.embed(said)  # (1 or 2, dimension)
        words = self._by_words(query)  # (n_resources,)
        pool = self._pool(asked, words)
        columns = self._by_meaning(pool, asked[0], query.name, "")
        if query.quote:
            columns |= self._by_meaning(pool, asked[1], query.quote, "quote_")
            columns["quoted"] = np.ones(len(pool), np.float32)
        columns["bm25"] = np.minimum(words[pool] / MUCH, 1.5)
        columns |= self._shares(pool, query)
        return [
            Candidate(self.resources[place], {sign: float(values[k]) for sign, values in columns.items()})
            for k, place in enumerate(pool)
        ]

    def _pool(self, asked: Vectors, words: Scores) -> Places:
        """Rows of the candidates, rising."""
        count = min(POOL, len(self.resources))
        found = set(self._texts.search(np.ascontiguousarray(asked), count)[1].ravel().tolist())
        found |= {int(i) for i in np.argsort(-words, kind="stable")[:count] if words[i] > 0}
        if self._skills:
            count = min(SKILLS, len(self._skills))
            nearest = self._skill_vectors.search(np.ascontiguousarray(asked[:1]), count)[1][0]
            by_skill = (place for row in nearest for place in self._of_skill[self._skills[int(row)]])
            found |= set(islice(by_skill, POOL))
        return np.array(sorted(found), np.int64)

    def _by_meaning(self, pool: Places, asked: Vectors, text: str, prefix: str) -> dict[str, Scores]:
        """z-scores of text, title and nearest skill, scaled."""
        language = language_of(text)
        named = sorted({skill for place in pool for skill in self.resources[place].skills})
        at = np.array([self._row[skill] for skill in named], np.int64)
        z = self._z(self._skill_vectors.reconstruct_batch(at), asked, language) if named else np.zeros(0)
        by_skill = dict(zip(named, z.tolist(), strict=True))
        nearest = [max((by_skill[s] for s in self.resources[p].skills), default=0.0) for p in pool]
        columns = {
            "text": self._z(self._texts.reconstruct_batch(pool), asked, language),
            "title": self._z(self._titles[pool], asked, language),
            "skill": np.array(nearest, np.float32),
        }
        return {f"{prefix}{sign}": np.clip(v, FAR, NEAR) / ZSCALE for sign, v in columns.items()}

    def _z(self, vectors: Vectors, asked: Vectors, language: str) -> Scores:
        """How far above unrelated skills of the same language, in standard deviations, shape (n_vectors,).

        Texts of one language are nearer to each other than to those of another, whatever they are about.
        """
        if language not in self._unrelated:
            self._unrelated[language] = self._taxonomy.sample(SAMPLE, language, self.embedder)
        background = vectors @ self._unrelated[language].T  # (n_vectors, n_sample)
        scores: Scores = (vectors @ asked - background.mean(axis=1)) / (background.std(axis=1) + 1e-6)
        return scores

    def _shares(self, pool: Places, query: Query) -> dict[str, Scores]:
        """Shares of the words of the best name and of the quote that an entry holds; whether of one skill."""
        named = [frozenset(tokens(_name(self.resources[place]))) for place in pool]
        held = [frozenset(self._words[place]) for place in pool]
        asked = [tokens(name) for name in query.names]
        columns = {
            "words_in_name": [max(self._share(words, has) for words in asked) for has in named],
            "words_in_text": [max(self._share(words, has) for words in asked) for has in held],
            "same_skill": [float(self._same(query.skill, self.resources[place])) for place in pool],
        }
        if query.quote:
            columns["quote_words"] = [self._share(tokens(query.quote), has) for has in held]
        return {sign: np.array(values, np.float32) for sign, values in columns.items()}

    def _share(self, words: Sequence[str], held: frozenset[str]) -> float:
        unknown = float(np.log1p(len(self.resources)))
        weights = [(self._rarity.get(word, unknown), word in held) for word in words]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, has in weights if has) / total if total else 0.0

    def _same(self, skill: Skill | None, resource: Resource) -> bool:
        return skill is not None and any(self._named(text) == skill for text in resource.skills)

    def _named(self, text: str) -> Skill | None:
        if text not in self._known:
            self._known[text] = self._taxonomy.named_in(text)
        return self._known[text]

    def _by_words(self, query: Query) -> Scores:
        """BM25 of the best-matching name over the root of its length, shape (n_resources,)."""
        best = np.zeros(len(self.resources), np.float32)
        for name in query.names:
            asked = tokens(name)
            if asked and any(self._words):
                best = np.maximum(best, self._bm25.get_scores(asked) / len(asked) ** 0.5)
        return best


_Key = tuple[tuple[Resource, ...], Taxonomy]
_last: WeakKeyDictionary[Embedder, tuple[_Key, CatalogueIndex]] = WeakKeyDictionary()


def index_of(
    resources: Sequence[Resource], embedder: Embedder, taxonomy: Taxonomy, keeper: Embedder
) -> CatalogueIndex:
    """The index of these entries; the last one is kept, so that a catalogue is read into it once."""
    key = (tuple(resources), taxonomy)
    known = _last.get(embedder)
    if known is None or known[0] != key:
        known = (key, CatalogueIndex(resources, embedder, taxonomy, keeper))
        _last[embedder] = known
    return known[1]


def _indexed(vectors: Vectors) -> faiss.IndexFlatIP:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


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
    return [_name(resource)] * 3 + [resource.description]


def _name(resource: Resource) -> str:
    return " ".join((resource.title, *resource.skills))


def _text(resource: Resource) -> str:
    parts = (resource.title, ", ".join(resource.skills), resource.description[:DESCRIPTION])
    return ". ".join(part for part in parts if part)
