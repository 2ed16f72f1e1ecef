"""Days and instants as whole numbers since 1970-01-01 UTC, the way numpy counts them."""

from __future__ import annotations

from datetime import date

from farm.domain.calendar import EPOCH

DAY_MINUTES = 1440
DAY_US = 86_400_000_000
MINUTE_US = 60_000_000


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - EPOCH
