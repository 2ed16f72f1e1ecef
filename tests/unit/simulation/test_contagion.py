"""Who falls ill: looking where chance may strike finds what asking everybody in loops finds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from farm.domain.calendar import YEAR, Month
from farm.domain.disease import DiseaseProfile, Phase, season, window
from farm.simulation.dice import uniform
from farm.simulation.epidemics.came import Came
from farm.simulation.epidemics.courses import Courses, Running
from farm.simulation.epidemics.profiles import code_word
from farm.simulation.process import Morning
from farm.simulation.state import Own
from farm.simulation.streams import Decision
from tests.unit.simulation.disease_bench import DiseaseBench, profile_of, quick_to_strike


class PlainContagion:
    """The new cases of one disease on one morning, one place and container after the other."""

    def __init__(self, bench: DiseaseBench, row: int, morning: Morning, own: Own) -> None:
        self.bench, self.row, self.morning, self.own = bench, row, morning, own
        self.code = bench.profiles.codes[row]
        self.profile: DiseaseProfile = bench.biology.diseases[self.code]
        self.month = Month(morning.today.date.year, morning.today.date.month)

    def weak(self, phase: Phase, container: int) -> float | None:
        """How susceptible the fish are; None where they are in no stage of the phase."""
        state, today = self.morning.state, self.morning.today.ordinal
        if state.stage[container] not in [stage.id for stage in phase.stages]:
            return None
        if (
            self.own["since"][self.row, container]
            or self.own["immune"][self.row, container] > today
        ):
            return 0.0
        age = np.asarray(today - state.sea_since[container])
        water = np.asarray(self.morning.water.temperature_c[container])
        safe = self.morning.protection[self.row, container]
        strain = self.own["strain"][self.row, container]
        by_age, by_water = window(phase.age, age), window(phase.temperature, water)
        return float(by_age * by_water * (1.0 - safe) * (1.0 + strain))

    def worst(self, container: int, *, slowed: bool) -> float:
        """How susceptible they are in the worst phase."""
        return max(
            (self.weak(phase, container) or 0.0) * (min(self.season(phase), 1.0) if slowed else 1.0)
            for phase in self.profile.phases
        )

    def season(self, phase: Phase) -> float:
        """The season's factor."""
        day = self.morning.today.day_of_year
        return float(season(phase.season.peak, phase.season.amplitude, day))

    def trend(self) -> float:
        """What the year makes of the rate, in the middle of the month."""
        trend, year = self.profile.trend, self.month.year + (self.month.month - 0.5) / 12.0
        return float(np.interp(year, trend.years, trend.level))

    def begun(self) -> set[int]:
        """Containers in which outbreaks begin by themselves."""
        dice, word, found = self.bench.dice, code_word(self.code), set()
        chances = dice.by_place(Decision.DISEASE_ONSET, self.month, uniform, word)
        for index, place in enumerate(self.bench.frame.places):
            score = dice.score(Decision.DISEASE_PLACE, word, place.kind, place.id)
            sd = self.profile.contagion.place_log_sd
            here = [c for c in place.members.tolist() if self.morning.state.population[c]]
            rate = 0.0
            for phase in self.profile.phases:
                each = [self.weak(phase, c) for c in here]
                fit = [weak for weak in each if weak is not None]
                base = phase.onsets_per_year.get("FO", 0.0) * self.season(phase)
                base *= self.trend()
                rate += base * sum(fit) / max(len(fit), 1) * math.exp(sd * score - sd * sd / 2)
            if chances[self.morning.today.row, index] < 1.0 - math.exp(-rate / YEAR):
                weights = [self.worst(c, slowed=False) for c in here]
                today = self.morning.today.ordinal
                stream = dice.streams.at(Decision.DISEASE_INDEX, word, place.kind, place.id, today)
                left = stream.random() * sum(weights)
                for container, weight in zip(here, weights, strict=True):
                    left -= weight
                    if left < 0.0:
                        found.add(container)
                        break
        return found

    def caught(self, running: Running) -> set[int]:
        """Containers that catch it from others."""
        frame, spread = self.bench.frame, self.profile.contagion
        mine = running.disease == self.row
        ill = dict(
            zip(running.container[mine].tolist(), running.intensity[mine].tolist(), strict=True)
        )
        word = code_word(self.code)
        chances = self.bench.dice.by_container(Decision.DISEASE_SPREAD, self.month, uniform, word)[
            self.morning.today.row
        ]
        found = set()
        for index, place in enumerate(frame.places):
            force = spread.within * sum(ill.get(c, 0.0) for c in place.members.tolist())
            for other in range(len(frame.sites)):
                if index < len(frame.sites) and index != other:
                    pens = frame.places[other].members.tolist()
                    stocked = sum(bool(self.morning.state.population[c]) for c in pens)
                    near = math.exp(-frame.site_distance_km[index, other] / spread.reach)
                    strength = sum(ill.get(c, 0.0) for c in pens)
                    force += spread.between * near * strength / max(stocked, 1)
            for c in place.members.tolist():
                chance = 1.0 - math.exp(-self.worst(c, slowed=True) * force)
                if self.morning.state.population[c] and chances[c] < chance:
                    found.add(c)
        return found


