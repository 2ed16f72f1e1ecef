"""What every plan promises, checked the plain way."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import isclose

from farm.domain.plan import Booking, Movement, Plan, PlannedBatch, TransferKind
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
    """Each stage in its turn, none skipped, and every booking opens and ends with its fish."""
    for batch in plan.batches:
        for booking in batch.bookings:
            assert booking.batch_id == batch.id
            assert booking.start < booking.earliest_end <= booking.end
            if booking.stage is not Stage.ADULT:
                assert booking.earliest_end == booking.end
        assert list(dict.fromkeys(b.stage for b in batch.bookings)) == list(Stage)
        eggs = [b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN]
        assert {b.start for b in eggs} == {batch.start_date}
        sea = [b for b in batch.bookings if b.stage is Stage.ADULT]
        assert min(b.earliest_end for b in sea) == batch.harvest_from
        assert max(b.end for b in sea) == batch.harvest_to
        assert_fish_arrive_where_they_are_booked(batch)


def assert_fish_arrive_where_they_are_booked(batch: PlannedBatch) -> None:
    """Follow the shares of a batch through all movements: none is lost, none appears."""
    bookings = {booking.id: booking for booking in batch.bookings}
    eggs = [b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN]
    holds = {b.id: 1 / len(eggs) for b in eggs}
    opened = {b.id: b.start for b in eggs}
    last_out: dict[int, date] = {}
    assert list(batch.movements) == sorted(
        batch.movements, key=lambda m: (m.day, m.from_id, m.to_id)
    )
    for (day, source_id), group in groupby(batch.movements, key=lambda m: (m.day, m.from_id)):
        moves = list(group)
        source = bookings[source_id]
        assert source.start < day <= source.end
        assert all(0 < m.share <= 1 for m in moves)
        leaving = sum(m.share for m in moves)
        assert leaving <= 1 + 1e-9
        assert isclose(sum(m.share * m.relative_weight for m in moves), leaving)
        for move in moves:
            assert_a_movement_is_of_its_kind(move, source, bookings[move.to_id])
            holds[move.to_id] = holds.get(move.to_id, 0.0) + holds[source_id] * move.share
            opened.setdefault(move.to_id, day)
        holds[source_id] *= 1 - leaving
        last_out[source_id] = day
    for booking in batch.bookings:
        assert opened[booking.id] == booking.start
        if booking.stage is not Stage.ADULT:
            assert last_out[booking.id] == booking.end
            assert abs(holds[booking.id]) < 1e-9
    at_sea = sum(holds[b.id] for b in batch.bookings if b.stage is Stage.ADULT)
    assert isclose(at_sea, 1.0)


def assert_a_movement_is_of_its_kind(move: Movement, source: Booking, target: Booking) -> None:
    stages = list(Stage)
    assert target.start <= move.day < target.end
    if move.kind in {TransferKind.SPLIT, TransferKind.GRADING}:
        assert target.stage is source.stage
        assert (source.end == move.day) <= (move.kind is TransferKind.GRADING)
    else:
        assert stages.index(target.stage) == stages.index(source.stage) + 1
        assert (move.kind is TransferKind.SEA) == (target.stage is Stage.ADULT)
    if move.kind is not TransferKind.GRADING:
        assert move.relative_weight == 1.0


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
