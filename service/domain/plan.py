"""The development plan of minutes: entries by GROW, one a skill gap, as models/plans.GrowPlan writes them.

Beside that an entry says whose it is (`person`, a participant). Its steps (`will`) are items like others:
decided on one by one, and followed up once they are confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from service.domain.edits import Decision, Item, Verdict, applied

PLAN = "plan"
"""The group that steps are in."""


def steps_of(plan: Iterable[Item]) -> list[Item]:
    """The steps of all entries, in order."""
    return [step for entry in plan for step in entry.get("will", ())]


def with_own_steps(entries: Sequence[Item]) -> list[Item]:
    """The entries with ids of steps that stay when another resource is accepted: they tell what a step is of,
    "r3.learn" or "g1.review".
    """
    names: dict[str, str] = {}
    for entry in entries:
        first = {option["step"]: option["recommendation"] for option in reversed(entry["options"])}
        for step in entry["will"]:
            names[step["id"]] = f"{first.get(step['id'], entry['gap'])}.{step['kind']}"
    return [
        {
            **entry,
            "options": [{**option, "step": names[option["step"]]} for option in entry["options"]],
            "will": [{**step, "id": names[step["id"]]} for step in entry["will"]],
        }
        for entry in entries
    ]


def settled(plan: Iterable[Item], decided: Mapping[str, Decision]) -> list[Item]:
    """The plan after the decisions on its steps; an entry whose steps were all rejected is gone."""
    made = [_entry(entry, decided) for entry in plan]
    return [entry for entry in made if entry["will"]]


def _entry(entry: Item, decided: Mapping[str, Decision]) -> Item:
    after = ((step, decided.get(step["id"])) for step in entry.get("will", ()))
    steps = [made for step, decision in after if (made := _step(step, decision)) is not None]
    left = {step["id"] for step in steps}
    reviews = [step["due"] for step in steps if step["kind"] == "review"]
    return {
        **entry,
        "options": [option for option in entry["options"] if option["step"] in left],
        "will": steps,
        "review_on": max(reviews, default=entry["review_on"]),
    }


def _step(step: Item, decision: Decision | None) -> Item | None:
    made = applied(step, decision)
    edited = decision is not None and decision.verdict is Verdict.edit
    return {**made, "suggested": False} if made is not None and edited else made
