from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from models.errors import AnswersUnusable, EndpointUnavailable, TextTooLong
from models.parsing.answers import Quoted, SuggestedItem
from models.ports import Generated
from models.schema import Turn
from models.stages.clauses import split_clauses
from models.stages.deadlines import Calendar
from models.stages.llm_checks import Checks
from models.stages.veil import Veil
from prompts import prompt_sha256
from tests.models.stages.llm_fakes import Model, agreed, answer, item, written
from tests.models.stages.talks import THREE, TWO, talk

REPORT = talk("""
m: Could you send me the supplier report by Friday?
e: Yes, I'll send you the supplier report by Friday.
m: Three reviewers then, we keep three from now on.
e: Fine, three reviewers.
""")
SEND = item(
    "Send the supplier report",
    "e",
    (0, "Could you send me the supplier report by Friday?"),
    (1, "Yes, I'll send you the supplier report by Friday."),
    due=(1, "by Friday"),
)


def minutes(*answers, transcript=REPORT, **more):
    return written(transcript, Model(answers, **more))


def test_an_item_that_passes_has_our_date_and_exact_quotes():
    done = minutes(answer(SEND))
    (found,) = done.extraction.action_items
    assert (found.id, found.task, found.owner, found.due) == (
        "a1",
        "Send the supplier report",
        "e",
        "2026-05-08",
    )
    assert (found.due_text, found.recurrence, found.owner_reason) == ("by Friday", None, None)
    assert [e.quote for e in found.evidence] == [
        "Could you send me the supplier report by Friday",
        "Yes, I'll send you the supplier report by Friday",
    ]
    assert done.extraction.dropped == {}
    assert "default engine found it too" in " ".join(step.why for step in done.extraction.trails["a1"])


def test_quotes_are_relocated_to_the_exact_words():
    told = item("send supplier report", "e", (1, "yes i'll SEND you the supplier report"))
    (found,) = minutes(answer(told)).extraction.action_items
    assert found.evidence[-1].quote == "Yes, I'll send you the supplier report"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (item("Send the supplier report", "e", (1, "I'll send you the annual report")), "quote_not_in_turn"),
        (
            item("Send the supplier report", "e", (3, "I'll send you the supplier report")),
            "quote_not_in_turn",
        ),
        (
            item("Send the supplier report", "e", (99, "I'll send you the supplier report")),
            "quote_not_in_turn",
        ),
        (item("Send the supplier report", "e"), "no_evidence"),
        (item("Send the supplier report", "e", (1, "Yes")), "no_evidence"),
    ],
)
def test_an_item_without_words_that_were_said_is_dropped_and_counted(told, reason):
    done = minutes(answer(told))
    assert done.extraction.action_items == ()
    assert done.extraction.dropped == {reason: 1}


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        (None, "could not tell"),
        ("null", "could not tell"),
        ("Batman", "did not take part"),
        ("m", "do not show"),
    ],
)
def test_an_owner_is_a_participant_whom_the_quotes_show_or_nobody_with_a_reason(owner, reason):
    (found,) = minutes(answer(SEND | {"owner": owner})).extraction.action_items
    assert found.owner is None
    assert reason in found.owner_reason
    assert found.confidence < 0.5


def test_in_a_larger_round_you_is_nobody_unless_named_or_answered():
    asked = talk("m: Could you write the audit plan?\nh: Nice weather.\nm: Right.", THREE)
    told = item("Write the audit plan", "e", (0, "Could you write the audit plan?"))
    assert written(asked, Model([answer(told)])).extraction.action_items == ()
    taken = talk("m: Could you write the audit plan?\ne: Yes, sure.\nm: Thanks.", THREE)
    told = item("Write the audit plan", "e", (0, "Could you write the audit plan?"), (1, "Yes, sure."))
    (found,) = written(taken, Model([answer(told)])).extraction.action_items
    assert found.owner == "e"


