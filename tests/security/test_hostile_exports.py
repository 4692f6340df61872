"""Names and words that would be code in a spreadsheet, a calendar, a page, a header or captions: over HTTP,
in every file that a meeting gives, they are words.
"""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document
from icalendar import Calendar
from sqlalchemy import update

from service.db.tables import Document as Stored
from service.db.tables import Meeting, Person
from service.domain.edits import Verdict
from service.usecases.confirm import confirm
from service.usecases.decide import Choice, decide
from tests.service.domain.drafts import draft
from tests.service.usecases.meeting_office import SHOWN, add_meeting, transcript

EVIL = (
    "=cmd|' /C calc'!A0 <script>alert(1)</script> ![x](javascript:alert(1)) [a](https://evil.example) "
    "00:00:01,000 --> 00:00:02,000 {=1+1} &lt; | `x`"
)
NAME = f"@SUM(1+9) {EVIL}"[:190]
BREAKS = "\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM\r\n\x00\x1b[2J\u202e\u2028"
FORMATS = ("md", "docx", "ics", "json", "srt")


@pytest.fixture(scope="module")
def files(town):
    """Every format of confirmed minutes full of such words. So is the name of the owner."""
    evil = draft()
    evil["action_items"] = [
        {**one, "task": EVIL + BREAKS, "due": "2026-05-08"} for one in evil["action_items"]
    ]
    evil["summary"] = f"{EVIL}{BREAKS}"
    meeting = add_meeting(town.office, town.rapport.database.clock, draft_value=evil)
    with town.rapport.database.write(town.ids["org"]) as work:
        for name in ("lead", "emp"):
            work.session.execute(update(Person).where(Person.id == town.ids[name]).values(display_name=NAME))
        row = work.one(Meeting, meeting)
        said = transcript()
        said["participants"] = [{**one, "name": NAME} for one in said["participants"]]
        said["turns"] = [{**turn, "text": turn["text"] + EVIL + BREAKS} for turn in said["turns"]]
        stored = work.one(Stored, row.transcript_id)
        stored.name = town.rapport.documents.write(row.key_id, said)
    lead = town.office.actor("lead")
    choices = [Choice(item, Verdict.accept) for item in ("p1", "g1", "a1")]
    revision = decide(town.rapport, lead, meeting, 1, choices).revision
    confirm(town.rapport, lead, meeting, revision, SHOWN)
    asked = {form: f"/api/v1/meetings/{meeting}/export?format={form}" for form in FORMATS}
    return {form: town.ask("lead", "GET", path) for form, path in asked.items()}


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_one_to_save_under_a_name_of_ours(files, form):
    answer = files[form]
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="0')
    assert "html" not in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_calendar_holds_its_tasks_and_nothing_that_they_bring(files):
    lines = files["ics"].content.replace(b"\r\n ", b"").split(b"\r\n")
    assert [line for line in lines if line.startswith((b"BEGIN", b"ACTION"))] == [
        b"BEGIN:VCALENDAR",
        *[b"BEGIN:VTODO"] * len(Calendar.from_ical(files["ics"].content).todos),
    ]
    assert b"\r" not in files["ics"].content.replace(b"\r\n", b"")


def test_markdown_holds_no_link_no_image_and_no_tag(files):
    text = files["md"].text
    assert "alert" in text
    assert not re.search(r"(?<!\\)[\[\]`]|<|://|[\x00-\x09\x0b-\x1f\u202e\u2028]", text)


def test_a_word_file_holds_no_field_and_no_link(files):
    with zipfile.ZipFile(io.BytesIO(files["docx"].content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    found = Document(io.BytesIO(files["docx"].content)).element.body.iter()
    tags = {element.tag.rpartition("}")[2] for element in found}
    assert not tags & {"fldSimple", "fldChar", "instrText", "hyperlink", "object", "altChunk"}
    assert b"TargetMode" not in b"".join(parts.values())


def test_captions_have_a_time_for_each_turn_and_no_other(files):
    lines = files["srt"].text.splitlines()
    assert sum("-->" in line for line in lines) == len(transcript()["turns"])
