"""How a date was understood: the rule of the deadline grammar in plain words."""

from __future__ import annotations

from models.wording import Wording

WORDING = Wording.beside(__file__, "due_rules.toml")
_MODIFIERS = ("before", "until")


def in_words(rule: str, language: str) -> str | None:
    """The words for a rule such as "before_holiday"; None for one that has none."""
    if rule in WORDING.table and rule not in _MODIFIERS:
        return WORDING.say(rule, language)
    modifier, _, day = rule.partition("_")
    if modifier not in _MODIFIERS or day not in WORDING.table:
        return None
    what = WORDING.say(day, language)
    # "Before the end of the month" still allows its last day.
    return what if day.startswith("end_of_") else WORDING.say(modifier, language, what=what)
