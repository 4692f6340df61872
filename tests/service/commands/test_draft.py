from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from models.parsing import parse_draft
from service.commands.drafting import draft_options
from service.settings import from_environment
from tests.service.commands.run_cli import command, environment, rapport
from tests.service.fake_engines import CONFIDENTIAL

TALK = {
    "id": "talk-1",
    "language": "en",
    "date": "2026-05-05",
    "participants": [
        {"id": "m", "role": "manager", "name": "Dana [red]"},
        {"id": "e", "role": "employee", "name": "Luis"},
    ],
    "turns": [
        {"i": 0, "speaker": "m", "text": "Could you send me the [red]supplier[/red] report by Friday?"},
        {"i": 1, "speaker": "e", "text": "Yes, I'll send you the supplier report by Friday."},
    ],
}


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    return write(tmp_path / "talk.json")


def write(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps(TALK | changes), "utf-8")
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_draft_is_written_and_printed_as_a_suggestion(talk, tmp_path):
    ran = rapport("draft", talk, "--out-dir", "out", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert files(tmp_path / "out") == ["talk-1.draft.json"]
    assert parse_draft((tmp_path / "out" / "talk-1.draft.json").read_text("utf-8")).id == "talk-1"
    assert "Suggestion, not confirmed" in ran.out
    assert "Dana [red] (manager)" in ran.out  # markup of people is printed, not obeyed


def test_json_prints_one_draft_a_line_and_nothing_else(talk, tmp_path):
    other = write(tmp_path / "other.json", id="talk-2")
    ran = rapport(
        "draft", talk, other, "--out-dir", "out", "--json", "--minutes-language", "zh", cwd=tmp_path
    )
    drafts = [parse_draft(line) for line in ran.out.splitlines()]
    assert [draft.id for draft in drafts] == ["talk-1", "talk-2"]
    assert {draft.minutes_language for draft in drafts} == {"zh"}
    assert drafts[0] == parse_draft((tmp_path / "out" / "talk-1.draft.json").read_text("utf-8"))


def test_explain_goes_to_stderr_when_stdout_is_json(talk, tmp_path):
    assert "How each item came about" in rapport("draft", talk, "--explain", cwd=tmp_path).out
    ran = rapport("draft", talk, "--explain", "--json", cwd=tmp_path)
    assert "How each item came about" in ran.err
    parse_draft(ran.out)


def test_every_format_is_written(talk, tmp_path):
    ran = rapport("draft", talk, "--out-dir", "out", "--formats", "json,md,docx,srt,ics", cwd=tmp_path)
    assert ran.code == 0
    endings = ("docx", "draft.json", "ics", "md", "srt")
    assert files(tmp_path / "out") == [f"talk-1.{ending}" for ending in endings]


def test_follow_up_shows_the_tasks_of_the_previous_minutes(talk, tmp_path):
    items = [{"id": "a1", "task": "Repair the coffee machine", "owner": "e"}]
    minutes = {"schema": "rapport.minutes/1", "id": "before", "action_items": items}
    (tmp_path / "before.json").write_text(json.dumps(minutes), "utf-8")
    ran = rapport("draft", talk, "--previous", "before.json", "--formats", "md", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "Repair the coffee machine: not mentioned" in ran.out
    assert "Repair the coffee machine: not mentioned" in (tmp_path / "talk-1.md").read_text("utf-8")


def test_previous_minutes_that_are_none_give_2_before_anything_is_written(talk, tmp_path):
    (tmp_path / "before.json").write_text("{}", "utf-8")
    ran = rapport("draft", talk, "--previous", "before.json", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.line
    assert files(tmp_path) == ["before.json", "talk.json"]


def test_captions_take_day_and_people_from_the_options(tmp_path):
    vtt = tmp_path / "周会.vtt"
    vtt.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v 张三>周五前我把报告发给你。\n", "utf-8")
    people = ("--participants", "m:张三:manager,e:李四:employee", "--date", "2026-05-05")
    ran = rapport("draft", vtt, *people, "--json", cwd=tmp_path)
    draft = parse_draft(ran.out)
    assert (draft.id, draft.date, draft.language) == ("zhou-hui", "2026-05-05", "zh")
    assert "date" not in draft.provenance


def test_an_assumed_day_is_told_only_where_the_file_has_none(talk, tmp_path):
    text = tmp_path / "talk-3.txt"
    text.write_text("Dana: Hi.\nLuis: Hello.\n", "utf-8")
    ran = rapport("draft", talk, text, "--json", cwd=tmp_path)
    dated, assumed = (parse_draft(line) for line in ran.out.splitlines())
    assert "date" not in dated.provenance
    assert assumed.provenance["date"].engine == "clock"
    assert "nobody gave the day" in rapport("draft", text, cwd=tmp_path).out


def test_all_inputs_are_tried_and_the_others_written(talk, tmp_path):
    (tmp_path / "broken.json").write_text("{", "utf-8")
    other = write(tmp_path / "other.json", id="talk-2")
    ran = rapport("draft", "missing.json", talk, "broken.json", other, "--out-dir", "out", cwd=tmp_path)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 2
    assert files(tmp_path / "out") == ["talk-1.draft.json", "talk-2.draft.json"]


def test_inputs_with_the_same_id_do_not_overwrite_each_other(talk, tmp_path):
    other = write(tmp_path / "other.json", id="TALK-1", language="zh")
    ran = rapport("draft", talk, other, "--out-dir", "out", cwd=tmp_path)
    assert ran.code == 2
    assert "other.json" in ran.line
    assert files(tmp_path / "out") == ["talk-1.draft.json"]


def test_an_input_is_never_overwritten(tmp_path):
    talk = write(tmp_path / "talk-1.draft.json")
    before = talk.read_bytes()
    ran = rapport("draft", talk, cwd=tmp_path)
    assert (ran.code, talk.read_bytes()) == (2, before)
    assert "--out-dir" in ran.line


@pytest.mark.parametrize(
    "changes",
    [{"id": "../evil"}, {"id": "a/b"}, {"language": "fr"}, {"date": "tomorrow"}, {"turns": [{"i": 0}]}],
)
def test_unusable_transcript_gives_2_and_writes_nothing(tmp_path, changes):
    talk = write(tmp_path / "talk.json", **changes)
    ran = rapport("draft", talk, "--out-dir", "out", cwd=tmp_path)
    assert ran.code == 2
    assert "talk.json" in ran.line
    assert files(tmp_path / "out") == []
    assert files(tmp_path) == ["out", "talk.json"]


@pytest.mark.parametrize(
    "options",
    [
        ("--date", "2026-02-30"),
        ("--date", "soon"),
        ("--participants", "m:Dana:boss"),
        ("--participants", "m:Dana,m:Luis"),
        ("--participants", "../m:Dana"),
        ("--participants", "missing.json"),
        ("--participants", ""),
        ("--minutes-language", "fr"),
        ("--sensitivity", "extreme"),
        ("--formats", "pdf"),
        ("--engine", "llm"),
        ("--catalog", "missing.csv"),
        ("--previous", "missing.json"),
        ("--no-such-option",),
        ("--date",),
    ],
)
def test_wrong_options_give_2_and_one_line(talk, tmp_path, options):
    ran = rapport("draft", talk, *options, cwd=tmp_path, env={"RAPPORT_LANG": "zh"})
    assert (ran.code, ran.out) == (2, "")
    assert any("\u4e00" <= character <= "\u9fff" for character in ran.line)
    assert files(tmp_path) == ["talk.json"]


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(tmp_path):
    ran = rapport("draft", "a\x1b[31m\nb", cwd=tmp_path)
    assert ran.code == 2
    assert "\x1b" not in ran.line


def test_missing_weights_say_what_to_do(talk, tmp_path):
    ran = rapport("draft", talk, cwd=tmp_path, engines="without_weights")
    assert ran.code == 1
    assert "rapport models fetch whisper-base" in ran.line


@pytest.mark.parametrize("engines", ["broken", "killed"])
def test_a_failing_engine_is_one_line_without_words_of_the_meeting(talk, tmp_path, engines):
    ran = rapport("draft", talk, cwd=tmp_path, engines=engines)
    assert ran.code == 1
    assert CONFIDENTIAL not in ran.line
    assert files(tmp_path) == ["talk.json"]


def test_out_dir_below_a_file(talk, tmp_path):
    ran = rapport("draft", talk, "--out-dir", "talk.json/out", cwd=tmp_path)
    assert ran.code == 1
    assert "talk.json/out" in ran.line


def test_full_disk_leaves_no_half_file(talk, tmp_path):
    (tmp_path / "out").mkdir()
    before = write(tmp_path / "out" / "talk-1.draft.json").read_bytes()

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    ran = rapport("draft", talk, "--out-dir", "out", cwd=tmp_path, preexec_fn=little_space)
    assert ran.code == 1
    assert "talk-1.draft.json" in ran.line
    assert files(tmp_path / "out") == ["talk-1.draft.json"]
    assert (tmp_path / "out" / "talk-1.draft.json").read_bytes() == before


def test_full_stdout_gives_1_and_keeps_the_file(talk, tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("draft", talk),
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "talk-1.draft.json").exists()


@pytest.fixture
def interruptible():
    """A suite that a shell runs in the background inherits a deaf ear for Ctrl-C, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_both_processes_promptly(talk, tmp_path):
    store = tmp_path / "store"
    store.mkdir()
    os.mkfifo(store / "begun")
    with subprocess.Popen(
        command("draft", talk, engines="stuck"),
        cwd=tmp_path,
        env=environment(RAPPORT_MODELS_DIR=str(store)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        pid = int((store / "begun").read_text("utf-8"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert len(err.splitlines()) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("setting", "hints"), [("off", "off"), ("OFF ", "off"), ("on", "high"), ("", "high")]
)
def test_the_operator_can_switch_hints_on_tone_off_whatever_the_manager_asks_for(setting, hints):
    settings = from_environment({"RAPPORT_TONE_HINTS": setting})
    assert draft_options(None, "high", None, None, settings)["sensitivity"] == hints
