from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from icalendar import Calendar

from models.parsing.plans import read_plan
from tests.service.commands.run_cli import ROOT, command, environment, rapport
from tests.service.commands.test_draft import files

QUOTE = "I always ask Petra for help with queries"
CATALOGUE = [
    {"id": "sql-101", "title": "SQL =1+1 [basics](x)", "kind": "course", "effort_hours": 12},
    {"id": "desk", "title": "Fill the report desk", "kind": "project", "effort_hours": 8},
    {"id": "mentor", "title": "A mentor", "kind": "mentor"},
]
ENDINGS = ("docx", "ics", "json", "md")


def recommendation(id_: str, gap: str, entry: dict, score: float) -> dict:
    facts = {"resource": entry["id"], "title": entry["title"], "kind": entry["kind"]}
    return {"id": id_, "gap": gap, **facts, "why": f"Said: {QUOTE}", "score": score}


def write_draft(path: Path, **changes: object) -> Path:
    evidence = [{"turn": 3, "quote": QUOTE}]
    gaps = [
        {"id": f"k{n}", "skill": skill, "person": person, "evidence": evidence, "confidence": 0.8}
        for n, (skill, person) in enumerate((("SQL", "e"), ("reporting", "e"), ("writing", "f")), 1)
    ]
    lists = ("stages", "points", "agreements", "action_items", "tone_flags", "follow_up")
    document = {
        **{"schema": "rapport.draft/1", "id": "talk-1", "transcript_rev": 1, "language": "en"},
        **{"minutes_language": "en", "date": "2026-05-04", "kind": "review", "summary": ""},
        **{key: [] for key in lists},
        **{key: {} for key in ("feedback_quality", "talk", "checks", "provenance")},
        "skill_gaps": gaps,
        "recommendations": [
            recommendation("r1", "k1", CATALOGUE[0], 0.8),
            recommendation("r2", "k1", CATALOGUE[2], 0.7),
            recommendation("r3", "k2", CATALOGUE[1], 0.6),
            recommendation("r4", "k3", CATALOGUE[2], 0.5),
        ],
    }
    path.write_text(json.dumps(document | changes), "utf-8")
    return path


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    lines = "".join(json.dumps(entry) + "\n" for entry in CATALOGUE)
    (tmp_path / "catalogue.jsonl").write_text(lines, "utf-8")
    return write_draft(tmp_path / "talk-1.draft.json")


def plan(folder: Path, *arguments: object, **more: object):
    given = ("talk-1.draft.json", "--catalog", "catalogue.jsonl", "--on", "2026-05-05", "--out-dir", "out")
    return rapport("plan", *given, *arguments, cwd=folder, **more)


