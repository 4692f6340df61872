"""`--engine llm` as a user meets it: settings, refusals, a server on this machine, and what is never told."""

from __future__ import annotations

import json
import re

import pytest

from models.parsing import parse_draft
from tests.models.chat_stub import said, serving, status
from tests.service.commands.run_cli import rapport, recording
from tests.service.commands.test_draft import TALK, files, write

KEY = "key-do-not-tell"
ANSWER = {
    "action_items": [
        {
            "task": "Send the supplier report",
            "owner": "e",
            "due": {"turn": 1, "quote": "by Friday"},
            "evidence": [{"turn": 1, "quote": "I'll send you the supplier report by Friday"}],
        },
        {"task": "Resign", "owner": "e", "due": None, "evidence": [{"turn": 1, "quote": "I resign"}]},
    ],
    "agreements": [],
}


def minutes(body, number):
    """A good model: items for the minutes, nothing for the summary."""
    wanted = body["response_format"]["json_schema"]["schema"]["properties"]
    return said('{"summary": ""}' if "summary" in wanted else json.dumps(ANSWER))


def settings(endpoint: str | None = None, **more: str) -> dict[str, str]:
    named = {} if endpoint is None else {"RAPPORT_LLM_ENDPOINT": endpoint}
    return {
        "RAPPORT_LLM_MODEL": "tiny",
        "RAPPORT_LLM_API_KEY": KEY,
        "RAPPORT_LLM_TIMEOUT": "20",
        **named,
        **more,
    }


@pytest.fixture
def talk(tmp_path):
    return write(tmp_path / "talk.json")


def test_a_draft_by_a_model_of_this_machine(talk, tmp_path):
    with serving(minutes) as stub:
        ran = rapport(
            "draft",
            talk,
            "--engine",
            "llm",
            "--formats",
            "md",
            "--explain",
            cwd=tmp_path,
            env=settings(stub.endpoint),
        )
    assert (ran.code, ran.err) == (0, "")
    written = (tmp_path / "talk-1.draft.json").read_text("utf-8")
    draft = parse_draft(written)
    (found,) = draft.action_items
    assert (found.task, found.owner, found.due) == ("Send the supplier report", "e", "2026-05-08")
    assert draft.checks.dropped == {"quote_not_in_turn": 1}
    step = draft.provenance["draft"]
    assert (step.model, step.host) == ("tiny", None)
    assert re.fullmatch("[0-9a-f]{64}", step.prompt_sha256)
    assert "named it" in ran.out
    assert "language model tiny on this machine" in (tmp_path / "talk-1.md").read_text("utf-8")
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"
    for told in (ran.out, ran.err, written):
        assert KEY not in told


def test_process_takes_the_engine_too(tmp_path):
    sound = recording(tmp_path / "talk.wav")
    with serving(minutes) as stub:
        ran = rapport(
            "process",
            sound,
            "--engine",
            "llm",
            "--date",
            "2026-05-05",
            cwd=tmp_path,
            env=settings(stub.endpoint),
        )
    assert (ran.code, ran.err) == (0, "")
    assert "Suggestion, not confirmed" in ran.out


@pytest.mark.parametrize(
    ("env", "what"),
    [
        ({}, "RAPPORT_LLM_MODEL"),
        ({"RAPPORT_LLM_ENDPOINT": "http://127.0.0.1:9/v1"}, "RAPPORT_LLM_MODEL"),
        (settings("https://llm.example.org/v1"), "RAPPORT_LLM_REMOTE=allow"),
        (settings("https://llm.example.org/v1", RAPPORT_LLM_REMOTE="yes"), "RAPPORT_LLM_REMOTE=allow"),
        (settings("http://llm.example.org/v1", RAPPORT_LLM_REMOTE="allow"), "https"),
        (settings(f"http://user:{KEY}@127.0.0.1/v1"), "RAPPORT_LLM_ENDPOINT"),
        (settings("http://127.0.0.1:9/v1", RAPPORT_LLM_CONTEXT="100"), "RAPPORT_LLM_CONTEXT"),
        (settings("http://127.0.0.1:9/v1", RAPPORT_LLM_TIMEOUT="soon"), "RAPPORT_LLM_TIMEOUT"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_not_set_up_or_not_allowed_gives_2_and_one_line(talk, tmp_path, env, what, language):
    ran = rapport("draft", talk, "--engine", "llm", cwd=tmp_path, env=env | {"RAPPORT_LANG": language})
    assert (ran.code, ran.out) == (2, "")
    assert what in ran.line
    assert KEY not in ran.line
    assert bool(re.search("[\u4e00-\u9fff]", ran.line)) == (language == "zh")
    assert files(tmp_path) == ["talk.json"]


def test_the_default_engine_asks_nobody_even_when_a_model_is_set_up(talk, tmp_path):
    with serving(minutes) as stub:
        ran = rapport("draft", talk, cwd=tmp_path, env=settings(stub.endpoint))
    assert (ran.code, stub.bodies) == (0, [])
    ran = rapport(
        "draft", talk, "--out-dir", "again", cwd=tmp_path, env=settings("https://llm.example.org/v1")
    )
    assert (ran.code, ran.err) == (0, "")


def test_trouble_with_the_server_is_one_line_without_words_or_key(talk, tmp_path):
    with serving(lambda body, number: status(401, f"bad key {KEY}".encode())) as stub:
        ran = rapport("draft", talk, "--engine", "llm", cwd=tmp_path, env=settings(stub.endpoint))
    assert ran.code == 1
    assert "RAPPORT_LLM_API_KEY" in ran.line
    with serving(lambda body, number: said("no JSON here")) as stub:
        silly = rapport("draft", talk, "--engine", "llm", cwd=tmp_path, env=settings(stub.endpoint))
    assert silly.code == 1
    assert "--engine default" in silly.line
    for line in (ran.line, silly.line):
        assert KEY not in line
        assert "supplier" not in line
        assert "Luis" not in line
    assert files(tmp_path) == ["talk.json"]


def test_another_machine_that_is_allowed_is_announced_before_anything_is_sent(talk, tmp_path):
    env = settings(
        "https://127.0.0.1.example.invalid/v1", RAPPORT_LLM_REMOTE="allow", RAPPORT_LLM_TIMEOUT="5"
    )
    ran = rapport("draft", talk, "--engine", "llm", cwd=tmp_path, env=env)
    announced, failed = ran.err.splitlines()
    assert "127.0.0.1.example.invalid" in announced
    assert "without the participants' names" in announced
    assert "cannot be reached" in failed
    assert ran.code == 1


def test_a_missing_folder_of_a_model_gives_2(talk, tmp_path):
    ran = rapport("draft", talk, "--engine", "llm", cwd=tmp_path, env={"RAPPORT_LLM_MODEL": "no/such/folder"})
    assert ran.code == 2
    assert "no/such/folder" in ran.line


def test_the_talk_of_these_tests_holds_names_to_hide():
    assert {person["name"] for person in TALK["participants"]} == {"Dana [red]", "Luis"}
