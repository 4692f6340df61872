"""Hints on wording that the manager dismisses."""

from __future__ import annotations

import pytest

from service.domain.errors import NotValid
from service.domain.review import merge_redraft
from service.domain.tone_flags import Dismissal, dismissed, standing
from tests.service.domain.drafts import TURNS, draft


def test_a_hint_is_dismissed_for_a_reason_and_stands_again():
    flags = [{**draft()["tone_flags"][0], "id": name} for name in ("t1", "t2")]
    after = dismissed(flags, "t2", Dismissal.misheard)
    assert [flag["id"] for flag in standing(after)] == ["t1"]
    assert after[1]["dismissed"] == "misheard"
    assert dismissed(after, "t2", None) == flags
    with pytest.raises(NotValid):
        dismissed(flags, "t9", Dismissal.other)


def test_a_second_draft_does_not_hold_up_the_same_words_again():
    flag = draft()["tone_flags"][0]
    before = draft(tone_flags=[{**flag, "dismissed": "fitting"}])
    other = {**flag, "id": "t1", "turn": 2}
    after = merge_redraft(before, (), draft(tone_flags=[other, {**flag, "id": "t2"}]), TURNS)
    assert [("dismissed" in one) for one in after["tone_flags"]] == [False, True]
