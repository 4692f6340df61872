from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from eval import baseline, plot, report
from eval.figures import NAMES, Figure, Outcome
from eval.run import EVALUATIONS

WER = Figure("word_error_rate", "en/checkins", 0.08, 0.05, 0.12, 5)
CER = Figure("character_error_rate", "zh/checkins", 0.04, 0.02, 0.06, 2)
TIME = Figure("time_ratio", "all/joined", 0.9, None, None, 1)
OUTCOME = Outcome((TIME, CER, WER), [{"id": "checkin-en-01", "errors": 3}])
BEFORE = [baseline.rounded(Figure("word_error_rate", "en/checkins", 0.03, 0.02, 0.05, 5))]
CHANGES = baseline.compare(OUTCOME.figures, BEFORE)


def shown(language: str) -> str:
    out = io.StringIO()
    report.print_outcome(Console(file=out, width=200), "asr", OUTCOME, CHANGES, language)
    return out.getvalue()


def test_english_rows_come_before_chinese_ones() -> None:
    text = shown("en")
    assert text.index("en/checkins") < text.index("zh/checkins") < text.index("all/joined")
    assert "8.0 % [5.0 %, 12.0 %]" in text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Worse beyond the interval"), ("zh", "变差且超出区间")]
)
def test_what_got_worse_is_said_with_by_how_much(language: str, words: str) -> None:
    text = shown(language)
    assert words in text
    assert "+5.0" in text
    assert "3.0 % [2.0 %, 5.0 %]" in text


def test_json_holds_figures_and_comparison(tmp_path: Path) -> None:
    report.write_json(tmp_path / "out/asr.json", "asr", OUTCOME, CHANGES, seed=3)
    found = json.loads((tmp_path / "out/asr.json").read_text("utf-8"))
    assert [f["row"] for f in found["figures"]] == ["en/checkins", "zh/checkins", "all/joined"]
    assert found["changes"] == [
        {
            "key": "word_error_rate",
            "row": "en/checkins",
            "before": 0.03,
            "now": 0.08,
            "worse": True,
            "beyond_interval": True,
        }
    ]
    assert found["seed"] == 3


def test_the_plot_is_a_png(tmp_path: Path) -> None:
    plot.save(tmp_path / "out/asr.png", "asr", OUTCOME.figures, CHANGES)
    assert (tmp_path / "out/asr.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("table", [NAMES.table, report.MESSAGES.table])
def test_both_languages_say_everything(table: dict[str, dict[str, str]]) -> None:
    for key, row in table.items():
        assert row["en"], key
        assert row["zh"], key
        assert row["en"].count("{") == row["zh"].count("{"), key


def test_every_figure_has_a_unit_and_a_direction() -> None:
    for key, row in NAMES.table.items():
        assert row["unit"] in {"%", "s", "MB", "x", "n"}, key
        assert row["better"] in {"lower", "higher", "neither"}, key


def test_every_evaluation_has_a_title() -> None:
    assert {f"title_{name}" for name in EVALUATIONS} <= set(report.MESSAGES.table)
