"""What a skill radar shows: each skill as the person, their manager and the expectation see it, 1 to 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SkillAxis:
    """One skill. `own`: rated by the person; `manager`: by the manager or an assessment; None: not said."""

    skill: str
    own: int | None
    manager: int | None
    expected: int | None


def skill_axes(profile: Mapping[str, Any]) -> list[SkillAxis]:
    """The skills of a profile (models/development.Profile): expected ones first, then by name. Of several
    ratings the newest counts; names that differ in capitals only are one skill.
    """
    expected = {skill.casefold(): (skill, value) for skill, value in profile.get("expected", {}).items()}
    rated: dict[bool, dict[str, int]] = {True: {}, False: {}}
    names = {key: skill for key, (skill, _) in expected.items()}
    for one in sorted(profile.get("ratings", ()), key=lambda one: str(one["on"])):
        key = one["skill"].casefold()
        names.setdefault(key, one["skill"])
        rated[one["by"] == "self"][key] = one["value"]
    order = [*expected, *sorted(names.keys() - expected)]
    values = {key: value for key, (_, value) in expected.items()}
    return [
        SkillAxis(names[key], rated[True].get(key), rated[False].get(key), values.get(key)) for key in order
    ]
