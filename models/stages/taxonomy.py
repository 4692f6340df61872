"""The skills that gaps and resources are named by: a compact index derived from ESCO, models/data/skills.tsv.

A phrase is linked by name first: the longest name of a skill that stands in it. Without one, sentence
vectors propose: similarities of a multilingual model are only comparable within one query, so the best
skill must stand out from all others by its z-score, and from the next one by a margin; else nothing fits.
Vectors of the labels by multilingual-e5-small ship beside the index; another embedder makes its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from models.ports import Embedder, Vectors

INDEX = Path(__file__).parent.parent / "data" / "skills.tsv"
VECTORS = INDEX.with_name("skills.e5-small.npy")
"""int8, shape (n_skills, 384), rows in the order of the index, each scaled to a largest part of 127."""

SAME_MODEL = 0.97
"""Cosine of a label's fresh and shipped vector from which both come from one model (quantised or not)."""

ESCO = "http://data.europa.eu/esco/skill/"

OUTSTANDING = 5.2
"""z-score of the best skill among all, from which a link by vectors is taken. Chosen on the validation
spans of Decorte et al. (2022): from 5 up, 87 of 94 spans whose skill is in the index got it. But more than
half of all spans from 5 up have no skill in the index and got a neighbour: such a link is a suggestion."""

MARGIN = 0.3
"""Distance in z to the second best skill, below which the phrase may mean either."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A taxonomy entry: ESCO's label, and what people call it; the first name is the one shown."""

    uri: str
    label: str
    names_en: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()

    def shown(self, language: str) -> str:
        """The short name in that language, else ESCO's English label."""
        names = self.names_zh if language == "zh" else self.names_en
        name = names[0] if names else self.label
        return name[:1].upper() + name[1:]


class Taxonomy:
    """Skills to link to. Vectors of the labels are made once for each embedder and kept."""

    def __init__(self, skills: Sequence[Skill], shipped: Vectors | None = None) -> None:
        self.skills = tuple(skills)
        self.shipped = shipped
        self._names = _names(self.skills)
        self._pattern = _pattern(self._names)
        self._vectors: tuple[Embedder, Vectors] | None = None

    def named_in(self, text: str) -> Skill | None:
        """The skill with the longest name that stands in the text; Chinese and English names alike."""
        found = [match.group(1) or match.group(2) for match in self._pattern.finditer(text.lower())]
        return self._names[max(found, key=_weight)] if found else None

    def closest(self, phrase: str, embedder: Embedder) -> Skill | None:
        """The skill nearest in meaning, or None when none stands out."""
        similarity = self._label_vectors(embedder) @ embedder.embed([phrase])[0]  # (n_skills,)
        z = (similarity - similarity.mean()) / (similarity.std() + 1e-9)
        best, second = np.argsort(-z)[:2] if len(z) > 1 else (0, 0)
        stands_out = z[best] >= OUTSTANDING and z[best] - z[second] >= MARGIN
        return self.skills[int(best)] if stands_out else None

    def by_uri(self, uri: str | None) -> Skill | None:
        """The skill with this URI."""
        return next((skill for skill in self.skills if skill.uri == uri), None) if uri else None

    def sample(self, count: int, language: str, embedder: Embedder) -> Vectors:
        """Vectors of about `count` skills in that language: a background for similarities."""
        if language != "zh":
            return self._label_vectors(embedder)[:: max(1, len(self.skills) // count)]
        names = [skill.names_zh[0] for skill in self.skills if skill.names_zh]
        return embedder.embed(names[:: max(1, len(names) // count)] or [self.skills[0].label])

    def _label_vectors(self, embedder: Embedder) -> Vectors:
        if self._vectors is None or self._vectors[0] is not embedder:
            shipped = self.shipped
            if shipped is None or not self._made_by(embedder, shipped):
                shipped = embedder.embed([skill.label for skill in self.skills])
            self._vectors = (embedder, shipped)
        return self._vectors[1]

    def _made_by(self, embedder: Embedder, shipped: Vectors) -> bool:
        """Whether the shipped vectors come from this embedder: a few labels are embedded and compared."""
        probes = list(range(0, len(self.skills), max(1, len(self.skills) // 5)))
        fresh = embedder.embed([self.skills[i].label for i in probes])
        if len(shipped) != len(self.skills) or fresh.shape[1] != shipped.shape[1]:
            return False
        return bool(np.all(np.sum(fresh * shipped[probes], axis=1) >= SAME_MODEL))


@cache
def load(path: Path = INDEX) -> Taxonomy:
    """The index that ships, or another file of its form."""
    rows = [
        line.split("\t") for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    skills = [Skill(ESCO + row[0], row[1], _cells(row[2]), _cells(row[3])) for row in rows]
    return Taxonomy(skills, _shipped_vectors() if path == INDEX and VECTORS.exists() else None)


def _shipped_vectors() -> Vectors:
    raw = np.load(VECTORS, allow_pickle=False).astype(np.float32)
    vectors: Vectors = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return vectors


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


def _weight(name: str) -> float:
    """Length in letters; a Chinese character counts as much as three."""
    return sum(1.0 if ch.isascii() else 3.0 for ch in name)
