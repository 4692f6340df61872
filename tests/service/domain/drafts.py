"""A draft of a check-in between m (manager) and e (employee), as plain JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.edits import Decision, Verdict
from service.domain.minutes import Stamp

NOW = datetime(2026, 5, 5, 14, tzinfo=UTC)
PEOPLE = {"m", "e"}
TURNS = {
    0: "The report went out a day early, well done.",
    1: "Thanks. I will send the SQL queries by Friday.",
    2: "Good, and from now on we review on Mondays.",
    3: "I never learned window functions properly.",
}
SHOWN = {"p1", "g1", "a1", "s1", "summary"}


def quote(turn: int) -> dict[str, Any]:
    return {"turn": turn, "quote": TURNS[turn][:20], "start_s": None, "end_s": None}


def action(item: str = "a1", **changes: Any) -> dict[str, Any]:
    return {
        "id": item,
        "task": "Send the SQL queries",
        "owner": "e",
        "owner_reason": "says so",
        "due": "2026-05-08",
        "due_text": "by Friday",
        "due_rule": "weekday",
        "recurrence": None,
        "evidence": [quote(1), quote(1)],
        "confidence": 0.93,
        **changes,
    }


def draft(**changes: Any) -> dict[str, Any]:
    point = {
        "id": "p1",
        "kind": "highlight",
        "text": "Report a day early",
        "person": "e",
        "evidence": [quote(0)],
    }
    agreement = {"id": "g1", "text": "Review on Mondays", "evidence": [quote(2)], "confidence": 0.9}
    gap = {
        "id": "s1",
        "skill": "SQL",
        "skill_uri": None,
        "person": "e",
        "evidence": [quote(3)],
        "confidence": 0.9,
    }
    course = {
        "id": "r1",
        "gap": "s1",
        "resource": "sql-101",
        "title": "SQL",
        "kind": "course",
        "why": "",
        "score": 0.8,
    }
    return {
        "schema": "rapport.draft/1",
        "id": "meeting",
        "transcript_rev": 2,
        "language": "en",
        "minutes_language": "en",
        "date": "2026-05-05",
        "kind": "check_in",
        "summary": "The report was early; SQL queries follow.",
        "stages": [],
        "points": [point],
        "agreements": [agreement],
        "action_items": [action()],
        "skill_gaps": [gap],
        "recommendations": [course],
        "tone_flags": [
            {"id": "t1", "turn": 0, "label": "critical", "score": 0.9, "quote": "well", "why": ""}
        ],
        "follow_up": [],
        "feedback_quality": {},
        "talk": {},
        "checks": {"dropped": {}, "uncovered_speech_s": 0.0},
        "provenance": {},
        **changes,
    }


def decide(item: str, verdict: str = "accept", after_s: int = 0, **more: Any) -> Decision:
    return Decision(item, Verdict(verdict), "manager-1", NOW + timedelta(seconds=after_s), **more)


def stamp(**changes: Any) -> Stamp:
    return Stamp(**{"id": "v1", "meeting": "meeting", "confirmed_by": "m", "confirmed_at": NOW, **changes})
