"""How much somebody needs a skill: what is missing against the role, and how often it came up of late.

    size   = missing · weight
    missing = max(0, expected - current), or 1 where either is not known
    weight = 1 + log2(1 + Σ over the days on which the gap came up of 0.5 ** (age in days / 180))

A gap that came up once, today, weighs 2; three times within a few days, 3; one that never came up, 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.development import Profile, Rater, Rating
from models.schema import SkillGap

HALF_LIFE_DAYS = 180
"""After this many days a mention counts half: about the time between two half-yearly reviews."""

RATINGS_OF_ONE_TIME_DAYS = 90
"""Ratings at most this much older than the latest one describe the same time, so the surer rater counts."""

UNKNOWN_MISSING = 1
"""Rating steps that are missing where a gap came up and nothing is rated or expected."""

_SUREST: tuple[Rater, ...] = ("assessed", "manager", "self")

Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Need:
    """A skill that somebody needs.

    `size`: 0 or more, see the formula above. `expected`, `current`: ratings 1 to 5, None when not known.
    `times`: days on which the gap came up, `last` the latest of them (ISO). `gap`: the gap of the
    conversation that brought it up, with its quotes. `doubted`: it came up now although the rating is what
    the role asks for, so one of the two is wrong; its size is 0 and people should look at it.
    """

    skill: str
    size: float
    expected: int | None
    current: int | None
    times: int
    last: str | None
    gap: SkillGap | None
    doubted: bool = False


@dataclass(slots=True)
class _Topic:
    """What is known of one skill, under whichever names."""

    skill: str
    gaps: list[SkillGap] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    expected: int | None = None


def needs(profile: Profile, gaps_now: Sequence[SkillGap], on: str, same: Same) -> list[Need]:
    """The needs of a person by size falling; those of one size stay in the order described below.

    `gaps_now`: what the conversation of the day `on` (ISO) brought up. `same(a, b)`: whether two names name
    one skill; a need bears the name that comes first among the gaps of now, the role's expectations and the
    earlier gaps, in their own order. Several mentions on one day are one conversation and count once; days
    after `on` count as that day.

    Left out is what nobody has to work on: a skill that did not come up now and is rated as high as
    expected, and an expectation that never came up and has no rating. The profile may be empty.
    """
    found = [_need(topic, profile.ratings, on, same) for topic in _topics(profile, gaps_now, on, same)]
    return sorted((need for need in found if need is not None), key=lambda need: -need.size)


def _topics(profile: Profile, gaps_now: Sequence[SkillGap], on: str, same: Same) -> list[_Topic]:
    topics: list[_Topic] = []

    def topic_of(skill: str) -> _Topic:
        known = next((topic for topic in topics if same(topic.skill, skill)), None)
        if known is None:
            known = _Topic(skill)
            topics.append(known)
        return known

    for gap in gaps_now:
        topic = topic_of(gap.skill)
        topic.gaps.append(gap)
        topic.days.add(on)
    for skill, value in profile.expected.items():
        topic = topic_of(skill)
        # Two names of one skill: the higher expectation includes the lower one.
        topic.expected = max(value, topic.expected or value)
    for past in profile.gaps:
        topic_of(past.skill).days.add(min(past.on, on))
    return topics


def _need(topic: _Topic, ratings: Iterable[Rating], on: str, same: Same) -> Need | None:
    current = current_rating(rating for rating in ratings if same(topic.skill, rating.skill))
    missing = UNKNOWN_MISSING
    if topic.expected is not None and current is not None:
        missing = max(0, topic.expected - current)
    if not topic.gaps and (not missing or (current is None and not topic.days)):
        return None
    return Need(
        skill=topic.skill,
        size=missing * weight(topic.days, on),
        expected=topic.expected,
        current=current,
        times=len(topic.days),
        last=max(topic.days, default=None),
        gap=max(topic.gaps, key=lambda gap: bool(gap.evidence), default=None),
        doubted=not missing,
    )


def current_rating(ratings: Iterable[Rating]) -> int | None:
    """The rating 1 to 5 that holds among those of one skill; None without any.

    That of the surest rater (assessed, then manager, then self) within the 90 days up to the latest rating;
    of several by this rater the latest, of several on its day the one that comes last.
    """
    given = list(ratings)
    if not given:
        return None
    latest = max(rating.on for rating in given)
    recent = [rating for rating in given if _days(rating.on, latest) <= RATINGS_OF_ONE_TIME_DAYS]
    surest = min((rating.by for rating in recent), key=_SUREST.index)
    theirs = [rating for rating in recent if rating.by == surest]
    return max(enumerate(theirs), key=lambda pair: (pair[1].on, pair[0]))[1].value


def weight(days: Iterable[str], on: str) -> float:
    """1 + log2(1 + Σ 0.5 ** (age / 180)) for the days (ISO) on which a gap came up, seen on the day `on`.

    1 for none; each day adds at most 1 to the sum, and half of that after 180 days.
    """
    return 1 + math.log2(1 + sum(0.5 ** (max(0, _days(day, on)) / HALF_LIFE_DAYS) for day in sorted(days)))


def _days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
