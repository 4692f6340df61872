from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import EngineFailed, WeightsMissing
from models.parsing import document
from service.errors import ModelProcessDied
from service.jobs.model_process import ModelProcess
from service.settings import from_environment
from tests.models.test_child import TALK

FIELDS = {"transcript": document(TALK), "options": {}}


def model_process(engines: str, models_dir: Path) -> ModelProcess:
    settings = from_environment({"RAPPORT_MODELS_DIR": str(models_dir), "RAPPORT_THREADS": "1"})
    return ModelProcess(settings, f"tests.service.fake_engines:{engines}")


def test_result_comes_last_and_one_process_serves_all(tmp_path):
    with model_process("Fakes", tmp_path) as models:
        kinds = [event.kind for event in models.request("draft", **FIELDS)]
        first = models.pid
        assert models.ask(lambda step, share: None, "draft", **FIELDS)["draft"]["id"] == "talk"
        assert models.pid == first
    assert kinds[-1] == "result"
    assert set(kinds[:-1]) <= {"progress"}
    assert models.pid is None


def test_errors_of_the_process_are_raised_here_and_it_lives_on(tmp_path):
    with model_process("without_weights", tmp_path) as models:
        for _ in range(2):
            with pytest.raises(WeightsMissing, match="whisper-base"):
                list(models.request("draft", **FIELDS))
        assert models.pid is not None


def test_defects_of_an_engine_are_typed(tmp_path):
    with model_process("broken", tmp_path) as models, pytest.raises(EngineFailed):
        list(models.request("draft", **FIELDS))


def test_a_killed_process_is_told_and_replaced(tmp_path):
    with model_process("killed", tmp_path) as models:
        for _ in range(2):
            with pytest.raises(ModelProcessDied, match="signal 9"):
                list(models.request("draft", **FIELDS))
            assert models.pid is None


def test_cancel_ends_a_busy_process(tmp_path):
    os.mkfifo(tmp_path / "begun")
    with model_process("stuck", tmp_path) as models:
        events = models.request("recommend", gaps=["SQL"], catalogue=None, person=None, top_k=1)
        # The request is sent when the first event is asked for. This thread outlives the process it starts.
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(list, events)
            assert int((tmp_path / "begun").read_text("utf-8")) == models.pid
            models.cancel()
            with pytest.raises(ModelProcessDied):
                waiting.result(timeout=20)


def test_a_models_folder_where_the_user_works_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit(9)", "utf-8")
    monkeypatch.chdir(tmp_path)
    with model_process("Fakes", tmp_path) as models:
        assert models.ask(lambda step, share: None, "draft", **FIELDS)["draft"]["id"] == "talk"
