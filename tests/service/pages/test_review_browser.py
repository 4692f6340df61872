"""The review under somebody's hands: decided, edited, undone, added to, confirmed, by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from service.domain.edits import Verdict
from service.domain.transcripts import Correction, TurnEdit
from service.usecases.decide import Choice, decide
from service.usecases.edit_transcript import edit_transcript
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from tests.service.pages import checks
from tests.service.pages.browsing import NARROW, PHONE, WIDE
from tests.service.pages.people_at_work import Hands
from tests.service.pages.talks import CLEAR, DOUBTFUL, TURNS, WORDS, Talk

MOST = 12
"""Clicks and keystrokes from the open page to confirmed minutes, edits aside."""

SAID = WORDS["en"]


class Desk(Hands):
    """A manager's review of one meeting; `count` of clicks and keystrokes."""

    def __init__(self, visit, town, meeting):
        super().__init__(visit, town.language)
        self.town, self.meeting, self.count = town, meeting, 0
        self.open()

    def open(self):
        self.visit.open(f"/meetings/{self.meeting}/review")

    def key(self, *keys):
        for one in keys:
            self.page.keyboard.press(one)
            self.count += 1

    def click(self, target):
        target.click()
        self.count += 1

    def at(self, item):
        return self.page.locator(f"#item-{item}".replace(".", "\\."))

    def stands(self, item, key):
        expect(self.at(item).locator(".standing")).to_contain_text(self.say(f"review.{key}"))

    def has_focus(self, item):
        expect(self.at(item)).to_be_focused()

    def read(self):
        return read_draft(self.town.rapport, self.town.actor("manager"), self.meeting)

    def minutes(self):
        self.page.wait_for_url(re.compile("/minutes$"))
        return read_minutes(self.town.rapport, self.town.actor("manager"), self.meeting).minutes


@pytest.fixture
def desk(visit, town):
    """A review on a page; `whole`: with points and agreements."""

    def open_desk(whole=True, **more):
        meeting = town.planned()
        town.add_draft(meeting, whole=whole)
        return Desk(visit("manager", town, **more), town, meeting)

    return open_desk


def ids(items):
    return [one["id"] for one in items]


def test_four_clear_items_and_a_doubtful_one_are_confirmed_by_a_few_clicks(desk):
    at = desk(whole=False)
    at.click(at.button("review.next_open"))
    at.click(at.button("review.accept", at.at(DOUBTFUL)))
    at.click(at.button("review.confirm"))
    assert ids(at.minutes()["action_items"]) == [*CLEAR, DOUBTFUL]
    assert at.count == 3 <= MOST


def test_and_by_keys_alone(desk):
    at = desk(whole=False)
    at.key("d", "a", "Enter")
    assert ids(at.minutes()["action_items"]) == [*CLEAR, DOUBTFUL]
    assert at.count == 3 <= MOST


def test_every_other_item_takes_a_decision_of_its_own(desk):
    at = desk()
    at.key("d")
    at.has_focus(DOUBTFUL)
    at.key("a", "a", "r", "a", "Enter")
    at.has_focus("summary")  # which may tell of what was rejected
    at.key("a", "Enter")
    minutes = at.minutes()
    assert (ids(minutes["agreements"]), ids(minutes["points"])) == (["g1"], ["p2"])
    assert at.count <= MOST


def test_what_was_never_in_view_is_shown_before_it_is_confirmed(desk):
    at = desk(size={"width": 1280, "height": 420}, whole=False)
    at.key("d", "a", "Enter")
    at.page.get_by_text(at.say("review.look_first")).wait_for()
    assert at.read().review.draft["id"] == at.meeting
    while "/review" in at.page.url:  # each time the next of them
        at.key("Control+Enter")
        expect(at.page.locator("#bar[aria-busy]")).to_have_count(0)
    assert at.count <= MOST
    assert ids(at.minutes()["action_items"]) == [*CLEAR, DOUBTFUL]


def test_a_confirm_goes_to_what_still_needs_a_decision(desk):
    at = desk(whole=False)
    at.click(at.button("review.confirm"))
    at.has_focus(DOUBTFUL)
    at.page.get_by_text(at.say("review.decide_first")).wait_for()


def test_those_that_are_open_for_their_kind_alone_are_accepted_together(desk):
    at = desk()
    rest = at.page.locator("#rest-points")
    expect(rest).to_have_text(at.say("review.accept_rest_other", n=2))
    for item in ("p1", "p2"):
        at.at(item).scroll_into_view_if_needed()
    at.click(rest)
    at.saved()
    assert {d.item for d in at.read().review.decisions} == {"p1", "p2"}
    expect(rest).to_have_count(0)
    at.key("Control+z")
    expect(rest).to_be_visible()
    assert at.read().review.decisions == []


