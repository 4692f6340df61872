"""Skill gaps: what people say they lack, or accept as lacking, named shortly and linked to the taxonomy.

Gaps are found in skill_mentions, skills in taxonomy. A gap without a fitting skill keeps the words of the
speaker and has no URI: a wrong link would recommend the wrong course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.ports import ClauseReading, Embedder
from models.schema import Evidence, SkillGap, Transcript, TurnLabels
from models.stages.clauses import Clause
from models.stages.skill_mentions import ENOUGH, SAME_TALK, Lack, Mention, find_mentions
from models.stages.skill_phrases import phrase_of
from models.stages.taxonomy import Skill, Taxonomy

NAMED = 0.15
"""A known skill named beside the cue is one more sign of a gap."""

SAME_BREATH = 2
"""Turns of one person at most this far apart speak of one gap, whatever its name."""

BESIDE = 3
"""Parts of the topic that count as beside the cue."""

NEARBY = 8
"""Parts of the topic in which a skill is looked for by name."""

MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention with the skill it is about."""

    mention: Mention
    skill: Skill | None
    name: str


def find_gaps(
    transcript: Transcript,
    labels: Sequence[TurnLabels],
    taxonomy: Taxonomy,
    embedder: Embedder,
    said: Sequence[Clause] = (),
    readings: Sequence[ClauseReading] = (),
) -> list[SkillGap]:
    """Gaps in the order in which they come up, ids g1, g2, ...; each with 1 to 6 exact quotes.

    `labels` may be empty; those with improvement feedback make accepted criticism surer. `said` and
    `readings`: all clauses, and how each reads where a reader read the talk. The vectors are only asked where
    no name of a skill is said.
    """
    found: list[_Found] = []
    lacking = _lacking(said, readings) if readings else None
    for mention in find_mentions(transcript, labels, lacking):
        place, named = _named(mention, taxonomy)
        score = min(mention.score + (NAMED if named and place < BESIDE else 0.0), 0.95)
        if score >= ENOUGH:
            about = _about(replace(mention, score=score), named, taxonomy, embedder)
            found.extend([about] if about.name else [])
    return [_gap(number, group, transcript) for number, group in enumerate(_grouped(found), 1)]


def _lacking(said: Sequence[Clause], readings: Sequence[ClauseReading]) -> dict[int, Lack]:
    """By turn its likeliest lack."""
    found: dict[int, Lack] = {}
    for clause, reading in zip(said, readings, strict=True):
        if clause.turn not in found or reading.moves["lack"] > found[clause.turn].sure:
            found[clause.turn] = Lack(clause.text, reading.moves["lack"])
    return found


def _named(mention: Mention, taxonomy: Taxonomy) -> tuple[int, Skill | None]:
    """The skill named nearest to the cue, and how far away, counted in parts of the topic."""
    hits = ((place, taxonomy.named_in(part)) for place, part in enumerate(mention.topic[:NEARBY]))
    return next(((place, skill) for place, skill in hits if skill), (len(mention.topic), None))


def _about(mention: Mention, named: Skill | None, taxonomy: Taxonomy, embedder: Embedder) -> _Found:
    if named is not None:
        return _Found(mention, named, named.shown(mention.language))
    phrase = phrase_of(mention.topic)
    skill = taxonomy.closest(phrase, embedder) if phrase else None
    common = skill is not None and skill in taxonomy.skills and mention.language == "en"
    name = skill.shown("en") if skill and common else phrase
    return _Found(mention, skill, name)


def _grouped(found: Sequence[_Found]) -> list[list[_Found]]:
    """Mentions of one person belong together when about one skill, or close by and one of them unlinked."""
    groups: list[list[_Found]] = []
    for one in found:
        home = next((group for group in reversed(groups) if _same(group[-1], one)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return groups


def _same(earlier: _Found, later: _Found) -> bool:
    if earlier.mention.person != later.mention.person:
        return False
    if earlier.skill is not None and later.skill is not None and earlier.skill.uri == later.skill.uri:
        return True
    near = later.mention.sources[-1][0] - earlier.mention.sources[-1][0] <= SAME_TALK
    at_once = later.mention.sources[-1][0] - earlier.mention.sources[-1][0] <= SAME_BREATH
    return at_once or (near and (earlier.name == later.name or earlier.skill is None or later.skill is None))


def _gap(number: int, group: Sequence[_Found], transcript: Transcript) -> SkillGap:
    best = max(group, key=lambda one: (one.skill is not None, one.mention.score))
    sources = list(dict.fromkeys(source for one in group for source in one.mention.sources))[:MOST_EVIDENCE]
    evidence = []
    for turn_id, quote in sources:
        turn = transcript.turn(turn_id)
        if turn is not None and quote in turn.text:
            evidence.append(Evidence(turn_id, quote, turn.start_s, turn.end_s))
    return SkillGap(
        id=f"g{number}",
        skill=best.name,
        person=best.mention.person,
        evidence=tuple(evidence),
        confidence=round(max(one.mention.score for one in group), 2),
        skill_uri=best.skill.uri if best.skill is not None else None,
    )
