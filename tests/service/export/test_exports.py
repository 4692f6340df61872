"""Exports of a draft in which everybody tries to break out of the text they are quoted in."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt

from models.schema import (
    ActionItem,
    Agreement,
    Checks,
    Draft,
    Evidence,
    FollowUp,
    Indicator,
    Participant,
    Point,
    Recommendation,
    SkillGap,
    Talk,
    ToneFlag,
    Transcript,
    Turn,
)
from service.export import outline
from service.export.docx import to_docx
from service.export.ics import to_ics
from service.export.markdown import to_markdown
from service.export.srt import to_srt

NASTY = (
    "<script>alert(1)</script> [x](http://evil.example) ![i](u) **b** `c` | a & b \x1b[31m\x00\x0b\u202e # x"
)


def transcript(text: str = "I'll send it by Friday.", name: str = "Dana") -> Transcript:
    people = (Participant("m", "manager", name), Participant("e", "employee", "Luis"))
    turns = (Turn(0, "m", "Could you?", 0.5, 3.25), Turn(1, "e", text, 3661.0, 3663.5))
    return Transcript("talk-1", "en", "2026-05-05", people, turns)


def draft(text: str = "Send the report", language: str = "en") -> Draft:
    evidence = (Evidence(1, text),)
    return Draft(
        id="talk-1",
        transcript_rev=1,
        language="en",
        minutes_language=language,
        date="2026-05-05",
        kind="check_in",
        summary=text,
        stages=(),
        points=(Point("p1", "obstacle", text, "e", evidence),),
        agreements=(Agreement("g1", text, evidence, 0.9),),
        action_items=(
            ActionItem("a1", text, "e", evidence, 0.9, None, "2026-05-08", "by Friday", text, "weekly"),
            ActionItem("a2", "Ask the vendor", None, evidence, 0.4, text),
        ),
        skill_gaps=(SkillGap("k1", text, "e", evidence, 0.7),),
        recommendations=(Recommendation("r1", "k1", "c1", text, "course", text, 0.8),),
        tone_flags=(ToneFlag("t1", 1, "critical", 0.9, "secret quote", "secret why", "secret rewording"),),
        follow_up=(FollowUp("a0", "done", None, evidence),),
        feedback_quality={"balance": Indicator(0.5, (1,), "secret indicator")},
        talk={"e": Talk(0.4, 3, 10.0, 1)},
        checks=Checks({"quote": 2}, 4.4),
        provenance={},
    )


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(markdown)


def test_markdown_has_the_table_of_action_items_and_their_quotes():
    html = rendered(to_markdown(draft(), transcript()))
    for cell in (
        "Send the report",
        "Luis",
        "2026-05-08, weekly",
        "“by Friday” → Send the report",
        "90%",
        "1",
    ):
        assert f"<td>{cell}</td>" in html
    assert "not clear who: Send the report" in html
    assert "“Send the report” — Luis, 1:01:01, turn 1" in html
    assert "Suggestion, not confirmed" in html
    assert "About 4 seconds of speech" in html


@pytest.mark.parametrize(
    "text", [NASTY, "1. one", "- x", "# h", "---", "===", "> q", "    code", "http://a.example"]
)
def test_markdown_takes_every_word_literally(text):
    plain = rendered(to_markdown(draft("Report"), transcript("Report")))
    html = rendered(to_markdown(draft(text), transcript(text, name=text)))
    for tag in (
        "<script",
        "<a ",
        "<img",
        "<code",
        "<em",
        "<h1",
        "<h2",
        "<ol",
        "<blockquote",
        "<pre",
        "<hr",
        "<td",
    ):
        assert html.count(tag) == plain.count(tag), tag
    assert "\x1b" not in html
    assert "\u202e" not in html


@settings(deadline=None)
@given(st.text(max_size=80))
def test_markdown_keeps_its_shape_whatever_people_say(text):
    html = rendered(to_markdown(draft(text or "x"), transcript(text or "x", name=text)))
    assert html.count("<tr>") == 3
    assert "<a " not in html
    assert "<img" not in html


@pytest.mark.parametrize("make", [to_markdown, lambda d, t: words(to_docx(d, t))])
def test_files_hold_nothing_that_is_private_to_the_manager(make):
    content = make(draft(), transcript())
    assert "secret" not in content
    assert "of the talk" not in content


def test_private_section_is_there_for_the_terminal():
    parts = outline.Minutes(draft(), transcript()).private().parts
    flag = parts[0]
    assert isinstance(flag, outline.Point)
    assert "secret why" in flag.text
    assert any("secret indicator" in part for part in parts if isinstance(part, str))


def words(docx: bytes) -> str:
    file = Document(BytesIO(docx))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_docx_opens_with_hostile_text_and_shows_it_literally():
    content = words(to_docx(draft(NASTY), transcript(NASTY, name=NASTY)))
    assert "<script>alert(1)</script> [x](http://evil.example)" in content
    assert "\x1b" not in content
    assert "Suggestion, not confirmed" in content


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=60))
def test_docx_is_valid_xml_whatever_people_say(text):
    with ZipFile(BytesIO(to_docx(draft(text), transcript(text, name=text)))) as archive:
        assert archive.testzip() is None
    words(to_docx(draft(text), transcript(text)))


def test_chinese_minutes_have_chinese_headings():
    made = outline.Minutes(draft(language="zh"), transcript()).outline()
    assert "未经确认" in made.notice
    titles = [section.title for section in made.sections]
    assert titles == [
        "摘要",
        "行动项",
        "共识",
        "障碍",
        "上次行动项的进展",
        "待提升的技能与学习资源",
        "未涵盖的内容",
    ]
    assert "行动项" in to_markdown(draft(language="zh"), transcript())


@pytest.mark.parametrize(
    ("rule", "language", "words"),
    [
        ("bare_weekday", "en", "next such weekday"),
        ("end_of_week", "zh", "星期五"),
        ("rule_of_tomorrow", "en", "rule of tomorrow"),
    ],
)
def test_how_a_date_was_understood_is_said_in_words(rule, language, words):
    item = replace(draft().action_items[0], due_rule=rule)
    assert words in to_markdown(replace(draft(language=language), action_items=(item,)), transcript())


def test_an_assumed_day_is_said():
    assumed = replace(draft(), provenance={"date": outline.TODAY})
    assert "nobody gave the day" in to_markdown(assumed, transcript())
    assert "nobody gave the day" not in to_markdown(draft(), transcript())


def test_srt_has_names_and_times_and_no_broken_cues():
    assert to_srt(transcript("so --> what\n\n2\nnow")) == (
        "1\n00:00:00,500 --> 00:00:03,250\nDana: Could you?\n\n"
        "2\n01:01:01,000 --> 01:01:03,500\nLuis: so → what 2 now\n"
    )


def test_srt_of_a_transcript_without_times_is_empty():
    silent = replace(transcript(), turns=(Turn(0, "m", "Hi"), Turn(1, "e", "Ho")))
    assert to_srt(silent) == ""


def todos(content: bytes) -> list:
    return Calendar.from_ical(content).walk("VTODO")


def test_ics_has_a_todo_for_each_item_with_a_date():
    (todo,) = todos(to_ics(draft(), transcript()))
    assert todo["due"].dt.isoformat() == "2026-05-08"
    assert todo["summary"] == "Send the report"
    assert "Suggestion, not confirmed" in todo["description"]


def test_ics_is_the_same_every_time_and_its_uid_belongs_to_the_item():
    assert to_ics(draft(), transcript()) == to_ics(draft(), transcript())
    (first,), (second,) = (todos(to_ics(d, transcript())) for d in (draft(), draft("Send it all")))
    assert first["uid"] == second["uid"]
    (other,) = todos(to_ics(replace(draft(), id="talk-2"), transcript()))
    assert other["uid"] != first["uid"]


def test_ics_lines_are_folded_and_nobody_adds_a_property():
    text = "x" * 200 + "\r\nATTACH:http://evil.example\nEND:VTODO,;\\"
    content = to_ics(draft(text), transcript())
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (todo,) = todos(content)
    assert "ATTACH" not in todo