def test_an_item_is_edited_where_it_stands_and_says_how_its_date_is_understood(desk):
    at = desk(whole=False)
    at.key("d", "e")
    item = at.at(DOUBTFUL)
    at.field("review.words_task", item).fill("Archive the old dashboards")
    at.field("review.owner", item).select_option(label=at.town.names["manager"])
    at.field("review.due_words", item).fill("in two weeks")
    expect(item.locator("[data-understood]")).to_contain_text(re.compile("Understood as .*day"))
    due = at.field("review.due_date", item).input_value()
    at.button("review.save", item).click()
    at.saved()
    at.stands(DOUBTFUL, "state_edit")
    (decision,) = at.read().review.decisions
    assert decision.fields == {"task": "Archive the old dashboards", "owner": "m", "due": due}
    at.has_focus(DOUBTFUL)
    at.key("u")
    at.stands(DOUBTFUL, "state_open")
    at.key("Control+z")
    at.stands(DOUBTFUL, "state_edit")
    assert at.read().review.decisions[0].fields["due"] == due


def test_what_cannot_be_taken_is_said_at_the_item_and_stays(desk):
    at = desk(whole=False)
    at.visit.allowed.add(422)
    at.key("d", "e")
    form = at.at(DOUBTFUL).locator("form")
    at.field("review.words_task", form).fill("  ")
    at.button("review.save", form).click()
    expect(form.get_by_role("alert")).to_contain_text("empty")
    assert at.read().review.decisions == []
    at.key("Escape")
    expect(form).to_have_count(0)
    at.has_focus(DOUBTFUL)


def test_the_keys_move_decide_and_take_back(desk):
    at = desk()
    at.key("j")
    at.has_focus("summary")
    at.key("j", "j", "k")
    at.has_focus("a1")
    at.key("r")
    at.stands("a1", "state_reject")
    at.key("Control+z")
    at.stands("a1", "state_clear")
    at.key("?")
    sheet = at.page.get_by_role("dialog", name=at.say("review.keys_title"))
    sheet.get_by_label(at.say("review.keys_on")).uncheck()
    at.key("Escape")
    at.has_focus(DOUBTFUL)
    at.key("k")
    at.has_focus(DOUBTFUL)
    at.open()
    at.key("d")
    expect(at.at(DOUBTFUL)).not_to_be_focused()


def test_an_item_is_added_and_its_words_are_the_evidence(desk):
    at = desk(whole=False)
    quote = {"turn": 14, "start": 12, "end": 55, "text": TURNS["en"][14][12:55]}
    at.page.evaluate(
        "(quote) => document.dispatchEvent(new CustomEvent('rapport:selected', {detail: {quotes: [quote]}}))",
        quote,
    )
    form = at.page.get_by_role("dialog", name=at.say("review.add_title"))
    expect(at.field("review.words_text", form)).to_have_value(quote["text"])
    at.field("review.what", form).select_option("agreements")
    at.button("review.add_save", form).click()
    expect(form).not_to_be_visible()
    at.stands("h1", "own")
    at.has_focus("h1")
    (added,) = at.read().review.added["agreements"]
    assert added["evidence"][0]["quote"] == quote["text"]
    at.key("r")
    at.stands("h1", "state_reject")
    at.key("Control+z")
    at.stands("h1", "own")
    at.key("Control+z")
    expect(at.at("h1")).to_have_count(0)


def test_an_item_lights_up_what_was_said_and_plays_it(desk):
    at = desk(whole=False)
    at.page.evaluate(
        "document.addEventListener('rapport:play', ({detail}) => { window.from = detail.from; })"
    )
    at.at("a2").locator(".words").click()
    expect(at.page.locator("#turn-5 mark")).to_have_text(TURNS["en"][5])
    assert 20 <= at.page.evaluate("window.from") < 24
    at.page.locator("#turn-9 .said").click()
    expect(at.at(DOUBTFUL)).to_have_attribute("data-lit", "")
    expect(at.at("a2")).not_to_have_attribute("data-lit", "")


def test_two_tabs_cannot_overwrite_each_other_and_no_word_is_lost(desk):
    at = desk(whole=False)
    at.visit.allowed.add(412)
    at.key("d", "e")
    words = at.field("review.words_task", at.at(DOUBTFUL))
    words.fill("Mine")
    elsewhere = [Choice("a1", Verdict.reject), Choice(DOUBTFUL, Verdict.edit, {"owner": "m"})]
    decide(at.town.rapport, at.town.actor("manager"), at.meeting, at.read().revision, elsewhere)
    form = at.at(DOUBTFUL).locator("form")
    at.button("review.save", form).click()
    expect(form.get_by_role("alert")).to_have_text(at.say("review.changed_elsewhere"))
    at.stands("a1", "state_reject")
    expect(words).to_have_value("Mine")
    at.button("review.save", form).click()
    at.saved()
    (edited,) = [one for one in at.read().review.decisions if one.item == DOUBTFUL]
    assert edited.fields == {"task": "Mine", "owner": "m"}


