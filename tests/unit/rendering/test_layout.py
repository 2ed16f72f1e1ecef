"""The layout says where everything is, whatever the order in which the world lists it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from farm.domain.plan import Plan
from farm.errors import ContractBroken
from farm.rendering.layout import Layout
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_2, STAGE_OF, TANK_FLOW, TANK_RAS


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

    assert render_chunk(ours, build.history()) == render_chunk(theirs, build.history())


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
    empty = Layout.of(Plan(build.world(), ()), build.observation(), 1)

    with pytest.raises(ContractBroken, match="it has none"):
        empty.container_rows(np.array([1]))
    assert empty.container_rows(np.array([], dtype=int)).tolist() == []


def test_a_longer_programme_leaves_the_drift_of_earlier_calibrations_as_it_was():
    plan = build.plan()
    (batch,) = plan.batches
    later = tuple(replace(booking, end=date(2025, 7, 1)) for booking in batch.bookings)

    longer = build.layout(replace(plan, batches=(replace(batch, bookings=later),)))

    ours = build.layout().sensors.drift
    assert len(longer.sensors.drift) > len(ours)
    np.testing.assert_array_equal(longer.sensors.drift[: len(ours)], ours)


def test_a_container_that_is_nowhere_is_refused():
    world = build.world()
    lost = replace(world.container[0], hall_id=None)

    with pytest.raises(ContractBroken, match="neither in a hall nor at a site"):
        build.layout(build.plan(replace(world, container=(lost, *world.container[1:]))))
