"""A validation made by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farm.validation.checks import Group
from farm.validation.verdict import Skipped, Validation, Verdict

GOOD = Verdict("one", Group.INTEGRITY, "One is one", True, 0.0, 0.0, 0.0, "offenders", "sums")
BAD = Verdict(
    "eggs",
    Group.BUSINESS,
    "Eggs are not fed",
    False,
    7.0,
    0.0,
    0.0,
    "offenders",
    "biology",
    ({"date": date(2016, 3, 1), "feed_kg": Decimal("1.500")},) * 5,
)
COLD = Verdict(
    "sea.FO-01", Group.STATISTICS, "Sea, FO-01", False, 4.25, 6.0, 8.2, "°C", "EN01 [found] a table"
)
SKIPPED = Skipped("sea.SC-01", Group.STATISTICS, "Sea, SC-01", "needs 3 years, the data has 2")

FOUND = Validation(None, (GOOD, BAD, COLD), (SKIPPED,), seconds=1.25)
