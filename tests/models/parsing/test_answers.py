from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.parsing.answer_schema import MAX_ASKED, minutes_schema, summary_schema
from models.parsing.answers import (
    MAX_ITEMS,
    MAX_TEXT,
    Quoted,
    parse_minutes,
    parse_summary,
    plain_text,
)

ITEM = {
    "task": "Send the report",
    "owner": "e",
    "due": {"turn": 1, "quote": "by Friday"},
    "evidence": [{"turn": 1, "quote": "I'll send the report by Friday"}],
}
WHOLE = json.dumps({"action_items": [ITEM], "agreements": []})


def tasks(text: str) -> list[str]:
    answer = parse_minutes(text)
    return [] if answer is None else [item.task for item in answer.action_items]


def one(**changes):
    answer = parse_minutes(json.dumps({"action_items": [ITEM | changes]}))
    return answer.action_items[0] if answer.action_items else dict(answer.dropped)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"```\n{WHOLE}",
        f"Sure! Here are the minutes:\n{WHOLE}\nI hope this helps {{:",
        f'<think>maybe {{"action_items": []}}?</think>{WHOLE}',
        f'The form is {{"action_items": [], "agreements": []}}. So:\n{WHOLE}',
        WHOLE.replace("}]}]", "},]},]"),
        WHOLE.replace("Send the report", "Send\n the\treport"),
        "\ufeff" + WHOLE,
    ],
)
def test_the_answer_is_found_in_what_models_put_around_it(text):
    assert tasks(text) == ["Send the report"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "{" * 100_000,
        '{"a":' * 30_000,
        "[" * 100_000,
        "```",
        "null",
        '"action_items"',
        '{"action_items": 3}',
        '{"action_items": null}',
        json.dumps(minutes_schema(["m"])),
        '{"items": []}',
        "<think>" * 20_000,
    ],
)
def test_what_holds_no_list_is_no_answer_and_costs_no_time(text):
    began = time.monotonic()
    assert parse_minutes(text) is None
    assert time.monotonic() - began < 5


def test_an_empty_answer_is_an_answer():
    answer = parse_minutes('{"action_items": [], "agreements": []}')
    assert (answer.action_items, answer.agreements, answer.dropped) == ((), (), {})


def test_of_an_answer_that_breaks_off_whole_entries_count():
    entry = json.dumps(ITEM)
    cut = f'{{"action_items": [{entry}, {entry[:-30]}'
    assert tasks(cut) == ["Send the report"]
    agreement = '{"text": "Three steps", "evidence": [{"turn": 2, "quote": "three steps"}]}'
    answer = parse_minutes(f'{{"action_items": [{entry}], "agreements": [{agreement}, {{"te')
    assert [a.text for a in answer.agreements] == ["Three steps"]
    assert len(answer.action_items) == 1


@pytest.mark.parametrize("nothing", ["null", "None", "N/A", "", "  ", "无", 7, ["e"], {"id": "e"}, True])
def test_an_owner_that_is_none_is_none(nothing):
    assert one(owner=nothing).owner is None


def test_an_invented_owner_is_passed_on_as_it_is_for_the_checks():
    assert one(owner="Batman").owner == "Batman"


@pytest.mark.parametrize(
    "due", [None, "Friday", "null", 5, [], {"turn": 1}, {"quote": "x"}, {"turn": -1, "quote": "x"}]
)
def test_a_date_without_turn_and_words_is_none(due):
    assert one(due=due).due is None


@pytest.mark.parametrize("turn", [3, 3.0, "3", " [3] "])
def test_turn_numbers_are_read_in_the_ways_models_write_them(turn):
    assert one(evidence=[{"turn": turn, "quote": "x y"}]).evidence == (Quoted(3, "x y"),)


