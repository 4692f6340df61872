from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import WrongUsage
from service.language import message_language
from service.settings import from_environment


def test_defaults_work_without_any_variable():
    settings = from_environment({})
    assert settings.models_dir == Path("~/.cache/rapport/models").expanduser()
    assert settings.threads >= 1
    assert (settings.language, settings.hub_endpoint, settings.model_folder) == ("en", None, None)


def test_variables_are_taken():
    settings = from_environment(
        {
            "RAPPORT_MODELS_DIR": "~/weights",
            "RAPPORT_THREADS": "3",
            "RAPPORT_MODEL_FOLDER": "/mnt/usb",
            "HF_ENDPOINT": "https://mirror.example.org",
        }
    )
    assert settings.models_dir == Path.home() / "weights"
    assert settings.threads == 3
    assert settings.model_folder == Path("/mnt/usb")
    assert settings.hub_endpoint == "https://mirror.example.org"


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "99999999999999999999", "257"])
def test_threads_that_make_no_sense_are_refused(value):
    with pytest.raises(WrongUsage):
        from_environment({"RAPPORT_THREADS": value})


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "RAPPORT_LANG": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C", "RAPPORT_LANG": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN", "LANG": "en_US"}, "zh"),
    ],
)
def test_language_of_messages(environ, language):
    assert message_language(environ) == language


def test_a_language_model_is_what_the_operator_set():
    assert from_environment({"RAPPORT_LLM_ENDPOINT": "http://127.0.0.1:1/v1"}).language_model is None
    found = from_environment(
        {
            "RAPPORT_LLM_MODEL": "big",
            "RAPPORT_LLM_ENDPOINT": "https://llm.example.org/v1",
            "RAPPORT_LLM_API_KEY": "do-not-tell",
            "RAPPORT_LLM_REMOTE": "allow",
            "RAPPORT_LLM_CONTEXT": "32768",
            "RAPPORT_LLM_TIMEOUT": "60",
        }
    )
    model = found.language_model
    assert (model.model, model.endpoint, model.api_key) == (
        "big",
        "https://llm.example.org/v1",
        "do-not-tell",
    )
    assert (model.remote_allowed, model.context_tokens, model.timeout_s) == (True, 32768, 60.0)
    assert "do-not-tell" not in repr(found)


@pytest.mark.parametrize("value", ["", "no", "1", "true", "ALLOW", "allow "])
def test_only_the_word_allow_allows(value):
    model = from_environment({"RAPPORT_LLM_MODEL": "m", "RAPPORT_LLM_REMOTE": value}).language_model
    assert model.remote_allowed is False


@pytest.mark.parametrize("name", ["RAPPORT_LLM_CONTEXT", "RAPPORT_LLM_TIMEOUT"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "99999999999999999999"])
def test_numbers_that_make_no_sense_are_refused(name, value):
    with pytest.raises(WrongUsage, match=name):
        from_environment({"RAPPORT_LLM_MODEL": "m", name: value})
