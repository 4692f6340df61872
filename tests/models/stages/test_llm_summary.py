from __future__ import annotations

import pytest

from prompts import prompt_sha256
from tests.models.stages.llm_fakes import Model, answer, written
from tests.models.stages.talks import talk
from tests.models.stages.test_llm_minutes import REPORT, SEND

GOOD = "Luis Ortega takes on to send the supplier report by 2026-05-08."


def summed(summary: str, transcript=REPORT, language=None, **more):
    return written(transcript, Model([answer(SEND)], summary=summary, **more), language)


def test_a_summary_within_the_facts_is_the_models():
    done = summed(GOOD)
    assert done.summary == GOOD
    assert done.provenance["summarise"].prompt_sha256 == prompt_sha256("summary.en.v1.jinja")
    assert done.extraction.dropped == {}


@pytest.mark.parametrize(
    "beyond",
    [
        "The budget was doubled after a long fight.",
        "The supplier report costs 4000 euros.",
        "Luis is lazy and unreliable as everybody knows.",
    ],
)
def test_sentences_beyond_the_facts_are_left_out_and_counted(beyond):
    done = summed(f"{GOOD} {beyond}")
    assert done.summary == GOOD
    assert done.extraction.dropped == {"summary_not_said": 1}


@pytest.mark.parametrize("told", ["", "null", "The weather was lovely all week in Spain.", "x" * 9999])
def test_where_nothing_is_left_the_default_summary_of_the_same_items_stands(told):
    done = summed(told)
    assert "Luis Ortega takes on" in done.summary
    assert done.provenance["summarise"].engine == "default"


def test_the_model_sees_facts_only():
    model = Model([answer(SEND)], summary=GOOD)
    written(REPORT, model)
    assert "Could you send me" not in model.sent[-1][1]
    assert "Send the supplier report" in model.sent[-1][1]


def test_facts_in_another_language_cannot_be_compared_so_the_default_words_them():
    model = Model([answer(SEND)], summary=GOOD)
    done = written(REPORT, model, "zh")
    assert len(model.sent) == 1
    assert "待办" in done.summary


def test_a_chinese_summary_is_held_to_its_facts():
    told = talk("m: 你周五前把供应商报告发给我。\ne: 好,我周五前把供应商报告发给您。")
    send = {
        "task": "把供应商报告发给我",
        "owner": "e",
        "due": {"turn": 1, "quote": "周五前"},
        "evidence": [
            {"turn": 0, "quote": "你周五前把供应商报告发给我"},
            {"turn": 1, "quote": "好,我周五前把供应商报告发给您"},
        ],
    }
    model = Model([answer(send)], summary="何宇负责在周五前把供应商报告发出。公司决定裁员三百人并关闭工厂。")
    done = written(told, model)
    assert done.extraction.action_items[0].due == "2026-05-08"
    assert "裁员" not in done.summary
    assert "供应商报告" in done.summary
