"""From a catalogue file and gaps to offers: what the command line and the draft share.

A catalogue stays in the memory of the process that reads it; the vectors of its texts stay on disk, so only
new or changed entries cost time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from models.development import Competency, Profile
from models.parsing.catalogue import STARTER, read_catalogue
from models.parsing.profiles import read_profile
from models.ports import Embedder
from models.schema import Language, Recommendation, SkillGap, Transcript
from models.stages import recommend, taxonomy
from models.stages.recommend import Offer, Shelf

_NOBODY: Mapping[str, Profile] = MappingProxyType({})

PER_GAP = 3
"""Resources a gap in a draft."""

Advance = Callable[[float], None]
"""Told the share of the catalogue that is read, 0..1."""


class Engines(Protocol):
    """What offering needs."""

    @property
    def embedder(self) -> Embedder: ...  # noqa: D102

    def catalogue_embedder(self, advance: Advance) -> Embedder: ...  # noqa: D102


def shelf(
    path: Path | None,
    engines: Engines,
    advance: Advance = lambda share: None,
    competencies: Sequence[Competency] = (),
) -> Shelf:
    """The catalogue of that file, else the starter catalogue, and the skills to link to: the organisation's
    own competencies before those that ship. Raises NotACatalogue.
    """
    resources = read_catalogue(path or STARTER)
    keeper = engines.catalogue_embedder(advance)
    skills = taxonomy.load(competencies)
    if competencies:
        skills.embed_own(engines.embedder, keeper)
    return Shelf(tuple(resources), engines.embedder, keeper, skills)


def for_draft(
    gaps: Sequence[SkillGap],
    shelf: Shelf,
    language: Language,
    talk: Transcript,
    profiles: Mapping[str, Profile] = _NOBODY,
) -> list[Recommendation]:
    """Resources for the gaps of a conversation, for each person by what is known of them; where their
    language is not, in the language or languages it was held in. `language` is that of the reasons.
    """
    spoken = "en, zh" if talk.language == "mixed" else talk.language
    found: dict[str, tuple[Recommendation, ...]] = {}
    for person in dict.fromkeys(gap.person for gap in gaps):
        known = profiles.get(person, Profile())
        known = known if known.language else replace(known, language=spoken)
        own = [gap for gap in gaps if gap.person == person]
        offers = recommend.offers(own, shelf, language, PER_GAP, known, talk.date)
        found.update({offer.gap.id: offer.items for offer in offers})
    items = [item for gap in gaps for item in found[gap.id]]
    return [replace(item, id=f"r{number}") for number, item in enumerate(items, 1)]


def for_named(texts: Sequence[str], shelf: Shelf, person: Path | None, top_k: int, day: str) -> list[Offer]:
    """Resources for gaps that are typed in, with reasons in the language of each. Raises NotAProfile."""
    profile = read_profile(person) if person else Profile()
    return recommend.offers(recommend.named_gaps(texts, shelf.skills), shelf, None, top_k, profile, day)
