"""The transcript's side of the review page in a browser: heard, searched, corrected, its speakers named."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from service.db.tables import Document, Meeting

REVISION = "() => document.querySelector('main').dataset.revision"


@pytest.fixture
def meeting(town):
    """A meeting of its own whose draft waits."""
    made = town.planned()
    town.add_draft(made)
    return made


@pytest.fixture
def desk(visit, meeting):
    """The manager's browser on its review page, and that page."""
    one = visit("manager")
    page = one.open(f"/meetings/{meeting}/review")
    page.wait_for_load_state("networkidle")
    return one, page


def said(page, turn):
    return page.locator(f"#turn-{turn} .said")


def at(page, clock):
    """Where the recording is."""
    return page.locator("[data-at]", has_text=clock)


def stored(town, meeting):
    """The transcript as it is kept."""
    with town.rapport.database.read(town.organisation_id) as work:
        row = work.one(Meeting, meeting)
        name = work.one(Document, row.transcript_id).name
    return town.rapport.documents.read(row.key_id, name)


def rewrite(town, meeting, change):
    """Puts another transcript in its place, before anybody looks."""
    transcript = change(stored(town, meeting))
    with town.rapport.database.write(town.organisation_id) as work:
        row = work.one(Meeting, meeting)
        work.one(Document, row.transcript_id).name = town.rapport.documents.write(row.key_id, transcript)


def correct_elsewhere(service, town, meeting, page, body):
    """The same manager in another tab."""
    name, value = town.cookie("manager")
    with httpx.Client(base_url=service.base, cookies={name: value}) as client:
        token = client.get(f"/meetings/{meeting}/review").text.split('data-csrf="')[1].split('"')[0]
        headers = {"if-match": f'"{page.evaluate(REVISION)}"', "x-csrf-token": token}
        path = f"/api/v1/meetings/{meeting}/transcript"
        assert client.patch(path, json=body, headers=headers).status_code == 200


def saved(page):
    """What a correction is answered with, before the next step."""
    return page.expect_response(lambda answer: answer.url.endswith("/review/transcript") and answer.ok)


def test_a_line_is_heard_from_its_beginning_and_the_recording_marks_the_line(desk):
    _, page = desk
    said(page, 5).click()
    page.locator("#turn-5.now").wait_for()
    at(page, "0:21").wait_for()
    assert float(page.locator("[data-heard]").get_attribute("width")) > 1000 * 20 / 64 - 1
    page.locator("#turn-5 .at").press(" ")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.locator("[data-skip='5']").click()
    page.locator("#turn-6.now").wait_for()
    page.locator("#turn-5 .at").press("ArrowDown")
    page.locator("#turn-6 .at").press("ArrowDown")
    page.locator("#turn-7 .at").press("Enter")
    page.locator("#turn-7.now").wait_for()
    at(page, "0:28").wait_for()
    page.get_by_role("button", name="Pause", exact=True).wait_for()


def test_evidence_lights_up_and_plays(desk):
    _, page = desk
    page.locator("#draft .quote").first.click()
    mark = page.locator(".turn.lit mark")
    mark.wait_for()
    line = page.locator(".turn.lit")
    assert mark.text_content() in line.locator(".said").text_content()
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    assert page.locator("[data-marks] rect").count() == page.locator(".turn.evidence").count() > 3


def test_search_counts_and_goes_round(desk):
    _, page = desk
    field = page.locator("[data-search] input")
    count = page.locator("[data-count]")
    field.fill("REPORT")
    assert page.evaluate("() => CSS.highlights.get('found').size") == 2
    for key, told in (
        ("Enter", "1 of 2"),
        ("Enter", "2 of 2"),
        ("Enter", "1 of 2"),
        ("Shift+Enter", "2 of 2"),
    ):
        field.press(key)
        assert count.text_content() == told
    assert page.locator(".turn.chosen").get_attribute("id") == "turn-6"
    field.fill("nothing of the kind")
    assert count.text_content() == "Not found"


def test_words_are_corrected_in_place_and_the_draft_follows(desk, town, meeting):
    _, page = desk
    before = page.evaluate(REVISION)
    said(page, 5).click()
    page.locator("#turn-5 .at").press("F2")
    page.locator("#line-text").fill("never kept")
    page.locator("#line-text").press("Escape")
    assert said(page, 5).text_content() == "Then I will send you the list of tables by Friday."
    page.locator("#turn-5 [data-edit]").click()
    page.locator("#line-text").fill("Then I will send you the list of tables by Monday.")
    with saved(page):
        page.locator("#line-text").press("Enter")
    assert page.evaluate(REVISION) != before
    assert said(page, 5).text_content() == "Then I will send you the list of tables by Monday."
    assert stored(town, meeting)["turns"][5]["text"].endswith("Monday.")
    page.locator("#draft .quote[data-turn='5']", has_text="Monday").wait_for()
    assert page.locator("[data-redraft]").is_visible()


def test_a_line_is_split_at_the_cursor_and_the_rest_is_somebody_elses(desk, town, meeting):
    _, page = desk
    said(page, 1).click()
    page.locator("#turn-1 [data-edit]").click()
    text = page.locator("#line-text")
    text.fill("👍👍 It went out. And who wrote it?")
    # Before "And": a thumb is one character to the service, two to the browser.
    text.evaluate("(field) => field.setSelectionRange(17, 17)")
    page.locator("[name=rest]").select_option("m")
    with saved(page):
        page.locator("[data-split]").click()
    page.locator("#turn-16").wait_for()
    turns = stored(town, meeting)["turns"][1:3]
    assert [(t["i"], t["speaker"], t["text"]) for t in turns] == [
        (1, "e", "👍👍 It went out."),
        (16, "m", "And who wrote it?"),
    ]
    order = page.locator(".turn").evaluate_all("(all) => all.slice(0, 4).map((one) => one.id)")
    assert order == ["turn-0", "turn-1", "turn-16", "turn-2"]


