from __future__ import annotations

import json
import time

import pytest

from models.development import Resource
from models.errors import NotACatalogue
from models.parsing.catalogue import import_catalogue, read_catalogue
from models.parsing.catalogue_checks import prerequisite_cycle
from service.errors import rebuild


def refusal(path):
    with pytest.raises(NotACatalogue) as caught:
        read_catalogue(path)
    return str(caught.value)


def test_csv_with_known_and_unknown_columns(written):
    path = written(
        "c.csv", 'id,title,kind,skills,room\na1,"SQL, the basics",Boot Camp,SQL; joins,12\n\na2,Other,,,\n'
    )
    first, second = read_catalogue(path)
    assert (first.id, first.title, first.kind, first.skills) == (
        "a1",
        "SQL, the basics",
        "boot camp",
        ("SQL", "joins"),
    )
    assert first.extra == {"room": "12"}
    assert (second.kind, second.extra) == ("other", {})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_as_chinese_spreadsheets_save_it(written, encoding):
    (entry,) = read_catalogue(written("c.csv", "编号;名称;技能\r\nk1;数据库入门;SQL、数据库\r\n", encoding))
    assert (entry.id, entry.title, entry.skills) == ("k1", "数据库入门", ("SQL", "数据库"))


def test_json_lines(written):
    lines = [{"id": 7, "title": "Seven", "tags": ["x"]}, {"id": "b", "title": "B", "skills": ["one", "two"]}]
    first, second = read_catalogue(written("c.jsonl", "\n".join(map(json.dumps, lines))))
    assert (first.id, first.extra) == ("7", {"tags": ["x"]})
    assert second.skills == ("one", "two")


@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: [e], lambda e: {"@graph": [e]}])
def test_schema_org_courses(written, wrap):
    course = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": "https://learn.example/courses/sql-1",
        "name": "SQL",
        "teaches": [{"@type": "DefinedTerm", "name": "joins"}, "queries"],
        "inLanguage": "en-GB",
        "provider": {"name": "Example"},
    }
    (entry,) = read_catalogue(written("c.jsonld", json.dumps(wrap(course), indent=1)))
    assert (entry.id, entry.kind, entry.skills) == ("sql-1", "course", ("joins", "queries"))
    assert entry.language == "en-GB"
    assert entry.extra["provider"] == {"name": "Example"}


def test_an_item_list_of_schema_org(written):
    items = [{"@type": "ListItem", "item": {"@type": "Course", "identifier": "x", "name": "X"}}]
    (entry,) = read_catalogue(written("c.json", json.dumps({"@type": "ItemList", "itemListElement": items})))
    assert entry.id == "x"


