"""`rapport catalogue` and `rapport people`: what they tell, what they write, and what they never touch."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest

from models.parsing.catalogue import read_catalogue
from models.parsing.profiles import read_profiles
from service.commands import surroundings
from service.export.plain_text import clean
from tests.service.commands.run_cli import rapport

COURSES = [
    {"id": "sql", "title": "SQL for beginners", "kind": "course", "language": "en", "cost": 90},
    {
        "id": "sum",
        "title": "=SUM(A1:A9)",
        "skills": ["-1", "@home"],
        "room": "+49 30",
        "prerequisites": ["sql"],
    },
    {"id": "zh", "title": "数据分析", "kind": "course", "language": "zh", "starts": ["2026-09-01"]},
]
TEAM = {
    "people": [
        {
            "id": "ann",
            "role": "=cmd|'/c calc'!A1",
            "budget": 500,
            "completed": ["sql"],
            "expected": {"SQL": 4},
        },
        {
            "id": "bo",
            "role": "分析师",
            "ratings": [
                {"skill": "SQL", "value": 2, "by": "manager", "on": "2026-03-01"},
                {"skill": "@mentions", "value": 3, "by": "self", "on": "2026-03-02"},
            ],
            "gaps": [{"skill": "SQL", "on": "2026-05-05"}],
        },
    ]
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = "\x1b[2J\u202egpj.exe\x07\x9b31m"
COMMANDS = ("catalogue", "people")


@pytest.fixture
def folder(tmp_path):
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in COURSES)
    (tmp_path / "c.jsonl").write_text("".join(lines), "utf-8")
    (tmp_path / "p.json").write_text(json.dumps(TEAM), "utf-8")
    return tmp_path


def told(*arguments, cwd, language="en"):
    ran = rapport(*arguments, cwd=cwd, engines="broken", env={"RAPPORT_LANG": language})
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def no_formula(path):
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")) for cell in row]
    return cells and not any(cell.startswith(FORMULA) for cell in cells)


def test_a_catalogue_is_told_in_numbers_and_comes_back_from_every_form(folder):
    before = read_catalogue(folder / "c.jsonl")
    source = "c.jsonl"
    for out in ("deep/one.csv", "two.JSONL", "three.jsonld", "four.csv"):
        assert told("catalogue", source, "--out", out, cwd=folder) == [
            "Entries: 3",
            "By language: en 1, zh 1, not said 1",
            "By kind: course 2, other 1",
            f"Written: {out}",
        ]
        source = out
    assert read_catalogue(folder / "two.JSONL") == before
    assert [one.title for one in read_catalogue(folder / "four.csv")] == [one.title for one in before]
    assert no_formula(folder / "deep/one.csv")
    assert no_formula(folder / "four.csv")


def test_people_are_counted_not_named_and_come_back_from_every_form(folder):
    before = read_profiles(folder / "p.json")
    facts = "Other facts: role 2, level 0, language 0, interest 0, budget 1, completed 1, earlier gaps 1"
    source = "p.json"
    for out in ("team.csv", "team.json"):
        assert told("people", source, "--out", out, cwd=folder) == [
            "People: 2",
            "Ratings: 2",
            "Expected ratings: 1",
            facts,
            f"Written: {out}",
        ]
        assert read_profiles(folder / out) == before
        source = out
    assert no_formula(folder / "team.csv")


def test_chinese(folder):
    assert told("catalogue", "c.jsonl", cwd=folder, language="zh")[1] == "按语言:en 1、zh 1、未注明 1"
    assert told("people", "p.json", cwd=folder, language="zh")[0] == "人员:2"
    for command in COMMANDS:
        assert "不会被覆盖" in clean(
            rapport(command, "--help", cwd=folder, env={"RAPPORT_LANG": "zh", "COLUMNS": "400"}).out
        )


def test_merged_ids_and_notes_are_told(tmp_path):
    rows = [f"sql{n},SQL,nobody-knows,{'soon' if n else ''}" for n in range(25)]
    (tmp_path / "c.csv").write_text("id,title,prerequisites,cost\n" + "\n".join(rows), "utf-8")
    lines = told("catalogue", "c.csv", cwd=tmp_path)
    assert lines[0] == "Entries: 1"
    assert lines[3].startswith("Same as an earlier entry (dropped → kept): sql1 → sql0, sql2 → sql0, ")
    assert lines[3].endswith("sql20 → sql0, and 4 more")
    assert lines[4].startswith("24 entries are the same as an earlier one")
    assert lines[5].startswith("sql0 asks for nobody-knows first")
    chinese = told("catalogue", "c.csv", cwd=tmp_path, language="zh")
    assert chinese[3].startswith("与前面的条目相同(去掉 → 保留):sql1 → sql0、")
    assert "sql0 要求先修 nobody-knows" in chinese[5]


def test_the_many_kinds_of_a_catalogue_stay_short(tmp_path):
    rows = "".join(f"c{n},Course {n},{n}{'x' * 5000}\n" for n in range(30))
    (tmp_path / "c.csv").write_text("id,title,kind\n" + rows, "utf-8")
    lines = told("catalogue", "c.csv", cwd=tmp_path)
    assert lines[1] == "By language: not said 30"
    assert lines[2].endswith("… 1, others 22")
    assert len(lines[2]) < 500


PROBLEMS = {
    ("catalogue", "en"): (": nothing was read, 22 places need a correction:", "line 2, ", "and 2 more."),
    ("catalogue", "zh"): (":未读入任何内容,有 22 处需要更正:", "第 2 行", "另有 2 处。"),
    ("people", "en"): (": nothing was read, 22 places need a correction:", "line 2, ", "and 2 more."),
    ("people", "zh"): (":未读入任何内容,有 22 处需要更正:", "第 2 行", "另有 2 处。"),
}


@pytest.mark.parametrize(("command", "language"), PROBLEMS)
def test_several_problems_have_a_line_each(tmp_path, command, language):
    head, first, last = PROBLEMS[command, language]
    heading, row = {"catalogue": ("id,title", "x y,A"), "people": ("id,field,value", "a,expected,9")}[command]
    rows = [row] * (22 if command == "catalogue" else 11)  # of a person: without a skill, and no rating
    (tmp_path / "f.csv").write_text("\n".join([heading, *rows]), "utf-8")
    ran = rapport(command, "f.csv", "--out", "o.csv", cwd=tmp_path, env={"RAPPORT_LANG": language})
    lines = ran.err.splitlines()
    assert (ran.code, ran.out, len(lines)) == (2, "", 22)
    assert clean(lines[0]) == clean(f"rapport: f.csv{head}")
    assert first in lines[1]
    assert all(line.startswith("- ") for line in lines[1:])
    assert last in lines[21]
    assert not (tmp_path / "o.csv").exists()


def test_competencies_with_several_problems_have_a_line_each(tmp_path):
    (tmp_path / "own.csv").write_text("id,name\nstory,\nx y,Pitching\n", "utf-8")
    for language, count in (("en", "2 places"), ("zh", "有 2 处")):
        settings = {"RAPPORT_COMPETENCIES": "own.csv", "RAPPORT_LANG": language}
        ran = rapport("recommend", "--gap", "SQL", cwd=tmp_path, env=settings)
        assert (ran.code, len(ran.err.splitlines())) == (2, 3)
        assert count in ran.err


def test_one_problem_stays_one_line(tmp_path):
    (tmp_path / "c.csv").write_text("id,title\na,\n", "utf-8")
    (tmp_path / "p.csv").write_text("id,field,skill,value\na,expected,SQL,9\n", "utf-8")
    assert "line 2, column 2" in rapport("catalogue", "c.csv", cwd=tmp_path).line
    assert "line 2, column value" in rapport("people", "p.csv", cwd=tmp_path).line


def harmless(ran):
    both = ran.out + ran.err
    return all(clean(line) == " ".join(line.split()) for line in both.splitlines()) and "\x1b" not in both


def test_control_characters_of_cells_do_not_reach_the_terminal(tmp_path):
    good = {"id": "a", "title": HOSTILE, "kind": f"{HOSTILE}\n- forged", "language": HOSTILE, "cost": HOSTILE}
    bad = {"id": f"{HOSTILE}\n- forged", "title": "A"}
    person = {"id": f"x{HOSTILE}\nforged", "role": 3}
    (tmp_path / "good.jsonl").write_text(json.dumps(good), "utf-8")
    (tmp_path / "bad.jsonl").write_text(json.dumps(bad) + "\n" + json.dumps(bad), "utf-8")
    (tmp_path / "bad.json").write_text(json.dumps([person, person]), "utf-8")
    ran = rapport("catalogue", "good.jsonl", cwd=tmp_path)
    assert (ran.code, len(ran.out.splitlines())) == (0, 4)  # no line more than our own
    assert harmless(ran)
    for command, file, lines in (("catalogue", "bad.jsonl", 3), ("people", "bad.json", 5)):
        ran = rapport(command, file, cwd=tmp_path)
        assert (ran.code, len(ran.err.splitlines())) == (2, lines)
        assert harmless(ran)


def test_complain_cleans_every_line(capsys):
    surroundings.complain("a\x1b[2J\nb", "c\r\nd\x07")
    assert capsys.readouterr().err == "rapport: a[2J b\n- c d\n"


FILES = (("catalogue", "c.jsonl", "there.csv"), ("people", "p.json", "there.csv"))


@pytest.mark.parametrize(("command", "source", "there"), FILES)
def test_a_file_that_is_there_is_only_replaced_with_force(folder, command, source, there):
    (folder / there).write_text("mine", "utf-8")
    ran = rapport(command, source, "--out", there, cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert "--force" in ran.line
    assert (folder / there).read_text("utf-8") == "mine"
    told(command, source, "--out", there, "--force", cwd=folder)
    assert (folder / there).read_text("utf-8") != "mine"


@pytest.mark.parametrize(("command", "source", "there"), FILES)
def test_the_file_that_is_read_is_never_replaced(folder, command, source, there):
    before = (folder / source).read_bytes()
    os.link(folder / source, folder / there)
    for out in (source, f"../{folder.name}/{source}", there):
        ran = rapport(command, source, "--out", out, "--force", cwd=folder)
        assert (ran.code, ran.out) == (2, "")
        assert "is the file that is read" in ran.line
    assert (folder / source).read_bytes() == before


@pytest.mark.parametrize("out", ["o.xlsx", "o", "o.csv.gz"])
@pytest.mark.parametrize(
    ("command", "source", "form"), [(*FILES[0][:2], ".jsonld"), (*FILES[1][:2], ".json")]
)
def test_an_ending_that_is_not_known(folder, command, source, form, out):
    ran = rapport(command, source, "--out", out, cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert form in ran.line
    assert not (folder / out).exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_files_that_cannot_be_read_or_written(folder, command):
    (folder / "b.csv").write_bytes(b"\xff\xfe\x00")
    (folder / "folder").mkdir()
    for path, code in (("gone.csv", 2), ("b.csv", 2), ("folder", 2), ("/proc/self/mem", 1)):
        ran = rapport(command, path, "--out", "o.csv", cwd=folder)
        assert (ran.code, ran.out) == (code, "")
        assert path in ran.line
    source = dict(zip(COMMANDS, ("c.jsonl", "p.json"), strict=True))[command]
    ran = rapport(command, source, "--out", "b.csv/o.csv", cwd=folder)
    assert (ran.code, ran.out) == (1, "")
    assert "cannot be written" in ran.line
    assert not (folder / "o.csv").exists()


def test_people_without_ids_cannot_go_into_a_table(tmp_path):
    (tmp_path / "p.json").write_text('[{"role": "a"}, {"role": "b"}]', "utf-8")
    ran = rapport("people", "p.json", "--out", "p.csv", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "export JSON" in ran.line