def decisions(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "decisions.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.usefixtures("draft")
def test_accepted_recommendations_become_a_plan_in_every_format(tmp_path):
    people = ("--participants", "m:Dana:manager,e:Luis:employee")
    ran = plan(tmp_path, "--accept", "r1", "--accept", "r3", "--reject", "r2", *people)
    assert (ran.code, ran.err) == (0, "")
    out = tmp_path / "out"
    assert files(out) == ["decisions.jsonl", *(f"talk-1.plan.{ending}" for ending in ENDINGS)]
    document = json.loads((out / "talk-1.plan.json").read_text("utf-8"))
    assert (document["schema"], document["confirmed"]) == ("rapport.plan/1", False)
    made = read_plan(out / "talk-1.plan.json")
    assert [(s.id, s.who, s.owner, s.due) for s in made.steps] == [
        ("p1", "employee", "e", "2026-06-16"),
        ("p2", "manager", "m", "2026-05-12"),
        ("p3", "both", None, "2026-06-02"),
        ("p4", "employee", "e", "2026-06-02"),
        ("p5", "manager", "m", "2026-05-12"),
        ("p6", "both", None, "2026-06-02"),
    ]
    text = (out / "talk-1.plan.md").read_text("utf-8")
    assert "SQL =1+1 \\[basics\\](x)" in text
    assert "A mentor" not in text
    assert any("Luis" in cell.text for cell in Document(out / "talk-1.plan.docx").tables[0].columns[1].cells)
    calendar = Calendar.from_ical((out / "talk-1.plan.ics").read_bytes())
    assert (len(calendar.walk("VTODO")), len(calendar.walk("VEVENT"))) == (4, 1)
    assert "not confirmed by the manager" in ran.out
    assert ran.out.splitlines()[-1] == "Written: out/decisions.jsonl"


@pytest.mark.usefixtures("draft")
def test_decisions_are_appended_without_names_and_quotes(tmp_path):
    plan(tmp_path, "--accept", "r3", "--reject", "r2", "--participants", "e:Luis")
    log = tmp_path / "out" / "decisions.jsonl"
    before = log.read_bytes()
    second = plan(tmp_path, "--completed", "r3", env={"RAPPORT_LANG": "zh"})
    assert second.code == 0
    assert log.read_bytes().startswith(before)
    rows = decisions(tmp_path / "out")
    kept = [(r["resource"], r["gap_skill"], r["decision"], r["rank"], r["score"]) for r in rows]
    assert kept == [
        ("desk", "reporting", "accept", 1, 0.6),
        ("mentor", "SQL", "reject", 2, 0.7),
        ("desk", "reporting", "complete", 1, 0.6),
    ]
    assert all(datetime.fromisoformat(r["at"]).utcoffset() == timedelta(0) for r in rows)
    assert {len(r["catalogue_sha256"]) for r in rows} == {64}
    said = log.read_text("utf-8")
    assert not any(word in said for word in ("Petra", "Luis", "talk-1", '"e"'))


@pytest.mark.usefixtures("draft")
def test_only_completed_leaves_the_plan_as_it_is(tmp_path):
    plan(tmp_path, "--accept", "r1")
    before = (tmp_path / "out" / "talk-1.plan.json").read_bytes()
    assert plan(tmp_path, "--completed", "r1").code == 0
    assert (tmp_path / "out" / "talk-1.plan.json").read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ("--accept", "r9"),
        ("--accept", "r1", "--reject", "nobody"),
        ("--accept", "r1", "--reject", "r1"),
        ("--accept", "r1", "--completed", "r1"),
        ("--reject", "r1"),
        (),
        ("--accept", "r1", "--accept", "r4"),  # two people
        ("--accept", "r1", "--on", "2026-02-30"),
        ("--accept", "r1", "--formats", "srt"),
        ("--accept", "r1", "--catalog", "missing.csv"),
        ("--accept", "r1", "--profile", "missing.json"),
        ("--accept", "r1", "--decisions", "talk-1.draft.json"),
        ("--accept", "r1", "--decisions", "catalogue.jsonl"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_planned_gives_2_and_one_line_and_writes_nothing(draft, tmp_path, options, language):
    before = draft.read_bytes()
    ran = plan(tmp_path, *options, env={"RAPPORT_LANG": language})
    assert (ran.code, ran.out) == (2, "")
    chinese = any("\u4e00" <= character <= "\u9fff" for character in ran.line)
    assert chinese == (language == "zh")
    assert draft.read_bytes() == before
    assert not (tmp_path / "out").exists() or files(tmp_path / "out") == []


@pytest.mark.usefixtures("draft")
def test_a_line_says_which_id_is_wrong_and_which_there_are(tmp_path):
    assert "r9" in plan(tmp_path, "--accept", "r9").line
    assert "r1, r2, r3, r4" in plan(tmp_path, "--accept", "r9").line


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": "rapport.minutes/1"}', "{}"])
def test_a_file_that_is_no_draft_gives_2(draft, tmp_path, content):
    draft.write_text(content, "utf-8")
    ran = plan(tmp_path, "--accept", "r1")
    assert (ran.code, ran.out) == (2, "")
    assert "talk-1.draft.json" in ran.line


@pytest.mark.usefixtures("draft")
def test_the_profile_gives_target_and_rating(tmp_path):
    ratings = [{"skill": "SQL", "value": 2, "by": "manager", "on": "2026-03-01"}]
    (tmp_path / "p.json").write_text(json.dumps({"ratings": ratings, "expected": {"SQL": 4}}), "utf-8")
    assert plan(tmp_path, "--accept", "r1", "--profile", "p.json").code == 0
    (one,) = read_plan(tmp_path / "out" / "talk-1.plan.json").plan
    assert (one.target, one.current) == (4, 2)


def test_a_chinese_draft_gives_a_chinese_plan_whatever_the_terminal_speaks(draft, tmp_path):
    write_draft(draft, minutes_language="zh")
    assert "未经主管确认" in plan(tmp_path, "--accept", "r1", "--formats", "md").out
    assert files(tmp_path / "out") == ["decisions.jsonl", "talk-1.plan.json", "talk-1.plan.md"]


@pytest.mark.usefixtures("draft")
def test_a_resource_that_left_the_catalogue_is_said_and_still_planned(tmp_path):
    (tmp_path / "catalogue.jsonl").write_text(json.dumps(CATALOGUE[0]) + "\n", "utf-8")
    ran = plan(tmp_path, "--accept", "r3")
    assert ran.code == 0
    assert "desk" in ran.line
    assert "Fill the report desk" in ran.out


@pytest.mark.usefixtures("draft")
def test_a_plan_is_made_again_until_somebody_edits_it(tmp_path):
    assert plan(tmp_path, "--accept", "r1").code == 0
    assert plan(tmp_path, "--accept", "r3").code == 0
    path = tmp_path / "out" / "talk-1.plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["plan"][0]["will"][0] |= {"due": "2026-07-01", "suggested": False}
    path.write_text(json.dumps(document), "utf-8")
    edited, log = path.read_bytes(), decisions(tmp_path / "out")
    ran = plan(tmp_path, "--accept", "r1")
    assert (ran.code, path.read_bytes(), decisions(tmp_path / "out")) == (2, edited, log)
    assert "--out-dir" in ran.line


@pytest.mark.usefixtures("draft")
def test_the_plan_of_somebody_else_is_not_replaced(tmp_path):
    plan(tmp_path, "--accept", "r1")
    assert plan(tmp_path, "--accept", "r4").code == 2
    assert read_plan(tmp_path / "out" / "talk-1.plan.json").person == "e"


@pytest.mark.usefixtures("draft")
def test_full_disk_leaves_no_half_file_and_no_decision(tmp_path):
    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    ran = plan(tmp_path, "--accept", "r1", preexec_fn=little_space)
    assert ran.code == 1
    assert "talk-1.plan" in ran.line
    assert files(tmp_path / "out") == []


@pytest.mark.usefixtures("draft")
def test_full_disk_under_the_log_keeps_what_was_there(tmp_path):
    plan(tmp_path, "--accept", "r1")
    log = tmp_path / "log.jsonl"
    log.write_bytes((tmp_path / "out" / "decisions.jsonl").read_bytes() * 500)
    before = log.read_bytes()

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 30, len(before) + 30))

    ran = plan(tmp_path, "--accept", "r1", "--decisions", "log.jsonl", preexec_fn=little_space)
    assert (ran.code, ran.out) == (1, "")
    assert "log.jsonl" in ran.line
    assert log.read_bytes() == before


