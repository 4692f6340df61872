"""An entry of a development plan, as the use cases make it."""

from __future__ import annotations

from typing import Any


def step(item: str, kind: str = "learn", **changes: Any) -> dict[str, Any]:
    return {
        "id": item,
        "kind": kind,
        "who": "employee",
        "owner": "e",
        "task": "Take the course",
        "measure": "A query of one's own",
        "starts": None,
        "due": "2026-06-02",
        "resource": None,
        "suggested": True,
        **changes,
    }


def entry(learn: str = "r1.learn", review: str = "s1.review", **changes: Any) -> dict[str, Any]:
    return {
        "gap": "s1",
        "person": "e",
        "on": "2026-05-04",
        "skill": "SQL",
        "goal": "Reach 4 of 5",
        "target": 4,
        "reality": "2 of 5",
        "current": 2,
        "evidence": [],
        "options": [{"recommendation": "r1", "resource": "sql-101", "step": learn}],
        "will": [step(learn), step(review, "review")],
        "review_on": "2026-06-02",
        **changes,
    }
