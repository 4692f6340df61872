from __future__ import annotations

import tomllib

import pytest

from models.train.calibration import Choice, Judged, as_toml, choosing_table, judging_table


def test_a_choosing_table_learns_which_sign_is_chosen_and_what_leaving_it_all_is_worth() -> None:
    choices = [Choice([{"none": 1.0}, {"late": 1.0}, {"early": 1.0}], [False, True, False])] * 30
    choices += [Choice([{"none": 1.0}, {"early": 1.0}], [True, False])] * 10
    table = choosing_table(choices)

    assert table["late"] > table.get("none", 0.0) > table["early"]


def test_when_several_options_are_right_none_of_them_is_pushed_below_the_wrong_ones() -> None:
    options = [{"friday": 1.0, "asked": 1.0}, {"friday": 1.0, "answered": 1.0}, {"monday": 1.0}]
    table = choosing_table([Choice(options, [True, True, False])] * 20)

    assert table["friday"] > 0 > table["monday"]
    assert table.get("asked", 0.0) == pytest.approx(table.get("answered", 0.0), abs=0.01)


def test_a_judging_table_gives_log_odds_that_can_be_written_and_read_again() -> None:
    table = judging_table([Judged({"sure": 1.0}, True), Judged({"vague": 1.0}, False)] * 20)

    assert table["sure"] > 0 > table["vague"]
    again = tomllib.loads(as_toml({"item": table}))["item"]
    assert again == {sign: pytest.approx(weight, abs=0.01) for sign, weight in table.items()}
