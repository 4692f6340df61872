from __future__ import annotations

from models.schema import ACTS, TurnLabels
from models.stages import acts
from tests.models.stages.talks import talk

SAYS_NOTHING = [
    TurnLabels(turn, dict.fromkeys(ACTS, 0.0), {"neutral": 0.2, "critical": 0.8}) for turn in range(2)
]


def test_cues_alone_name_acts_and_never_a_tone() -> None:
    labels = acts.label_turns(talk("m: What is hard for you right now?\ne: I'll email Beatrice today."), None)
    assert labels[0].has("open_question")
    assert labels[1].has("commitment") and not labels[0].has("commitment")
    assert all(label.tone == {"neutral": 1.0} for label in labels)
    assert all(set(label.acts) == set(ACTS) for label in labels)


def test_mandarin_cues() -> None:
    labels = acts.label_turns(talk("m: 这个月做得很漂亮,辛苦了。\ne: 我明天去找财务谈。"), None)
    assert labels[0].has("recognition")
    assert labels[1].has("commitment")


def test_a_reader_outweighs_cues_and_brings_the_tone() -> None:
    labels = acts.label_turns(talk("m: ok\ne: I'll email Beatrice today."), SAYS_NOTHING)
    assert not labels[1].has("commitment")
    assert labels[1].acts["commitment"] > labels[0].acts["commitment"]
    assert labels[1].tone["critical"] == 0.8
