"""What every plan promises, checked the plain way."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.domain.world import Stage


def assert_sound(scenario: Scenario, plan: Plan) -> None:
    """Fail unless a plan keeps all its promises."""
    assert_rows_are_in_order(scenario, plan)
    assert_lives_are_whole(plan)
    assert_no_container_is_shared(scenario, plan)
    assert_one_generation_per_site(scenario, plan)
    assert_containers_hold_their_stage(plan)


def assert_rows_are_in_order(scenario: Scenario, plan: Plan) -> None:
    batch_ids = [batch.id for batch in plan.batches]
    booking_ids = [booking.id for batch in plan.batches for booking in batch.bookings]
    assert batch_ids == sorted(set(batch_ids))
    assert booking_ids == sorted(set(booking_ids))
    assert max(booking_ids, default=0) < 2**31
    assert len({batch.code for batch in plan.batches}) == len(batch_ids)
    codes = dict(enumerate(scenario.geography_codes, 1))
    for batch in plan.batches:
        geography, year, number = batch.code.split("-")
        assert geography == codes[batch.geography_id]
        assert int(year) == batch.start_date.year
        assert len(number) >= 2
        assert scenario.horizon.first_day <= batch.start_date <= scenario.horizon.last_day
        programme = scenario.company(geography).programme
        assert programme.eggs_min <= batch.eggs <= programme.eggs_max
        assert (batch.egg_supplier_id is None) == (batch.egg_source == "internal")
        assert (batch.broodstock_id is None) == (batch.egg_source == "external")


def assert_lives_are_whole(plan: Plan) -> None:
    for batch in plan.batches:
        stays: dict[Stage, set[tuple[date, date]]] = defaultdict(set)
        for booking in batch.bookings:
            assert booking.batch_id == batch.id
            assert booking.start < booking.earliest_end <= booking.end
            if booking.stage is not Stage.ADULT:
                assert booking.earliest_end == booking.end
                stays[booking.stage].add((booking.start, booking.end))
            else:
                stays[booking.stage].add((booking.start, batch.harvest_to))
                assert batch.harvest_from <= booking.earliest_end
                assert booking.end <= batch.harvest_to
        assert list(stays) == list(Stage)
        assert all(len(dates) == 1 for dates in stays.values())
        dates = [next(iter(stays[stage])) for stage in Stage]
        assert dates[0][0] == batch.start_date
        assert all(before[1] == after[0] for before, after in pairwise(dates))
        sea = [b for b in batch.bookings if b.stage is Stage.ADULT]
        assert min(b.earliest_end for b in sea) == batch.harvest_from


def assert_no_container_is_shared(scenario: Scenario, plan: Plan) -> None:
    rests = rest_days(scenario, plan)
    uses: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for batch in plan.batches:
        for booking in batch.bookings:
            uses[booking.container_id].append((booking.start, booking.end))
    for container, stays in uses.items():
        for before, after in pairwise(sorted(stays)):
            assert before[1] + timedelta(days=rests[container]) <= after[0]


def assert_one_generation_per_site(scenario: Scenario, plan: Plan) -> None:
    sites = {c.id: c.site_id for c in plan.world.container if c.site_id is not None}
    codes = {geography.id: geography.code for geography in plan.world.geography}
    stays: dict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
    fallow: dict[int, int] = {}
    for batch in plan.batches:
        for booking in batch.bookings:
            if booking.stage is Stage.ADULT:
                site = sites[booking.container_id]
                stays[site, batch.id].append((booking.start, booking.end))
                fallow[site] = scenario.geography(codes[batch.geography_id]).pens.fallow_days
    generations: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for (site, _), dates in stays.items():
        generations[site].append((min(s for s, _ in dates), max(e for _, e in dates)))
    for site, dates in generations.items():
        for before, after in pairwise(sorted(dates)):
            assert before[1] + timedelta(days=fallow[site]) <= after[0]


def assert_containers_hold_their_stage(plan: Plan) -> None:
    halls = {hall.id: hall for hall in plan.world.hall}
    stations = {station.id: station.area_id for station in plan.world.station}
    sites = {site.id: site.area_id for site in plan.world.site}
    areas = {area.id: area.geography_id for area in plan.world.area}
    containers = {container.id: container for container in plan.world.container}
    for batch in plan.batches:
        for booking in batch.bookings:
            container = containers[booking.container_id]
            if booking.stage is Stage.ADULT:
                assert container.site_id is not None
                area = sites[container.site_id]
            else:
                assert container.hall_id is not None
                hall = halls[container.hall_id]
                assert hall.lifecycle_stage_id == booking.stage.id
                area = stations[hall.station_id]
            assert areas[area] == batch.geography_id


def rest_days(scenario: Scenario, plan: Plan) -> dict[int, int]:
    """Return the days each container stays empty after a use."""
    halls = {hall.id: hall.lifecycle_stage_id for hall in plan.world.hall}
    stages = {stage.id: stage for stage in Stage}
    fallow = {spec.code: spec.pens.fallow_days for spec in scenario.geographies}
    return {
        c.id: fallow[c.code[:2]]
        if c.hall_id is None
        else scenario.facilities.of(stages[halls[c.hall_id]]).cleaning_days
        for c in plan.world.container
    }
