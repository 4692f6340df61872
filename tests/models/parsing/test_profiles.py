from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.development import PastGap, Profile, Rating
from models.errors import NotAProfile
from models.parsing import reading
from models.parsing.profile_tables import FIELD_NAMES, HEADINGS
from models.parsing.profiles import read_profile, read_profiles, write_profiles
from models.parsing.spreadsheet_safety import neutralised, restored
from service.errors import rebuild

HEAD = "id,field,skill,value,by,on\n"
ANN = Profile(
    id="ann",
    role="Analyst",
    level="beginner",
    language="zh-CN",
    ratings=(Rating("SQL", 2, "manager", "2026-03-01"), Rating("谈判", 5, "self", "2025-12-31")),
    expected={"SQL": 4, "谈判": 3},
    interest="data",
    completed=frozenset({"sql-101", "b"}),
    gaps=(PastGap("SQL", "2026-05-05"),),
    budget=99.5,
)


def refusal(path, language="en", read=read_profiles):
    with pytest.raises(NotAProfile) as caught:
        read(path)
    return caught.value.line(language)


# One person


def test_a_person_file_with_every_field(written):
    raw = {
        "id": "ann",
        "role": "Analyst",
        "level": "beginner",
        "language": "zh-CN",
        "ratings": [
            {"skill": "SQL", "value": 2, "by": "manager", "on": "2026-03-01"},
            {"skill": "谈判", "value": 5, "by": "自评", "on": "2025-12-31"},
        ],
        "expected": {"SQL": 4, "谈判": 3},
        "interest": "data",
        "completed": ["sql-101", "b"],
        "gaps": [{"skill": "SQL", "on": "2026-05-05", "mood": "fine"}],
        "budget": 99.5,
        "shoe": 42,
    }
    assert read_profile(written("p.json", json.dumps(raw))) == ANN


def test_the_three_fields_of_before_still_make_a_person_file(written):
    person = read_profile(written("p.json", '{"language": "zh", "completed": ["a"], "shoe": 42}'))
    assert (person.language, person.level, person.completed) == ("zh", None, frozenset({"a"}))
    nothing = '{"language": null, "level": null, "completed": null}'
    assert read_profile(written("p.json", nothing)) == read_profile(written("q.json", "{}")) == Profile()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "not the profile of one person"),
        ('{"people": [{"id": "a"}]}', "not the profile of one person"),
        ("", "holds no people"),
        ("{", "line 1, column 2: this is not JSON"),
        ('{"level":\n nope}', "line 2, column 2: this is not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"budget": ' + "9" * 5000 + "}", "not JSON"),
        ('{"level": 3}', 'person 1, field level: "3" is not text'),
        ('{"completed": "a"}', 'field completed: "a" is not a list'),
        ('{"completed": [1]}', 'field completed, entry 1: "1" is not an id'),
        ('{"completed": ["ok", "../x"]}', 'field completed, entry 2: "../x" is not an id'),
        ('{"id": "a b"}', 'field id: "a b" is not an id'),
        ('{"expected": ["SQL"]}', 'field expected: "["SQL"]" is not a JSON object'),
        ('{"expected": {"SQL": 6}}', 'field expected, entry SQL: "6" is not a rating from 1 to 5'),
        ('{"expected": {"SQL": true}}', '"true" is not a rating'),
        ('{"ratings": [7]}', 'field ratings, entry 1: "7" is not a JSON object'),
        (
            '{"ratings": [{"skill": "a", "value": 1, "by": "boss", "on": "2026-01-01"}]}',
            'field ratings, entry 1, by: "boss" is not one of self, manager and assessed',
        ),
        ('{"gaps": [{"skill": " ", "on": "2026-01-01"}]}', "entry 1, skill: a value is missing"),
        ('{"gaps": [{"skill": "a", "on": "2026-02-30"}]}', 'entry 1, on: "2026-02-30" is not a date'),
        ('{"budget": -1}', 'field budget: "-1" is not an amount'),
        ('{"budget": NaN}', "is not an amount"),
        ('{"budget": 1' + "0" * 400 + "}", "is not an amount"),
        ('{"role": "a\\u0000b"}', "characters that are not text"),
        ('{"role": "\\ud800"}', "characters that are not text"),
        ('{"role": "' + "x" * 10_001 + '"}', "longer than 10000 characters"),
    ],
)
def test_person_files_that_cannot_be_used(written, text, told):
    line = refusal(written("p.json", text), read=read_profile)
    assert line.startswith("p.json")
    assert told in line
    assert "\n" not in line
    assert len(line) < 400


