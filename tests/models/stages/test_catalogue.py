from __future__ import annotations

import json

import pytest

from models.errors import NotACatalogue
from models.stages.catalogue import read_catalogue


@pytest.fixture
def written(tmp_path):
    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def refusal(path):
    with pytest.raises(NotACatalogue) as caught:
        read_catalogue(path)
    return str(caught.value)


def test_csv_with_known_and_unknown_columns(written):
    path = written(
        "c.csv", 'id,title,kind,skills,price\na1,"SQL, the basics",Boot Camp,SQL; joins,12\n\na2,Other,,,\n'
    )
    first, second = read_catalogue(path)
    assert (first.id, first.title, first.kind, first.skills) == (
        "a1",
        "SQL, the basics",
        "boot camp",
        ("SQL", "joins"),
    )
    assert first.extra == {"price": "12"}
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
        ("c.csv", 'id,title\na,"open\n', "line", "cannot be read"),
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