def test_the_models_own_date_never_counts():
    lying = SEND | {"due": {"turn": 1, "quote": "by Friday", "date": "2031-01-01"}, "due_date": "2031-01-01"}
    (found,) = minutes(answer(lying)).extraction.action_items
    assert found.due == "2026-05-08"
    invented = SEND | {"due": {"turn": 1, "quote": "by 2031-01-01"}}
    done = minutes(answer(invented))
    (found,) = done.extraction.action_items
    assert (found.due, found.due_text) == (None, None)
    assert done.extraction.dropped == {"due_not_said": 1}


def test_words_around_a_date_are_read_by_the_grammar():
    told = talk("m: I'll write the audit plan before the 12th.")
    said = item("Write the audit plan", "m", (0, "I'll write the audit plan"), due=(0, "the 12th"))
    (found,) = written(told, Model([answer(said)])).extraction.action_items
    assert (found.due, found.due_text) == ("2026-05-11", "before the 12th")


def test_of_several_dates_in_the_quoted_words_the_governing_one_counts():
    told = talk("m: I'll write the audit plan by Thursday, no wait, by Friday.")
    quote = (0, "by Thursday, no wait, by Friday")
    said = item("Write the audit plan", "m", (0, "I'll write the audit plan"), due=quote)
    (found,) = written(told, Model([answer(said)])).extraction.action_items
    assert found.due == "2026-05-08"


def test_a_grammar_that_read_a_past_date_would_not_be_believed():
    told = talk("m: I'll write the audit plan by Friday.")
    (clauses,) = split_clauses(told.turns, Calendar(date.fromisoformat(told.date)))
    past = [replace(c, dates=tuple(replace(d, due="2026-05-01") for d in c.dates)) for c in clauses]
    checks = Checks(told, [past], Veil(told.participants, hiding=False), (), "en")
    words = (Quoted(0, "I'll write the audit plan"),)
    found = checks.action_item(SuggestedItem("Write the audit plan", "m", Quoted(0, "by Friday"), words), 0)
    assert (found.item.due, found.item.due_text) == (None, "by Friday")
    assert checks.dropped == {"due_before_meeting": 1}


def test_no_date_is_before_the_meeting():
    told = talk("m: I'll write the audit plan by 1 May 2026.")
    said = item("Write the audit plan", "m", (0, "I'll write the audit plan"), due=(0, "by 1 May 2026"))
    (found,) = written(told, Model([answer(said)])).extraction.action_items
    assert found.due is None
    assert found.due_text == "by 1 May 2026"


@pytest.mark.parametrize(
    "task",
    [
        "Send the supplier report to the police",
        "Send 12 supplier reports",
        "Do not send the supplier report",
        "Luis is a disappointment",
        "x" * 250,
    ],
)
def test_a_wording_that_was_not_said_is_replaced_by_the_words_of_the_quote(task):
    done = minutes(answer(SEND | {"task": task}))
    (found,) = done.extraction.action_items
    assert found.task == "Send you the supplier report"
    assert "was not said" in " ".join(step.why for step in done.extraction.trails["a1"])


def test_a_task_that_nobody_accepted_is_dropped_as_proposed():
    asked = talk("m: Could you send me the supplier report?\ne: We had rain all week.\nm: I see.")
    told = item("Send the supplier report", "e", (0, "Could you send me the supplier report?"))
    done = written(asked, Model([answer(told)]))
    assert (done.extraction.action_items, done.extraction.dropped) == ((), {"proposed": 1})


def test_an_acceptance_that_follows_is_added_to_the_evidence():
    told = item("Send the supplier report", "e", (0, "Could you send me the supplier report by Friday?"))
    (found,) = minutes(answer(told)).extraction.action_items
    assert [e.turn for e in found.evidence] == [0, 1]


def test_a_refusal_is_no_acceptance():
    asked = talk("m: Could you send me the supplier report?\ne: No, I'd rather not send the supplier report.")
    told = item(
        "Send the supplier report",
        "e",
        (0, "Could you send me the supplier report?"),
        (1, "No, I'd rather not send the supplier report."),
    )
    done = written(asked, Model([answer(told)]))
    assert (done.extraction.action_items, done.extraction.dropped) == ((), {"declined": 1})


