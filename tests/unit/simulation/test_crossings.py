"""A month of crossings at once is the same month told day by day, wherever a month ends."""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.calendar import Month
from farm.domain.events import CROSSINGS
from farm.domain.water import temperature_margin
from farm.simulation.environment.crossings import Crossings
from farm.simulation.environment.days import Days, day_by_day
from farm.simulation.frame import Frame
from tests.reference.small_farm import Sketch, biology, small_plan

MONTHS = (Month(2016, 1), Month(2016, 2), Month(2016, 3))


def test_events_of_months_are_those_of_their_days():
    given = biology()
    frame = Frame.of(small_plan(Sketch(), Sketch(site=2)).world, "FO")
    crossings, sites = Crossings(given, frame), len(frame.sites)
    chance = np.random.Generator(np.random.PCG64DXSM(2))
    margin = temperature_margin(given.water.sea["FO"], given.events.heat_wave.percentile)
    storm = [given.events.storm.wind.of(site.exposure) for site in frame.sites]
    own = crossings.begin()
    run, away, known = ([[0] * sites for _ in CROSSINGS] for _ in range(3))
    opened = closed = 0
    for month in MONTHS:
        # Warm for some days, then cold for some; wind that changes from day to day
        swing = np.sin(np.arange(month.days) / 5.0)[:, np.newaxis] * 2.0 * margin
        anomaly = swing + 0.2 * margin * chance.standard_normal((month.days, sites))
        wind = np.asarray(storm) * (1.0 + 0.3 * chance.standard_normal((month.days, sites)))
        told = list(day_by_day(crossings.month(Days.of(month), wind, anomaly, own)))
        assert len(told) == month.days
        for day, turns in enumerate(told):
            today = date(month.year, month.month, day + 1).toordinal()
            for kind, name in enumerate(CROSSINGS):
                spec = given.events.crossing(name)
                for site in range(sites):
                    degrees = anomaly[day, site] / margin
                    beyond = (wind[day, site] / storm[site], degrees, -degrees)[kind]
                    run[kind][site] = run[kind][site] + 1 if beyond > 1 else 0
                    away[kind][site] = 0 if beyond > 1 else away[kind][site] + 1
                    opens = not known[kind][site] and run[kind][site] >= spec.least_days
                    closes = bool(known[kind][site]) and away[kind][site] > spec.gap_days
                    known[kind][site] = (known[kind][site] or opens) and not closes
                    opened, closed = opened + opens, closed + closes
                    at = kind, site
                    assert turns.opens[at] == opens
                    assert turns.closes[at] == closes
                    assert turns.active[at] == known[kind][site]
                    assert turns.start[at] == today - run[kind][site] + 1
                    assert turns.end[at] == today - away[kind][site] + 1
                    lasts = known[kind][site] and beyond > 1
                    assert (turns.intensity[at] > 0) == lasts
    assert opened > closed > 4
