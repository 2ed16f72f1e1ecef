"""Two sites with a few pens each, their water given, and lice on the fish: without the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.events import SiteEventKind
from farm.domain.world import LiceLimit, Site, Stage
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning
from farm.simulation.processes.lice import Lice
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference.small_farm import Sketch, biology, small_plan
from tests.unit.simulation.mornings import morning_of

SITES = ((62.0, -7.0), (62.05, -7.0))

LIMITS = (
    LiceLimit(101, 1, "treat", date(2010, 1, 1), None, 8, 4, 1.5),
    LiceLimit(102, 1, "treat", date(2010, 1, 1), None, 5, 7, 1.0),
)


def bench_frame(geography: str = "FO", pens: int = 3) -> Frame:
    """The containers of two sites, five kilometres from each other."""
    days = (90, 90, 90, 60, 60, 1000)
    sketches = [
        Sketch(geography=geography, days=days, containers=(1, 1, 1, 1, 1, pens), site=site)
        for site in (1, 2)
    ]
    frame = Frame.of(small_plan(*sketches).world, geography)
    placed = tuple(
        Site(s.id, s.area_id, s.code, s.name, *at, s.max_biomass_t, s.exposure)
        for s, at in zip(frame.sites, SITES, strict=True)
    )
    return replace(frame, sites=placed, lice_limits=LIMITS)


class LiceBench:
    """Each pen holds 200,000 fish of 2 kg, until somebody changes the state."""

    def __init__(
        self,
        nature: Biology | None = None,
        first: date = date(2018, 6, 1),
        geography: str = "FO",
        pens: int = 3,
    ) -> None:
        self.biology = nature or biology()
        self.frame = bench_frame(geography, pens)
        self.dice = Dice(Streams(7), self.frame)
        self.lice = Lice(self.biology, self.frame, self.dice)
        self.date = first
        self.state = State.empty(self.frame)
        self.pens = self.frame.pens
        self.state.population[self.pens] = 200_000
        self.state.weight_g[self.pens] = 2000.0
        self.state.stage[self.pens] = Stage.ADULT.id
        self.state.arrived[self.pens] = first.toordinal() - 200
        self.state.empty_by[self.pens] = first.toordinal() + 600
        self.state.own[self.lice.name] = self.lice.begin()
        self.lice.turn_month(Month(first.year, first.month))

    @property
    def own(self) -> dict[str, Any]:
        """The arrays of the process."""
        return self.state.own[self.lice.name]

    def morning(
        self,
        warmth: Floats | float = 10.0,
        salinity: Floats | float = 35.0,
        storm: bool = False,
    ) -> Morning:
        """Today; warmth and salinity of the sites."""
        frame = self.frame
        sites = len(frame.sites)

        def everywhere(of_sites: Floats | float, on_land: float) -> Floats:
            return np.asarray(
                frame.spread(np.broadcast_to(np.asarray(of_sites, float), (sites,)), on_land)
            )

        return morning_of(
            self.date,
            frame,
            self.state,
            len(self.biology.diseases),
            celsius=everywhere(warmth, 12.0),
            psu=everywhere(salinity, np.nan),
            events={SiteEventKind.STORM: 1.0} if storm else None,
        )

    def pass_day(self) -> None:
        """Tomorrow comes."""
        self.date += timedelta(days=1)
        if self.date.day == 1:
            self.lice.turn_month(Month(self.date.year, self.date.month))

    def live(self, days: int = 1, **day: Any) -> Morning:
        """Let lice live for some days, at least one; returns the last morning."""
        morning = self.morning(**day)
        for _ in range(days):
            morning = self.morning(**day)
            self.lice.contribute(morning, self.own)
            self.pass_day()
        return morning

    def kind(self, code: str) -> int:
        """The index of a treatment type."""
        return [spec.code for spec in self.biology.treatments].index(code)
