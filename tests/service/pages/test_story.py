"""From the recording to minutes that both sides agree on, in a browser, as people would do it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.models.sounds import RATE, tone, write
from tests.service.pages.browsing import PHONE, WIDE
from tests.service.pages.people_at_work import Hands
from tests.service.pages.talks import TURNS, WORDS

SCRIPT = {
    "en": (
        "Could you send me the supplier report by Friday?",
        "Yes, I'll send you the supplier report by Friday.",
        "Could you also show the team the new table next Thursday?",
        "Sure, I will show the team the new table next Thursday.",
        "And I'll ask for the access to the warehouse tomorrow.",
        "Thank you, that helps.",
        "Then I'll book the meeting room by next Monday.",
        "I will clean up the old dashboards.",
    ),
    "zh": (
        "你能周五之前把供应商报告发给我吗？",
        "好的，我会周五之前把供应商报告发给您。",
        "你能下周四给团队讲一讲新表格吗？",
        "可以，我会下周四给团队讲新表格。",
        "我会明天申请新仓库的权限。",
        "谢谢，这很有帮助。",
        "我会下周一之前订好会议室。",
        "我会有空看一看旧的看板。",
    ),
}
TASKS = {
    "en": (
        "Send you the supplier report",
        "Ask for the access to the warehouse",
        "Clean up the old dashboards",
    ),
    "zh": ("把供应商报告发给您", "申请新仓库的权限", "有空看一看旧的看板"),
}
"""Of the draft that comes of it: one is edited, one rejected, the last one is doubtful."""

NEW_WORDS = {"en": "Send the report with the new table", "zh": "把带新表格的报告发出"}
SPOKEN_S, WINDOW_S = 36.0, 40.0
"""One window in which the script is said, and a silent one."""


@pytest.fixture(scope="module")
def towns(service):
    return {language: service.town(language) for language in ("en", "zh")}


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recording")
    sound = np.pad(tone(SPOKEN_S), (0, int(WINDOW_S * RATE)))
    return write(folder / "talk.flac", sound[None], RATE, "flac")


def worker(service, *kill_at, node):
    return service.worker(*kill_at, node=node, when="always", window_s=WINDOW_S)


@pytest.mark.parametrize(("language", "size"), [("en", WIDE), ("zh", PHONE)])
def test_from_a_recording_to_acknowledged_minutes(service, towns, visit, recording, language, size):
    """On the way the page is loaded anew, and the worker is killed; on a phone in Chinese."""
    town = towns[language]
    service.script(*SCRIPT[language])
    hands = Hands(visit(None, town, size=size), language)
    hands.sign_in(town.email("manager"))
    meeting = hands.plan(town.names["employee"])
    hands.upload(recording)

    service.until_killed(worker(service, "window 0 kept", node="first"))
    hands.page.reload()
    hands.page.get_by_role("heading", name=hands.say("progress.title")).wait_for()
    second = worker(service, node="second")
    hands.await_draft()
    service.kill(second)

    hands.name_voice(1, town.names["manager"])
    hands.name_voice(2, town.names["employee"])
    edited, rejected, doubtful = TASKS[language]
    hands.edit(edited, NEW_WORDS[language])
    hands.page.reload()
    hands.decide(rejected, "reject")
    hands.decide(doubtful, "accept")
    hands.sum_up(WORDS[language]["summary"])
    hands.accept_open()
    hands.confirm()

    theirs = Hands(visit(None, town, size=size), language)
    theirs.sign_in(town.email("employee"))
    theirs.visit.open("/")
    theirs.page.locator(f'a[href="/meetings/{meeting}"], a[href="/meetings/{meeting}/minutes"]').first.click()
    theirs.page.get_by_role("rowheader", name=NEW_WORDS[language]).wait_for()
    assert theirs.page.get_by_text(rejected).count() == 0
    theirs.acknowledge()
    assert service.meeting_row(meeting).state == "acknowledged"

    hands.page.reload()
    assert NEW_WORDS[language].encode() in hands.download("md")
    assert hands.download("docx").startswith(b"PK")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_disputed_item_is_corrected_and_acknowledged(towns, visit, service, language):
    town = towns[language]
    meeting = town.meeting("confirmed")
    employee, manager = (Hands(visit(name, town), language) for name in ("employee", "manager"))
    words, new, comment = WORDS[language]["a3"], NEW_WORDS[language], TURNS[language][13]
    employee.visit.open(f"/meetings/{meeting}/minutes")
    employee.dispute(words, comment)
    assert service.meeting_row(meeting).state == "disputed"

    manager.visit.open(f"/meetings/{meeting}/minutes")
    manager.page.get_by_text(comment).wait_for()
    manager.correct(words, new, 2)
    employee.page.reload()
    employee.page.get_by_role("rowheader", name=new).wait_for()
    employee.acknowledge()
    assert (service.meeting_row(meeting).state, service.meeting_row(meeting).version) == ("acknowledged", 2)


def test_a_review_takes_twelve_keystrokes(towns, visit, service):
    """Four clear items and a doubtful one, from opening the page to confirmed."""
    meeting = towns["en"].meeting("drafted")
    page = visit("manager", towns["en"]).open(f"/meetings/{meeting}/review")
    strokes = ["d", "a", *"jjjjj", "Control+Enter"]
    for stroke in strokes:
        page.keyboard.press(stroke)
    page.wait_for_url("**/minutes")
    assert service.meeting_row(meeting).state == "confirmed"
    assert len(strokes) <= 12


def test_everything_by_the_keyboard(towns, visit, service, recording):
    """From signing in to confirmed minutes, without a mouse."""
    town = towns["en"]
    service.script(*SCRIPT["en"])
    hands = Hands(visit(None, town), "en", by_keys=True)
    hands.sign_in(town.email("manager"))
    meeting = hands.plan(town.names["employee"])
    hands.upload(recording)
    running = worker(service, node="third")
    hands.await_draft()
    service.kill(running)
    hands.name_voice(1, town.names["manager"])
    hands.name_voice(2, town.names["employee"])
    hands.edit(TASKS["en"][0], NEW_WORDS["en"])
    hands.decide(TASKS["en"][1], "reject")
    hands.accept_open()
    hands.confirm()
    assert service.meeting_row(meeting).state == "confirmed"
