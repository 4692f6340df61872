from __future__ import annotations

import subprocess
import sys

import pytest

from service.commands.progress import Estimate
from tests.service.commands.run_cli import ROOT, rapport

HEAVY = (
    "torch",
    "transformers",
    "faster_whisper",
    "ctranslate2",
    "onnxruntime",
    "numpy",
    "scipy",
    "docx",
    "rich",
)


def test_help_loads_no_model_library():
    program = (
        "import sys; from service.cli import main; main(['--help']); main(['process', '--help']);"
        f"sys.exit(','.join(name for name in {HEAVY!r} if name in sys.modules) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("process", "transcribe", "draft", "recommend", "models"):
        assert name in done.stdout


@pytest.mark.parametrize(
    "arguments", [(), ("process",), ("draft",), ("recommend",), ("models",), ("models", "fetch")]
)
def test_help_speaks_chinese(tmp_path, arguments):
    ran = rapport(*arguments, "--help", cwd=tmp_path, env={"RAPPORT_LANG": "zh"})
    assert ran.code == 0
    assert any("\u4e00" <= character <= "\u9fff" for character in ran.out)


def test_module_and_entry_point_are_the_same():
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "--version"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("rapport ")


@pytest.mark.parametrize(
    "arguments", [(), ("dance",), ("--dance",), ("models",), ("models", "dance"), ("recommend",)]
)
def test_wrong_commands_give_2_and_one_line(tmp_path, arguments):
    ran = rapport(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.line


def test_settings_that_cannot_be_used(tmp_path):
    ran = rapport("models", "list", cwd=tmp_path, env={"RAPPORT_THREADS": "lots"})
    assert ran.code == 2
    assert "RAPPORT_THREADS" in ran.line


def test_models_of_an_empty_store(tmp_path):
    listed = rapport("models", "list", cwd=tmp_path)
    assert (listed.code, listed.err) == (0, "")
    assert "whisper-base" in listed.out
    assert "missing" in listed.out
    verified = rapport("models", "verify", "whisper-base", cwd=tmp_path)
    assert verified.code == 1
    assert "rapport models fetch whisper-base" in verified.line
    for command in ("verify", "fetch"):
        unknown = rapport("models", command, "gpt-9", cwd=tmp_path)
        assert unknown.code == 2
        assert "gpt-9" in unknown.line


def test_nothing_of_the_service_imports_a_model_library():
    program = (
        "import sys, pkgutil, importlib, service\n"
        "for found in pkgutil.walk_packages(service.__path__, 'service.'):\n"
        "    importlib.import_module(found.name)\n"
        "heavy = ('torch', 'transformers', 'faster_whisper', 'ctranslate2', 'onnxruntime', 'sherpa_onnx')\n"
        "sys.exit(','.join(name for name in heavy if name in sys.modules) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_estimate_of_the_time_left():
    clock = iter([0.0, 10.0, 40.0])
    estimate = Estimate(("load", "listen", "transcribe", "understand", "draft"), now=lambda: next(clock))
    assert estimate.left_s() is None
    estimate.update("load", 1.0)
    estimate.update("listen", 0.5)
    assert estimate.share == pytest.approx(0.2)
    assert estimate.left_s() == pytest.approx(40.0)
    estimate.update("load", 0.1)  # a step that reports late does not turn the bar back
    assert estimate.share == pytest.approx(0.2)
    estimate.update("draft", 1.0)
    assert estimate.share == pytest.approx(1.0)
    assert estimate.left_s() == pytest.approx(0.0)
