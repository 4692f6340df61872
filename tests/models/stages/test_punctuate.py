from __future__ import annotations

from models.schema import Word
from models.stages.punctuate import is_mandarin, punctuate


def spoken(text, gaps=()):
    out, t = [], 0.0
    for i, c in enumerate(text):
        t += dict(gaps).get(i, 0.0)
        out.append(Word(c, t, t + 0.2))
        t += 0.2
    return out


def joined(words):
    return "".join(w.w for w in words)


def test_pauses_become_commas_and_the_end_gets_a_mark():
    assert joined(punctuate(spoken("好的我明天发给你", [(2, 0.3)]))) == "好的\uff0c我明天发给你\u3002"


def test_questions_end_as_questions():
    assert joined(punctuate(spoken("这样可以吗"))) == "这样可以吗\uff1f"
    assert joined(punctuate(spoken("你觉得怎么样好的", [(6, 0.9)]))) == "你觉得怎么样\uff1f好的\u3002"


def test_half_width_marks_become_full_width_and_none_is_doubled():
    assert joined(punctuate(spoken("行,没问题", [(2, 0.5)]))) == "行\uff0c没问题\u3002"
    assert joined(punctuate(spoken("可以。"))) == "可以。"


def test_no_character_is_changed_or_lost():
    text = "六月份一共下了四十七个订单按时到货的有四十三个"
    marked = joined(punctuate(spoken(text, [(12, 0.4)])))
    assert marked.replace("\uff0c", "").replace("。", "") == text


def test_which_turns_are_mandarin():
    assert is_mandarin("我把 report 发给你")
    assert not is_mandarin("Send me the 报价 by Friday please, and copy the team")
