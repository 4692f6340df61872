"""Rules of the house that a reader relies on: sizes, both languages everywhere, rooms that can be trusted."""

from __future__ import annotations

import ast
import re
import shutil
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("models", "prompts", "service", "eval")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TABLES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.toml"))


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_files_and_functions_stay_small():
    long_files = [str(p.relative_to(ROOT)) for p in SOURCES if len(p.read_text("utf-8").splitlines()) > 300]
    long_functions = [
        f"{p.relative_to(ROOT)}:{f.name}"
        for p in SOURCES
        for f in functions(p)
        if f.end_lineno - f.lineno >= 40
    ]
    assert (long_files, long_functions) == ([], [])


def sentences():
    """(file, key, English, Mandarin) of every table entry that is said to people."""
    for path in TABLES:
        table = tomllib.loads(path.read_text("utf-8"))
        for key, entry in table.items():
            if (
                isinstance(entry, dict)
                and ("en" in entry) != ("zh" in entry)
                and isinstance(entry.get("en", entry.get("zh")), str)
            ):
                yield path.name, key, entry.get("en"), entry.get("zh")
            elif isinstance(entry, dict) and isinstance(entry.get("en"), str):
                yield path.name, key, entry["en"], entry["zh"]


def test_every_sentence_exists_in_both_languages_with_the_same_values():
    found = list(sentences())
    assert len(found) > 100
    for file, key, english, mandarin in found:
        assert english and mandarin, (file, key)
        fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in (english, mandarin)]
        assert fields[0] >= fields[1] or fields[1] >= fields[0], (file, key)


def test_errors_are_one_line_in_both_languages():
    for name in ("models/errors.toml", "service/errors.toml"):
        for key, entry in tomllib.loads((ROOT / name).read_text("utf-8")).items():
            assert "\n" not in entry["en"] + entry["zh"], key
            assert re.search(r"[\u4e00-\u9fff]", entry["zh"]), key


BREACHES = {
    "service and eval know models": ("models/schema.py", "import service.cli"),
    "inside models": ("models/schema.py", "import models.pipeline"),
    "inside service, down to the rules": ("service/domain/ids.py", "import service.db.database"),
    "no web and no database": ("eval/data.py", "import fastapi"),
    "never loads a model library": ("service/cli.py", "import torch"),
    "stages are torch-free": ("models/stages/acts.py", "import torch"),
}


@pytest.mark.parametrize("contract", BREACHES)
def test_each_import_contract_can_fail(tmp_path, contract):
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("data", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    place, line = BREACHES[contract]
    source = tmp_path / place
    source.write_text(source.read_text("utf-8") + f"\n{line}\n", "utf-8")
    tool = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([tool, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    broken = [row for row in ran.stdout.splitlines() if row.endswith("BROKEN")]
    assert ran.returncode == 1, ran.stdout
    assert any(contract.split()[-1] in row or "schema BROKEN" in row for row in broken), ran.stdout