# Many people


def test_one_row_for_every_fact_in_any_order(written):
    rows = [
        "ann,rating,SQL,2,manager,2026-03-01",
        "bo,level,,advanced,,",
        'ann,role,,"Analyst, senior",,',
        "",
        ",,,,,",
        "ann,completed,,sql-101,,",
        "ann,gap,SQL,,,2026-05-05",
        "ann,budget,,99.50,,",
        "ann,rating,SQL,3,assessed,2026-04-01",
        "ann, expected, SQL, 4,,",
        "cy,,,,,",
    ]
    ann, bo, cy = read_profiles(written("people.csv", HEAD + "\n".join(rows)))
    assert ann == Profile(
        id="ann",
        role="Analyst, senior",
        ratings=(Rating("SQL", 2, "manager", "2026-03-01"), Rating("SQL", 3, "assessed", "2026-04-01")),
        expected={"SQL": 4},
        completed=frozenset({"sql-101"}),
        gaps=(PastGap("SQL", "2026-05-05"),),
        budget=99.5,
    )
    assert bo == Profile(id="bo", level="advanced")
    assert cy == Profile(id="cy")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_as_a_chinese_spreadsheet_saves_it(written, encoding):
    text = "日期;技能;取值;评价人;编号;字段;备注\r\n2026-03-01;谈判;2;上级;w1;评分;x\r\n;谈判;4;;w1;期望;\r\n"
    (person,) = read_profiles(written("p.csv", text, encoding))
    assert person == Profile(
        "w1", ratings=(Rating("谈判", 2, "manager", "2026-03-01"),), expected={"谈判": 4}
    )


@pytest.mark.parametrize(("said", "meant"), [("自评", "self"), ("上级", "manager"), ("测评", "assessed")])
def test_raters_in_chinese(written, said, meant):
    (person,) = read_profiles(written("p.csv", f"{HEAD}a,rating,SQL,3,{said},2026-01-01"))
    assert person.ratings[0].by == meant


def test_every_heading_and_field_name_is_taken(written):
    values = {"completed": "c-1", "rating": "1", "expected": "1", "budget": "1"}
    for column, names in HEADINGS.items():
        for name in names:
            head = HEAD.replace(column, name, 1) if column != "on" else HEAD.replace(",on", f",{name}")
            assert read_profiles(written("p.csv", head + "a,gap,SQL,,,2026-01-01"))[0].gaps
    for field, names in FIELD_NAMES.items():
        for name in (field, *names):
            row = f"a,{name},SQL,{values.get(field, 'x')},self,2026-01-01"
            assert read_profiles(written("p.csv", HEAD + row)) != [Profile("a")]


@pytest.mark.parametrize("wrap", [lambda people: people, lambda people: {"people": people, "year": 2026}])
def test_json_lists_of_people(written, wrap):
    people = [{"id": "a", "role": "x"}, {"level": "3"}, {"level": "3"}]
    found = read_profiles(written("p.json", json.dumps(wrap(people))))
    assert found == [Profile("a", role="x"), Profile(level="3"), Profile(level="3")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a,rating,SQL,6,self,2026-01-01", 'line 3, column value: "6" is not a rating from 1 to 5'),
        ("a,rating,SQL,4.5,self,2026-01-01", 'column value: "4.5" is not a rating'),
        ("a,rating,SQL,,self,2026-01-01", "column value: a value is missing"),
        ("a,rating,,3,self,2026-01-01", "column skill: a value is missing"),
        ("a,rating,SQL,3,boss,2026-01-01", 'column by: "boss" is not one of'),
        ("a,rating,SQL,3,self,2026/1/1", 'column on: "2026/1/1" is not a date such as'),
        ("a,rating,SQL,3,self,", "column on: a value is missing"),
        ("a,gap,SQL,,,", "column on: a value is missing"),
        ("a,expected,SQL,0,,", 'column value: "0" is not a rating'),
        ("a,completed,,../x,,", 'column value: "../x" is not an id'),
        ("a,budget,,1 500,,", 'column value: "1 500" is not an amount'),
        ("a,budget,,-5,,", 'column value: "-5" is not an amount'),
        ("a,ratnig,SQL,3,self,2026-01-01", 'column field: "ratnig" is not one of'),
        ("a,,SQL,,,", "column field: a value is missing"),
        ("a b,level,,x,,", 'column id: "a b" is not an id'),
        ("a,role,,other,,", 'column field: "role" was given before'),
        ("a,expected,Excel,2,,", 'column skill: "Excel" was given before'),
        ("a,level,,x,,,surplus", "line 3: more cells than the first line has headings"),
        ('a,level,,"x"y,,', "line 3: a quote"),
        ("a,budget,,\x1b[2J\x07,,", 'column value: "\ufffd[2J\ufffd" is not'),
    ],
)
def test_a_bad_row_is_named_with_file_line_and_column(written, row, told):
    text = 'id,field,skill,value,by,on\na,role,,"two","",\n' + row + "\n"
    if "Excel" in row:
        text = text.replace("a,role,,", "a,expected,Excel,").replace('"two"', "3")
    line = refusal(written("people.csv", text))
    assert line.startswith("people.csv: line ")
    assert told in line
    assert line.endswith("Nothing was imported. Correct the file and try again.")


