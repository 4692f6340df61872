"""How people learn with a resource: on the job, with others, or formally."""

from __future__ import annotations

FAMILIES = {
    "on_the_job": ("project", "stretch", "rotation", "assignment", "shadow", "secondment", "practice", "job"),
    "with_others": ("mentor", "coach", "peer", "community", "tutor", "buddy", "feedback"),
}
"""Beginnings or parts of a kind's name; every other kind is formal learning."""


def family(kind: str) -> str:
    """on_the_job, with_others or formal."""
    name = kind.lower()
    return next((fam for fam, parts in FAMILIES.items() if any(part in name for part in parts)), "formal")
