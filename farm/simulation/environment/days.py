"""A month of weather and sea: they ask no fish, so all its days are worked out at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.frame import Integers

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a month, as columns: what is worked out from them has a row for each day."""

    month: Month
    ordinal: Integers
    day_of_year: Integers

    @classmethod
    def of(cls, month: Month) -> Days:
        """Return the days of a month."""
        number, first = np.arange(month.days)[:, np.newaxis], month.first
        return cls(month, number + first.toordinal(), number + first.timetuple().tm_yday)


def day_by_day(whole: Record) -> Iterator[Record]:
    """Yield a record of arrays with a row for each day as one record for each day."""
    made: Any = whole
    columns = [getattr(made, each.name) for each in fields(made)]
    return (type(whole)(*row) for row in zip(*columns, strict=True))
