"""Small talks with the reader that ships: what a manager would expect to see, and not to see."""

from __future__ import annotations

import pytest

from models.schema import ActionItem
from tests.models.stages.talks import read_minutes

pytestmark = pytest.mark.models

OPENING = {
    "en": "m: Morning. How has the week been?\ne: Busy, but fine. We got the order out.\n",
    "zh": "m: 早,这周怎么样?\ne: 挺忙的,不过还行,订单发出去了。\n",
}


def items(lines: str, language: str = "en") -> tuple[ActionItem, ...]:
    return read_minutes(OPENING[language] + lines).action_items


@pytest.mark.parametrize(
    ("lines", "language", "owner", "due"),
    [
        ("m: Could you send me the customer list by Friday?\ne: Okay, will do.", "en", "e", "2026-05-08"),
        (
            "e: The permit is stuck.\nm: I'll ask them for a quote tomorrow.\ne: Great.",
            "en",
            "m",
            "2026-05-06",
        ),
        ("m: could you send me the customer list by friday\ne: okay i'll do that", "en", "e", "2026-05-08"),
        ("m: 你把客户名单整理一下,周五之前发给我。\ne: 行,没问题。", "zh", "e", "2026-05-08"),
        ("e: 许可证卡住了。\nm: 我明天去找运营要个报价。\ne: 好,谢谢。", "zh", "m", "2026-05-06"),
    ],
)
def test_who_does_it_by_when(lines: str, language: str, owner: str, due: str) -> None:
    assert (owner, due) in [(item.owner, item.due) for item in items(lines, language)]


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        ("m: Could you also take over the Antwerp route?\ne: No, I can't. I'm full.\nm: Fair enough.", "en"),
        ("e: Kofi said he will update the icon library by the end of the month.\nm: Good.", "en"),
        ("e: I already sent them the numbers on Monday.\nm: Lovely.", "en"),
        ("e: I should probably tidy up my old files some day.\nm: We all should.", "en"),
        ("m: 要不要我请老秦带你?\ne: 不用麻烦他了。\nm: 那也行。", "zh"),
        ("e: 老赵说他月底会把旧托盘清点一遍。\nm: 好。", "zh"),
        ("e: 标签我上周已经换完了。\nm: 好。", "zh"),
        ("e: 这个我回头再想想。\nm: 嗯。", "zh"),
    ],
)
def test_what_nobody_took_on_is_no_item(lines: str, language: str) -> None:
    assert items(lines, language) == ()
