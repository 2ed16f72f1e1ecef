"""The layout says where everything is, whatever the order in which the world lists it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from farm.domain.plan import Plan
from farm.domain.world import FeedStore
from farm.errors import ContractBroken
from farm.rendering.layout import Layout
from farm.rendering.render import render_chunk
from farm.rendering.sensors import SENSOR
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_2, STAGE_OF, TANK_FLOW, TANK_RAS
from tests.unit.rendering.rendered import shown


def test_each_container_has_its_own_sensors():
    layout, world = build.layout(), build.world()

    for row, container in enumerate(layout.containers.id.tolist()):
        first = layout.containers.first_sensor[row]
        found = layout.sensors.id[first : first + layout.containers.sensors[row]].tolist()
        assert found == sorted(s.id for s in world.sensor if s.container_id == container)


def test_a_world_listed_in_another_order_has_the_same_layout_and_rows():
    world = build.world()
    backwards = replace(
        world, **{field.name: getattr(world, field.name)[::-1] for field in fields(world)}
    )

    ours, theirs = build.layout(), build.layout(build.plan(backwards))

    chunks = [shown(render_chunk(layout, build.history())) for layout in (ours, theirs)]
    assert chunks[0] == chunks[1]


def test_assignments_lead_to_their_containers():
    layout = build.layout()

    rows = layout.container_rows(np.array([build.assignment_of(c) for c in STAGE_OF]))

    assert layout.containers.id[rows].tolist() == list(STAGE_OF)


def test_only_recirculated_halls_are_recirculated_and_only_pens_are_at_sea():
    places = build.layout().containers
    rows = {id_: row for row, id_ in enumerate(places.id.tolist())}

    assert places.is_recirculated[rows[TANK_RAS]]
    assert not places.is_recirculated[rows[TANK_FLOW]]
    assert not places.is_recirculated[rows[PEN_2]]
    assert places.is_sea[rows[PEN_2]]
    assert not places.is_sea[rows[TANK_FLOW]]


def test_a_plan_without_batches_has_a_layout():
    empty = Layout.of(
        Plan(build.world(), ()), build.observation(), build.AGGREGATION, 1, build.LAST_DAY
    )

    with pytest.raises(ContractBroken, match="it has none"):
        empty.container_rows(np.array([1]))
    assert empty.container_rows(np.array([], dtype=int)).tolist() == []


def test_a_longer_programme_leaves_the_drift_of_earlier_calibrations_as_it_was():
    ours = build.layout()
    longer = Layout.of(
        build.plan(), build.observation(), build.AGGREGATION, build.SEED, date(2025, 12, 31)
    )

    known = len(ours.sensors.drift)
    assert len(longer.sensors.drift) > known
    np.testing.assert_array_equal(longer.sensors.drift[:known], ours.sensors.drift)


def test_a_longer_horizon_leaves_earlier_outages_and_services_as_they_were():
    ours = build.layout()
    longer = Layout.of(
        build.plan(), build.observation(), build.AGGREGATION, build.SEED, date(2025, 12, 31)
    )
    last = (build.LAST_DAY - date(1970, 1, 1)).days

    assert _outages(longer, last) == _outages(ours, last)
    assert _services(longer, last) == _services(ours, last)


def _outages(layout: Layout, last_day: int) -> set[tuple[int, int, int]]:
    sensors = layout.sensors
    found = zip(
        sensors.id[sensors.fails // SENSOR].tolist(),
        (sensors.fails % SENSOR).tolist(),
        (sensors.works % SENSOR).tolist(),
        strict=True,
    )
    return {outage for outage in found if outage[1] < last_day * 1440}


def _services(layout: Layout, last_day: int) -> set[tuple[int, int, int]]:
    services = layout.services
    columns = services.equipment_id, services.day, services.kind
    found = zip(*(column.tolist() for column in columns), strict=True)
    return {service for service in found if service[1] <= last_day}


def test_a_tank_is_fed_from_its_halls_silo_before_its_stations():
    world = build.world()
    silo = FeedStore(9, None, None, "F9", "silo", 10_000.0, 3)

    places = build.layout(
        build.plan(replace(world, feed_store=(*world.feed_store, silo)))
    ).containers

    store = dict(zip(places.id.tolist(), places.feed_store_id.tolist(), strict=True))
    assert store[TANK_FLOW] == 9
    assert store[TANK_RAS] == 1
    assert store[PEN_2] in {3, 4}


def test_a_container_that_is_nowhere_is_refused():
    world = build.world()
    lost = replace(world.container[0], hall_id=None)

    with pytest.raises(ContractBroken, match="neither in a hall nor at a site"):
        build.layout(build.plan(replace(world, container=(lost, *world.container[1:]))))