def catching(code: str, **phases: object) -> DiseaseProfile:
    contagion = {"within": 0.3, "between": 0.1, "reach": 5.0, "place_log_sd": 0.5}
    return quick_to_strike(code, contagion=contagion, immunity=20.0, phases=phases)


def test_cases_are_those_that_plain_loops_find_among_all_fish():
    # Given diseases of one phase and of two, that come by themselves and from others
    twice = profile_of("ipn", contagion={"within": 0.3, "between": 0.05, "place_log_sd": 0.5})
    wide = {"age": (-2.0, -1.0, 5000.0, 6000.0)}
    twice = twice.model_copy(
        update={
            "phases": tuple(
                phase.model_copy(update={**wide, "onsets_per_year": {"FO": 4.0}})
                for phase in (twice.phases[0], twice.phases[-1])
            )
        }
    )
    diseases = {
        "agd": catching("agd", onsets_per_year={"FO": 9.0}, age=(150.0, 250.0, 400.0, 500.0)),
        "cms": catching("cms", onsets_per_year={"FO": 9.0}, temperature=(5.0, 9.0, 11.0, 14.0)),
        "ipn": twice,
        "isa": catching("isa", onsets_per_year={}),
    }
    bench = DiseaseBench(diseases, pens=6)
    bench.state.population[bench.pens[3]] = 0
    contagion, found = bench.process._contagion, 0
    cases_of = contagion.cases

    def compared(morning: Morning, own: Own, running: Running) -> object:
        nonlocal found
        cases = cases_of(morning, own, running)
        wanted = set()
        for row in range(len(bench.biology.diseases)):
            plain = PlainContagion(bench, row, morning, own)
            wanted |= {(row, container) for container in plain.begun() | plain.caught(running)}
        assert [(case.disease, case.container) for case in cases] == sorted(wanted)
        found += len(cases)
        return cases

    contagion.cases = compared  # type: ignore[method-assign,assignment]
    # When they live through a season with storms and a vaccine
    for day in range(80):
        stress = {"storm": 0.8} if day % 30 == 10 else {}
        warmth = 10.0 - 4.0 * math.cos(day / 20.0)
        bench.live(warmth=warmth, protection=0.3 if day > 40 else 0.0, stress=stress)
    # Then on each day the same fell ill, and not few
    assert found > 15


@pytest.mark.parametrize("seed", range(5))
def test_newcomers_have_the_course_of_the_most_infected_or_else_of_the_most_fish(seed):
    # Given three arrivals from many containers, a few of them infected, and from outside
    chance = np.random.default_rng(seed)
    bench = DiseaseBench({"agd": profile_of("agd"), "cms": profile_of("cms")}, pens=6)
    courses = Courses(bench.profiles, bench.frame, bench.dice)
    own, size = courses.begin(), bench.frame.size
    own["since"][:] = chance.random((2, size)) < 0.2
    own["strain"][:] = chance.random((2, size))
    target = chance.integers(0, 3, 12)
    source = chance.integers(-1, size, 12)
    fish = chance.integers(0, 5, 12)
    # When it is asked what they bring
    target, source = np.append(target, range(3)), np.append(source, range(3))
    fish = np.append(fish, [1, 0, 2])
    came = Came(3, target, source, fish)
    chosen, strain = courses.carry(own, came), courses.strain(own, came)
    # Then it is what plain loops choose
    for arrival in range(3):
        mine = [(s, n) for s, n, t in zip(source, fish, target, strict=True) if t == arrival]
        for disease in range(2):
            ill = [(s, n) for s, n in mine if s >= 0 and n and own["since"][disease, s]]
            most = max(ill or mine, key=lambda each: each[1])
            assert chosen[disease, arrival] == most[0]
            worst = [own["strain"][disease, s] for s, n in mine if s >= 0 and n]
            assert strain[disease, arrival] == max(worst, default=0.0)


def test_the_phases_of_diseases_stand_one_after_the_other():
    diseases = {code: profile_of(code) for code in ("agd", "cms")}
    diseases["ipn"] = quick_to_strike("ipn")
    both = diseases["ipn"].phases * 2
    diseases["ipn"] = diseases["ipn"].model_copy(update={"phases": both})
    bench = DiseaseBench(diseases)

    assert bench.profiles.phases_of_each.tolist() == [[0, 1, 2], [0, 1, 3]]
    assert bench.profiles.phases_of(2).tolist() == [2, 3]
