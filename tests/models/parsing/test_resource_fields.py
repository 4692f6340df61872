from __future__ import annotations

import json

import pytest

from models.development import Resource
from models.parsing.catalogue import import_catalogue, read_catalogue

TYPED = {
    "effort_hours": 6.0,
    "cost": 120.0,
    "format": "online",
    "starts": ("2026-09-01", "2026-10-01"),
    "seats": 12,
    "prerequisites": ("b",),
    "audience": "Analysts",
    "link": "https://learn.example/a?x=1",
    "person": "Ann",
    "opted_in": True,
}


def typed(entry):
    return {name: getattr(entry, name) for name in TYPED}


@pytest.mark.parametrize(
    "headings",
    [
        "id,title,effort_hours,cost,format,starts,seats,prerequisites,audience,link,person,opted_in",
        "编号,名称,时长,费用,授课方式,开课日期,名额,先修课程,适用对象,链接,导师,同意",
    ],
)
def test_every_typed_field_has_english_and_chinese_headings(written, headings):
    row = "a,A,6 h,120,online,2026-10-01; 2026-09-01,12,b,Analysts,https://learn.example/a?x=1,Ann,是"
    first, second = read_catalogue(written("c.csv", f"{headings}\n{row}\nb,B\n"))
    assert (typed(first), first.extra) == (TYPED, {})
    assert typed(second) == typed(Resource("b", "B"))


def test_typed_fields_of_a_schema_org_course(written):
    run = {"courseMode": "online", "courseWorkload": "PT6H", "maximumAttendeeCapacity": 6}
    course = {
        "@type": "Course",
        "identifier": "a",
        "name": "A",
        "offers": [{"@type": "Offer", "price": "150.00"}, {"@type": "Offer", "price": 120}],
        "hasCourseInstance": [
            {**run, "startDate": "2026-10-01"},
            {**run, "startDate": "2026-09-01T09:00:00+08:00"},
        ],
        "coursePrerequisites": [{"@type": "Course", "@id": "https://learn.example/b"}],
        "audience": {"@type": "EducationalAudience", "audienceType": "Analysts"},
        "url": "https://learn.example/a?x=1",
        "isAccessibleForFree": False,
    }
    other = {
        "@type": "Course",
        "identifier": "b",
        "name": "B",
        "isAccessibleForFree": True,
        "timeRequired": "P2D",
    }
    first, second = read_catalogue(written("c.jsonld", json.dumps({"@graph": [course, other]})))
    assert typed(first) == {**TYPED, "person": None, "opted_in": False}
    assert first.extra["offers"] == course["offers"]
    assert (second.cost, second.effort_hours) == (0.0, 16.0)


def test_a_run_that_says_no_day_leaves_the_course_open(written):
    runs = [{"startDate": "2026-01-01", "maximumAttendeeCapacity": 0}, {"courseMode": "online"}]
    (entry,) = read_catalogue(
        written("c.json", json.dumps({"id": "a", "name": "A", "hasCourseInstance": runs}))
    )
    assert (entry.starts, entry.seats) == ((), None)


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("6", 6),
        ("6 h", 6),
        ("1.5 hours", 1.5),
        ("2 days", 16),
        ("90 min", 1.5),
        ("1 h 30 min", 1.5),
        ("90分钟", 1.5),
        ("2天", 16),
        ("PT6H", 6),
        ("PT1H30M", 1.5),
        ("P2D", 16),
    ],
)
def test_efforts(written, said, hours):
    assert read_catalogue(written("c.csv", f"id,title,effort\na,A,{said}\n"))[0].effort_hours == hours


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("effort", "about a day"),
        ("effort", "6 weeks"),
        ("effort", "P"),
        ("effort", "20000"),
        ("effort", "1" * 100_000 + "x"),
        ("cost", "$100"),
        ("cost", "-5"),
        ("cost", "1e999"),
        ("seats", "2.5"),
        ("seats", "many"),
        ("starts", "2026-09-01; soon"),
        ("starts", "2026-02-30"),
        ("prerequisites", "basic algebra"),
        ("link", "javascript:alert(1)"),
        ("link", "file:///etc/passwd"),
        ("link", "https://bank.example@evil.example/"),
        ("opted_in", "perhaps"),
    ],
)
def test_what_cannot_be_read_is_kept_and_noted_and_refuses_nothing(written, heading, said):
    imported = import_catalogue(written("c.csv", f"id,title,{heading}\na,A,{said}\n"))
    (entry,) = imported.resources
    assert typed(entry) == typed(Resource("a", "A"))
    assert entry.extra == {heading: said}
    (note,) = imported.notes
    assert "could not be read in 1 entries (the first: a)" in note.line("en")
    assert "首个:a" in note.line("zh")


def test_free_is_a_price(written):
    entries = read_catalogue(written("c.csv", "id,title,price\na,A,Free\nb,B,免费\nc,C,\n"))
    assert [entry.cost for entry in entries] == [0.0, 0.0, None]
