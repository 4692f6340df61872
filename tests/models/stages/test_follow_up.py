from __future__ import annotations

import pytest

from models.schema import ActionItem, Evidence, FollowUp
from models.stages.follow_up import follow_up
from tests.models.stages.talks import talk

EN = ActionItem("a1", "Send the customer list to Martha", "e", (Evidence(0, "x"),), 0.9, due="2026-05-01")
ZH = ActionItem("a1", "拿到备用纸箱厂的样品", "e", (Evidence(0, "x"),), 0.9, due="2026-05-01")


def status(item: ActionItem, lines: str) -> FollowUp:
    transcript = talk(lines)
    (found,) = follow_up([item], transcript)
    for said in found.evidence:
        turn = transcript.turn(said.turn)
        assert turn is not None and said.quote in turn.text
    return found


@pytest.mark.parametrize(
    ("item", "lines", "expected"),
    [
        (EN, "m: And the customer list for Martha?\ne: I sent it on Monday, it's done.", "done"),
        (EN, "m: And the customer list for Martha?\ne: Not done yet, sorry.", "mentioned"),
        (EN, "m: And the customer list for Martha?\ne: Can I send it by Friday instead?", "moved"),
        (EN, "m: How was the holiday?\ne: Lovely.", "forgotten"),
        (ZH, "m: 备用纸箱厂的样品呢?\ne: 样品已经拿到了,上周就搞定了。", "done"),
        (ZH, "m: 备用纸箱厂的样品呢?\ne: 还没有。", "mentioned"),
    ],
)
def test_status(item: ActionItem, lines: str, expected: str) -> None:
    assert status(item, lines).status == expected


def test_a_moved_item_carries_its_new_date() -> None:
    assert (
        status(EN, "m: And the customer list for Martha?\ne: Can I send it by Friday instead?").due
        == "2026-05-08"
    )
