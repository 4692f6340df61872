from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from prompts import FOLDER, load_prompt, prompt_sha256, render_prompt

FROZEN = {
    "minutes.en.v1.jinja": "bd5be01ebd504f7bae5b3c3b278f03804900a7395c74eb0abedd6e7b3929211e",
    "minutes.zh.v1.jinja": "aa679cbdfe45001090e2442fe8476c59b85a2055be287e710c80977be56abcc2",
    "summary.en.v1.jinja": "fcd6355eea4baf52736a0a647b06c2dacbd9c9ef054484c43c4b83d26cef1d53",
    "summary.zh.v1.jinja": "676dcd660cb9b2a17f96c6f9a2e93dd0ca0989dd70eb48288c585ebbc81be50b",
}
VALUES = {
    "fence": "transcript-1",
    "people": [
        {"code": "m", "role": "manager", "name": "Dana"},
        {"code": "e", "role": "employee", "name": ""},
    ],
    "codes": '"m", "e"',
    "lines": [{"turn": 3, "speaker": "m", "text": "{{ codes }} {% if %} & <b>"}],
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_version_in_use_is_never_edited(name):
    assert prompt_sha256(name) == FROZEN[name] == hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def test_every_prompt_of_the_llm_exists_in_both_languages_and_is_frozen():
    files = {path.name for path in Path(FOLDER).glob("*.jinja")}
    assert files == set(FROZEN)
    for name in files:
        assert name.replace(".en.", ".zh.") in files


@pytest.mark.parametrize("name", FROZEN)
@pytest.mark.parametrize("missing", VALUES)
def test_a_missing_value_is_an_error_and_no_hole(name, missing):
    given = {key: value for key, value in VALUES.items() if key != missing}
    if f"{{{{ {missing}" not in load_prompt(name) and f"in {missing} %" not in load_prompt(name):
        render_prompt(name, **given)
        return
    with pytest.raises(UndefinedError):
        render_prompt(name, **given)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_instructions_are_ours_and_data_are_theirs(language):
    prompt = render_prompt(f"minutes.{language}.v1.jinja", **VALUES)
    assert "[3] m: {{ codes }} {% if %} & <b>" in prompt.data.splitlines()
    assert "{% if %}" not in prompt.instructions
    assert "Dana" in prompt.instructions
    assert "<transcript-1>" in prompt.instructions
    assert prompt.data.splitlines()[0] == "<transcript-1>"
    assert prompt.sha256 == prompt_sha256(f"minutes.{language}.v1.jinja")


def test_plain_prompts_load_no_template_engine():
    code = (
        "import sys, prompts; prompts.load_prompt('whisper_style.zh.v1.txt'); print('jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
