"""Development resources for skill gaps: what to offer, in which mix, and why. Suggestions, never decisions.

The way of a gap: candidates (models/stages/retrieval) that fit (models/stages/fit), without those that
something known forbids (models/stages/limits), ordered by relevance and by how they suit the person; of
entries that suit about equally well, learning on the job comes first and kinds vary. Where nothing fits,
nothing is offered, and the offer tells what was withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.development import Profile, Resource
from models.ports import Embedder
from models.schema import Language, Recommendation, SkillGap
from models.stages import limits, taxonomy
from models.stages.families import family
from models.stages.fit import BESIDE, SHOWN, fit
from models.stages.needs import Need, needs
from models.stages.retrieval import CatalogueIndex, Query, index_of, tokens
from models.stages.taxonomy import Taxonomy
from models.stages.words import language_of
from models.wording import Wording

WORDING = Wording.beside(__file__, "recommend.toml")

MIX = {"on_the_job": 0.7, "with_others": 0.2, "formal": 0.1}
"""70-20-10 (Lombardo and Eichinger 1996): a default for the order of entries that fit alike, not a quota."""

MIX_WEIGHT = 0.15
"""What the mix may add to a relevance of 0..1."""

SAME_FAMILY = 0.12
"""What an entry loses for each chosen one of its family, where other families have entries that fit."""

OTHER_LANGUAGE = 0.25
"""What an entry in another language than the minutes loses while the person's own language is not known."""

LEVEL_APART = 0.06
"""What an entry loses for each level between it and the rating of the person."""

OF_INTEREST = 0.05
"""What an entry gains that shares a word with the person's career interest."""

