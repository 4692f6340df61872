from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.development import Resource
from models.parsing.catalogue import read_catalogue
from models.parsing.catalogue_export import write_catalogue

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=already", "''-x", "'just an apostrophe"]


def test_no_cell_of_an_export_runs_as_a_formula_and_import_undoes_it(written):
    resources = [
        Resource(f"r{n}", text, description=text, extra={"note": text, "tab": f"\t{text}", "=head": "x"})
        for n, text in enumerate(FORMULAS)
    ]
    text = write_catalogue(resources, "csv")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert read_catalogue(written("c.csv", text)) == resources


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
STRIPPED = TEXT.map(str.strip)
NAME = STRIPPED.map(lambda text: " ".join(text.split())).filter(bool)
MAYBE = st.none() | STRIPPED.filter(bool)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda deeper: st.lists(deeper, max_size=3)
)
KEY = TEXT | st.sampled_from(
    ["provider", "title", "Cost", "extra", "@id", "offers", "merged_ids", ";;;;;;;;;;;;;;;;;;;;;;"]
)
RESOURCE = st.builds(
    Resource,
    id=st.just("x"),
    title=NAME,
    kind=NAME.map(str.lower),
    description=STRIPPED,
    skills=st.lists(STRIPPED.filter(bool), max_size=3, unique=True).map(tuple),
    level=MAYBE,
    language=MAYBE,
    effort_hours=st.none() | st.floats(0, 10_000),
    cost=st.none() | st.floats(0, 1e9),
    format=MAYBE,
    starts=st.lists(
        st.dates().filter(lambda d: 1970 <= d.year <= 2200).map(str), max_size=3, unique=True
    ).map(lambda days: tuple(sorted(days))),
    seats=st.none() | st.integers(0, 1_000_000),
    audience=MAYBE,
    link=st.none() | st.just("https://learn.example/a,b;c"),
    person=MAYBE,
    opted_in=st.booleans(),
    extra=st.dictionaries(KEY, JSON, max_size=3),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("round-trip")


@settings(max_examples=200, deadline=None)
@given(resource=RESOURCE, fmt=st.sampled_from(["csv", "jsonl"]))
def test_csv_and_json_lines_lose_nothing(folder, resource, fmt):
    other = Resource("y", "Y", prerequisites=("x",))
    path = folder / f"c.{fmt}"
    path.write_bytes(write_catalogue([resource, other], fmt).encode())
    assert read_catalogue(path) == [resource, other]


def test_json_ld_is_schema_org_and_reads_back_in_all_typed_fields(written):
    full = Resource(
        "a",
        "A",
        "course",
        "About",
        ("SQL, joins",),
        "beginner",
        "en",
        effort_hours=1.5,
        cost=120.0,
        format="online",
        starts=("2026-09-01", "2026-10-01"),
        seats=12,
        prerequisites=("b",),
        audience="Analysts",
        link="https://learn.example/a",
        person="Ann",
        opted_in=True,
    )
    text = write_catalogue([full, Resource("b", "B")], "jsonld")
    course = json.loads(text)["@graph"][0]
    assert (course["@type"], course["name"], course["timeRequired"]) == ("Course", "A", "PT1.5H")
    assert [run["startDate"] for run in course["hasCourseInstance"]] == ["2026-09-01", "2026-10-01"]
    first, second = read_catalogue(written("c.jsonld", text))
    assert replace(first, extra={}) == full
    assert replace(second, extra={}) == Resource("b", "B")
