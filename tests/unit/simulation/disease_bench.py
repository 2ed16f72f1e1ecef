"""Pens at two sites and one disease, their water given: the process without the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.disease import DiseaseProfile
from farm.domain.events import SiteEventKind
from farm.domain.world import Stage
from farm.simulation.dice import Dice
from farm.simulation.epidemics.courses import Case
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Integers
from farm.simulation.process import Arrival, Morning, Therapy
from farm.simulation.processes.diseases import Diseases
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference.small_farm import biology
from tests.unit.simulation.lice_bench import bench_frame
from tests.unit.simulation.mornings import morning_of, reopened

#: What makes a disease that strikes any fish at once, spreads to nobody and treats all pens alike.
PLAIN: dict[str, Any] = {
    "phases": {"onsets_per_year": {"FO": 20.0, "SC": 20.0}, "virulence": 1.0},
    "season": {"peak": 180.0, "amplitude": 0.0},
    "contagion": {"within": 0.0, "between": 0.0, "reach": 5.0, "place_log_sd": 0.0},
}


def profile_of(code: str = "agd", **changes: Mapping[str, Any] | Any) -> DiseaseProfile:
    """Return a profile of the project, changed; parts of it are given as what changes in them.

    ``phases`` changes its last phase, which is at sea; ``season`` the season of that.
    """
    given = biology().diseases[code]
    update: dict[str, Any] = {}
    for name, change in changes.items():
        if name == "season":
            continue
        if name == "phases":
            phase = given.phases[-1]
            season = phase.season.model_copy(update=dict(changes.get("season", {})))
            update[name] = (phase.model_copy(update={"season": season, **change}),)
        elif isinstance(change, Mapping) and name in {"contagion", "course", "effects"}:
            update[name] = getattr(given, name).model_copy(update=dict(change))
        else:
            update[name] = change
    return given.model_copy(update=update)


ALWAYS_OPEN = {
    "age": (-2.0, -1.0, 5000.0, 6000.0),
    "temperature": (-5.0, -4.0, 30.0, 31.0),
}


def quick_to_strike(code: str = "agd", **changes: Any) -> DiseaseProfile:
    """Return a disease that begins at any time, wherever there are fish."""
    phases = {**PLAIN["phases"], **ALWAYS_OPEN, **changes.pop("phases", {})}
    contagion = {**PLAIN["contagion"], **changes.pop("contagion", {})}
    return profile_of(
        code, phases=phases, season=PLAIN["season"], contagion=contagion, carriers=None, **changes
    )


class DiseaseBench:
    """Each pen holds 10,000 fish that came to sea 200 days ago."""

    def __init__(
        self,
        diseases: Mapping[str, DiseaseProfile],
        first: date = date(2018, 6, 1),
        pens: int = 3,
        seed: int = 7,
    ) -> None:
        self.biology: Biology = biology().model_copy(update={"diseases": dict(diseases)})
        self.frame = bench_frame("FO", pens)
        self.dice = Dice(Streams(seed), self.frame)
        self.process = Diseases(self.biology, self.frame, self.dice)
        self.profiles = Profiles(self.biology, self.frame.geography.code)
        self.date = first
        self.pens = self.frame.pens
        self.state = State.empty(self.frame)
        self.stock(self.pens, first - timedelta(days=200))
        self.state.own[self.process.name] = self.process.begin()
        self.own["fish"][:] = self.state.assignment
        self.process.turn_month(Month(first.year, first.month))

    @property
    def own(self) -> dict[str, Any]:
        """The arrays of the process."""
        return self.state.own[self.process.name]

    def stock(self, pens: Integers, since: date) -> None:
        """Put fish into pens."""
        self.state.population[pens] = 10_000
        self.state.assignment[pens] = 1000 + pens
        self.state.stage[pens] = Stage.ADULT.id
        self.state.sea_since[pens] = self.state.stage_since[pens] = since.toordinal()

    def morning(
        self,
        warmth: float = 12.0,
        protection: float = 0.0,
        stress: Mapping[str, float] | None = None,
    ) -> Morning:
        """Today; ``stress``: intensity of site events, everywhere the same."""
        return morning_of(
            self.date,
            self.frame,
            self.state,
            len(self.biology.diseases),
            celsius=warmth,
            protection=protection,
            events={SiteEventKind(kind): strength for kind, strength in (stress or {}).items()},
        )

    def live(self, days: int = 1, **day: Any) -> Morning:
        """Let some days pass, at least one; return the last morning."""
        morning = self.morning(**day)
        for _ in range(days):
            morning = self.morning(**day)
            self.process.contribute(morning, self.own)
            self.date += timedelta(days=1)
            if self.date.day == 1:
                self.process.turn_month(Month(self.date.year, self.date.month))
        return morning

    def infect(self, pen: int, disease: int = 0) -> None:
        """Let a disease begin in a pen today."""
        case = Case(disease, pen, int(self.profiles.phases_of(disease)[-1]))
        today = self.date.toordinal()
        self.process._courses.start(self.own, [case], self.state.assignment, today)

    def treat(self, pens: Integers, code: str, treatment: int, morning: Morning) -> None:
        """Give some pens a treatment."""
        kind = [each.code for each in self.biology.treatments].index(code)
        kinds = np.full(len(pens), kind)
        ids = treatment + np.arange(len(pens))
        therapy = Therapy(np.asarray(pens), kinds, ids, morning.rates, morning.signs)
        self.process.treat(therapy, self.own)

    def move(self, moves: list[tuple[int, int, int]], morning: Morning) -> None:
        """Move fish: (from, to, number), into pens that were empty or are being filled."""
        targets = sorted({to for _, to, _ in moves})
        before = self.state.population[targets].copy()
        source, target, count = np.asarray(moves).T
        for origin, to, number in moves:
            self.state.population[to] += number
            if origin >= 0:
                self.state.population[origin] -= number
        self.state.assignment[targets] = 5000 + np.asarray(targets)
        self.state.stage[targets] = Stage.ADULT.id
        arrival = Arrival(
            container=np.asarray(targets),
            assignment=self.state.assignment[targets],
            batch=np.ones(len(targets), dtype=np.int64),
            stage=self.state.stage[targets],
            born=np.ones(len(targets), dtype=np.int64),
            before=before,
            source=source,
            target=np.searchsorted(targets, target),
            count=count,
            rates=morning.rates,
            signs=morning.signs,
        )
        self.process.welcome(arrival, self.own)

    def sleep(self) -> None:
        """End a session, and begin the next with what the snapshot holds."""
        pattern = State.empty(self.frame)
        self.process = Diseases(self.biology, self.frame, self.dice)
        pattern.own[self.process.name] = self.process.begin()
        self.state = reopened(self.state, pattern)
        self.process.turn_month(Month(self.date.year, self.date.month))
