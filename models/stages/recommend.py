"""Development resources for skill gaps: what to offer, in which mix, and why. Suggestions, never decisions.

Retrieval is models/stages/retrieval. On top of it: what is known of the person (language, level, what is
already done) excludes; of entries that fit about equally well, learning on the job comes first and kinds
vary; where nothing fits, nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.development import Profile, Resource
from models.ports import Embedder
from models.schema import Language, Recommendation, SkillGap
from models.stages import taxonomy
from models.stages.retrieval import Hit, Query, index_of, tokens
from models.wording import Wording

WORDING = Wording.beside(__file__, "recommend.toml")

MIX = {"on_the_job": 0.7, "with_others": 0.2, "formal": 0.1}
"""70-20-10 (Lombardo and Eichinger 1996): a default for the order of entries that fit alike, not a quota."""

FAMILIES = {
    "on_the_job": ("project", "stretch", "rotation", "assignment", "shadow", "secondment", "practice", "job"),
    "with_others": ("mentor", "coach", "peer", "community", "tutor", "buddy", "feedback"),
}
"""Beginnings or parts of a kind's name; every other kind is formal learning."""

MIX_WEIGHT = 0.15
"""What the mix may add to a relevance of 0..1."""

SAME_FAMILY = 0.12
"""What an entry loses for each chosen one of its family, where other families have entries that fit."""

OTHER_LANGUAGE = 0.25
"""What an entry in another language than the minutes loses while the person's own language is not known."""

NEAR_THE_BEST = 0.3
"""Share of the best relevance below which an entry is not worth its place beside it."""

LEVELS = ("beginner", "intermediate", "advanced")
_LEVEL_NAMES = {
    "beginner": (
        "beginner",
        "basic",
        "entry",
        "junior",
        "foundation",
        "introductory",
        "1",
        "初级",
        "入门",
        "基础",
    ),
    "intermediate": ("intermediate", "medium", "2", "中级", "进阶"),
    "advanced": ("advanced", "expert", "senior", "3", "高级", "专家"),
}
LONGEST_QUOTE = 60


def recommend(
    gaps: Sequence[SkillGap],
    catalogue: Sequence[Resource],
    embedder: Embedder,
    language: Language,
    top_k: int = 3,
    person: Profile | None = None,
) -> list[Recommendation]:
    """At most `top_k` resources a gap, best first, ids r1, r2, ...; scores 0..1, falling within a gap.

    `language` is that of the reasons. A gap that nothing fits has no recommendation.
    """
    if not gaps or not catalogue or top_k < 1:
        return []
    allowed = [resource for resource in catalogue if _suits(resource, person or Profile())]
    index = index_of(allowed, embedder, taxonomy.load())
    found: list[Recommendation] = []
    for gap in gaps:
        for hit in _mixed(index.search(_query(gap)), top_k, language):
            found.append(_recommendation(f"r{len(found) + 1}", gap, hit, language))
    return found


def recommend_for_text(
    texts: Sequence[str],
    catalogue: Sequence[Resource],
    embedder: Embedder,
    language: Language,
    top_k: int = 3,
    person: Profile | None = None,
) -> list[tuple[str, list[Recommendation]]]:
    """The same for gaps that are typed in ("SQL", "谈判"): (text, its recommendations) in the order given."""
    skills = taxonomy.load()
    linked = [(text, skills.named_in(text)) for text in texts]
    gaps = [
        SkillGap(f"g{number}", text, "", (), 1.0, skill.uri if skill else None)
        for number, (text, skill) in enumerate(linked, 1)
    ]
    found = recommend(gaps, catalogue, embedder, language, top_k, person)
    return [(gap.skill, [item for item in found if item.gap == gap.id]) for gap in gaps]


def family(kind: str) -> str:
    """on_the_job, with_others or formal."""
    name = kind.lower()
    return next((fam for fam, parts in FAMILIES.items() if any(part in name for part in parts)), "formal")


