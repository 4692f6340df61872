"""What the documentation promises exists, and what exists is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_readme():
    settings = set(re.findall(r"RAPPORT_[A-Z_]+", (ROOT / "service" / "settings.py").read_text("utf-8")))
    assert settings
    assert settings <= set(re.findall(r"RAPPORT_[A-Z_]+", README))


def test_every_setting_of_the_service_is_in_its_documentation():
    text = (ROOT / "service" / "hosting.py").read_text("utf-8")
    settings = {name for name in re.findall(r"RAPPORT_[A-Z0-9_]+", text) if not name.endswith("_")}
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert len(settings) > 20
    assert settings <= set(re.findall(r"^\| `(RAPPORT_[A-Z0-9_]+)`", page, re.MULTILINE))


def test_every_command_is_in_the_readme_and_the_other_way_round():
    shown = subprocess.run(
        [sys.executable, "-m", "service.cli", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"RAPPORT_LANG": "en", "PATH": "/usr/bin:/bin", "COLUMNS": "120", "HOME": str(ROOT)},
    ).stdout
    every = ("process", "transcribe", "draft", "recommend", "plan", "catalogue", "people", "models")
    every += ("serve", "web", "worker", "migrate", "user", "audit", "keys", "backup", "restore", "demo")
    commands = {c for c in every if re.search(rf"^  {c} ", shown, re.MULTILINE)}
    named = set(re.findall(r"^rapport ([a-z]+)", README, re.MULTILINE))
    assert commands == named


def test_links_of_the_readme_lead_somewhere():
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


def test_decisions_are_numbered_short_and_weigh_alternatives():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 24, path.name
        assert "Alternatives" in text, path.name
