"""What people do about an outbreak, from what they see and what the laboratory told them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from farm.domain.biology import Biology
from farm.domain.disease import DiseaseProfile
from farm.domain.world import Cause
from farm.simulation.care.facts import Note, NoteKind, OpenOutbreaks, Order, Toll
from farm.simulation.care.response import Response
from tests.reference.small_farm import biology
from tests.unit.simulation.care_bench import Bench


def profile(**changes: Any) -> DiseaseProfile:
    """A bacterial disease of adults."""
    given = biology().diseases["winter_ulcer"]
    return given.model_copy(
        update={
            "name": "A disease",
            "kind": "bacterium",
            "treatments": {"SC": ("florfenicol", "functional_feed")},
            "harvest_early_above": None,
            **changes,
        }
    )


def with_diseases(**profiles: DiseaseProfile) -> Biology:
    return biology().model_copy(update={"diseases": profiles})


class Scene:
    """Pens in Scotland with one disease: who is sick, and what people know."""

    def __init__(self, pens: int = 5, geography: str = "SC", **changes: Any) -> None:
        nature = with_diseases(first=profile(**changes))
        self.bench = Bench(pens, geography, nature)
        bench = self.bench
        self.response = Response(nature, bench.frame, bench.courses.possible)
        bench.state.own["response"] = self.response.begin()
        self.place = int(bench.frame.place_of[bench.pens[0]])
        self.rules = nature.care.answering

    def ask(
        self,
        sick: list[float],
        *,
        noticed: bool = True,
        diagnosed: bool = True,
        outbreak: int = 9,
        warmth: float = 10.0,
    ) -> tuple[list[Order], list[Note]]:
        """What people decide today, with such shares of sick fish in the pens."""
        bench = self.bench
        morning = bench.morning(warmth)
        morning.signs.sick[0, bench.pens] = sick
        shape = (1, len(bench.frame.places))
        known = [np.zeros(shape, dtype=np.int64) for _ in range(3)]
        for array, value in zip(known, (outbreak, noticed, diagnosed), strict=True):
            array[0, self.place] = int(value) and (outbreak if array is known[0] else 1)
        return self.response.decide(morning, OpenOutbreaks(*known))

    def wait(self, days: int) -> None:
        self.bench.date += timedelta(days=days)

    def lose(self, days: int, deaths: int) -> None:
        """Let so many fish of each pen die of the disease on each of some days."""
        bench = self.bench
        for _ in range(days):
            died = np.zeros((len(Cause) + 1, bench.frame.size), dtype=np.int64)
            died[-1, bench.pens] = deaths
            toll = Toll.of(died, died.sum(axis=0))
            self.response.note(bench.morning().today, bench.state, toll)
            bench.date += timedelta(days=1)


def codes(scene: Scene, orders: list[Order]) -> list[str]:
    return [scene.bench.biology.treatments[order.kind].code for order in orders]


def test_the_sick_are_treated_once_the_laboratory_has_confirmed_it():
    scene = Scene()
    sick = [0.1, 0.0, 0.0, 0.0, 0.0]
    assert scene.ask(sick, diagnosed=False) == ([], [])

    orders, notes = scene.ask(sick)

    assert codes(scene, orders) == ["florfenicol"]
    assert orders[0].containers == (scene.bench.pens[0],)
    assert orders[0].outbreak == 9
    assert orders[0].reason == "outbreak"
    assert orders[0].day == scene.bench.ordinal + scene.rules.preparation
    assert [note.kind for note in notes] == [NoteKind.DECISION]
    assert notes[0].facts["disease"] == "A disease"


def test_what_is_seen_with_the_naked_eye_is_treated_without_a_laboratory():
    assert Scene(kind="virus").ask([0.1] * 5, diagnosed=False)[0] == []
    assert Scene(kind="fungus").ask([0.1] * 5, diagnosed=False)[0] != []


def test_the_others_are_treated_as_well_when_many_are_sick():
    few, many = Scene(), Scene()

    (of_few,), _ = few.ask([0.1, 0.0, 0.0, 0.0, 0.0])
    (of_many,), _ = many.ask([0.1, 0.1, 0.05, 0.0, 0.0])

    assert len(of_few.containers) == 1
    assert of_many.containers == tuple(many.bench.pens)


def test_no_antibiotic_is_given_in_the_faroes():
    scene = Scene(geography="FO", treatments={"FO": ("florfenicol", "functional_feed")})

    orders, _ = scene.ask([0.2] * 5)

    assert codes(scene, orders) == ["functional_feed"]


@pytest.mark.parametrize(
    ("warmth", "weight", "expected"),
    [
        (10.0, 2000.0, "hydrogen_peroxide"),
        (16.0, 2000.0, "functional_feed"),
        (10.0, 120.0, "functional_feed"),
    ],
)
def test_a_treatment_that_does_not_fit_the_water_or_the_fish_gives_way_to_the_next(
    warmth, weight, expected
):
    scene = Scene(treatments={"SC": ("hydrogen_peroxide", "functional_feed")})
    scene.bench.state.weight_g[scene.bench.pens] = weight

    assert codes(scene, scene.ask([0.2] * 5, warmth=warmth)[0]) == [expected]


def test_a_medicine_gives_way_when_its_withdrawal_leaves_no_time_before_harvest():
    later, soon = Scene(), Scene()
    for scene, left in ((later, 40), (soon, 20)):
        scene.bench.state.empty_by[scene.bench.pens] = scene.bench.ordinal + left

    # The harvest of sick fish waits as long as it can.
    assert codes(later, later.ask([0.2] * 5)[0]) == ["florfenicol"]
    assert codes(soon, soon.ask([0.2] * 5)[0]) == ["functional_feed"]


def test_a_treatment_is_given_time_to_work_and_then_the_next_one_has_its_turn():
    scene = Scene()
    scene.bench.state.empty_by[scene.bench.pens] += 365
    assert codes(scene, scene.ask([0.2] * 5)[0]) == ["florfenicol"]
    scene.wait(scene.rules.pause - 1)
    assert scene.ask([0.2] * 5)[0] == []
    scene.wait(1 + scene.rules.reconsidered)
    assert codes(scene, scene.ask([0.2] * 5)[0]) == ["functional_feed"]
    scene.wait(200)
    assert codes(scene, scene.ask([0.2] * 5, outbreak=10)[0]) == ["florfenicol"]


def test_where_nothing_helps_nothing_is_ordered():
    scene = Scene(treatments={"SC": ()})

    assert scene.ask([0.5] * 5) == ([], [])


@pytest.mark.parametrize(
    ("deaths", "weight", "early"), [(100, 4000.0, 1), (10, 4000.0, 0), (100, 1000.0, 0)]
)
def test_large_fish_are_harvested_early_after_a_week_of_too_many_deaths(deaths, weight, early):
    # 0.5 % of 10,000 fish are 50 a day.
    scene = Scene(harvest_early_above=0.5)
    bench = scene.bench
    bench.state.weight_g[bench.pens] = weight
    scene.lose(scene.rules.harvest_early_after, deaths)

    _, notes = scene.ask([0.3] * 5)

    assert bench.state.early[bench.pens].tolist() == [early] * 5
    assert [n.kind for n in notes if n.kind is NoteKind.EARLY_HARVEST] == (
        [NoteKind.EARLY_HARVEST] if early else []
    )


def test_a_bad_day_or_two_are_no_reason_for_an_early_harvest():
    scene = Scene(harvest_early_above=0.5)
    scene.bench.state.weight_g[scene.bench.pens] = 4000.0
    scene.lose(2, 100)
    scene.lose(scene.rules.harvest_early_after - 2, 0)
    scene.ask([0.3] * 5)

    assert scene.bench.state.early.sum() == 0


def test_fish_that_are_withheld_are_not_harvested_early():
    scene = Scene(harvest_early_above=0.5)
    bench = scene.bench
    bench.state.weight_g[bench.pens] = 4000.0
    bench.state.withheld[bench.pens[0]] = 1
    scene.lose(scene.rules.harvest_early_after, 100)
    _, notes = scene.ask([0.3] * 5)

    assert bench.state.early[bench.pens].tolist() == [0, 1, 1, 1, 1]
    (note,) = (n for n in notes if n.kind is NoteKind.EARLY_HARVEST)
    assert note.facts["containers"] == 4
    assert note.facts["percent_per_day"] == pytest.approx(1.0, rel=0.02)
    assert scene.ask([0.3] * 5)[1] == []  # said once