def test_the_line_is_the_one_on_which_the_row_begins_and_the_heading_that_of_the_file(written):
    text = '编号,字段,技能,取值,评价人,日期\na,role,,"two\nlines",,\na,expected,"S\nQ\nL",9,,\n'
    path = written("p.csv", text)
    assert 'line 4, column 取值: "9"' in refusal(path)
    assert "第 4 行,取值 列: “9”不是 1 至 5 的评分" in refusal(path, "zh")


def test_all_problems_are_collected_and_the_first_twenty_told(written):
    rows = ["a,role,,fine,,", *[f"p{n},rating,SQL,{n + 10},boss,2026-01-01" for n in range(15)]]
    path = written("people.csv", HEAD + "\n".join(rows))
    line = refusal(path)
    assert line.startswith(
        'people.csv: line 3, column value: "10" is not a rating from 1 to 5; line 3, column'
    )
    assert line.count("column value") == line.count("column by") == 10
    assert "line 12, column by" in line
    assert "line 13" not in line
    assert "; and 10 more. Nothing was imported." in line
    assert "另有 10 处问题。未导入任何内容。" in refusal(path, "zh")


def test_an_unclosed_quote_is_told_with_where_it_opens_and_what_was_wrong_before(written):
    line = refusal(written("p.csv", HEAD + 'a,expected,SQL,9,,\na,role,,"open,,\na,level,,x,,\n'))
    assert 'line 2, column value: "9"' in line
    assert "line 3: a quote is left open" in line


def test_an_error_keeps_its_places_on_its_way_out_of_the_model_process(written):
    with pytest.raises(NotAProfile) as caught:
        read_profiles(written("p.csv", HEAD + "a,expected,SQL,9,,\n"))
    error = caught.value
    sent = json.loads(json.dumps({key: str(value) for key, value in error.values.items()}))
    told = rebuild("NotAProfile", error.key, sent)
    assert (
        told.line("zh")
        == error.line("zh")
        == ("p.csv:第 2 行,value 列: “9”不是 1 至 5 的评分。未导入任何内容。请更正文件后重试。")
    )


def test_people_of_a_json_list_are_named_by_their_number(written):
    people = [{"id": "a"}, 5, {"id": "a", "ratings": {}}, {"expected": {"SQL": 9}}]
    line = refusal(written("p.json", json.dumps(people)))
    assert 'person 2: "5" is not a JSON object' in line
    assert 'person 3, field ratings: "{}" is not a list' in line
    assert 'person 3, field id: the id "a" belongs to an earlier person' in line
    assert 'person 4, field expected, entry SQL: "9" is not a rating' in line


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("p.csv", "", "holds no people"),
        ("p.csv", HEAD, "holds no people"),
        ("p.csv", HEAD + ",,,,,\n\n", "holds no people"),
        ("p.json", "[]", "holds no people"),
        ("p.json", "", "holds no people"),
        ("p.json", '{"id": "a"}', "no list of people"),
        ("p.json", '{"people": {}}', "no list of people"),
        ("p.json", '[{"id": "a"},\n {]', "line 2, column 3"),
        ("p.csv", "field,value\nrole,x\n", "line 1: there is no column id"),
        ("p.csv", "\n\nid,value\na,x\n", "line 3: there is no column field"),
        ("p.csv", "id,field,编号\na,role,b\n", "line 1: the column id stands there twice"),
        ("p.csv", "just some words\n", "no column id"),
    ],
)
def test_files_without_people(written, name, text, told):
    path = written(name, text)
    assert told in refusal(path)
    assert refusal(path, "zh") != refusal(path)