@pytest.mark.parametrize(
    ("name", "text", "place", "what"),
    [
        ("c.csv", "id,name\na,A\nb,\n", "line 3", '"title"'),
        ("c.csv", "id,colour\na,red\n", "line 1", '"title"'),
        ("c.csv", "id,title\n../etc,A\n", "line 2", '"id"'),
        ("c.csv", "id,title\na,A\na,B\n", "line 3", "twice"),
        ("c.csv", "id,title\na,b,c\n", "line 2", "cells"),
        ("c.csv", 'id,title\na,A\nb,"open\n\n\n', "line 3", "cannot be read"),
        ("c.csv", 'id,title\na,A\nb,"B" half\nc,C\n', "line 3", "cannot be read"),
        ("c.csv", "id,room,title\na,1,\n", "line 2, column 3", '"title"'),
        ("c.jsonl", '{"id": "a", "title": "A", "cost": NaN}\n', "line 1", "cannot be read"),
        ("c.jsonl", '{"id": "a", "title": "\\ud800"}\n', "line 1", "cannot be read"),
        ("c.jsonl", '{"id": "a", "title": "A"}\n{"id": }\n', "line 2, column 8", "cannot be read"),
        ("c.jsonl", '{"title": "A"}\n', "line 1", '"id"'),
        ("c.json", '[{"id": "a",\n "title" "A"}]', "line 2, column 10", "cannot be read"),
        ("c.json", '[{"id": "a", "title": "A"}, 5]', "entry 2", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(written, name, text, place, what):
    line = refusal(written(name, text))
    assert place in line
    assert what in line
    assert "\n" not in line


@pytest.mark.parametrize("text", ["", "id,title\n", "[]"])
def test_an_empty_catalogue_is_refused(written, text):
    assert "holds no entries" in refusal(written("c.csv" if "[" not in text else "c.json", text))


def test_missing_files_folders_and_binaries_are_refused(tmp_path, written):
    assert "no such file" in refusal(tmp_path / "none.csv")
    assert "not a text file" in refusal(tmp_path)
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\x00\x01\xff\xfe")
    assert "not a text file" in refusal(binary)


def test_deeply_nested_json_is_refused_and_does_not_crash(written):
    assert "cannot be read" in refusal(written("c.json", "[" * 100_000))


def test_all_problems_are_told_at_once_and_nothing_is_read(written):
    rows = "".join(f"a{n},\n" for n in range(23))
    path = written("c.csv", f"id,title\nok,Fine\n../x,Bad\nok,Again\n{rows}")
    with pytest.raises(NotACatalogue) as caught:
        read_catalogue(path)
    # Errors leave the model process as texts and are said in the reader's language on the other side.
    values = {key: str(value) for key, value in caught.value.values.items()}
    error = rebuild(type(caught.value).__name__, caught.value.key, values)
    lines = error.line("en").split("\n")
    assert (len(lines), lines[0]) == (22, "c.csv: nothing was read, 25 places need a correction:")
    assert lines[1].startswith('- c.csv, line 3, column 1: "id" is not valid.')
    assert lines[2].startswith("- c.csv, line 4: the id ok stands in the file twice.")
    assert lines[20].startswith('- c.csv, line 22, column 2: "title" is missing.')
    assert lines[21] == "- and 5 more. Correct these first."
    chinese = error.line("zh").split("\n")
    assert chinese[0] == "c.csv:未读入任何内容,有 25 处需要更正:"
    assert chinese[1].startswith("- c.csv,第 3 行第 1 列:")


def test_broken_lines_do_not_hide_later_ones(written):
    line = refusal(written("c.jsonl", '{"id": }\n{"id": "a", "title": "A"}\n[]\n{"id": "b"}\n'))
    assert [part in line for part in ("line 1, column 8", "line 2", "line 3", "line 4")] == [
        True,
        False,
        True,
        True,
    ]


def test_the_same_thing_under_two_ids_is_kept_once(written):
    text = (
        "id,title,kind,provider,level,prerequisites\n"
        "a,SQL Basics,course,Acme,beginner,\n"
        "b,sql  basics,Course,ACME,beginner,\n"
        "c,SQL Basics,course,Other,beginner,\n"
        "d,SQL Basics,course,Acme,advanced,b\n"
    )
    imported = import_catalogue(written("c.csv", text))
    assert [entry.id for entry in imported.resources] == ["a", "c", "d"]
    assert imported.merged == (("a", "b"),)
    assert imported.resources[2].prerequisites == ("a",)
    assert imported.notes[0].line("en").startswith("1 entries are the same as an earlier one")


def test_what_only_looks_alike_is_not_merged(written):
    rows = ("a,Talks,Ann,", "b,Talks,Bo,", "c,C++,,", "d,C#,,", "e,SQL,,2026-01-01", "f,SQL,,2026-09-01")
    text = "\n".join(["id,title,mentor,start", *rows])
    assert import_catalogue(written("c.csv", text)).merged == ()


def test_a_circle_of_prerequisites_is_refused_with_its_ids(written):
    text = "id,title,prerequisites\nfree,F,\nz,Z,x\nx,X,y; free\ny,Y,z\nlater,L,x\n"
    line = refusal(written("c.csv", text))
    named = line.split("begin: ")[1].split(". ")[0].split(", ")
    assert sorted(named) == ["x", "y", "z"]
    assert prerequisite_cycle([Resource("a", "A", prerequisites=("a",))]) == ("a",)
    assert prerequisite_cycle([Resource("a", "A", prerequisites=("b",)), Resource("b", "B")]) is None


def test_an_unknown_prerequisite_is_noted_and_kept_aside(written):
    imported = import_catalogue(written("c.csv", "id,title,prerequisites\na,A,b; ghost\nb,B,\n"))
    assert imported.resources[0].prerequisites == ("b",)
    assert imported.resources[0].extra == {"unknown_prerequisites": ["ghost"]}
    assert [note.line("en").split(",")[0] for note in imported.notes] == ["a asks for ghost first"]


def test_a_hundred_thousand_rows_take_seconds_and_one_more_is_refused(written):
    rows = [f"c{n},Course {n},course,SQL; joins,6 h,120,2026-09-01,12,Analysts" for n in range(100_001)]
    head = "id,title,kind,skills,effort,cost,starts,seats,audience"
    path = written("c.csv", "\n".join([head, *rows[:-1]]))
    began = time.process_time()
    assert len(read_catalogue(path)) == 100_000
    assert time.process_time() - began < 15  # about 3 s on one core; a square of the rows would take hours
    assert "more than 100000 entries" in refusal(written("d.csv", "\n".join([head, *rows])))


def test_html_stays_text(written):
    (entry,) = read_catalogue(
        written("c.csv", 'id,title,description\na,A,"<script>alert(1)</script> & <b>x"\n')
    )
    assert entry.description == "<script>alert(1)</script> & <b>x"
