from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from farm.domain.growth import next_weight
from farm.domain.scenario import Scenario
from farm.domain.water import expected_temperature
from farm.domain.world import Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.expectation import expect
from farm.simulation.scheduler import make_plan

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def demo():
    return load_scenario("demo", CONFIG)


def sea_transfer_g(scenario, code, day) -> float:
    steps = scenario.geography(code).stages.sea_transfer
    year = day.year + (day.timetuple().tm_yday - 1) / 366
    return float(np.interp(year, [s.year for s in steps], [s.weight_g for s in steps]))


def live_one_life(
    scenario: Scenario, code: str, first_day: date
) -> Iterator[tuple[date, Stage, float, float]]:
    """Yield day, stage, weight and share alive of one batch: the plain way, day after day."""
    biology, targets = scenario.biology, scenario.geography(code).stages
    leaves_at = {
        Stage.EGG_ALEVIN: targets.egg_alevin_g,
        Stage.FRY: targets.fry_g,
        Stage.PARR: targets.parr_g,
        Stage.SMOLT: targets.smolt_g,
    }
    since_first = max((first_day - date(biology.progress.since, 1, 1)).days, 0) / 365.25
    better = (1 + biology.progress.growth) ** since_first
    day, weight, share = first_day, biology.growth.egg_weight, 1.0
    for stage in Stage:
        stay = 0
        while True:
            if stage is Stage.ADULT:
                goal = biology.harvest.target_weight(code)
            elif stage is Stage.POST_SMOLT:
                goal = sea_transfer_g(scenario, code, day)
            else:
                goal = leaves_at[stage]
            if weight >= goal and stay >= scenario.breeding.shortest_stay_days:
                break
            yield day, stage, weight, share
            temperature = expected_temperature(biology, code, stage, day.timetuple().tm_yday)
            tgc = biology.growth.tgc(code, stage) * (better if stage.is_fed else 1.0)
            weight = float(next_weight(weight, tgc, temperature))
            share *= biology.expected_daily_survival(stage)
            day += timedelta(days=1)
            stay += 1


@pytest.mark.parametrize("code", ["FO", "SC"])
@pytest.mark.parametrize("offset", [0, 59, 200, 1500, 3300])
def test_all_lives_at_once_agree_with_one_life_at_a_time(demo, code, offset):
    # Given what is expected of batches from each day of ten years
    first = demo.horizon.first_day
    expected = expect(demo, code, first, demo.horizon.days)

    # When one of them is lived day by day
    days = list(live_one_life(demo, code, first + timedelta(days=offset)))

    # Then its stages begin on the same days, with as many fish, and it is ripe on the same day
    for number, stage in enumerate(Stage):
        day, _, _, share = next(entry for entry in days if entry[1] is stage)
        assert int(expected.enters[offset, number]) == (day - first).days - offset
        assert expected.share[offset, number] == pytest.approx(share)
    assert int(expected.ripe[offset]) == len(days)


@pytest.mark.parametrize("name", ["demo", "full"])
def test_expected_fish_stay_below_every_limit_in_every_container_on_every_day(name):
    scenario = load_scenario(name, CONFIG)
    plan = make_plan(scenario)
    containers = {container.id: container for container in plan.world.container}
    for batch in plan.batches[::3] if name == "demo" else plan.batches[::58]:
        code = batch.code[:2]
        # The share of the batch, and its weight over the batch's mean, in each booking.
        holds: dict[int, tuple[float, float]] = {}
        moves = defaultdict(list)
        for movement in batch.movements:
            moves[movement.day].append(movement)
        stage_of = {booking.id: booking.stage for booking in batch.bookings}
        eggs = [b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN]
        holds = {b.id: (1 / len(eggs), 1.0) for b in eggs}
        place = {b.id: containers[b.container_id] for b in batch.bookings}
        for day, _, weight, share in live_one_life(scenario, code, batch.start_date):
            morning = dict(holds)
            for move in moves[day]:
                there, heavy = morning[move.from_id]
                fish, mean = holds.get(move.to_id, (0.0, 1.0))
                come = there * move.share
                mean = (fish * mean + come * heavy * move.relative_weight) / (fish + come)
                holds[move.to_id] = fish + come, mean
                holds[move.from_id] = holds[move.from_id][0] - come, heavy
            for booking_id, (of_batch, relative) in holds.items():
                fish, container = batch.eggs * share * of_batch, place[booking_id]
                limit = density_limit(scenario, code, stage_of[booking_id], weight * relative)
                assert fish <= container.capacity_fish
                assert fish * weight * relative / 1000 / container.volume_m3 <= limit


def density_limit(scenario, code, stage, weight) -> float:
    if stage is not Stage.ADULT:
        return float(scenario.facilities.of(stage).max_density_kg_m3)
    steps = scenario.geography(code).pens.density_limits
    return float([step.limit_kg_m3 for step in steps if step.from_weight_g <= weight][-1])


def test_expectations_count_from_the_day_they_are_asked_for(demo):
    early = expect(demo, "FO", date(2015, 1, 1), 400)
    late = expect(demo, "FO", date(2016, 1, 1), 35)
    assert (early.ripe[365:] == late.ripe).all()
    assert (early.enters[365:] == late.enters).all()
