"""Mandarin moments of the meeting day: 一会儿, 下午五点前, 开完会就, 晚上我发你.

They also fill talk that sets no time, so each needs the one who acts or the act beside it, and none is read
behind a day or a beat (明天吃完饭就) or in a general remark (他下午一般不在).
"""

from __future__ import annotations

import re

from models.stages.deadlines.expression import Phrase, Scope, Seek
from models.stages.deadlines.spoken_numbers import MANDARIN_DIGITS

Partial = tuple[Phrase, int] | None
"""A phrase whose offsets are not set yet, and the next index of the compact text."""

_ACT = (
    r"(?:就|再|先|马上|也)?(?:给|发|去|来|把|找|转|回去|上去|过去|下去|回头|下楼|打|弄|跟|到|拿|改|写|补|翻|整理|联系|问|安排|办|处理|查|"
    r"印|送|交|传|约|通知|更新|提交|贴|拍|上传|回复|回你|回您|讲|说|帮)"
)
_ME = "(?:我们?|咱们?)"
_SOON = re.compile(
    rf"(?:一会儿|一会|待会儿?|等会儿?|过会儿|等下儿?|等一下|等一会儿?)(?={_ME}?{_ACT}|{_ME}就)(?!我?说完)"
)
_DONE = re.compile(
    r"(?<!等)(?:开完会|开完这个会|散了?会|聊完|谈完|吃完饭|吃过饭|忙完|讲完|下了?班)(?:之后|以后|后)?"
    rf"(?={_ME}?就|{_ME}{_ACT}|马上)"
)
_AT_ONCE = re.compile(
    r"(?:(?<=我)|(?<=我们))(?:现在|马上|立刻|立马|这就)(?:就(?=去)|就?(?=给|发|打|转|改|办|弄|找|问|联系|安排|处理|拿|写|补))|"
    r"(?:马上|立刻|立马)(?=就?(?:给|发|转)[你您])|现在(?=就(?:给|发|转)[你您])"
)
_HOUR = rf"[{MANDARIN_DIGITS}]{{1,3}}(?:点|:)(?:[{MANDARIN_DIGITS}]{{1,3}}分?|半|整|[一三]刻)?钟?"
_CLOCK = re.compile(
    rf"(?<![{MANDARIN_DIGITS}点])(?:(?:上午|中午|下午|傍晚|晚上|晚)?(?:{_HOUR})|中午|下午|午饭|晚饭|午休|天黑|睡觉|吃饭)"
    r"(?:之前|以前|前(?![后天面台]))"
)
_PART = re.compile(
    r"(?:上午|中午|下午|傍晚|晚上|晚点儿?|晚些时候)(?:(?=我(?:就|再|给|把|去|来|发|转|打|补|改|写|找|翻|弄|整理|跟))|"
    r"(?=(?:就|再|给|把|发|转|补|翻出?来?|弄好|改好)))"
)
_BEHIND_A_DAY = re.compile(r"[天日号周拜期月每次晚回早都般常总等]|平时|以后|如果|要是|的话|昨|那会")
_GENERAL = re.compile(r"都|一般|平时|经常|总是|老是|往往|每|规定|以往|以前老|如果|要是")
_CLAUSE_END = re.compile("[,。.!?;、:\\s]")
_REACH = 8


def _free(text: str, i: int, end: int) -> bool:
    """Whether nothing before it in its clause names another day, and nothing makes it a habit."""
    low = max([m.end() for m in _CLAUSE_END.finditer(text, max(0, i - _REACH), i)] or [max(0, i - _REACH)])
    close = _CLAUSE_END.search(text, end, end + 2 * _REACH)
    high = close.start() if close else end + 2 * _REACH
    return not _BEHIND_A_DAY.search(text[low:i]) and not _GENERAL.search(text[end:high])


def today(text: str, i: int, scope: Scope) -> Partial:
    """Read a moment of the meeting day."""
    for pattern in (_SOON, _DONE, _AT_ONCE, _CLOCK, _PART):
        m = pattern.match(text, i)
        if not m or not _free(text, i, m.end()):
            continue
        if pattern is _PART and text[i - 1 : i] != "我" and text[m.end() : m.end() + 1] != "我":
            continue
        hour = pattern is _CLOCK
        seek = Seek("today", turns=1) if hour else None
        return Phrase(
            0, 0, "due", "end_of_day", scope.meeting, marked=hour, plain=not hour, seek=seek
        ), m.end()
    return None
