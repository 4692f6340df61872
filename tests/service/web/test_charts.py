"""Where values stand in pictures."""

from __future__ import annotations

from datetime import date

from service.web.charts import EDGE, bars, line, radar, strip


def test_days_stand_on_a_strip_in_proportion_and_those_outside_are_left_out():
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 16), date(2026, 1, 31), date(2026, 2, 1)]
    chart = strip(days, date(2026, 1, 1), date(2026, 1, 31), width=116.0)
    assert [x for x, _ in chart.dots] == [EDGE, 58.0, 116.0 - EDGE]
    assert [day for _, day in chart.months] == [date(2026, 1, 1)]


def test_a_line_goes_up_with_its_values_and_along_with_the_days():
    values = [(date(2026, 1, 1), 0.0), (date(2026, 1, 2), 1.0), (date(2026, 1, 5), 0.5)]
    chart = line(values, 1.0, width=116.0, height=66.0)
    assert chart.points == ((8.0, 58.0), (33.0, 8.0), (108.0, 33.0))
    assert chart.path == "M8 58L33 8L108 33"
    assert chart.levels == ((58.0, 0.0), (33.0, 0.5), (8.0, 1.0))


def test_a_single_value_stands_in_the_middle():
    assert line([(date(2026, 1, 1), 2.0)], 4.0, width=100.0, height=100.0).points == ((50.0, 50.0),)


def test_a_radar_is_closed_where_all_is_known_and_open_where_something_is_not():
    chart = radar([(5, 5, 5, 5), (5, None, 5, 5), (None, 2, None, None)], 5, size=248.0)
    whole, gap, lonely = chart.rings
    assert whole.path == "M124 24L224 124L124 224L24 124Z"
    assert gap.path == "M124 224L24 124M24 124L124 24"
    assert (lonely.path, lonely.marks) == ("", ((1, 164.0, 124.0),))
    assert len(chart.levels) == 5


def test_bars_are_as_long_as_their_values_and_unknown_ones_are_missing():
    chart = bars([(1, None), (5, 2)], 5, width=100.0, thickness=10.0)
    assert chart.rows == (((0.0, 20.0), None), ((30.0, 100.0), (40.0, 40.0)))
    assert chart.height == 60.0
