from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import models
from service.installation import complaint

ROOT = Path(__file__).parents[2]


def test_the_models_package_is_ours():
    assert Path(models.__file__) == ROOT / "models" / "__init__.py"
    assert complaint({}) is None


def test_a_rival_package_is_named_before_anything_of_it_runs(tmp_path):
    rival = tmp_path / "models"
    rival.mkdir()
    (rival / "__init__.py").write_text("raise SystemExit('the rival ran')", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from service.cli import main; sys.exit(main(['--version']))"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "RAPPORT_LANG": "zh"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert str(rival / "__init__.py") in done.stderr
    assert "虚拟环境" in done.stderr
    assert len(done.stderr.splitlines()) == 1
