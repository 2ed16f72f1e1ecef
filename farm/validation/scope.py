"""What is asked about: which months of which scenario, as values for the places of the queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from math import inf
from statistics import NormalDist, fmean
from typing import Any

from farm.db.tables import DATA_TABLES, MONTHLY_TABLES
from farm.domain.calendar import YEAR, Month, Period
from farm.domain.observation import Sensors
from farm.domain.scenario import Scenario
from farm.domain.world import Parameter
from farm.settings.yardsticks import Answers
from farm.validation.care import care_facts
from farm.validation.prices import price_facts
from farm.validation.trade import trade_facts

_HOURS_OF_A_YEAR = YEAR * 24

#: The session in which the company is mature.
_MATURE = 3

#: What the weather does over a site.
_WEATHER = (Parameter.AIR_TEMPERATURE, Parameter.WIND_SPEED, Parameter.WAVE_HEIGHT)

#: Into how many steps the time between two calibrations is cut.
_STEPS = 1000


@dataclass(frozen=True)
class Scope:
    """The months that the checks look at.

    ``session`` narrows what is kept by month down to that session's months; what belongs to no
    month (batches, assignments, transfers) is always looked at as a whole. ``answers`` are the
    yardsticks by which the sessions were counted.
    """

    scenario: Scenario
    completed: Sequence[int]
    session: int | None = None
    answers: Answers | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything that the scenario makes is there and looked at."""
        return self.session is None and list(self.completed) == list(self.scenario.session_numbers)

    @property
    def period(self) -> Period:
        """The months looked at."""
        if self.session is not None:
            return self.scenario.period(self.session)
        return Period(self.scenario.horizon.first, self._last)

    def years(self) -> Iterator[tuple[int, Mapping[str, date]]]:
        """Yield the calendar years of the period, each with `first` and `after` of its part."""
        months = self.period.months()
        for year, of_year in groupby(months, key=lambda month: month.year):
            first, *others = of_year
            yield year, {"first": first.first, "after": [first, *others][-1].next().first}

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """Values for the queries' places. Days named ``after…`` are not included."""
        scenario, period = self.scenario, self.period
        sensors = scenario.observation.sensors
        outages = sensors.outages
        return {
            "first": period.first_day,
            "after": period.last_day + timedelta(days=1),
            "horizon_first": scenario.horizon.first_day,
            "after_horizon": date.fromordinal(self._last.last.toordinal() + 1),
            "first_session": self.session or self.completed[0],
            "last_session": self.session or self.completed[-1],
            **self._early_and_late,
            **price_facts(scenario),
            **care_facts(scenario),
            **trade_facts(scenario),
            "sensor_noise": sensors.noise.by_id()[1:],
            "sensor_drift": sensors.drift.by_id()[1:],
            "sensor_room": _room(sensors),
            "calibration_interval_days": sensors.calibration_interval_days,
            "tables": list(DATA_TABLES),
            "monthly_tables": list(MONTHLY_TABLES),
            "readings_per_day": scenario.observation.readings_per_day,
            "outlier_share": sensors.outlier_share,
            "drift_share": _drift_share(sensors),
            "outages_per_year": outages.per_year,
            "outage_share": outages.per_year
            * (outages.shortest + outages.mean_beyond)
            / _HOURS_OF_A_YEAR,
            "external_share": scenario.breeding.external_egg_share,
            "target_active": sum(
                company.programme.target_active_batches for company in scenario.outline.companies
            ),
        }

    @property
    def _early_and_late(self) -> dict[str, date | None]:
        """The years of the ramp and the mature ones: the first session and the third, if any."""
        late = self.scenario.period(_MATURE) if _MATURE in self.completed else None
        return {
            "early_after": self.scenario.period(1).last_day + timedelta(days=1),
            "late_first": None if late is None else late.first_day,
            "late_after": None if late is None else late.last_day + timedelta(days=1),
        }

    @property
    def _last(self) -> Month:
        return self.scenario.period(self.completed[-1]).last


def _room(sensors: Sensors) -> list[float]:
    """Return how far a good reading may lie outside of the daily means of its month, by parameter.

    Noise of eight and drift of six standard deviations, and three half swings of a day; weather
    also moves towards its days in other months, and the tide brings fresh water. How fast it flows
    is the tide's alone.
    """
    rooms = []
    for parameter in Parameter:
        noise, drift, *swings = (
            getattr(numbers, parameter.value)
            for numbers in (
                sensors.noise,
                sensors.drift,
                sensors.daily_swing_sea,
                sensors.daily_swing_land,
            )
        )
        room = 8 * noise + 6 * drift + 3 * max(swings)
        if parameter in _WEATHER:
            room *= 3
        elif parameter is Parameter.SALINITY:
            room += 10 * sensors.tide.salinity
        rooms.append(inf if parameter is Parameter.CURRENT else room)
    return rooms


def _drift_share(sensors: Sensors) -> float:
    """Return the share of readings with a drift above the flag, over all parameters.

    A drift is normal just before the next calibration and has grown evenly since the last, so the
    share is the mean of P(|z| > flag / (drift * t)) over t from 0 to 1.
    """
    normal = NormalDist()
    shares = []
    for drift, flag in zip(
        sensors.drift.by_id()[1:], sensors.drift_flagged.by_id()[1:], strict=True
    ):
        if drift > 0:
            grown = (drift * (step + 0.5) / _STEPS for step in range(_STEPS))
            shares.append(fmean(2 * normal.cdf(-flag / sd) for sd in grown))
    return fmean(shares) if shares else 0.0