KILLING = """
import os, signal, sys
from service.cli import main
calls = 0
def kill_at(event, arguments):
    global calls
    if event == "os.rename" and "talk-1.plan" in str(arguments[1]):
        calls += 1
        if calls == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill_at)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("at", [1, 2, 4])
def test_killed_between_two_files_nothing_is_half_written(tmp_path, at):
    given = command("plan", "talk-1.draft.json", "--catalog", "catalogue.jsonl", "--out-dir", "out")[4:]
    done = subprocess.run(
        [sys.executable, "-c", KILLING, str(at), *given, "--accept", "r1", "--on", "2026-05-05"],
        cwd=tmp_path,
        env=environment(RAPPORT_MODELS_DIR=str(tmp_path / "store")),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
    whole = [name for name in files(tmp_path / "out") if not name.endswith(".tmp")]
    assert len(whole) == at - 1
    assert "talk-1.plan.json" not in whole  # the last one: where it is, all are
    assert plan(tmp_path, "--accept", "r1").code == 0
    for name in whole:
        ended = (tmp_path / "out" / name).read_bytes()
        assert ended
    assert len(decisions(tmp_path / "out")) == 1


@pytest.mark.parametrize(("language", "word"), [("en", "manager accepts"), ("zh", "主管采纳")])
def test_help_is_complete_in_both_languages(tmp_path, language, word):
    ran = rapport("plan", "--help", cwd=tmp_path, env={"RAPPORT_LANG": language})
    assert ran.code == 0
    said = "".join(ran.out.split())
    assert "".join(word.split()) in said
    for option in ("accept", "reject", "completed", "profile", "catalog", "on", "out-dir", "formats"):
        assert f"--{option}" in said
    assert "--decisions" in said


@pytest.mark.usefixtures("draft")
def test_no_model_library_is_loaded(tmp_path):
    heavy = ("torch", "transformers", "faster_whisper", "ctranslate2", "onnxruntime", "tokenizers")
    program = (
        "import sys; from service.cli import main;"
        "code = main(['plan', 'talk-1.draft.json', '--accept', 'r1', '--catalog', 'catalogue.jsonl']);"
        f"sys.exit(code or ','.join(name for name in {heavy!r} if name in sys.modules) or None)"
    )
    run = [sys.executable, "-c", program]
    done = subprocess.run(
        run, cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT)), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "talk-1.plan.md").exists()