def test_missing_files_folders_binaries_and_large_files(tmp_path, written, monkeypatch):
    assert "no such file" in refusal(tmp_path / "none.csv")
    assert "not a text file" in refusal(tmp_path)
    binary = tmp_path / "p.csv"
    binary.write_bytes(b"id,field\n\x00\xff\xfe")
    assert "saved as UTF-8" in refusal(binary)
    assert "UTF-8" in refusal(binary, "zh")
    latin = written("latin.csv", HEAD + "a,role,,café,,\n", "latin-1")
    assert "saved as UTF-8" in refusal(latin)
    monkeypatch.setattr(reading, "MAX_BYTES", 1024 * 1024)
    assert "larger than 1 MiB" in refusal(written("large.csv", HEAD + "a,role,,x,,\n" * 100_000))


def test_too_many_people(written, monkeypatch):
    monkeypatch.setattr("models.parsing.profile_tables.MAX_PEOPLE", 2)
    monkeypatch.setattr("models.parsing.profiles.MAX_PEOPLE", 2)
    assert "more than 2 people" in refusal(written("p.csv", HEAD + "a,,,,,\nb,,,,,\nc,,,,,\n"))
    assert "more than 2 people" in refusal(written("p.json", "[{}, {}, {}]"))
    assert len(read_profiles(written("p.csv", HEAD + "a,,,,,\nb,,,,,\na,level,,x,,\n"))) == 2


# Export


def test_export_is_a_table_or_json_for_people_to_read():
    table = list(csv.reader(io.StringIO(write_profiles([ANN], "csv"), newline="")))
    assert table[0] == ["id", "field", "skill", "value", "by", "on"]
    assert ["ann", "rating", "谈判", "5", "self", "2025-12-31"] in table
    assert ["ann", "budget", "", "99.5", "", ""] in table
    text = write_profiles([ANN, Profile("bo")], "json")
    assert "谈判" in text
    assert json.loads(text)["people"][1] == {"id": "bo"}


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_a_formula_is_exported_as_text_and_comes_back(written, start):
    formula = f"{start}HYPERLINK(A1)"
    profile = Profile("a", role=formula, expected={formula: 3, f"'{formula}": 2}, interest="'tis fine")
    text = write_profiles([profile], "csv")
    cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
    assert f"'{formula}" in cells
    assert "'tis fine" in cells
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert read_profiles(written("p.csv", text)) == [profile]


@given(st.text(st.sampled_from("'=+-@\t\r a") | st.characters()))
def test_neutralised_cells_are_safe_and_come_back_exactly(cell):
    safe = neutralised(cell)
    assert not safe.startswith(tuple("=+-@\t\r"))
    assert restored(safe) == cell
    if cell[:1] not in tuple("'=+-@\t\r"):
        assert safe == cell


def test_exports_that_could_not_be_read_back_are_refused():
    for people, fmt, told in (
        ([Profile("a"), Profile("a")], "csv", "Two people have the id a"),
        ([Profile("a"), Profile("a")], "json", "Two people have the id a"),
        ([Profile(role="x"), Profile(role="y")], "csv", "or export JSON"),
        ([Profile()], "csv", "or export JSON"),
    ):
        with pytest.raises(NotAProfile, match=told):
            write_profiles(people, fmt)


def test_one_person_without_an_id_can_be_exported(written):
    people = [Profile(role="x"), Profile("a")]
    assert read_profiles(written("p.csv", write_profiles(people, "csv"))) == people


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("'=+-@\t\r\n\",; \ufeff"),
    max_size=12,
)
skills = texts.filter(str.strip)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
days = st.dates(date(1970, 1, 1), date(2200, 12, 31)).map(str)
values = st.integers(1, 5)
profiles = st.builds(
    Profile,
    id=ids,
    role=st.none() | texts,
    level=st.none() | texts,
    language=st.none() | texts,
    ratings=st.lists(
        st.builds(Rating, skills, values, st.sampled_from(["self", "manager", "assessed"]), days), max_size=4
    ).map(tuple),
    expected=st.dictionaries(skills, values, max_size=4),
    interest=st.none() | texts,
    completed=st.frozensets(ids, max_size=4),
    gaps=st.lists(st.builds(PastGap, skills, days), max_size=4).map(tuple),
    budget=st.none() | st.floats(min_value=0, allow_infinity=False).map(abs),
)


@pytest.mark.parametrize("fmt", ["csv", "json"])
@given(people=st.lists(profiles, min_size=1, max_size=4, unique_by=lambda profile: profile.id))
def test_what_is_exported_is_imported_without_loss(tmp_path_factory, fmt, people):
    path = tmp_path_factory.getbasetemp() / f"round-trip.{fmt}"
    path.write_bytes(write_profiles(people, fmt).encode())
    assert read_profiles(path) == people
