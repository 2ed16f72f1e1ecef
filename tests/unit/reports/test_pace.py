"""The arithmetic of rows per second and time left."""

from __future__ import annotations

import pytest

from farm.reports.pace import Pace


def test_one_sample_says_nothing():
    pace = Pace()
    pace.sample(0.0, 500)
    assert pace.rows_s is None
    assert pace.eta_s(1000) is None


def test_the_time_left_is_what_remains_at_the_rate_of_the_window():
    # Given 1,000 rows in 4 seconds
    pace = Pace()
    pace.sample(10.0, 0)
    pace.sample(14.0, 1000)

    # Then 500 more take two seconds
    assert pace.rows_s == pytest.approx(250.0)
    assert pace.eta_s(500) == pytest.approx(2.0)


def test_what_lies_before_the_window_does_not_count():
    # Given a fast start and a slow present
    pace = Pace(window_s=10.0)
    pace.sample(0.0, 0)
    pace.sample(5.0, 1_000_000)
    for second in range(6, 31):
        pace.sample(float(second), 1_000_000 + 100 * (second - 5))

    assert pace.rows_s == pytest.approx(100.0)


def test_looks_further_apart_than_the_window_still_give_a_rate():
    pace = Pace(window_s=1.0)
    pace.sample(0.0, 0)
    pace.sample(60.0, 600)
    pace.sample(120.0, 1800)
    assert pace.rows_s == pytest.approx(20.0)


def test_nothing_arriving_means_no_time_can_be_given():
    pace = Pace()
    pace.sample(0.0, 100)
    pace.sample(5.0, 100)
    assert pace.rows_s == 0.0
    assert pace.eta_s(10) is None
    assert pace.eta_s(0) == 0.0


def test_rows_that_went_down_start_a_new_measurement():
    pace = Pace()
    pace.sample(0.0, 1_000_000)
    pace.sample(1.0, 0)
    assert pace.rows_s is None
    pace.sample(2.0, 50)
    assert pace.rows_s == pytest.approx(50.0)


def test_two_looks_at_one_instant_do_not_divide_by_zero():
    pace = Pace()
    pace.sample(1.0, 0)
    pace.sample(1.0, 10)
    assert pace.rows_s is None


def test_a_burst_of_samples_within_a_second_says_nothing_yet():
    pace = Pace()
    for tick in range(9):
        pace.sample(tick / 10, 1000 * tick)
    assert pace.rows_s is None
    assert pace.eta_s(100) is None
