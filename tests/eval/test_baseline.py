from __future__ import annotations

from pathlib import Path

from eval.baseline import compare, read, rounded, update
from eval.figures import Figure


def wer(value: float, low: float | None = None, high: float | None = None, n: int = 5) -> Figure:
    return Figure("word_error_rate", "en/checkins", value, low, high, n)


def test_worse_beyond_the_interval() -> None:
    (change,) = compare([wer(0.08)], [rounded(wer(0.05, 0.03, 0.07))])
    assert change.worse
    assert change.beyond
    assert round(change.by, 6) == 0.03


def test_worse_within_the_interval() -> None:
    (change,) = compare([wer(0.06)], [rounded(wer(0.05, 0.03, 0.07))])
    assert change.worse
    assert not change.beyond


def test_for_some_figures_more_is_better() -> None:
    before = Figure("action_items_f1", "en/held_back", 0.8, 0.7, 0.9, 12)
    better, worse = (
        Figure(before.key, before.row, 0.95, None, None, 12),
        Figure(before.key, before.row, 0.6, None, None, 12),
    )
    assert not compare([better], [rounded(before)])[0].worse
    assert compare([better], [rounded(before)])[0].beyond
    assert compare([worse], [rounded(before)])[0].worse


def test_a_figure_that_is_neither_way_better_is_never_worse() -> None:
    before = Figure("owner_withheld", "en/held_back", 0.1, 0.0, 0.2, 12)
    (change,) = compare([Figure("owner_withheld", "en/held_back", 0.9, None, None, 12)], [rounded(before)])
    assert not change.worse
    assert not change.beyond


def test_without_an_interval_every_change_counts() -> None:
    before = Figure("quotes_missing", "en/held_back", 0, None, None, 12)
    assert compare([Figure("quotes_missing", "en/held_back", 1, None, None, 12)], [rounded(before)])[0].beyond
    assert not compare([before], [rounded(before)])[0].beyond


def test_other_data_is_not_compared() -> None:
    assert compare([wer(0.08, n=2)], [rounded(wer(0.05, 0.03, 0.07))]) == []


def test_an_update_keeps_what_was_not_measured_this_time(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert read(path) == {}
    tone = Figure("tone_macro_f1", "en/held_back", 0.8, 0.7, 0.9, 12)
    update(path, "tone", [tone])
    update(path, "asr", [wer(0.05, 0.03, 0.07), Figure("lost_turns", "en/checkins", 0.0, 0.0, 0.0, 5)])
    update(path, "asr", [wer(0.04, 0.03, 0.07)])
    assert compare([tone], read(path)["tone"])[0].by == 0
    assert {f["key"]: f["value"] for f in read(path)["asr"]} == {"word_error_rate": 0.04, "lost_turns": 0.0}
