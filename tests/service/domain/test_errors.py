"""Refusals speak both languages, in one line, and know every member of the rules' enumerations."""

from __future__ import annotations

from enum import StrEnum
from string import Formatter

import pytest

from service.domain import consent, errors, follow_up, lifecycle, relations, retention
from service.domain.names import in_words

SPOKEN = (
    *(lifecycle.State, lifecycle.Event, relations.Action, relations.Thing),
    *(consent.Standing, follow_up.ItemStatus, retention.Kept),
)


@pytest.mark.parametrize("key", errors.DomainError.wording.table)
def test_every_sentence_is_one_line_with_the_same_values_in_both_languages(key):
    entry = errors.DomainError.wording.table[key]
    fields = [{name for _, name, _, _ in Formatter().parse(entry[code]) if name} for code in ("en", "zh")]
    assert fields[0] == fields[1]
    assert "\n" not in entry["en"] + entry["zh"]


@pytest.mark.parametrize("enumeration", SPOKEN, ids=lambda kind: kind.__name__)
def test_every_member_has_a_name_in_both_languages(enumeration):
    for member in enumeration:
        assert in_words(member, "zh") != member.value
        assert in_words(member, "en")
        assert "_" not in in_words(member, "en")


def test_a_member_without_a_name_keeps_its_code():
    class Unknown(StrEnum):
        here = "here"

    assert in_words(Unknown.here, "zh") == "here"


def test_a_state_is_said_in_the_language_of_the_reader():
    error = errors.WrongState("wrong_state", state=lifecycle.State.drafted, event=lifecycle.Event.archive)
    assert "draft ready" in error.line("en")
    assert "草稿已生成" in error.line("zh")