def _query(gap: SkillGap) -> Query:
    """The gap's own words first, then the names of the skill it is linked to, in both languages."""
    skill = taxonomy.load().by_uri(gap.skill_uri)
    names = (skill.label, *skill.names_en, *skill.names_zh) if skill else ()
    return Query(tuple(dict.fromkeys((gap.skill, *names))))


def _suits(resource: Resource, person: Profile) -> bool:
    """Whether nothing that is known forbids it: done already, another language, above the person's level."""
    if resource.id in person.completed:
        return False
    theirs, its = _languages(person.language), _languages(resource.language)
    if theirs and its and not theirs & its:
        return False
    level, needed = level_of(person.level), level_of(resource.level)
    return level is None or needed is None or needed <= level


def _languages(text: str | None) -> frozenset[str]:
    """Codes named in "zh-CN" or "English; 中文"; empty when open."""
    found = set()
    for part in (text or "").lower().replace(";", ",").replace("/", ",").replace("、", ",").split(","):
        name = part.strip()
        if name.startswith(("en", "英")):
            found.add("en")
        elif name.startswith(("zh", "cn", "chinese", "mandarin", "中", "汉", "普通话")):
            found.add("zh")
        elif name and name not in ("any", "all", "multi", "multiple", "不限", "双语", "bilingual"):
            found.add(name[:2])
    return frozenset(found)


def level_of(text: str | None) -> int | None:
    """0 beginner, 1 intermediate, 2 advanced; None when not said or not one of these."""
    said = (text or "").strip().lower()
    hits = (n for n, level in enumerate(LEVELS) if said and said.startswith(_LEVEL_NAMES[level]))
    return next(hits, None)


def _mixed(hits: Sequence[Hit], top_k: int, language: Language) -> list[Hit]:
    """The best `top_k` with families varied; relevance falls along the list."""
    if not hits:
        return []
    floor = hits[0].relevance * NEAR_THE_BEST
    left = [hit for hit in hits if hit.relevance >= floor][: max(4 * top_k, 12)]
    several = len({family(hit.resource.kind) for hit in left}) > 1
    chosen: list[Hit] = []
    while left and len(chosen) < top_k:
        taken = [family(hit.resource.kind) for hit in chosen]
        values = [_value(hit, taken, language) if several else hit.relevance for hit in left]
        at = max(range(len(left)), key=lambda i: (values[i], -i))
        if values[at] < floor:
            break
        ceiling = chosen[-1].relevance if chosen else 1.0
        chosen.append(Hit(left.pop(at).resource, round(max(0.0, min(values[at], ceiling)), 4)))
    return chosen


def _value(hit: Hit, taken: Sequence[str], language: Language) -> float:
    own = family(hit.resource.kind)
    spoken = _languages(hit.resource.language)
    foreign = OTHER_LANGUAGE if spoken and language not in spoken else 0.0
    return hit.relevance + MIX_WEIGHT * MIX[own] - SAME_FAMILY * taken.count(own) - foreign


def _recommendation(number: str, gap: SkillGap, hit: Hit, language: Language) -> Recommendation:
    resource = hit.resource
    skill = _matching_skill(gap, resource)
    if gap.evidence:
        quote = gap.evidence[0].quote
        short = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1].rstrip() + "…"
        why = WORDING.say("why_said", language, quote=short.rstrip(".。"), skill=skill)
    else:
        why = WORDING.say("why_named", language, gap=gap.skill, skill=skill)
    return Recommendation(number, gap.id, resource.id, resource.title, resource.kind, why, hit.relevance)


def _matching_skill(gap: SkillGap, resource: Resource) -> str:
    """The skill of the resource that shares most words with the gap or its names, else the gap."""
    asked = {word for text in _query(gap).texts for word in tokens(text)}
    return max(resource.skills, key=lambda skill: len(asked & set(tokens(skill))), default=gap.skill)


def default_catalogue() -> Path:
    """The starter catalogue that ships."""
    return Path(__file__).parent.parent / "data" / "catalogue.jsonl"
