"""The skills that gaps and resources are named by: the labels of ESCO, and for those that come up in work
conversations the names people use, in both languages (models/data/skills.tsv, esco.tsv).

A phrase is linked by name first: the longest name of a skill that stands in it. Without one, sentence
vectors propose: similarities of a multilingual model are only comparable within one query and one language,
so the best label (for a Chinese phrase: the best Chinese name) must stand out from all others by its z-score
and from the next one by a margin; else nothing fits. Vectors by multilingual-e5-small ship beside the index;
another embedder makes its own.

An organisation's own competencies (models/parsing/competencies) come first: where a text holds one of their
names, or where one of them is about as near in meaning as the nearest, that one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.development import ESCO, Competency
from models.ports import Embedder, Vectors
from models.stages.words import CJK, fold, language_of

INDEX = Path(__file__).parent.parent / "data" / "skills.tsv"
OTHERS = INDEX.with_name("esco.tsv")
VECTORS = INDEX.with_name("skills.e5-small.npy")
"""int8, shape (n_texts, 384), rows as in `texts`: labels of skills.tsv, of esco.tsv, then Chinese names."""

SAME_MODEL = 0.97
"""Cosine of a label's fresh and shipped vector from which both come from one model (quantised or not)."""

OUTSTANDING, MARGIN = 6.0, 0.4
"""z-score of the best label, and its distance to the second best, from which a link by vectors is taken.
Chosen on the validation spans of Decorte et al. (2022), of which 45 % have no skill in ESCO: 237 of 524 get a
link, 55 % of them the annotator's, the others mostly a neighbour. Such a link is a suggestion."""

OUTSTANDING_ZH = 4.5
"""The same among the Chinese names, which are fifty times fewer: of the synonyms of a name that get a link,
three quarters get the right one; of twenty trades that no name covers four get one, two of them a fit."""


LIKELY = 5.0
"""z-score of a label from which its words help a search. Chosen on Chinese names of skills that are tags of
courses (python -m eval recommend), where 4 to 5 do alike and 5.5 helps half as many."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A taxonomy entry: ESCO's label, and what people call it; the first name is the one shown."""

    uri: str
    label: str
    names_en: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id within ESCO."""
        return self.uri.removeprefix(ESCO)

    def shown(self, language: str) -> str:
        """The short name in that language, else ESCO's English label."""
        names = self.names_zh if language == "zh" else self.names_en
        name = names[0] if names else self.label
        return name[:1].upper() + name[1:]


