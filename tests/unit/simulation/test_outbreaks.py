"""What people notice of outbreaks, and what the register says of them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.disease import DiseaseProfile
from farm.domain.world import CAUSES, Cause
from farm.simulation.care.facts import Note, NoteKind, OpenOutbreaks, Toll
from farm.simulation.care.memory import Memory
from farm.simulation.care.outbreaks import Outbreaks
from farm.simulation.engine import simulate
from farm.simulation.health_records import OutbreakRecord
from farm.simulation.process import Today
from farm.simulation.state import State
from tests.reference.small_farm import Nature, Sketch, biology, healthy, small_plan
from tests.unit.simulation.disease_bench import DiseaseBench, quick_to_strike
from tests.unit.simulation.mornings import reopened

COURSE = {"incubation": 5.0, "rise": 10.0, "plateau": 20.0, "decline": 15.0, "log_sd": 0.0}


def dormant(code: str = "agd", **changes: Any) -> DiseaseProfile:
    return quick_to_strike(
        code,
        phases={"onsets_per_year": {}},
        course=COURSE,
        effects={"outbreak_log_sd": 0.0, "container_log_sd": 0.0},
        **changes,
    )


class Watched(DiseaseBench):
    """A bench whose fish are looked at every morning; deaths follow the hazard, in whole fish."""

    def __init__(self, diseases: Mapping[str, DiseaseProfile], **how: Any) -> None:
        super().__init__(diseases, **how)
        self.memory = Memory(self.frame)
        self.outbreaks = Outbreaks(self.biology, self.frame)
        self.state.own[self.memory.name] = self.memory.begin()
        self.state.own[self.outbreaks.name] = self.outbreaks.begin()
        self.notes: list[tuple[date, Note]] = []
        none = np.zeros((0, 0), dtype=np.int64)
        self.open = OpenOutbreaks(none, none, none)

    def watch(self, days: int = 1) -> None:
        for _ in range(days):
            today = Today.of(self.date)
            morning = self.live()
            self.open, notes = self.outbreaks.watch(morning, self.memory.week_per_mille(self.state))
            self.notes += [(today.date, note) for note in notes]
            deaths = np.floor(morning.rates.hazard * self.state.population).astype(np.int64)
            toll = Toll.of(deaths, deaths.sum(axis=0))
            self.state.population -= toll.dead
            self.outbreaks.note(today, self.state, morning.signs, toll)
            self.memory.note(today, self.state, toll)

    def records(self) -> list[OutbreakRecord]:
        return self.outbreaks.records(self.state)

    def sleep(self) -> None:
        pattern = State.empty(self.frame)
        for part in (self.process, self.memory, self.outbreaks):
            pattern.own[part.name] = part.begin()
        self.outbreaks = Outbreaks(self.biology, self.frame)
        self.state = reopened(self.state, pattern)


@pytest.fixture
def watched():
    return Watched({"agd": dormant(), "cms": dormant("cms")})


def test_a_quiet_farm_has_an_empty_register(watched):
    watched.watch(40)

    assert watched.records() == []
    assert not watched.open.id.any()
    assert watched.notes == []


def test_an_outbreak_is_noticed_when_it_has_risen_and_is_over_with_the_last_case(watched):
    # Given a pen that is infected, and another one ten days later
    first = watched.date
    watched.infect(int(watched.pens[0]))
    watched.watch(10)
    watched.infect(int(watched.pens[1]))
    watched.watch(60)

    # Then the outbreak lasts from the first infection to the end of the second course
    (record,) = watched.records()
    assert record.first_case_date == first
    assert (record.end_date - first).days == 10 + 50
    assert (record.site_id, record.station_id) == (watched.frame.sites[0].id, None)
    assert record.disease_id == 1
    assert record.assignments_affected == 2
    assert first < record.onset_date < record.peak_date < record.end_date
    assert (record.onset_date - first).days in range(6, 14)
    assert record.diagnosed_date is None
    assert record.deaths > 0


def test_what_nobody_notices_stands_in_the_register_without_an_onset():
    watched = Watched({"agd": dormant(noticed_at=1.0, alarming=1000.0)})
    watched.infect(int(watched.pens[0]))
    watched.own["goal"][:] = watched.own["relief"][:] = 0.1
    watched.watch(60)

    (record,) = watched.records()
    assert record.onset_date is None
    assert record.end_date is not None
    assert watched.notes == []


def test_many_deaths_are_noticed_before_the_height():
    onsets: list[date] = []
    for alarming in (1000.0, 0.3):
        watched = Watched({"agd": dormant(noticed_at=1.0, alarming=alarming)})
        watched.infect(int(watched.pens[0]))
        watched.watch(40)
        onsets += [day for day, _ in watched.notes]

    assert len(onsets) == 2
    assert onsets[1] < onsets[0]


def test_the_journal_is_told_of_suspicion_and_recovery(watched):
    watched.infect(int(watched.pens[0]))
    watched.watch(60)

    (on, suspicion), (over, recovery) = watched.notes
    (record,) = watched.records()
    assert (suspicion.kind, recovery.kind) == (NoteKind.SUSPICION, NoteKind.RECOVERY)
    assert (on, over) == (record.onset_date, record.end_date)
    assert suspicion.outbreak == recovery.outbreak == record.id
    assert suspicion.assignment == watched.state.assignment[watched.pens[0]]
    assert suspicion.facts["disease"] == "Amoebic gill disease"
    assert suspicion.facts["containers"] == 1
    assert 0 < suspicion.facts["appetite"] < 100
    assert recovery.facts["deaths"] == record.deaths
    assert recovery.facts["days"] == (record.end_date - record.first_case_date).days


def test_a_second_outbreak_at_a_place_is_another_one(watched):
    for _ in range(2):
        watched.infect(int(watched.pens[0]))
        watched.own["immune"][:] = 0
        watched.watch(55)
    watched.infect(int(watched.pens[1]), disease=1)
    watched.watch(5)

    records = watched.records()
    assert len({record.id for record in records}) == 3
    assert [r.disease_id for r in records] == [1, 1, 2]
    assert [r.assignments_affected for r in records] == [1, 1, 1]
    assert records[2].end_date is None
    assert watched.open.id[1, 0] == records[2].id
    assert not watched.open.id[0].any()


def test_every_death_of_a_disease_lies_inside_an_outbreak_of_its_place(watched):
    for pen, disease in ((0, 0), (1, 1), (4, 0)):
        watched.infect(int(watched.pens[pen]), disease)
        watched.watch(7)
    before = 10_000 * len(watched.pens)
    watched.watch(120)

    died = before - watched.state.population[watched.pens].sum()
    assert died > 0
    assert sum(record.deaths for record in watched.records()) == pytest.approx(died, abs=0)


def test_a_diagnosis_can_come_when_the_outbreak_is_over_and_the_first_one_counts(watched):
    watched.infect(int(watched.pens[0]))
    watched.watch(60)
    for day in (date(2018, 8, 5), date(2018, 8, 9)):
        watched.outbreaks.diagnose(0, 0, Today.of(day), watched.state)

    assert watched.records()[0].diagnosed_date == date(2018, 8, 5)


def test_an_open_outbreak_goes_on_in_the_next_session():
    whole, cut = (Watched({"agd": dormant()}) for _ in range(2))
    for bench in (whole, cut):
        bench.infect(int(bench.pens[0]))
        bench.watch(20)
    assert cut.records()[0].end_date is None
    cut.sleep()
    whole.watch(40)
    cut.watch(40)

    assert whole.records() == cut.records()
    assert [note for _, note in whole.notes] == [note for _, note in cut.notes]


def test_a_farms_outbreaks_hold_all_deaths_of_disease_day_by_day():
    # Given a batch whose pens catch a disease that is common in this world
    common = quick_to_strike("winter_ulcer", contagion={"within": 0.05})
    given = healthy(biology())
    nature = Nature(
        2, given.model_copy(update={"diseases": {**given.diseases, "winter_ulcer": common}})
    )
    days = (15, 15, 15, 15, 15, 600)
    plan = small_plan(Sketch(days=days, containers=(1, 1, 1, 1, 1, 3), eggs=60_000))

    history = simulate(nature, plan, "FO", Period(Month(2015, 1), Month(2016, 6)), None)

    # Then every day with deaths lies in an outbreak, and their sums agree
    row = len(Cause) + sorted(given.diseases).index("winter_ulcer")
    daily = history.daily
    died = daily["deaths_by_cause"][:, row]
    days_with = {d.item() for d in daily["date"][died > 0].astype("datetime64[D]")}
    outbreaks = history.health.outbreaks
    assert died.sum() > 0
    assert sum(outbreak.deaths for outbreak in outbreaks) == died.sum()
    for day in days_with:
        assert any(
            o.first_case_date <= day and (o.end_date is None or day < o.end_date) for o in outbreaks
        )


def test_a_toll_knows_where_fish_died_of_diseases():
    deaths = np.zeros((CAUSES + 2, 4), dtype=np.int64)
    deaths[0] = 5
    deaths[CAUSES, 1], deaths[CAUSES + 1, 3] = 1, 2

    assert Toll.of(deaths, deaths.sum(axis=0)).ill.tolist() == [1, 3]
