from __future__ import annotations

import time
from dataclasses import replace

from models.schema import Transcript
from models.stages import acts
from models.stages.extract import extract
from tests.models.stages.talks import THREE, TWO_ZH, minutes, readings, talk

EXCHANGE = """m: What do you want to do about the timer?
e: I'd move the timer next to the pay button.
m: Yes, do that. When can you have the screens?
e: I'll have the screens ready by Thursday.
m: Mm-hm.
e: Actually, Thursday I'm at the workshop. Let's say Friday.
m: Friday is fine."""


def test_quotes_are_exact_and_at_most_six() -> None:
    transcript = talk(EXCHANGE)
    found = extract(transcript, acts.label_turns(transcript, None), "en")
    assert found.action_items
    for item in found.action_items:
        assert 1 <= len(item.evidence) <= 6
        for said in item.evidence:
            turn = transcript.turn(said.turn)
            assert turn is not None and said.quote in turn.text


def test_trail_tells_every_change_in_the_minutes_language() -> None:
    transcript = talk(
        "m: 你好。\ne: 嗯。\nm: 今天。\ne: 样品我周五之前拿到。\nm: 好。\ne: 改到下周二吧。\nm: 行,下周二。"
    )
    found = extract(transcript, acts.label_turns(transcript, None), "zh")
    states = [step.state for step in found.trails[found.action_items[0].id]]
    assert states[0] == "accepted" and "amended" in states
    assert all("何宇" in step.why or "林静" in step.why for step in found.trails[found.action_items[0].id])


def test_agreement_in_its_final_form_only() -> None:
    found = minutes(
        "m: 那明年的目标,漏测不超过三个,你看行不行?\ne: 三个太紧张了。五个我有把握。\n"
        "m: 那折中一下,目标四个。\ne: 四个,可以,我接受。"
    )
    assert len(found.agreements) == 1
    assert "四个" in " ".join(e.quote for e in found.agreements[0].evidence)


def test_wording_of_an_agreement_has_the_final_figure() -> None:
    found = minutes(
        "m: 那明年的目标,漏测不超过三个,你看行不行?\ne: 三个太紧张了。五个我有把握。\n"
        "m: 那折中一下,四个。\ne: 四个,可以,我接受。"
    )
    assert ["三个" in a.text or "四个" not in a.text for a in found.agreements] == [False]
    assert found.action_items == ()


def test_decision_that_nobody_accepts_is_no_agreement() -> None:
    assert minutes("m: The target stays at forty.\ne: No, that is too high.\nm: Hm.").agreements == ()


def test_doubtful_owner_stays_empty_with_a_reason() -> None:

    found = minutes(
        "m: Could you write the project plan by Friday?\nh: Mm, which one?\nm: The new one.\ne: Okay.", THREE
    )
    assert found.action_items
    for item in found.action_items:
        assert item.owner is None
        assert item.owner_reason
        assert item.confidence < 0.5


def test_withdrawn_tasks_are_counted() -> None:
    found = minutes(
        "m: Could you join the demo on Monday?\ne: I'm at the dentist.\nm: Forget I asked about the demo."
    )
    assert found.dropped.get("withdrawn") == 1


def test_sixty_turns_take_less_than_a_second() -> None:
    lines = "\n".join([EXCHANGE] * 9)
    transcript = talk(lines)
    extract(transcript, acts.label_turns(transcript, None), "en")
    start = time.perf_counter()
    extract(transcript, acts.label_turns(transcript, None), "en")
    assert time.perf_counter() - start < 1.0


def test_a_sure_move_of_the_reader_is_a_force_where_no_cue_was_heard() -> None:
    transcript = talk(
        "m: a.\ne: b.\nm: c.\ne: d.\nm: The audit sheets are still open, the February ones.\n"
        "e: Nearly. The February sheets land on your desk Friday.\nm: Lovely."
    )
    labels = acts.label_turns(transcript, None)
    silent = extract(transcript, labels, "en").action_items
    read = readings(transcript, ["", "", "", "", "ask A", "commit A", "accept A"])
    found = extract(transcript, labels, "en", read).action_items
    assert silent == ()
    assert [(i.owner, i.due) for i in found] == [("e", "2026-05-08")]


def test_times_come_from_the_turn() -> None:
    plain = talk(
        "m: 早。\ne: 早。\nm: 坐。\ne: 嗯。\nm: 供应商那边怎么办?\ne: 我明天去找财务谈。\nm: 好。",
        TWO_ZH,
    )
    turns = tuple(replace(t, start_s=10.0 * t.i, end_s=10.0 * t.i + 5) for t in plain.turns)
    timed: Transcript = replace(plain, turns=turns)
    item = extract(timed, acts.label_turns(timed, None), "zh").action_items[0]
    assert item.evidence[0].start_s is not None and item.evidence[0].end_s is not None


def test_empty_transcript() -> None:
    empty = replace(talk("m: a"), turns=())
    assert extract(empty, [], "en").action_items == ()
