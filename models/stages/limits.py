"""Hard limits: what is known of a person and an entry that forbids to offer it. The unknown forbids nothing.

Which entries are worth offering at all is another question: models/stages/recommend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter

from models.development import Profile, Resource
from models.parsing.catalogue_checks import MERGED_IDS
from models.parsing.field_values import ids

OBSTACLES = (
    "done",
    "not_opted_in",
    "language",
    "level",
    "prerequisites",
    "begun",
    "full",
    "too_dear",
)
"""What `obstacle` may answer, in the order in which it looks."""

LEVELS = ("beginner", "intermediate", "advanced")
_LEVEL_NAMES = (
    r"beginner|basic|entry|junior|foundation|introduct|elementary|1\b|初级|初阶|入门|基础|零基础",
    r"intermediate|medium|advanced beginner|2\b|中级|中阶|进阶",
    r"advanced|expert|senior|3\b|高级|高阶|专家",
)
"""Beginnings of what is said, by level."""

_LANGUAGES = {
    "en": ("english", "eng", "英语", "英文"),
    "zh": ("chinese", "mandarin", "putonghua", "cn", "cmn", "zho", "chi", "中文", "汉语", "普通话", "华语"),
    "yue": ("cantonese", "粤语", "广东话"),
    "de": ("german", "deutsch", "德语"),
    "fr": ("french", "français", "法语"),
    "es": ("spanish", "español", "西班牙语"),
    "it": ("italian", "italiano", "意大利语"),
    "pt": ("portuguese", "português", "葡萄牙语"),
    "ru": ("russian", "русский", "俄语"),
    "ja": ("japanese", "日本語", "日语"),
    "ko": ("korean", "한국어", "韩语"),
}
"""ISO 639 code -> beginnings of its names."""

_LANGUAGE_SEPARATORS = re.compile(r"[;；,，、/|&+]|\band\b|\bor\b|和|或")
_LANGUAGE_ADJECTIVES = re.compile(r"^(simplified|traditional|american|british|简体|繁体)\s*")
_LANGUAGE_CODE = re.compile(r"([a-z]{2})([-_].*)?")


def obstacle(resource: Resource, profile: Profile, on: str) -> str | None:
    """The first of OBSTACLES that forbids the entry for that person on the ISO day `on`, or None.

    `profile` is best passed through `recognised` first, once for the catalogue.
    """
    reasons = (
        resource.id in profile.completed,
        resource.person is not None and not resource.opted_in,
        _foreign(resource, profile),
        _too_high(resource, profile),
        not profile.completed.issuperset(resource.prerequisites),
        bool(resource.starts) and max(resource.starts) < on,
        resource.seats == 0,
        resource.cost is not None and profile.budget is not None and resource.cost > profile.budget,
    )
    return next((name for name, holds in zip(OBSTACLES, reasons, strict=True) if holds), None)


def _foreign(resource: Resource, profile: Profile) -> bool:
    theirs, its = languages(profile.language), languages(resource.language)
    return bool(theirs and its and not theirs & its)


def _too_high(resource: Resource, profile: Profile) -> bool:
    has, needed = level_of(profile.level), level_of(resource.level)
    return has is not None and needed is not None and needed > has


def languages(text: str | None) -> frozenset[str]:
    """ISO 639 codes in "zh-CN", "English; 中文" and the like; empty when open, or when one is not known."""
    said = (text or "").lower().replace("中英", "中文,英文").replace("英中", "英文,中文")
    names = [part.strip() for part in _LANGUAGE_SEPARATORS.split(said) if part.strip()]
    codes = [_language(_LANGUAGE_ADJECTIVES.sub("", name)) for name in names]
    return frozenset() if None in codes else frozenset(code for code in codes if code)


def _language(name: str) -> str | None:
    for code, names in _LANGUAGES.items():
        if name == code or name.startswith((*names, f"{code}-", f"{code}_")):
            return code
    match = _LANGUAGE_CODE.fullmatch(name)
    return match.group(1) if match else None


def level_of(text: str | None) -> int | None:
    """0 beginner, 1 intermediate, 2 advanced, of the first that is named; None when not one of these."""
    said = (text or "").strip().lower()
    hits = (level for level in (1, 0, 2) if re.match(_LEVEL_NAMES[level], said))
    return next(hits, None)


def recognised(profile: Profile, resources: Iterable[Resource]) -> Profile:
    """The profile where what was completed under a merged id counts for the entry that stayed."""
    if not profile.completed:
        return profile
    same = {
        one.id for one in resources if not profile.completed.isdisjoint(ids(one.extra.get(MERGED_IDS)) or ())
    }
    return replace(profile, completed=profile.completed | same)


def suggested_first(
    resource: Resource, by_id: Mapping[str, Resource], profile: Profile
) -> tuple[Resource, ...]:
    """Prerequisites that are missing, theirs included, in an order in which they can be done.

    `by_id` is a catalogue as imported, without circles; graphlib.CycleError otherwise. Ids that it lacks are
    left out.
    """
    needs: dict[str, tuple[str, ...]] = {}
    left = [resource.id]
    while left:
        one = left.pop()
        if one in needs:
            continue
        asked = resource.prerequisites if one == resource.id else by_id[one].prerequisites
        needs[one] = tuple(id_ for id_ in asked if id_ in by_id and id_ not in profile.completed)
        left.extend(needs[one])
    order = TopologicalSorter(needs).static_order()
    return tuple(by_id[id_] for id_ in order if id_ != resource.id)
