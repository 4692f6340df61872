"""Skill gaps: what people say they lack, or accept as lacking, named shortly and linked to the taxonomy.

Gaps are found in skill_mentions, skills in taxonomy. A gap without a fitting skill keeps the words of the
speaker and has no URI: a wrong link would recommend the wrong course.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.ports import Embedder
from models.schema import Evidence, SkillGap, Transcript, TurnLabels
from models.stages.clauses import fold, language_of
from models.stages.skill_mentions import ENOUGH, SAME_TALK, Mention, find_mentions
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

_CUT_EN = re.compile(
    r"[,.;:!?()]|\s(?:and|but|because|so|when|whenever|if|which|while|since|though|although|i|you|we|they|he|she|then|any ?more|yet|at all|properly|anyway|honestly|really|in my|without)\b"
)
_LEAD_EN = re.compile(
    r"^\W*(?:(?:the|a|an|my|our|your|this|that|these|those|to|of|with|at|in|on|for|about|by|some|any|is|are|how|it's|it|doing|using|whole|all|and|but|so|well|honestly|actually|just|still|really|kind|sort|i|we|you|me|them|thing|things|stuff|part|bit|one|ones|new|"
    r"what|mean|do|they|mine|admit|accept|never|no|yes|go|going|get|make|call|have|has|had|end|side)\b[\s,']*)+",
)
_TRAIL_EN = re.compile(r"(?:\s+(?:the|a|an|of|to|with|in|on|for|at|and|or|is|are|was|my|it|that|part|stuff|side|thing|things|bit|end|work|works))+$")
_LEAD_ZH = re.compile(
    r"^(?:[,、\s]|说实话|老实说|讲真|其实|就是|还有|还是|不过|但是|可是|只是|然后|而且|那个|这个|那些|这些|那块|这块|那种|关于|对于|至于|我对|我在|我的|我|自己|个人|觉得|客户说|别人说|大家说|人家说|对|真的|真|是|也|都|怎么|怎样|如何|去|用|做|搞|弄|一|的|那|这|还|又|老是|总是|一直|有点|比较|嗯|啊|呃|吧|里头|系统)+"
)
_TRAIL_ZH = re.compile(r"(?:我|我自己|自己|的时候|时候|的话|方面|那一块|这一块|那块|这块|那段|那一段|这方面|那方面|这个东西|这个|那个|东西|这些|那些|其实|确实|真的|真|实在|就|都|也|还|是|一直|老是|总|总是|有点|有些|比较|根本|完全|吧|呢|啊|嘛|咯|了|的|,|、|\s)+$")


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention with the skill it is about."""

    mention: Mention
    skill: Skill | None
    name: str


def find_gaps(
    transcript: Transcript, labels: Sequence[TurnLabels], taxonomy: Taxonomy, embedder: Embedder
) -> list[SkillGap]:
    """Gaps in the order in which they come up, ids g1, g2, ...; each with 1 to 6 exact quotes.

    `labels` may be empty; those with improvement feedback make accepted criticism surer. The vectors are only
    asked where no name of a skill is said.
    """
    found: list[_Found] = []
    for mention in find_mentions(transcript, labels):
        place, named = _named(mention, taxonomy)
        score = min(mention.score + (NAMED if named and place < BESIDE else 0.0), 0.95)
        if score >= ENOUGH:
            about = _about(replace(mention, score=score), named, taxonomy, embedder)
            found.extend([about] if about.name else [])
    return [_gap(number, group, transcript) for number, group in enumerate(_grouped(found), 1)]


def _named(mention: Mention, taxonomy: Taxonomy) -> tuple[int, Skill | None]:
    """The skill named nearest to the cue, and how far away, counted in parts of the topic."""
    hits = ((place, taxonomy.named_in(part)) for place, part in enumerate(mention.topic[:NEARBY]))
    return next(((place, skill) for place, skill in hits if skill), (len(mention.topic), None))


def _about(mention: Mention, named: Skill | None, taxonomy: Taxonomy, embedder: Embedder) -> _Found:
    if named is not None:
        return _Found(mention, named, named.shown(mention.language))
    phrase = _phrase(mention)
    skill = taxonomy.closest(phrase, embedder) if phrase else None
    name = skill.shown(mention.language) if skill and mention.language == "en" else phrase
    return _Found(mention, skill, name)


def _phrase(mention: Mention) -> str:
    """The first part of the topic that holds more than function words, as a short phrase."""
    for part in mention.topic:
        phrase = _short_zh(part) if language_of(part) == "zh" else _short_en(part)
        if phrase:
            return phrase[:1].upper() + phrase[1:]
    return ""


def _short_en(text: str) -> str:
    for piece in _CUT_EN.split(fold(text)):
        phrase = _TRAIL_EN.sub("", _LEAD_EN.sub("", piece)).strip(" '\"-")
        if len(phrase) > 3:
            return " ".join(phrase.split()[:6])
    return ""


def _short_zh(text: str) -> str:
    for piece in re.split(r"[,。;:!?、…\"“”()]", fold(text)):
        phrase = _TRAIL_ZH.sub("", _LEAD_ZH.sub("", piece)).strip()
        if len(phrase) > 1:
            return phrase[:14]
    return ""


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
    return at_once or near and (earlier.name == later.name or earlier.skill is None or later.skill is None)


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