def test_an_unknown_voice_is_named_once_and_everything_follows(visit, town, meeting):
    def unknown(transcript):
        for turn in transcript["turns"][1:8:2]:
            turn["speaker"] = "s1"
        people = [*transcript["participants"], {"id": "s1", "role": "unknown", "name": ""}]
        return {**transcript, "participants": people, "uncovered_speech_s": 75.0}

    rewrite(town, meeting, unknown)
    page = visit("manager").open(f"/meetings/{meeting}/review")
    assert page.locator(".notice", has_text="1 minute of speech").is_visible()
    page.locator("[data-speakers] [data-speaker=s1]").click()
    page.get_by_role("dialog").get_by_role("radio", name=town.names["employee"]).check()
    with saved(page):
        page.get_by_role("dialog").get_by_role("button", name="Change all their lines").click()
    page.locator("[data-speakers] [data-speaker=s1]").wait_for(state="detached")
    assert {turn["speaker"] for turn in stored(town, meeting)["turns"]} == {"m", "e"}
    assert page.locator("#turn-1 .who").text_content() == town.names["employee"]


def test_two_who_were_mixed_up_change_places(desk, town, meeting):
    _, page = desk
    page.locator("[data-speakers] [data-speaker=e]").click()
    dialog = page.get_by_role("dialog")
    swap = dialog.get_by_role("checkbox")
    assert not swap.is_visible()
    dialog.get_by_role("radio", name=town.names["manager"]).check()
    swap.check()
    with saved(page):
        dialog.get_by_role("button", name="Change all their lines").click()
    page.locator("#turn-0[data-speaker=e]").wait_for()
    assert [turn["speaker"] for turn in stored(town, meeting)["turns"][:3]] == ["e", "m", "e"]


def test_somebody_elses_change_does_not_cost_what_was_typed(desk, service, town, meeting):
    one, page = desk
    said(page, 3).click()
    page.locator("#turn-3 [data-edit]").click()
    page.locator("#line-text").fill("My own words.")
    correct_elsewhere(service, town, meeting, page, {"edits": [{"i": 4, "text": "Their words."}]})
    one.allowed.add(412)
    page.locator("#line-text").press("Enter")
    problem = page.locator("[data-line-form] [data-problem]")
    problem.wait_for()
    assert "another tab" in problem.text_content()
    assert page.locator("#line-text").input_value() == "My own words."
    problem.get_by_role("button").click()
    page.locator("#turn-4 .said", has_text="Their words.").wait_for()
    assert page.locator("#line-text").input_value() == "My own words."
    with saved(page):
        page.locator("#line-text").press("Enter")
    page.locator("#turn-3 .said", has_text="My own words.").wait_for()
    assert [turn["text"] for turn in stored(town, meeting)["turns"][3:5]] == ["My own words.", "Their words."]


SELECT = """([from, to]) => {
  const text = (turn) => document.querySelector(`#turn-${turn} .said`).firstChild;
  document.addEventListener("rapport:selected", ({detail}) => { window.selected = detail.quotes; });
  getSelection().setBaseAndExtent(text(from[0]), from[1], text(to[0]), to[1]);
}"""


def test_selected_words_are_offered_as_an_item(visit, town, meeting):
    rewrite(
        town,
        meeting,
        lambda transcript: {
            **transcript,
            "turns": [{**turn, "text": "👍 " + turn["text"]} for turn in transcript["turns"]],
        },
    )
    page = visit("manager").open(f"/meetings/{meeting}/review")
    page.wait_for_load_state("networkidle")
    page.evaluate(SELECT, [[4, 3], [6, 14]])
    page.locator("[data-add-selected]").click()
    turns = stored(town, meeting)["turns"]
    quotes = page.evaluate("() => selected")
    assert [(q["turn"], q["text"]) for q in quotes] == [
        (4, turns[4]["text"][2:]),
        (5, turns[5]["text"]),
        (6, turns[6]["text"][:13].strip()),
    ]
    assert all(turns[q["turn"]]["text"][q["start"] : q["end"]] == q["text"] for q in quotes)


def test_a_line_is_offered_as_an_item_without_a_pointer(desk):
    _, page = desk
    page.evaluate(SELECT, [[0, 0], [0, 0]])
    page.locator("#turn-0 .at").press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert [quote["turn"] for quote in page.evaluate("() => selected")] == [1]


def test_the_page_follows_the_recording_until_somebody_scrolls(visit, town):
    meeting = town.planned()
    town.add_draft(meeting, turns=400)
    page = visit("manager").open(f"/meetings/{meeting}/review")
    follow = page.locator("[data-follow]")
    said(page, 2).click()
    page.locator(".turn.now").wait_for()
    assert not follow.is_visible()
    page.locator(".turns").hover()
    page.mouse.wheel(0, 5000)
    follow.wait_for()
    expect(page.locator(".turn.now")).not_to_be_in_viewport()
    follow.click()
    expect(page.locator(".turn.now")).to_be_in_viewport()
    expect(page.locator("#turn-16")).not_to_be_in_viewport()
    page.locator("[data-seek]").press("PageUp")
    expect(page.locator("#turn-16")).to_be_in_viewport()


def test_a_recording_that_a_browser_cannot_play_says_so(visit, town, meeting):
    one = visit("manager")
    one.page.route("**/audio", lambda route: route.fulfill(body=b"#!AMR", content_type="audio/amr"))
    page = one.open(f"/meetings/{meeting}/review")
    said(page, 1).click()
    page.locator("[data-unplayable]").wait_for()
