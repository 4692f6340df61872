"""A quarter of an hour of a check-in, as the engines leave it: transcript with words, draft, minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.domain.edits import Decision, Verdict
from service.domain.minutes import ITEM_FIELDS, Stamp
from service.domain.review import minutes_from

LINES = (
    "The supplier report went out a day early, and the numbers held when finance looked at them again.",
    "Thank you. I still wait for the access to the new warehouse, and that slows the migration down.",
    "I will ask for it today, and you send me the list of tables by Friday.",
    "There is one more thing, the window functions took me far longer than they should have.",
    "那我们从下周开始，每周一上午一起看一次数据质量。",
    "好的，我周三之前把清单发给你。",
)
SECONDS = 6.0
NOW = datetime(2026, 5, 5, 14, tzinfo=UTC)


def transcript(turns: int) -> dict[str, Any]:
    """`rapport.transcript/1` of m and e, `turns` turns of six seconds with every word's time."""
    return {
        "schema": "rapport.transcript/1",
        "id": "talk",
        "rev": 1,
        "language": "mixed",
        "started_at": None,
        "tz": None,
        "date": "2026-05-05",
        "kind": "check_in",
        "participants": [
            {"id": "m", "role": "manager", "name": "Dana", "aliases": []},
            {"id": "e", "role": "employee", "name": "Luis", "aliases": []},
        ],
        "turns": [_turn(number) for number in range(turns)],
        "duration_s": turns * SECONDS,
        "uncovered_speech_s": 0.0,
        "provenance": {},
    }


def _turn(number: int) -> dict[str, Any]:
    text, start = LINES[number % len(LINES)], number * SECONDS
    parts = text.split() if text.isascii() else list(text)
    step = SECONDS / len(parts)
    return {
        "i": number,
        "speaker": "me"[number % 2],
        "text": text,
        "start_s": start,
        "end_s": start + SECONDS,
        "words": [
            {
                "w": part,
                "start_s": round(start + n * step, 2),
                "end_s": round(start + (n + 1) * step, 2),
                "p": 0.9,
            }
            for n, part in enumerate(parts)
        ],
    }


def draft() -> dict[str, Any]:
    """`rapport.draft/1` with four points, three agreements and five action items, two of them unsure."""
    return {
        "schema": "rapport.draft/1",
        "id": "talk",
        "transcript_rev": 1,
        "language": "mixed",
        "minutes_language": "en",
        "date": "2026-05-05",
        "kind": "check_in",
        "summary": "The report was early. Access to the warehouse is missing; the list of tables follows.",
        "stages": [{"name": "progress", "from_turn": 0, "to_turn": 1}],
        "points": [_item(f"p{n}", n, kind="highlight", text=LINES[n % 2], person="e") for n in range(4)],
        "agreements": [_item(f"g{n}", n, text=LINES[4], confidence=0.9) for n in range(3)],
        "action_items": [_action(n) for n in range(5)],
        "skill_gaps": [
            _item(f"s{n}", 3, skill="SQL", skill_uri=None, person="e", confidence=0.9) for n in range(2)
        ],
        "recommendations": [
            {
                "id": f"r{n}",
                "gap": "s0",
                "resource": f"sql-{n}",
                "title": "SQL",
                "kind": "course",
                "why": "",
                "score": 0.8,
            }
            for n in range(4)
        ],
        "tone_flags": [
            {
                "id": f"t{n}",
                "turn": n,
                "label": "critical",
                "score": 0.9,
                "quote": LINES[n][:12],
                "why": "",
                "suggestion": None,
            }
            for n in range(3)
        ],
        "follow_up": [],
        "feedback_quality": {},
        "talk": {"m": {"share": 0.5, "turns": 75, "longest_turn_s": 6.0, "open_questions": 4}},
        "checks": {"dropped": {}, "uncovered_speech_s": 0.0},
        "provenance": {},
    }


def _action(number: int) -> dict[str, Any]:
    return _item(
        f"a{number}",
        2,
        task="Send the list of tables",
        owner="e",
        owner_reason="says so",
        due="2026-05-08",
        due_text="by Friday",
        due_rule="weekday",
        recurrence=None,
        confidence=0.93 if number < 3 else 0.6,
    )


def _item(item: str, turn: int, **fields: Any) -> dict[str, Any]:
    quote = {"turn": turn, "quote": LINES[turn % len(LINES)], "start_s": turn * SECONDS, "end_s": None}
    return {"id": item, **fields, "evidence": [quote]}


def minutes(version_id: str, meeting_id: str, manager_id: str, at: datetime) -> dict[str, Any]:
    """`rapport.minutes/1` with every item of the draft accepted."""
    made = draft()
    ids = [item["id"] for group in ITEM_FIELDS for item in made[group]]
    return minutes_from(
        made,
        {},
        [Decision(item, Verdict.accept, manager_id, at) for item in ids],
        displayed={*ids, "summary"},
        participants={"m", "e"},
        stamp=Stamp(version_id, meeting_id, manager_id, at),
    )