def test_a_review_that_was_confirmed_elsewhere_goes_to_the_minutes(desk):
    at = desk()
    at.visit.allowed |= {409, 412}
    at.town.confirm(at.meeting)
    at.key("d", "a")
    at.page.wait_for_url(re.compile("/minutes$"))


def test_a_corrected_transcript_puts_its_items_in_doubt(desk):
    at = desk(whole=False)
    manager = at.town.actor("manager")
    turn = TurnEdit(5, text="I will send that tomorrow.")
    edit_transcript(at.town.rapport, manager, at.meeting, at.read().revision, Correction([turn]))
    at.visit.allowed.add(412)
    at.click(at.button("review.accept", at.at("a1")))
    expect(at.page.locator("#turn-5 .said")).to_have_text("I will send that tomorrow.")
    at.stands("a2", "doubt_stale")
    expect(at.page.locator("#bar")).to_contain_text(at.say("review.warn_evidence_one", n=1))


def test_a_recommendation_becomes_steps_of_a_plan_that_can_be_edited(desk):
    at = desk(whole=False)
    at.decide(SAID["r1"], "into_plan")
    step = at.page.locator('[data-group="plan"]').first
    at.button("review.edit", step).click()
    at.field("review.words_measure", step).fill("A query with three windows")
    at.field("review.due_date", step).fill("2031-05-06")
    at.button("review.save", step).click()
    at.saved()
    (edited,) = [one for one in at.read().review.decisions if one.verdict is Verdict.edit]
    assert edited.fields == {"measure": "A query with three windows", "due": "2031-05-06"}
    at.decide(SAID["r1"], "undo")
    expect(at.page.locator('[data-group="plan"]')).to_have_count(0)


def test_a_hint_is_dismissed_with_a_reason(desk):
    at = desk(whole=False)
    hint = at.page.locator("#flag-t1")
    expect(hint).to_contain_text(SAID["better"])
    hint.get_by_text(at.say("review.dismiss"), exact=True).click()
    at.button("review.dismissal_in_fun", hint).click()
    expect(hint).to_contain_text(at.say("review.dismissed", reason=at.say("review.dismissal_in_fun")))
    assert at.read().review.draft["tone_flags"][0]["dismissed"] == "in_fun"
    at.button("review.undo", hint).click()
    expect(hint).to_contain_text(SAID["better"])


def test_on_a_phone_one_side_is_shown_and_the_player_stays(desk):
    at = desk(whole=False, size=PHONE)
    lines, item = at.page.locator("#turn-0"), at.at("a1")
    expect(lines).not_to_be_visible()
    expect(at.page.locator(".player")).to_be_in_viewport()
    at.button("review.transcript").click()
    expect(lines).to_be_visible()
    expect(item).not_to_be_visible()
    at.button("review.draft").click()
    at.click(at.button("review.next_open"))
    at.click(at.button("review.accept", at.at(DOUBTFUL)))
    at.saved()
    expect(at.page.locator(".player")).to_be_in_viewport()


def test_fast_keys_are_all_kept(desk):
    at = desk()
    at.key("d", "a", "a", "a", "a")
    expect(at.page.locator("#left")).to_have_text(at.say("review.nothing_left"))
    at.saved()
    assert {d.item for d in at.read().review.decisions} == {DOUBTFUL, "g1", "p1", "p2"}
    expect(at.page.locator("#confirm")).to_be_focused()


def test_what_was_heard_of_an_earlier_item_is_set_with_a_click(desk, town, monkeypatch):
    town.meeting("confirmed", 3)
    heard = [{"item": "a1", "status": "done", "due": None, "evidence": []}]
    drafted = Talk.draft
    monkeypatch.setattr(Talk, "draft", lambda *these, **more: {**drafted(*these, **more), "follow_up": heard})
    at = desk(whole=False)
    earlier = at.page.locator(".earlier")
    expect(earlier).to_contain_text(SAID["a1"])
    at.button("review.set_done", earlier).click()
    expect(earlier).to_contain_text(at.say("review.earlier_now", status="done"))
    at.button("review.set_open", earlier).wait_for()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_opens_is_accessible_and_fits(desk, size):
    at = desk(size=size)
    at.button("review.into_plan", at.at("r1")).click()
    at.saved()
    for group in ("summary", "action_items", "agreements", "points", "plan"):
        at.button("review.edit", at.page.locator(f'[data-group="{group}"]').first).click()
    for part in ("#tone .dismiss > summary", "#quality > summary"):
        at.page.locator(part).click()
    found = [*checks.accessible(at.page), *checks.fits(at.page, size["width"])]
    for opens in ("review.keys", "review.add"):
        at.button(opens).click()
        found += [*checks.accessible(at.page), *checks.fits(at.page, size["width"])]
        at.key("Escape")
    assert found == []
