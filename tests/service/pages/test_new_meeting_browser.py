"""From a new meeting to a draft in a browser: people, consent, files, microphone, transcripts, progress."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from service.db.tables import Job, Recording
from tests.service.web.meeting_plans import sound

CHUNK = 8 * 2**20
COUNT = """(least) => new Promise((counted) => {
  const opening = indexedDB.open("rapport-recordings", 1);
  opening.onerror = () => counted(false);
  opening.onsuccess = () => {
    const request = opening.result.transaction("chunks").objectStore("chunks").count();
    request.onsuccess = () => { opening.result.close(); counted(request.result >= least); };
  };
})"""


@pytest.fixture
def talk(town):
    """A planned meeting to whose recording everybody agreed."""
    return town.planned()


def wav(folder, name, content):
    path = folder / name
    path.write_bytes(sound(content))
    return path


def choose(page, *paths):
    page.locator("input[data-choose-files]").set_input_files([*map(str, paths)])


def until_under_way(page):
    expect(page.get_by_role("heading", name="On the way to a draft")).to_be_visible()


def until_kept(page, pieces):
    """So many pieces of a recording are in the browser."""
    while not page.evaluate(COUNT, pieces):
        page.wait_for_timeout(50)  # the test's own limit ends this


def work_on(service, meeting, **values):
    """What a worker would tell of the job of this meeting."""
    with service.rapport.database.write() as work:
        work.session.execute(update(Job).where(Job.meeting_id == meeting).values(**values))


def recordings(service, meeting):
    with service.rapport.database.read() as work:
        rows = work.session.scalars(select(Recording).filter_by(meeting_id=meeting, state="complete"))
        return {row.track: (row.media_type, row.size_bytes) for row in rows}


def test_the_draft_is_waited_for_stopped_gone_on_with_and_opened(service, town, visit, talk):
    page = visit("manager").open(f"/meetings/{talk}")
    choose(page, service.folder / "sound.flac")
    page.get_by_role("button", name="Upload and make the draft").click()
    expect(page.get_by_text("Waiting for a free worker")).to_be_visible()
    work_on(service, talk, state="running", step="window", share=0.4, left_s=130.0)
    step = page.locator("[aria-current=step]")
    expect(step).to_contain_text("Writing down what is said")
    expect(page.get_by_text("40% · about 2 minutes left")).to_be_visible()
    page.reload()
    expect(step).to_contain_text("Writing down what is said")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_role("heading", name="You stopped the work")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    until_under_way(page)
    town.add_draft(talk)
    page.wait_for_url(f"**/meetings/{talk}/review")


def test_a_failure_is_said_in_words_and_tried_again(town, visit):
    page = visit("manager").open(f"/meetings/{town.meetings['failed']}")
    expect(page.get_by_role("heading", name="The draft could not be made")).to_be_visible()
    expect(page.get_by_text("Nothing was lost")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    until_under_way(page)
    page.reload()
    expect(page.get_by_text("Waiting for a free worker")).to_be_visible()


def test_progress_is_asked_for_where_no_events_come(service, town, visit):
    meeting = town.meetings["processing"]
    page = visit("manager").page
    page.add_init_script(
        "EventSource = class extends EventTarget { close() {}"
        " constructor() { super(); setTimeout(() => this.dispatchEvent(new Event('error'))); } }"
    )
    page.clock.install()
    page.goto(f"/meetings/{meeting}")
    until_under_way(page)
    town.add_draft(meeting)
    page.clock.fast_forward(6000)
    page.wait_for_url(f"**/meetings/{meeting}/review")


def test_a_meeting_is_planned_with_people_who_are_found(town, visit):
    page = visit("manager", timezone_id="Asia/Shanghai").open("/meetings/new")
    page.get_by_role("button", name="Plan the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody chosen yet")
    page.get_by_label("Search people").fill("becker")
    page.get_by_role("button", name=town.names["other"]).click()
    page.get_by_label("Takes part as").select_option("mentor")
    page.get_by_label("Search people").fill("")
    page.get_by_role("button", name=town.names["employee"]).click()
    rows = page.locator("[data-participant]:visible")
    expect(rows).to_have_count(2)
    rows.filter(has_text=town.names["employee"]).get_by_label("they agreed").check()
    page.get_by_label("Kind of conversation").select_option("review")
    expect(page.get_by_text("Facts of the period")).to_be_visible()
    page.get_by_text("Time, languages, rhythm").click()
    page.get_by_label("Date", exact=True).fill("2026-05-04")
    page.get_by_label("Begins at").fill("09:30")
    with page.expect_request("**/api/v1/meetings") as sent:
        page.get_by_role("button", name="Plan the meeting").click()
    assert sent.value.post_data_json["started_at"] == "2026-05-04T01:30:00.000Z"
    page.wait_for_url(re.compile("/meetings/[0-9a-f-]{36}$"))
    heading = f"Performance review with {town.names['other']}, {town.names['employee']}"
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("button", name=f"I asked, and {town.names['other']} agreed")).to_be_visible()
    expect(page.get_by_role("button", name=f"I asked, and {town.names['employee']} agreed")).to_have_count(0)


def test_who_is_taken_out_leaves_no_gap(town, visit):
    one = visit("manager")
    page = one.open(f"/meetings/new?with={town.ids['other']}")
    page.get_by_role("button", name=town.names["employee"]).click()
    page.get_by_role("button", name=f"Take out {town.names['other']}").click()
    with page.expect_request("**/api/v1/meetings") as sent:
        page.get_by_role("button", name="Plan the meeting").click()
    told = {"person_id": town.ids["employee"], "role": "employee", "agreed": False}
    assert sent.value.post_data_json["participants"] == [told]
    page.wait_for_url(re.compile("/meetings/[0-9a-f-]{36}$"))


def test_a_participant_agrees_and_then_the_manager_may_upload(town, visit):
    manager = visit("manager").open(f"/meetings/new?with={town.ids['employee']}")
    manager.get_by_role("button", name="Plan the meeting").click()
    expect(manager.get_by_role("heading", name="Consent first")).to_be_visible()
    employee = visit("employee").open(manager.url)
    employee.get_by_role("button", name="I agree", exact=True).click()
    expect(employee.get_by_text("You agreed on")).to_be_visible()
    manager.reload()
    expect(manager.get_by_role("heading", name="Upload a recording")).to_be_visible()
    employee.get_by_role("button", name="Withdraw my consent").click()
    employee.get_by_role("button", name="Yes, do it").click()
    expect(employee.get_by_role("heading", name="This meeting was erased")).to_be_visible()


def test_an_upload_goes_on_after_it_was_left(service, visit, talk, tmp_path):
    content = b"\0\1" * (CHUNK // 2 + 10_000)
    path, one = wav(tmp_path, "秘密 talk.wav", content), visit("manager")
    page = one.open(f"/meetings/{talk}")
    waiting = []

    def hold(route):
        """The second piece does not arrive."""
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", hold)
    choose(page, path)
    with page.expect_request(lambda request: request.headers.get("upload-offset") == str(CHUNK)):
        page.get_by_role("button", name="Upload and make the draft").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused at")).to_be_visible()
    kept = page.evaluate("() => JSON.stringify({...localStorage})")
    assert (talk in kept, "talk.wav" in kept, "秘密" in kept) == (True, False, False)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.get_by_text("8.4 MB of 8.4 MB are safe")).to_be_visible()
    begun = []
    page.on(
        "request", lambda request: begun.append(request.method) if "/api/v1/uploads" in request.url else None
    )
    choose(page, path)
    page.get_by_role("button", name="Upload and make the draft").click()
    until_under_way(page)
    assert begun == ["HEAD", "PATCH"]
    assert recordings(service, talk) == {None: ("audio/wav", path.stat().st_size)}


def test_an_upload_that_stopped_can_be_discarded(town, visit, talk, tmp_path):
    page = visit("manager").open(f"/meetings/{talk}")
    page.route(
        "**/api/v1/uploads/*", lambda route: None if route.request.method == "PATCH" else route.continue_()
    )
    choose(page, wav(tmp_path, "a.wav", b"\0\1" * 1000))
    with page.expect_request(lambda request: request.method == "PATCH"):
        page.get_by_role("button", name="Upload and make the draft").click()
    page.get_by_role("button", name="Pause").click()
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_text("An upload is not finished")).to_have_count(0)


def test_two_files_are_the_voices_of_two_people(service, visit, talk, tmp_path):
    page = visit("manager").open(f"/meetings/{talk}")
    choose(page, wav(tmp_path, "a.wav", b"\0\1" * 1000))
    assert page.get_by_label("Who speaks in it").input_value() == ""
    choose(page, wav(tmp_path, "b.wav", b"\0\2" * 2000))
    voices = page.get_by_label("Who speaks in it")
    assert [voices.nth(n).input_value() for n in (0, 1)] == ["m", "e"]
    voices.nth(1).select_option("m")
    page.get_by_role("button", name="Upload and make the draft").click()
    expect(page.get_by_text("Several files: say for each who speaks")).to_be_visible()
    voices.nth(0).select_option("e")
    page.get_by_role("button", name="Upload and make the draft").click()
    until_under_way(page)
    assert {track: size for track, (_, size) in recordings(service, talk).items()} == {"e": 2044, "m": 4044}


def test_a_refused_voice_is_replaced_without_sending_the_others_again(service, visit, talk, tmp_path):
    one = visit("manager")
    page = one.open(f"/meetings/{talk}")
    broken = tmp_path / "broken.wav"
    broken.write_text("no sound")
    choose(page, wav(tmp_path, "a.wav", b"\0\1" * 1000), broken)
    one.allowed = {415}
    page.get_by_role("button", name="Upload and make the draft").click()
    expect(page.get_by_role("alert").filter(has_text="no recording that can be read")).to_be_visible()
    page.get_by_role("button", name="Take out").click()
    choose(page, wav(tmp_path, "b.wav", b"\0\2" * 2000))
    page.get_by_role("button", name="Upload and make the draft").click()
    until_under_way(page)
    assert {track: size for track, (_, size) in recordings(service, talk).items()} == {"m": 2044, "e": 4044}


def test_one_voice_alone_can_be_gone_on_with(visit, talk, tmp_path):
    page = visit("manager").open(f"/meetings/{talk}")
    choose(page, wav(tmp_path, "a.wav", b"\0\1" * 1000))
    page.get_by_label("Who speaks in it").select_option("m")
    page.get_by_role("button", name="Upload and make the draft").click()
    page.get_by_role("button", name="Make the draft with these").click()
    until_under_way(page)


def test_what_is_no_recording_or_too_large_is_refused_in_the_page(visit, talk, tmp_path):
    one = visit("manager")
    page = one.open(f"/meetings/{talk}")
    path = tmp_path / "<img src=x onerror=alert(1)>.wav"
    path.write_text("<html>" * 500)
    choose(page, path)
    expect(page.get_by_text("<img src=x onerror=alert(1)>.wav")).to_be_visible()
    one.allowed = {415}
    page.get_by_role("button", name="Upload and make the draft").click()
    expect(page.get_by_role("alert").filter(has_text="no recording that can be read")).to_be_visible()
    page.locator("[data-upload]").evaluate("(room) => { room.dataset.most = 10; }")
    page.get_by_role("button", name="Take out").click()
    choose(page, path)
    page.get_by_role("button", name="Upload and make the draft").click()
    expect(page.get_by_role("alert").filter(has_text="at most 10 byte")).to_be_visible()


def test_a_transcript_is_pasted(town, visit, talk):
    one = visit("manager")
    page = one.open(f"/meetings/{talk}")
    page.get_by_text("Import a transcript").click()
    page.get_by_role("button", name="Import and make the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file")
    one.allowed = {422}
    page.get_by_label("Or paste the text").fill("no names here")
    page.get_by_role("button", name="Import and make the draft").click()
    expect(page.get_by_role("alert")).not_to_contain_text("Choose a file")
    names = town.names
    page.get_by_label("Or paste the text").fill(
        f"{names['manager']}: Hello.\n{names['employee']}: I will write it."
    )
    page.get_by_role("button", name="Import and make the draft").click()
    until_under_way(page)


def test_a_recording_outlives_the_crash_of_its_page(service, visit, talk):
    one = visit("manager")
    page = one.open(f"/meetings/{talk}")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_role("status").filter(has_text="Recording")).to_be_visible()
    until_kept(page, 2)
    one.page = other = one.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Another tab of this browser is recording")).to_be_visible()
    page.close()
    other.reload()
    expect(other.get_by_text(re.compile("A recording of 0:0[1-9] is in this browser"))).to_be_visible()
    other.get_by_role("button", name="Upload it and make the draft").click()
    until_under_way(other)
    assert recordings(service, talk)[None][0] == "video/webm"
    assert not other.evaluate(COUNT, 1)


def test_a_login_that_is_over_loses_no_recording(service, town, visit, talk):
    one = visit("manager")
    page, one.allowed = one.open(f"/meetings/{talk}"), {401}
    page.get_by_role("button", name="Start recording").click()
    until_kept(page, 1)
    one.context.clear_cookies()
    page.get_by_role("button", name="Finish and make the draft").click()
    expect(page.get_by_role("button", name="Upload it and make the draft")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Sign in")).to_be_visible()
    name, value = town.cookie("manager")
    one.context.add_cookies([{"name": name, "value": value, "url": service.base}])
    page.reload()
    page.get_by_role("button", name="Upload it and make the draft").click()
    until_under_way(page)


def test_the_agenda_alone_is_printed(visit, talk):
    page = visit("manager").open(f"/meetings/{talk}")
    page.emulate_media(media="print")
    expect(page.get_by_text("Progress and highlights")).to_be_visible()
    for other in ("Upload a recording", "Print the agenda", "Import a transcript"):
        expect(page.get_by_text(other)).to_be_hidden()


def test_a_recording_that_is_deleted_leaves_nothing(visit, talk):
    page = visit("manager").open(f"/meetings/{talk}")
    page.get_by_role("button", name="Start recording").click()
    until_kept(page, 1)
    page.get_by_role("button", name="Delete this recording").click()
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()
    assert not page.evaluate(COUNT, 1)


def test_a_recording_pauses_goes_on_and_becomes_the_upload(service, visit, talk):
    page = visit("manager").open(f"/meetings/{talk}")
    page.get_by_role("button", name="Start recording").click()
    until_kept(page, 1)
    page.wait_for_function("() => document.querySelector('[data-level]').value > 0")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused: nothing is recorded")).to_be_visible()
    page.get_by_role("button", name="Go on recording").click()
    page.get_by_role("button", name="Finish and make the draft").click()
    until_under_way(page)
    assert recordings(service, talk)[None][0] == "video/webm"
    assert not page.evaluate(COUNT, 1)


@pytest.mark.parametrize(
    ("name", "told"),
    [("NotAllowedError", "may not use the microphone"), ("NotFoundError", "No microphone was found")],
)
def test_a_microphone_that_cannot_be_had_is_explained(visit, talk, name, told):
    page = visit("manager").page
    refusal = f"async () => {{ throw new DOMException('', '{name}'); }}"
    page.add_init_script(f"MediaDevices.prototype.getUserMedia = {refusal}")
    page.goto(f"/meetings/{talk}")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_role("alert")).to_contain_text(told)


def test_a_browser_that_cannot_record_says_so_and_still_uploads(visit, talk):
    page = visit("manager").page
    page.add_init_script("delete window.MediaRecorder")
    page.goto(f"/meetings/{talk}")
    expect(page.get_by_text("This browser cannot record here")).to_be_visible()
    expect(page.get_by_role("button", name="Start recording")).to_be_disabled()
    expect(page.get_by_text("Choose files")).to_be_visible()


def test_a_meeting_is_called_off(visit, talk):
    page = visit("manager").open(f"/meetings/{talk}")
    page.get_by_role("button", name="Call the meeting off").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.wait_for_url("**/meetings")
    page.goto(f"/meetings/{talk}")
    expect(page.get_by_role("heading", name="This meeting was erased")).to_be_visible()