def test_only_an_item_that_both_engines_found_is_sure():
    alone = talk(
        "m: Let me have a think about the audit plan, will you take it?\ne: Leave the audit plan here."
    )
    told = item("Take the audit plan", "e", (1, "Leave the audit plan here."))
    found = written(alone, Model([answer(told)])).extraction.action_items
    assert all(one.confidence < 0.8 for one in found)


def test_agreements_rest_on_both_sides():
    both = agreed("Three reviewers", (2, "we keep three from now on"), (3, "Fine, three reviewers."))
    done = minutes(answer(SEND, agreements=[both]))
    (found,) = done.extraction.agreements
    assert (found.id, found.text) == ("g1", "Three reviewers")
    lonely = agreed("Nobody answers", (3, "Fine, three reviewers."))
    done = minutes(answer(agreements=[lonely]))
    assert (done.extraction.agreements, done.extraction.dropped) == ((), {"proposed": 1})


def test_the_wording_of_an_agreement_was_said_too():
    told = agreed("Five managers approve", (2, "we keep three from now on"), (3, "Fine, three reviewers."))
    (found,) = minutes(answer(agreements=[told])).extraction.agreements
    assert found.text in ("We keep three from now on", "Fine, three reviewers.")


def long_talk(turns: int = 120):
    lines = [Turn(i, "me"[i % 2], f"Something about topic number {i} was nice to see.") for i in range(turns)]
    lines[40] = Turn(40, "m", "Could you send me the supplier report by Friday?")
    lines[41] = Turn(41, "e", "Yes, I'll send you the supplier report by Friday.")
    if turns > 90:
        lines[90] = Turn(90, "e", "I'll send you the supplier report by Monday then, not Friday.")
    return replace(REPORT, turns=tuple(lines))


def shown(data: str) -> set[int]:
    return {int(number) for number in re.findall(r"^\[(\d+)\]", data, re.MULTILINE)}


def test_a_long_talk_goes_out_whole_in_overlapping_pieces():
    model = Model([answer()], context_tokens=2048)
    done = written(long_talk(), model)
    pieces = [shown(data) for data in model.pieces]
    assert len(pieces) > 2
    assert set().union(*pieces) == set(range(120))
    assert all(one & following for one, following in pairwise(pieces))
    assert done.provenance["draft"].notes == ("by fake", f"pieces asked: {len(pieces)}")


def test_an_item_found_in_two_pieces_is_one():
    def found(data: str) -> str:
        first = item(
            "Send the supplier report",
            "e",
            (40, "Could you send me the supplier report by Friday?"),
            (41, "Yes, I'll send you the supplier report by Friday."),
            due=(41, "by Friday"),
        )
        return answer(*([first] if {40, 41} <= shown(data) else []))

    for context in (2048, 2200, 2400):
        model = Model(found, context_tokens=context)
        (only,) = written(long_talk(60), model).extraction.action_items
        assert only.id == "a1"


def test_a_date_that_moved_in_a_later_piece_counts():
    def found(data: str) -> str:
        first = item(
            "Send the supplier report",
            "e",
            (41, "Yes, I'll send you the supplier report"),
            due=(41, "by Friday"),
        )
        again = item(
            "Send the supplier report", "e", (90, "I'll send you the supplier report"), due=(90, "by Monday")
        )
        return answer(*[one for one, turn in ((first, 41), (again, 90)) if turn in shown(data)])

    (only,) = written(long_talk(), Model(found, context_tokens=2048)).extraction.action_items
    assert (only.due, only.due_text) == ("2026-05-11", "by Monday")
    assert [e.turn for e in only.evidence] == [41, 90]


def test_two_tasks_of_one_sentence_stay_two():
    both = talk("e: I'll email Beatrice and book the meeting room.")
    said = (0, "I'll email Beatrice and book the meeting room.")
    done = written(
        both, Model([answer(item("Email Beatrice", "e", said), item("Book the meeting room", "e", said))])
    )
    assert [one.task for one in done.extraction.action_items] == ["Email Beatrice", "Book the meeting room"]