class Taxonomy:
    """Skills to link to: `skills` by name and by meaning, `others` only by meaning, since their labels are
    everyday words too ("production"). `own`: competencies of the organisation, linked to before these; one
    with the URI of a skill stands for it. Vectors are made once for each embedder and kept.
    """

    def __init__(
        self,
        skills: Sequence[Skill],
        others: Sequence[Skill] = (),
        shipped: Vectors | None = None,
        own: Sequence[Skill] = (),
    ) -> None:
        self.own = tuple(own)
        self.skills = (*self.own, *skills)
        self.every = (*self.skills, *others)
        self.shipped = shipped
        self._curated, self._common = tuple(skills), (*skills, *others)
        self._names = _names(self._curated)
        self._pattern = _pattern(self._names)
        self._own_names = _own_names(self.own)
        self._own_pattern = _pattern(self._own_names)
        self._by_uri = {skill.uri: skill for skill in reversed(self.every)}
        self._in_chinese = [skill for skill in self.every if skill.names_zh]
        self._vectors: tuple[Embedder, Vectors] | None = None
        self._own_vectors: tuple[Embedder, Vectors] | None = None

    def named_in(self, text: str) -> Skill | None:
        """The skill with the longest name that stands in the text; Chinese and English names alike."""
        if self.own and (name := _longest(self._own_pattern, fold(text))):
            return self._own_names[name]
        name = _longest(self._pattern, text.lower())
        return self._by_uri[self._names[name].uri] if name else None

    def closest(self, phrase: str, embedder: Embedder) -> Skill | None:
        """The skill nearest in meaning, or None when none stands out."""
        chinese = language_of(phrase) == "zh" and bool(self._in_chinese)
        skills = self._in_chinese if chinese else self.every
        z = _standardised(self._similarity(phrase, embedder, chinese=chinese))
        if z.max() < (OUTSTANDING_ZH if chinese else OUTSTANDING):
            return None
        near = [skills[int(i)] for i in np.flatnonzero(z.max() - z < MARGIN)]
        # Most competencies have a neighbour in ESCO that says nearly the same; it must not hide them.
        meant = [skill for skill in near if skill in self.own] or [self._by_uri[s.uri] for s in near]
        return meant[0] if len(meant) == 1 else None

    def ranked(self, phrase: str, embedder: Embedder, top: int) -> list[Skill]:
        """The `top` skills by meaning, best first, whether one stands out or not."""
        similarity = self._similarity(phrase, embedder, chinese=False)
        return [self.every[int(i)] for i in np.argsort(-similarity, kind="stable")[:top]]

    def likeliest(self, phrase: str, embedder: Embedder) -> Skill | None:
        """The nearest skill where one is likely enough to search by, not to be shown: for a Chinese phrase
        too among the English labels.
        """
        z = _standardised(self._similarity(phrase, embedder, chinese=False))
        return self.every[int(z.argmax())] if z.max() >= LIKELY else None

    def by_uri(self, uri: str | None) -> Skill | None:
        """The skill with this URI."""
        return self._by_uri.get(uri) if uri else None

    def sample(self, count: int, language: str, embedder: Embedder) -> Vectors:
        """Vectors of about `count` skills in that language: a background for similarities.

        None of the organisation's own: what fits a gap should not hang on how long its list is.
        """
        vectors, size = self._common_vectors(embedder), len(self._common)
        block = vectors[size:] if language == "zh" and len(vectors) > size else vectors[: len(self._curated)]
        return block[:: max(1, len(block) // count)]

    def embed_own(self, embedder: Embedder, keeper: Embedder) -> Vectors:
        """The vectors of the organisation's own. `keeper`: an `embedder` that may know them."""
        if self._own_vectors is None or self._own_vectors[0] is not embedder:
            self._own_vectors = (embedder, keeper.embed(texts(self.own)))
        return self._own_vectors[1]

    def _similarity(self, phrase: str, embedder: Embedder, *, chinese: bool) -> Vectors:
        """Cosines of the phrase and every label, or every first Chinese name, in their order."""
        blocks = [(self._common_vectors(embedder), len(self._common))]
        if self.own:
            blocks.insert(0, (self.embed_own(embedder, embedder), len(self.own)))
        asked = embedder.embed([phrase])[0]
        return np.concatenate([(v[size:] if chinese else v[:size]) @ asked for v, size in blocks])

    def _common_vectors(self, embedder: Embedder) -> Vectors:
        """Vectors of `texts` of every skill but the organisation's own."""
        if self._vectors is None or self._vectors[0] is not embedder:
            shipped = self.shipped
            if shipped is None or not self._made_by(embedder, shipped):
                shipped = embedder.embed(texts(self._common))
            self._vectors = (embedder, shipped)
        return self._vectors[1]

    def _made_by(self, embedder: Embedder, shipped: Vectors) -> bool:
        """Whether the shipped vectors come from this embedder: a few labels are embedded and compared."""
        probes = list(range(0, len(self._curated), max(1, len(self._curated) // 5)))
        fresh = embedder.embed([self._curated[i].label for i in probes])
        if len(shipped) != len(texts(self._common)) or fresh.shape[1] != shipped.shape[1]:
            return False
        return bool(np.all(np.sum(fresh * shipped[probes], axis=1) >= SAME_MODEL))


def _standardised(similarity: Vectors) -> Vectors:
    z: Vectors = (similarity - similarity.mean()) / (similarity.std() + 1e-9)
    return z


def load(competencies: Sequence[Competency] = ()) -> Taxonomy:
    """The index that ships, with these competencies before it; made once for the same list."""
    return _loaded(tuple(competencies))


@lru_cache(maxsize=2)  # the bare index, and the list in use
def _loaded(competencies: tuple[Competency, ...]) -> Taxonomy:
    raw = np.load(VECTORS, allow_pickle=False).astype(np.float32)
    shipped = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return Taxonomy(curated(), others(), shipped, [_skill(one) for one in competencies])


def _skill(competency: Competency) -> Skill:
    names = [name for name in (competency.name, competency.name_zh, *competency.aliases) if name]
    return Skill(
        competency.esco or f"competency:{competency.id}",
        names[0],
        tuple(name for name in names if not CJK.search(name)),
        tuple(name for name in names if CJK.search(name)),
    )


def curated() -> tuple[Skill, ...]:
    """The skills that people name."""
    return tuple(Skill(ESCO + r[0], r[1], _cells(r[2]), _cells(r[3])) for r in _rows(INDEX))


def others() -> tuple[Skill, ...]:
    """The other labels of ESCO."""
    return tuple(Skill(ESCO + row[0], row[1]) for row in _rows(OTHERS))


def texts(skills: Sequence[Skill]) -> list[str]:
    """What has a vector: every label, then the first Chinese name of those that have one."""
    return [skill.label for skill in skills] + [skill.names_zh[0] for skill in skills if skill.names_zh]


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())


def _names(skills: Sequence[Skill]) -> dict[str, Skill]:
    """Folded name -> skill; a name given to several belongs to the one that lists it first."""
    ranked: dict[str, tuple[int, Skill]] = {}
    for skill in skills:
        bare = re.sub(r" \(.*\)$", "", skill.label)
        for names in ((bare, *skill.names_en), skill.names_zh):
            for rank, name in enumerate(names):
                key = name.lower()
                if len(key) > 1 and rank < ranked.get(key, (len(names), skill))[0]:
                    ranked[key] = (rank, skill)
    return {name: skill for name, (_, skill) in ranked.items()}


def _own_names(skills: Sequence[Skill]) -> dict[str, Skill]:
    """Folded name -> competency. No two share one; a single letter or character is in too many texts."""
    named = ((name, skill) for skill in skills for name in (*skill.names_en, *skill.names_zh))
    return {fold(name): skill for name, skill in named if len(name) > 1}


def _pattern(names: dict[str, Skill]) -> re.Pattern[str]:
    """Names in Latin script between word boundaries, Chinese ones anywhere; longest first."""
    by_length = sorted(names, key=len, reverse=True)
    latin = [re.escape(name) for name in by_length if name.isascii()]
    other = [re.escape(name) for name in by_length if not name.isascii()]
    either = [
        f"(?<![a-z0-9])({'|'.join(latin)})(?![a-z0-9])" if latin else "",
        f"({'|'.join(other)})" if other else "",
    ]
    return re.compile("|".join(part or "((?!))" for part in either))


def _longest(pattern: re.Pattern[str], text: str) -> str | None:
    """The longest name in the text."""
    found = [match.group(1) or match.group(2) for match in pattern.finditer(text)]
    return max(found, key=_weight) if found else None


def _weight(name: str) -> float:
    """Length in letters; a Chinese character counts as much as three."""
    return sum(1.0 if ch.isascii() else 3.0 for ch in name)
