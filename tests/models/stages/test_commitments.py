from __future__ import annotations

import pytest

from models.schema import ActionItem
from models.stages.words import content_words
from tests.models.stages.talks import minutes


def only(lines: str) -> ActionItem:
    items = minutes(lines).action_items
    assert len(items) == 1, [(i.owner, i.task, i.confidence) for i in items]
    return items[0]


def test_request_accepted_with_a_mere_okay_belongs_to_the_one_who_was_asked() -> None:
    item = only("m: Could you send me the customer list by Friday?\ne: Okay.")
    assert (item.owner, item.due) == ("e", "2026-05-08")
    assert "customer list" in item.task


def test_mandarin_request_accepted_with_a_mere_yes() -> None:
    item = only("m: 你把客户名单整理一下,周五之前发给我。\ne: 行。")
    assert (item.owner, item.due) == ("e", "2026-05-08")
    assert "客户名单" in item.task


def test_managers_promise_counts() -> None:
    item = only("e: The permit is stuck.\nm: I'll ask operations for a quote tomorrow.\ne: Great.")
    assert (item.owner, item.due) == ("m", "2026-05-06")


def test_implicit_acceptance_takes_the_words_of_the_request() -> None:
    item = only("m: 小讲课还差一个人讲压力性损伤。\ne: 行嘛,交给我吧。")
    assert item.owner == "e"
    assert "小讲课" in item.task


def test_counter_offer_moves_the_date() -> None:
    item = only(
        "m: When can you have the new screens?\ne: I'll have the screens ready by Thursday.\nm: Mm-hm.\n"
        "e: Actually, wait. Thursday I'm at the workshop. Let's say Friday.\nm: Friday is fine."
    )
    assert (item.owner, item.due) == ("e", "2026-05-08")


def test_mandarin_date_moved_twice_keeps_the_last() -> None:
    item = only(
        "e: 样品我这个星期五之前拿到。\nm: 嗯。\ne: 哦,不对,星期五我要去苏州验货,赶不回来。改到下周二吧。\n"
        "m: 行,那就下周二。\n"
        "m: 价格怎么样?\ne: 还可以。\ne: 对了,样品能不能再往后挪两天,下周四?\nm: 可以,下周四。"
    )
    assert item.due == "2026-05-14"


def test_date_given_in_another_turn_than_the_task() -> None:
    item = only("m: 你什么时候把清单和报价给我?\ne: 下周三之前给您。\nm: 好,下周三。")
    assert (item.owner, item.due) == ("e", "2026-05-13")
    assert "清单和报价" in item.task


def test_acceptance_after_a_clarification() -> None:
    item = only(
        "m: Could you draft the roster for July?\ne: The July one, or June too?\nm: Only July.\n"
        "e: Okay, fine."
    )
    assert item.owner == "e"


@pytest.mark.parametrize(
    "lines",
    [
        "m: Could you also take over the Antwerp route?\ne: No, I can't. I'm full.\nm: Fair enough.",
        "m: Could you join the demo on Monday?\ne: On Monday I'm at the dentist.\nm: Sure. Forget I asked.",
        "m: 要不要我请老秦带你?\ne: 不用麻烦他了。\nm: 那也行。",
        "e: I'll do a small dashboard for it.\nm: Super.\nm: How is the team?\n"
        "e: Good. About that dashboard, can we skip it?\nm: Skip it.",
        "e: If the kiosk project gets funded, I'd love to design the interface.\nm: Let's see.",
        "e: 如果明年公司在德国开了分公司,我倒是想申请过去。\nm: 哈哈。",
        "e: Kofi said he will update the icon library by the end of the month.\nm: Good.",
        "e: 老赵说他月底会把旧托盘清点一遍。\nm: 好。",
        "e: I already sent them the numbers on Monday.\nm: Lovely.",
        "e: 标签我上周已经换完了。\nm: 好。",
        "e: I should probably tidy up my old files some day.\nm: We all should.",
        "e: 这个我回头再想想。\nm: 嗯。",
    ],
)
def test_no_item(lines: str) -> None:
    assert minutes(lines).action_items == ()


