from __future__ import annotations

import json

import pytest

from models.engines.local_llm import load
from models.errors import LanguageModelRefused, TextTooLong, UnusableInput
from models.language_model import LanguageModel
from models.registry import Engines
from service.settings import from_environment


@pytest.fixture(scope="module")
def small(fetched):
    return Engines(fetched("smollm2-135m").root, from_environment().threads)


@pytest.mark.models
def test_a_model_of_the_catalogue_answers_the_same_twice(small):
    model = small.text_generator(LanguageModel("smollm2-135m"))
    told = [model.generate("Answer in one word.", "The capital of France is", {}, 12) for _ in range(2)]
    assert told[0] == told[1]
    assert "Paris" in told[0].text
    assert (model.provenance.model, model.provenance.host) == ("smollm2-135m", None)
    assert model.context_tokens == 4096


@pytest.mark.models
def test_a_text_beyond_the_context_is_told_and_not_cut(small):
    model = small.text_generator(LanguageModel("smollm2-135m"))
    with pytest.raises(TextTooLong):
        model.generate("Be brief.", "word " * 5000, {}, 12)


@pytest.mark.models
def test_a_model_stays_loaded_and_a_folder_is_as_good_as_a_name(small):
    model = small.text_generator(LanguageModel("smollm2-135m"))
    assert small.text_generator(LanguageModel("smollm2-135m")) is model
    folder = small.store.path("smollm2-135m")
    again = small.text_generator(LanguageModel(str(folder)))
    assert again.provenance.model == folder.name


@pytest.mark.parametrize(
    "files", [{}, {"config.json": "{}"}, {"config.json": "{}", "pytorch_model.bin": "x"}]
)
def test_a_folder_without_safetensors_is_refused_and_no_pickle_opened(tmp_path, files):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(LanguageModelRefused, match="holds no language model"):
        load(tmp_path, "x", 4096, 1)


def test_a_folder_whose_code_would_have_to_run_is_refused(tmp_path):
    config = {
        "model_type": "own",
        "auto_map": {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(LanguageModelRefused):
        load(tmp_path, "x", 4096, 1)
    assert not (tmp_path / "ran").exists()


def test_a_name_that_is_neither_folder_nor_model_is_refused(tmp_path):
    with pytest.raises(UnusableInput):
        Engines(tmp_path, 1).text_generator(LanguageModel("no-such-model"))