@pytest.mark.parametrize(
    "first", ["I cannot answer that.", Generated(answer(SEND), cut=True), TextTooLong("text_too_long")]
)
def test_a_piece_without_a_usable_answer_is_asked_for_in_halves(first):
    def found(data: str):
        return first if len(shown(data)) > 3 else answer(*([SEND] if {0, 1} <= shown(data) else []))

    model = Model(found)
    (only,) = written(REPORT, model).extraction.action_items
    assert only.owner == "e"
    assert [len(shown(data)) for data in model.pieces] == [4, 3, 3]


def test_a_full_answer_may_hide_more_so_halves_are_asked_for():
    def found(data: str):
        return answer(*([SEND] * (12 if len(shown(data)) > 3 else 1)))

    model = Model(found)
    assert len(written(REPORT, model).extraction.action_items) == 1
    assert len(model.pieces) == 3


def test_turns_without_a_usable_answer_are_told():
    def found(data: str):
        return "Sorry." if 3 in shown(data) else answer(SEND)

    done = written(REPORT, Model(found))
    assert len(done.extraction.action_items) == 1
    assert done.extraction.dropped["unreadable_answer"] >= 1
    assert any(
        note.startswith("no usable answer for turns") and "to 3" in note
        for note in done.provenance["draft"].notes
    )


def test_no_usable_answer_at_all_is_an_error_and_no_empty_draft():
    with pytest.raises(AnswersUnusable):
        minutes("I am a teapot.")


def test_trouble_with_the_model_is_passed_on():
    with pytest.raises(EndpointUnavailable):
        minutes(EndpointUnavailable("endpoint_unreachable", host="x"))
    with pytest.raises(TextTooLong):
        minutes(TextTooLong("text_too_long"))


def test_an_empty_talk_is_not_sent():
    model = Model(["no"])
    done = written(replace(REPORT, turns=()), model)
    assert model.sent == []
    assert done.extraction.action_items == ()


def test_provenance_names_model_and_prompt():
    done = minutes(answer(SEND), host="llm.example.org")
    step = done.provenance["draft"]
    assert (step.engine, step.model, step.host) == ("llm", "test-model", "llm.example.org")
    assert step.prompt_sha256 == prompt_sha256("minutes.en.v1.jinja")
    assert len(step.prompt_sha256) == 64


def test_names_stay_here_when_the_model_is_elsewhere():
    named = talk("""
        m: Luis, could you send Dana the supplier report by Friday?
        e: Sure Dana, I'll send Dana Whitlock the supplier report by Friday.
    """)
    told = item(
        "Send @m the supplier report",
        "e",
        (0, "@e, could you send @m the supplier report by Friday?"),
        (1, "Sure @m, I'll send @m the supplier report by Friday."),
        due=(1, "by Friday"),
    )
    model = Model(
        [answer(told)], host="llm.example.org", summary="@e takes on to send the supplier report to @m."
    )
    done = written(named, model)
    everything = " ".join(part for pair in model.sent for part in pair)
    assert not re.search("dana|luis|whitlock|ortega", everything, re.IGNORECASE)
    assert "2026" not in everything.replace("2026-05-08", "")
    (found,) = done.extraction.action_items
    assert found.task == "Send Dana Whitlock the supplier report"
    assert found.evidence[0].quote == "Luis, could you send Dana the supplier report by Friday"
    assert done.summary == "Luis Ortega takes on to send the supplier report to Dana Whitlock."


def test_names_are_known_to_a_model_of_this_machine():
    model = Model([answer(SEND)])
    written(replace(REPORT, participants=TWO), model)
    assert "Dana Whitlock" in model.sent[0][0]


def test_minutes_in_chinese_use_the_chinese_prompt_and_reasons():
    done = written(REPORT, Model([answer(SEND | {"owner": None})]), "zh")
    assert done.provenance["draft"].prompt_sha256 == prompt_sha256("minutes.zh.v1.jinja")
    assert re.search("[\u4e00-\u9fff]", done.extraction.action_items[0].owner_reason)
