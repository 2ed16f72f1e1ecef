"""Formulas as tables, and of whole months: the same as working them out each time."""

from __future__ import annotations

import numpy as np

from farm.domain import progress
from farm.domain.calendar import Month
from farm.domain.mortality import late_factor, sea_median
from farm.simulation.by_days import ByDays, ByRowAndDays
from tests.reference.small_farm import biology


def test_a_table_says_what_its_formula_says_also_after_its_last_day():
    mortality = biology().mortality
    days = np.asarray([0, 1, 17, 250, 500, 5_000, 737_000])
    late = ByDays(lambda given: late_factor(mortality, given), mortality.late_full)
    median = ByDays(lambda given: sea_median(mortality, given), mortality.sea_days[-1])

    assert late.at(days).tolist() == late_factor(mortality, days).tolist()
    assert median.at(days).tolist() == sea_median(mortality, days).tolist()


def test_a_table_of_rows_says_of_each_what_its_formula_says():
    table = ByRowAndDays(lambda days: np.minimum([[3], [5]] * days, [[21.0], [30.0]]), 7.0)
    rows, days = np.asarray([0, 1, 1, 0, 1]), np.asarray([-4, 0, 4, 7, 737_000])

    assert table.at(rows, days).tolist() == [0.0, 0.0, 20.0, 21.0, 30.0]


def test_what_a_trend_makes_of_a_month_is_what_it_makes_of_each_day():
    given, month = biology().progress, Month(2018, 2)
    first = month.first.toordinal()
    each = [
        float(progress.factor(given.mortality, progress.years(given, first + day)))
        for day in range(28)
    ]

    assert progress.in_month(given, given.mortality, month).tolist() == each
