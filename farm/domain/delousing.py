"""How people count lice and fight them, as configured in ``config/parameters/care.toml``."""

from __future__ import annotations

from bisect import bisect
from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from farm.domain.measures import MonthOfYear, Share, WholeDays
from farm.domain.quantity import Strict, unit

Interval = Annotated[int, unit("day"), Field(ge=1, le=120)]
OverYears = Annotated[tuple[float, ...], unit("1"), Field(min_length=2)]


class CountingRule(Strict):
    """How often lice are counted in a geography, from a day on; more often in a season."""

    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    interval: Interval
    season_interval: Interval
    season_from: MonthOfYear
    season_to: MonthOfYear
    fish_per_pen: Annotated[int, unit("fish"), Field(ge=1, le=100)]

    @field_validator("since")
    @classmethod
    def _since_is_a_day(cls, since: str) -> str:
        date.fromisoformat(since)
        return since

    def days_between(self, month: int) -> int:
        """Return the days from one count to the next in a calendar month, 1 to 12."""
        in_season = is_in_season(month, self.season_from, self.season_to)
        return self.season_interval if in_season else self.interval


class Programme(Strict):
    """A treatment given to every generation before there is a need: when, and at how many sites."""

    #: Days after a site's first fish came to sea.
    after: Interval
    #: Share of the generations that get it, at the years of `DelousingParameters`.
    share: OverYears


class DelousingParameters(Strict):
    """When a site is deloused and with what: the table ``delousing`` of ``care.toml``.

    What changes over the years is given for January of each of ``years``, with straight lines
    between them and constant outside.
    """

    years: Annotated[tuple[float, ...], unit("year"), Field(min_length=2)]
    #: People act at this share of the limit from which the law wants treatment, by geography.
    act_at: dict[str, OverYears]
    #: Days from the decision to the first pen, and from one decision at a site to the next.
    preparation: WholeDays
    pause: WholeDays
    #: Days before a pen must be empty within which it is harvested rather than treated: below the
    #: limit, and from the limit on.
    harvest_instead: WholeDays
    harvest_at_once: WholeDays
    #: Days after a medicine within which a site does not get it again.
    medicine_rest: WholeDays
    #: Mean gill score, and share of sick fish, from which fish are spared heat and pumps.
    sore_gills: Annotated[float, unit("score 0-5"), Field(ge=0, le=5)]
    sick_from: Share
    #: Share of a site's pens that a method must fit; the others are treated next time.
    fits_at_least: Share
    #: Weights of choice between ways to delouse, and what is done in advance: by geography and
    #: code of the treatment.
    methods: dict[str, dict[str, OverYears]]
    programmes: dict[str, dict[str, Programme]]

    @model_validator(mode="after")
    def _everything_has_a_value_for_each_year(self) -> Self:
        if any(a >= b for a, b in pairwise(self.years)):
            raise ValueError("years must rise")
        series = dict(self.act_at)
        for code, methods in self.methods.items():
            series |= {f"methods.{code}.{name}": weights for name, weights in methods.items()}
        for code, programmes in self.programmes.items():
            series |= {f"programmes.{code}.{name}": p.share for name, p in programmes.items()}
        for name, values in series.items():
            if len(values) != len(self.years) or min(values) < 0:
                raise ValueError(f"{name}: one value, not negative, for each of {self.years}")
        return self


def is_in_season(month: int, first: int, last: int) -> bool:
    """Return whether a month lies in a season of whole months, which may go over the new year."""
    if first <= last:
        return first <= month <= last
    return month >= first or month <= last


def in_year(years: tuple[float, ...], values: tuple[float, ...], day: date) -> float:
    """Return the value of a series that is given at January of some years."""
    now = day.year + (day.timetuple().tm_yday - 1) / 366.0
    following = bisect(years, now)
    if not 0 < following < len(years):
        return values[0] if following == 0 else values[-1]
    (start, end), (before, after) = (
        each[following - 1 : following + 1] for each in (years, values)
    )
    return before + (after - before) * (now - start) / (end - start)
