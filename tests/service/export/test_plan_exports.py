"""Files of a development plan, also when titles, names and quotes try to break out of their place."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from models.parsing import to_json
from models.parsing.plans import read_plan
from models.plans import ChosenOption, DevelopmentPlan, GrowPlan, Step
from models.schema import Evidence, Participant
from service.export import plan_outline
from service.export.plan_formats import render_plan
from service.export.plan_outline import PlanPages
from tests.service.export.test_exports import NASTY, rendered

PEOPLE = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
FORMULA = '=HYPERLINK("http://evil.example","x")'


def plan(text: str = "SQL basics", language: str = "en") -> DevelopmentPlan:
    steps = (
        Step("p1", "learn", "employee", "e", text, text, "2026-05-11", "2026-06-22", "c1"),
        Step("p2", "support", "manager", "m", "Make time", "In the calendars", None, "2026-05-12"),
        Step("p3", "review", "both", None, "Talk about it", "Said", None, "2026-06-02"),
    )
    option = ChosenOption("r1", "c1", text, "course", text, 12.0, 1200.0, text, "https://a.example/x", "p1")
    one = GrowPlan(
        gap="k1",
        skill=text,
        skill_uri=None,
        goal=text,
        target=4,
        reality=text,
        current=2,
        evidence=(Evidence(3, text),),
        options=(option,),
        will=steps,
        review_on="2026-06-02",
    )
    return DevelopmentPlan("talk-1", 1, language, "2026-05-04", "e", "2026-05-05", "2026-06-02", (one,))


def markdown(made: DevelopmentPlan, people=PEOPLE) -> str:
    return render_plan("md", made, people).decode("utf-8")


def words(made: DevelopmentPlan, people=PEOPLE) -> list[str]:
    file = Document(BytesIO(render_plan("docx", made, people)))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in file.paragraphs), *cells]


def entries(made: DevelopmentPlan, people=PEOPLE) -> Calendar:
    return Calendar.from_ical(render_plan("ics", made, people))


def test_markdown_says_who_does_what_by_when_and_how_it_shows():
    html = rendered(markdown(plan()))
    for cell in ("Employee: Luis", "from 2026-05-11 to 2026-06-22", "Manager: Dana", "by 2026-05-12"):
        assert f"<td>{cell}</td>" in html
    for cell in ("Both", "on 2026-06-02", "In the calendars", "p3"):
        assert f"<td>{cell}</td>" in html
    assert "“SQL basics” — turn 3" in html
    assert "(course, about 12 h, cost 1,200, with SQL basics), step p1." in html


def test_chinese_plan_has_chinese_headings():
    text = markdown(plan(language="zh"))
    for said in (
        "发展计划",
        "未经主管确认",
        "员工：Luis",
        "2026-05-11 至 2026-06-22",
        "课程，约 12 小时",
        "第 3 条发言",
    ):
        assert said in text
    assert "Goal" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_file_is_marked_as_unconfirmed(language):
    made = plan(language=language)
    notice = PlanPages(made).outline().notice
    assert ("not confirmed" if language == "en" else "未经主管确认") in notice
    assert f"> **{notice}**" in markdown(made)
    assert words(made)[1] == notice
    calendar = entries(made)
    assert all(notice in str(one["description"]) for one in calendar.walk() if one.name != "VCALENDAR")


def test_without_names_there_are_an_employee_and_a_manager():
    html = rendered(markdown(plan(), people=()))
    assert "<td>Employee</td>" in html
    assert "Employee e" in html


@pytest.mark.parametrize("text", [NASTY, FORMULA, "1. one", "- x", "# h", "---", "> q", "http://a.example"])
def test_markdown_takes_every_word_literally(text):
    tags = ("<script", "<a ", "<img", "<code", "<em", "<h1", "<h2", "<ol", "<blockquote", "<hr", "<td")
    names = (Participant("e", "employee", text),)
    plain, html = rendered(markdown(plan(), PEOPLE[1:])), rendered(markdown(plan(text), names))
    assert {tag: html.count(tag) for tag in tags} == {tag: plain.count(tag) for tag in tags}
    assert "\x1b" not in html
    assert "\u202e" not in html


@settings(deadline=None)
@given(st.text(max_size=80))
def test_markdown_and_docx_keep_their_shape_whatever_is_written(text):
    names = (Participant("e", "employee", text),)
    html = rendered(markdown(plan(text or "x"), names))
    assert (html.count("<tr>"), html.count("<a "), html.count("<img")) == (4, 0, 0)
    with ZipFile(BytesIO(render_plan("docx", plan(text), names))) as archive:
        assert archive.testzip() is None
    assert len(words(plan(text), names)) == len(words(plan(), PEOPLE[1:]))


def test_docx_shows_hostile_text_literally():
    shown = "\n".join(words(plan(NASTY), (Participant("e", "employee", NASTY),)))
    assert "<script>alert(1)</script> [x](http://evil.example)" in shown
    assert "\x1b" not in shown


def test_a_name_or_a_title_is_no_formula_when_the_table_is_pasted_into_a_spreadsheet():
    names = (Participant("e", "employee", FORMULA),)
    made = plan()
    cells = [cell for row in PlanPages(made, names).outline().sections[0].parts[-1].rows for cell in row]
    assert f"Employee: {FORMULA}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_ics_has_a_task_for_each_step_and_one_event_for_the_review():
    calendar = entries(plan())
    learn, support = calendar.walk("VTODO")
    assert (learn["dtstart"].dt.isoformat(), learn["due"].dt.isoformat()) == ("2026-05-11", "2026-06-22")
    assert learn["summary"] == "SQL basics"
    assert "Employee: Luis" in learn["description"]
    assert support["due"].dt.isoformat() == "2026-05-12"
    (review,) = calendar.walk("VEVENT")
    assert review["dtstart"].dt.isoformat() == "2026-06-02"
    assert review["status"] == "TENTATIVE"
    assert len({one["uid"] for one in (learn, support, review)}) == 3
    assert "METHOD" not in calendar  # a file, not an invitation that is sent to anybody


def test_ics_is_the_same_every_time_and_nobody_adds_a_property():
    assert render_plan("ics", plan()) == render_plan("ics", plan())
    text = "x" * 200 + "\r\nATTACH:http://evil.example\nEND:VTODO,;\\"
    assert all(len(line) <= 75 for line in render_plan("ics", plan(text)).split(b"\r\n"))
    calendar = entries(plan(text))
    assert len(calendar.walk("VTODO")) == 2
    assert not any("ATTACH" in one for one in calendar.walk())


def test_every_entry_of_the_headings_is_used_or_names_a_kind():
    names = ("plan_outline.py", "plan_ics.py")
    source = "".join((Path(plan_outline.__file__).parent / name).read_text("utf-8") for name in names)
    table = tomllib.loads((Path(plan_outline.__file__).parent / "plan_headings.toml").read_text("utf-8"))
    quoted = set(re.findall(r"""(["']\w+["'])""", source))
    other = {
        key
        for key in table
        if not key.startswith(("kind_", "column_")) and not {f'"{key}"', f"'{key}'"} & quoted
    }
    assert other == {"employee", "manager", "both"}  # said by step.who


def test_chinese_words_have_chinese_punctuation():
    said = plan_outline.WORDING.table
    assert [key for key, one in said.items() if set(one["zh"]) & set(",:;()")] == []


def test_the_document_can_be_read_again(tmp_path):
    path = tmp_path / "talk-1.plan.json"
    path.write_text(to_json(plan(NASTY)), "utf-8")
    assert read_plan(path) == plan(NASTY)
