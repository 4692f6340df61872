"""RAPPORT_COMPETENCIES from the environment to the draft, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.parsing import parse_draft
from tests.service.commands.run_cli import rapport, recording

LIST = "编号,name,名称,别名\nstory,Story mapping,故事地图,user story maps;用户故事梳理\n"


def talk(folder: Path, said: str) -> str:
    turns = [
        {"i": 0, "speaker": "m", "text": "What is hard for you? 你觉得哪里难?"},
        {"i": 1, "speaker": "e", "text": said},
    ]
    people = [{"id": "m", "role": "manager", "name": "Dana"}, {"id": "e", "role": "employee", "name": "Luis"}]
    document = {"id": "t", "language": "en", "date": "2026-05-05", "participants": people, "turns": turns}
    (folder / "t.json").write_text(json.dumps(document), "utf-8")
    return "t.json"


def draft(folder: Path, said: str, **settings: str):
    ran = rapport("draft", talk(folder, said), "--json", cwd=folder, env=settings)
    assert (ran.code, ran.err) == (0, "")
    return parse_draft(ran.out)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Honestly, I never learned user story maps, I don't know how to do them.", "Story mapping"),
        ("用户故事梳理我一直不会,我不知道怎么做。", "故事地图"),
    ],
)
def test_a_gap_in_the_words_of_the_company_is_linked_to_its_competency(tmp_path, said, name):
    (tmp_path / "own.csv").write_text(LIST, "utf-8")
    (gap,) = draft(tmp_path, said, RAPPORT_COMPETENCIES="own.csv").skill_gaps
    assert (gap.skill, gap.skill_uri) == (name, "competency:story")
    assert draft(tmp_path, said).skill_gaps[0].skill_uri != gap.skill_uri


def test_recommend_takes_the_list_too(tmp_path):
    (tmp_path / "own.csv").write_text(LIST, "utf-8")
    ran = rapport("recommend", "--gap", "故事地图", cwd=tmp_path, env={"RAPPORT_COMPETENCIES": "own.csv"})
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("command", ["draft", "process", "recommend"])
def test_a_list_that_cannot_be_used_is_told_before_the_work_begins(tmp_path, command):
    recording(tmp_path / "t.wav")
    wanted = {
        "draft": ("draft", talk(tmp_path, "Hello.")),
        "process": ("process", "t.wav"),
        "recommend": ("recommend", "--gap", "SQL"),
    }[command]
    (tmp_path / "own.csv").write_text("id,name\nstory,\nx y,Pitching\n", "utf-8")
    for path, told in (("own.csv", "line 3, column id"), ("gone.csv", "no such file")):
        ran = rapport(*wanted, cwd=tmp_path, engines="broken", env={"RAPPORT_COMPETENCIES": path})
        assert (ran.code, ran.out) == (2, "")
        assert told in ran.err.splitlines()[-1]
    assert not list(tmp_path.glob("*.draft.json"))