def test_task_for_a_third_person_belongs_to_the_one_who_asks_for_it() -> None:
    item = only("e: If Yusuf checked my codes, it would help.\nm: Good idea. I'll ask Yusuf tomorrow.")
    assert (item.owner, item.due) == ("m", "2026-05-06")


def test_changed_way_of_working_recurs_without_a_date() -> None:
    item = only("m: 有三份合同日期是空的。\ne: 从今天开始,每份合同发出去之前,我都对照清单检查一遍。\nm: 好。")
    assert (item.owner, item.due) == ("e", None)
    assert item.recurrence == "per_event"


def test_two_tasks_in_one_turn() -> None:
    items = minutes(
        "e: I'll send the invoice to Martha tomorrow. And I'll book the training room by Friday.\nm: Great."
    ).action_items
    assert [i.due for i in items] == ["2026-05-06", "2026-05-08"]


def test_full_width_punctuation_reads_the_same() -> None:
    half = only("m: 你把客户名单整理一下,周五之前发给我。\ne: 行。")
    full = only("m: 你把客户名单整理一下\uff0c周五之前发给我。\ne: 行。")
    assert (half.owner, half.due) == (full.owner, full.due)


def test_unpunctuated_speech_still_gives_the_item() -> None:
    item = only("m: could you send me the customer list by friday\ne: okay i'll do that")
    assert (item.owner, item.due) == ("e", "2026-05-08")


def test_it_means_what_the_speaker_proposed_and_the_other_welcomed() -> None:
    item = only(
        "e: I end up sending Kofi a video of my hands.\n"
        "m: Would it help if I asked Lucia to sit down with you for an hour?\ne: That would help a lot.\n"
        "m: Then I'll set it up for Wednesday the 13th."
    )
    assert (item.owner, item.due) == ("m", "2026-05-13")
    assert "Lucia" in item.task and "video" not in item.task


@pytest.mark.parametrize(
    "lines",
    [
        "e: Marketing keeps asking and I'd like a clear answer for them.\nm: We keep three until September.",
        "m: 要不要我请老秦带你?\ne: 不用麻烦他了,我先自己看书。\nm: 那也行。",
        "e: If Brussels ever falls apart, call me and I'll bring a cake.\nm: Deal.",
        "e: Nobody reads it anyway, so why should I hurry?\nm: Okay. Martha's team reads it.",
        "m: Could you take over the Antwerp route? No, I can't. I'm full.\ne: Fair enough.",
    ],
)
def test_wishes_declined_help_and_jokes_promise_nothing(lines: str) -> None:
    assert minutes(lines).action_items == ()


def test_what_is_to_be_given_to_the_speaker_is_the_others_task() -> None:
    labels = "m: 责任书的正式稿你按今天说的改,下周三送我签字。\ne: 好,下周三。"
    assert {item.owner for item in minutes(labels).action_items} == {"e"}


def test_subject_and_date_before_a_comma_belong_to_the_verb_behind_it() -> None:
    item = only("m: 那也行,我5月15号之前,给你报一个线上课程。\ne: 好的,谢谢。")
    assert (item.owner, item.due) == ("m", "2026-05-15")
    assert item.task == "给你报一个线上课程"


def test_a_question_for_another_day_moves_the_task_just_taken_on() -> None:
    item = only(
        "e: I'll send you the customer list tomorrow. Actually, can I send it on Monday?\nm: Monday is fine."
    )
    assert (item.owner, item.due) == ("e", "2026-05-11")


@pytest.mark.parametrize("sound", ["M-M-H-M.", "Mm-hm.", "Mmhm.", "M-hm.", "Uh-huh."])
def test_backchannels_have_no_topic_and_are_a_yes(sound: str) -> None:
    item = only(f"m: Could you send me the customer list by Friday?\ne: {sound}")
    assert (item.owner, item.due) == ("e", "2026-05-08")
    assert content_words(sound) == frozenset()
