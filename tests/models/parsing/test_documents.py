from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelsError, NotATranscript
from models.parsing import (
    document,
    parse_draft,
    read_action_items,
    to_json,
)
from models.schema import (
    ActionItem,
    Agreement,
    Checks,
    Draft,
    Evidence,
    FollowUp,
    Indicator,
    Participant,
    Point,
    Recommendation,
    SkillGap,
    StageSpan,
    StepProvenance,
    Talk,
    ToneFlag,
    Transcript,
    Turn,
    Word,
)
from tests.models.parsing.talk import DAY, MINIMAL, parse


def full_draft() -> Draft:
    evidence = (Evidence(0, "Hello", 0.0, 1.5),)
    return Draft(
        id="talk-1",
        transcript_rev=2,
        language="mixed",
        minutes_language="zh",
        date=DAY,
        kind="check_in",
        summary="他们谈了进展。",
        stages=(StageSpan("progress", 0, 4),),
        points=(Point("p1", "highlight", "Good.", "e", evidence), Point("p2", "goal", "x", None, evidence)),
        agreements=(Agreement("g1", "Three steps.", evidence, 0.75),),
        action_items=(
            ActionItem(
                "a1", "Send it", "e", evidence, 0.9, None, "2026-05-08", "by Friday", "weekday", "weekly"
            ),
            ActionItem("a2", "Ask", None, evidence, 0.4, "said by nobody"),
        ),
        skill_gaps=(SkillGap("k1", "SQL", "e", evidence, 0.6),),
        recommendations=(Recommendation("r1", "k1", "c1", "SQL basics", "course", "fits", 0.8),),
        tone_flags=(ToneFlag("t1", 0, "critical", 0.9, "Hello", "blames", None),),
        follow_up=(FollowUp("a9", "moved", "2026-06-01", evidence),),
        feedback_quality={"sbi": Indicator(None, (0,), "why")},
        talk={"e": Talk(0.4, 3, None, 1)},
        checks=Checks({"quote": 2}, 1.5),
        provenance={"acts": StepProvenance("heads", "m", "r", seconds=0.25, notes=("n",))},
    )


def test_draft_survives_the_file():
    draft = full_draft()
    assert parse_draft(to_json(draft)) == draft


def test_open_items_come_from_a_draft_or_from_minutes(tmp_path):
    path = tmp_path / "previous.json"
    path.write_text(to_json(full_draft()), "utf-8")
    assert [(item.id, item.due, item.evidence) for item in read_action_items(path)] == [
        ("a1", "2026-05-08", ()),
        ("a2", None, ()),
    ]
    minutes = {
        "schema": "rapport.minutes/1",
        "id": "x",
        "action_items": [{"id": "a1", "task": "t", "owner": "e"}],
    }
    minutes["action_items"][0]["evidence"] = [3, 4]
    path.write_text(json.dumps(minutes), "utf-8")
    assert read_action_items(path) == (ActionItem("a1", "t", "e", (), 1.0),)
    for wrong in (
        {"schema": "rapport.minutes/2"},
        {"action_items": [3]},
        {"action_items": [{"id": "../a"}]},
        {"id": "x"},
    ):
        path.write_text(json.dumps(minutes | wrong if "id" not in wrong else wrong), "utf-8")
        with pytest.raises(NotATranscript):
            read_action_items(path)


def test_draft_has_the_fields_of_the_contract_in_order():
    raw = document(full_draft())
    assert list(raw) == [
        *(
            "schema",
            "id",
            "transcript_rev",
            "language",
            "minutes_language",
            "date",
            "kind",
            "summary",
            "stages",
        ),
        *("points", "agreements", "action_items", "skill_gaps", "recommendations", "tone_flags", "follow_up"),
        *("feedback_quality", "talk", "checks", "provenance"),
    ]
    assert raw["action_items"][1]["due"] is None
    assert raw["tone_flags"][0]["suggestion"] is None
    assert raw["feedback_quality"]["sbi"] == {"value": None, "evidence": [0], "why": "why"}


@pytest.mark.parametrize("bad", ["../x", "a b", ""])
def test_ids_of_a_draft_are_checked(bad):
    raw = document(full_draft())
    for broken in (
        raw | {"id": bad},
        raw | {"action_items": [raw["action_items"][0] | {"owner": bad}]},
        raw | {"agreements": [raw["agreements"][0] | {"id": bad}]},
        raw | {"talk": {bad: raw["talk"]["e"]}},
    ):
        with pytest.raises(NotATranscript):
            parse_draft(json.dumps(broken))


def test_optional_fields_are_left_out_when_empty():
    transcript = parse(json.dumps(MINIMAL))
    raw = document(transcript)
    assert "words" not in raw["turns"][0]
    assert raw["participants"][0] == {"id": "m", "role": "manager", "name": "Dana"}
    assert raw["started_at"] is None


seconds = st.floats(0, 1000, allow_nan=False).map(lambda s: round(s, 3))
words = st.builds(
    lambda w, a, b, p: Word(w, min(a, b), max(a, b), p), st.text(), seconds, seconds, st.floats(0, 1)
)
turns = st.builds(
    lambda text, a, b, said: Turn(0, "m", text, min(a, b), max(a, b), tuple(said)),
    st.text(),
    seconds,
    seconds,
    st.lists(words, max_size=3),
)


@settings(deadline=None)
@given(st.lists(turns, max_size=4), st.text(max_size=20))
def test_transcript_survives_the_file(said, name):
    transcript = Transcript(
        id="talk-1",
        language="en",
        date=DAY,
        participants=(Participant("m", "manager", name, (name,) if name else (), None),),
        turns=tuple(replace(turn, i=i) for i, turn in enumerate(said)),
        tz="Europe/Berlin",
        started_at="2026-05-05T10:00:00+02:00",
    )
    assert parse(to_json(transcript).encode("utf-8", "replace").decode()) == transcript


def test_every_error_exists_in_both_languages_with_the_same_values():
    from string import Formatter

    for key, line in ModelsError.wording.table.items():
        used = [
            {name for _, name, _, _ in Formatter().parse(line[language]) if name} for language in ("en", "zh")
        ]
        assert used[0] == used[1], key
        assert "\n" not in line["en"] + line["zh"], key
