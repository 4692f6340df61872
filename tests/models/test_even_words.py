from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.even_words import even

SAME = [
    ("I told Emily that she was late.", "I told Bogdan that he was late."),
    ("Wei, can you send her the list?", "DeShawn, can you send him the list?"),
    ("That is what young people do here.", "That is what older colleagues do here."),
    ("As a mother you know that.", "As a foreigner you know that."),
    ("Thanks for that, mate.", "Thanks for that, sir."),
    ("A wee bit slower, please.", "A little bit slower, please."),
    ("小王今天又没来。", "老张今天又没来。"),
    ("她说您不太满意。", "他说你不太满意。"),
    ("年轻人都这样。", "女同事都这样。"),
    ("慢一丢丢就好。", "慢一点儿就好。"),
    ("这个交给新人做。", "这个交给宝妈做。"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_who_is_meant_reads_alike(one, other):
    assert even(one).text == even(other).text


@pytest.mark.parametrize(
    "text",
    ["Well, the report is late.", "On Friday in May we use Excel.", "You never listen.", "你从来不听。"],
)
def test_what_is_said_stays(text):
    assert even(text).text == text


@given(
    st.lists(st.sampled_from([word for pair in SAME for text in pair for word in text.split()] + [",", "她"]))
)
def test_every_place_leads_back_to_the_words_that_were_said(words):
    text = " ".join(words)
    found = even(text)
    for start, end, was_start, was_end in found.places:
        assert start == end or found.original(start, end) == (was_start, was_end)
    kept = "".join(
        text[found.original(k, k + 1)[0]] for k in range(len(found.text)) if not _inside(k, found.places)
    )
    assert kept == "".join(
        ch for k, ch in enumerate(text) if not _inside(k, [(a, b) for *_, a, b in found.places])
    )


def _inside(place, stretches):
    return any(stretch[0] <= place < stretch[1] for stretch in stretches)