@pytest.mark.parametrize("turn", [None, True, -1, 1.5, "three", "1e3", "9" * 5000, 10**12, [3], "٣"])
def test_other_turn_numbers_are_no_evidence(turn):
    assert one(evidence=[{"turn": turn, "quote": "x y"}]).evidence == ()


def test_a_float_without_end_is_no_turn():
    answer = parse_minutes(WHOLE.replace('"turn": 1', '"turn": 1e999'))
    assert answer.action_items[0].evidence == ()


@pytest.mark.parametrize("evidence", [None, "I'll send it", 4, [None, 1, "x"], {}, [[]]])
def test_evidence_of_a_wrong_type_is_none(evidence):
    assert one(evidence=evidence).evidence == ()


def test_a_single_quote_without_a_list_counts():
    assert one(evidence={"turn": 2, "quote": "x y"}).evidence == (Quoted(2, "x y"),)


@pytest.mark.parametrize(
    "task", [None, 3, "", "null", "string", "...", "<task>", "字符串", "x" * (MAX_TEXT + 1), ["a"]]
)
def test_missing_endless_and_leaked_wordings_are_counted_and_left_out(task):
    assert one(task=task) == {"malformed": 1}


def test_too_many_items_are_counted():
    answer = parse_minutes(json.dumps({"action_items": [ITEM] * (MAX_ITEMS + 5)}))
    assert len(answer.action_items) == MAX_ITEMS
    assert answer.dropped == {"too_many": 5}


def test_entries_that_are_no_objects_are_counted():
    answer = parse_minutes(json.dumps({"action_items": ["Send it", ITEM, None]}))
    assert len(answer.action_items) == 1
    assert answer.dropped == {"malformed": 2}


def test_quotes_are_bounded_in_number_and_length():
    many = [{"turn": n, "quote": f"word {n}"} for n in range(50)]
    assert len(one(evidence=many).evidence) == 6
    assert one(evidence=[{"turn": 1, "quote": "y" * 10_000}]).evidence == ()


def test_control_and_invisible_characters_do_not_pass():
    dirty = "Send\x1b[31m the\u202e re\u200bport\x00\ud800\r\nnow"
    item = one(task=dirty, evidence=[{"turn": 1, "quote": dirty}])
    assert item.task == item.evidence[0].quote == "Send[31m the report now"


def test_a_summary_is_one_bounded_line():
    assert parse_summary('{"summary": "They met.\\n\\nAll fine."}') == "They met. All fine."
    for text in ("", "They met.", '{"summary": null}', '{"summary": "string"}', '{"summary": ["a"]}'):
        assert parse_summary(text) == ""
    assert parse_summary(json.dumps({"summary": "x" * 100_000})) == ""


def test_the_schema_bounds_every_list_and_string():
    def unbounded(schema):
        if isinstance(schema, list):
            return [fault for part in schema for fault in unbounded(part)]
        if not isinstance(schema, dict):
            return []
        kind = schema.get("type")
        missing = {"array": "maxItems", "string": "maxLength"}.get(kind if isinstance(kind, str) else "")
        own = [schema] if missing and missing not in schema else []
        return own + [fault for part in schema.values() for fault in unbounded(part)]

    assert unbounded(minutes_schema(["m", "e"])) == []
    assert unbounded(summary_schema()) == []
    assert MAX_ASKED < MAX_ITEMS
    assert unbounded({"type": "array", "items": {"type": "string"}})  # the check itself can find something


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["task", "owner", "due", "evidence", "turn", "quote", "text"]), inner
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["action_items", "agreements"]), VALUES))
def test_any_json_gives_bounded_values_and_never_fails(value):
    answer = parse_minutes(json.dumps(value))
    for item in answer.action_items if answer else ():
        assert 0 < len(item.task) <= MAX_TEXT
        assert len(item.evidence) <= 6


@given(st.text())
def test_any_text_is_read_or_refused(text):
    parse_minutes(text)
    assert plain_text(text, 50) is None or len(plain_text(text, 50)) <= 50