NEAR_THE_BEST = 0.2
"""Share of the best relevance below which an entry is not worth its place beside it."""

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits, and how probably, 0..1."""

    resource: Resource
    relevance: float


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is for a gap, best first. `withheld`: obstacle (models/stages/limits) -> how many entries
    that fit it forbids.
    """

    gap: SkillGap
    items: tuple[Recommendation, ...]
    withheld: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue and what searches it. `embedder` embeds queries; `keeper` the catalogue, by default too.

    `skills`: what gaps and entries are linked to, by default the index that ships.
    """

    resources: Sequence[Resource]
    embedder: Embedder
    keeper: Embedder | None = None
    skills: Taxonomy = field(default_factory=taxonomy.load)

    def index(self) -> CatalogueIndex:
        """The index of the entries, made when it is first asked for: that is what takes long."""
        return index_of(self.resources, self.embedder, self.skills, self.keeper or self.embedder)

    def search(self, query: Query) -> list[Hit]:
        """Entries that fit, best first."""
        found = self.index().search(query)
        hits = [Hit(one.resource, round(fit(one.signs), 4)) for one in found]
        return sorted((hit for hit in hits if hit.relevance >= BESIDE), key=lambda hit: -hit.relevance)


def offers(
    gaps: Sequence[SkillGap], shelf: Shelf, language: Language | None, top_k: int, person: Profile, on: str
) -> list[Offer]:
    """At most `top_k` resources a gap; ids r1, r2, ... over all; scores 0..1, falling within a gap.

    `language` is that of the reasons, by default the one that a gap is named in; `on` the ISO day from which
    dates of entries are looked at.
    """
    found: list[Offer] = []
    known = limits.recognised(person, shelf.resources)
    for gap in gaps:
        query, tongue = query_of(gap, shelf), language or language_of(gap.skill)
        hits = shelf.search(query) if shelf.resources and top_k > 0 else []
        obstacles = [limits.obstacle(hit.resource, known, on) for hit in hits]
        free = [hit for hit, obstacle in zip(hits, obstacles, strict=True) if obstacle is None]
        free = free if free and free[0].relevance >= SHOWN else []
        withheld = (o for hit, o in zip(hits, obstacles, strict=True) if o and hit.relevance >= SHOWN)
        need = _need(gap, person, on, shelf.skills)
        first = sum(len(offer.items) for offer in found) + 1
        chosen = _mixed(free, [_suits(hit, person, need, tongue) for hit in free], top_k)
        items = [
            _recommendation(f"r{first + k}", gap, query, need, hit, tongue) for k, hit in enumerate(chosen)
        ]
        found.append(Offer(gap, tuple(items), Counter(withheld)))
    return found


def named_gaps(texts: Sequence[str], skills: Taxonomy | None = None) -> list[SkillGap]:
    """Gaps that are typed in ("SQL", "谈判"), without a quote; linked to the index that ships by default."""
    known = skills or taxonomy.load()
    linked = [(text, known.named_in(text)) for text in texts]
    return [
        SkillGap(f"g{number}", text, "", (), 1.0, skill.uri if skill else None)
        for number, (text, skill) in enumerate(linked, 1)
    ]


def same_skill(one: str, other: str, skills: Taxonomy) -> bool:
    """Whether two names name one skill: the same words, or names of one skill of the taxonomy."""
    if set(tokens(one)) == set(tokens(other)):
        return True
    first = skills.named_in(one)
    return first is not None and first == skills.named_in(other)


def query_of(gap: SkillGap, shelf: Shelf) -> Query:
    """The gap by its names, with the quote that shares most words with them: the first may be of another. A
    gap without a skill is also searched by the words of the likeliest one.
    """
    skill = shelf.skills.by_uri(gap.skill_uri)
    plain = Query(gap.skill, None, skill or shelf.skills.likeliest(gap.skill, shelf.embedder))
    asked = {word for name in plain.names for word in tokens(name)}
    quotes = [evidence.quote for evidence in gap.evidence]
    best = max(quotes, key=lambda quote: len(asked & set(tokens(quote))), default=None)
    return replace(plain, quote=best)


def _need(gap: SkillGap, person: Profile, on: str, skills: Taxonomy) -> Need | None:
    found = needs(person, [gap], on, lambda one, other: same_skill(one, other, skills))
    return next((need for need in found if need.gap is gap), None)


def _suits(hit: Hit, person: Profile, need: Need | None, language: Language) -> float:
    """Relevance, and what speaks for or against the entry for this person."""
    resource = hit.resource
    value = hit.relevance + MIX_WEIGHT * MIX[family(resource.kind)]
    spoken = limits.languages(resource.language)
    if spoken and not limits.languages(person.language) and language not in spoken:
        value -= OTHER_LANGUAGE
    level = limits.level_of(resource.level)
    if level is not None and need is not None and need.current is not None:
        value -= LEVEL_APART * abs(level - _level_for(need.current))
    interest = set(tokens(person.interest or ""))
    return value + OF_INTEREST * bool(interest & set(tokens(" ".join((resource.title, *resource.skills)))))


def _level_for(rating: int) -> int:
    """The level 0..2 to learn at with a rating of 1 to 5."""
    return 0 if rating <= 2 else 1 if rating == 3 else 2


def _mixed(hits: Sequence[Hit], worth: Sequence[float], top_k: int) -> list[Hit]:
    """The best `top_k` by what they are worth, with families varied; relevance falls along the list."""
    if not hits:
        return []
    floor = hits[0].relevance * NEAR_THE_BEST
    worthy = {hit.resource.id: value for hit, value in zip(hits, worth, strict=True)}
    left = [hit for hit in hits if hit.relevance >= floor][: max(4 * top_k, 12)]
    several = len({family(hit.resource.kind) for hit in left}) > 1
    chosen: list[Hit] = []
    while left and len(chosen) < top_k:
        taken = Counter(family(hit.resource.kind) for hit in chosen) if several else Counter[str]()
        values = [worthy[h.resource.id] - SAME_FAMILY * taken[family(h.resource.kind)] for h in left]
        at = max(range(len(left)), key=lambda i: (values[i], -i))
        if values[at] < floor:
            break
        ceiling = chosen[-1].relevance if chosen else 1.0
        chosen.append(Hit(left.pop(at).resource, round(max(0.0, min(values[at], ceiling)), 4)))
    return chosen


def _recommendation(
    number: str, gap: SkillGap, query: Query, need: Need | None, hit: Hit, language: Language
) -> Recommendation:
    resource = hit.resource
    skill = _matching_skill(query, resource)
    if query.quote:
        quote = query.quote
        short = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1].rstrip() + "…"
        why = WORDING.say("why_said", language, quote=short.rstrip(".。"), skill=skill)
    else:
        why = WORDING.say("why_named", language, gap=gap.skill, skill=skill)
    if need is not None and need.current is not None and need.expected is not None:
        key = "doubted" if need.doubted else "rated"
        why += WORDING.say(key, language, current=need.current, expected=need.expected)
    return Recommendation(number, gap.id, resource.id, resource.title, resource.kind, why, hit.relevance)


def _matching_skill(query: Query, resource: Resource) -> str:
    """The skill of the resource that shares most words with the gap or its names, else the gap."""
    asked = {word for text in query.names for word in tokens(text)}
    return max(resource.skills, key=lambda skill: len(asked & set(tokens(skill))), default=query.name)
