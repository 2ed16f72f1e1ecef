"""Sensors fail now and then: their readings are missing then, and nothing else is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from farm.rendering.layout import Layout
from farm.rendering.render import render_chunk
from farm.rendering.sensors import SENSOR, Watches
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.rendered import table_of

DAY_MINUTES = 1440


def failing(per_year: float = 4.0) -> Layout:
    return build.layout(sensors=build.sensors(outages_per_year=per_year))


def table(layout: Layout) -> pa.Table:
    return table_of(render_chunk(layout, build.history()), "environmental_reading")


def keys(rows: pa.Table) -> list[tuple[int, int]]:
    times = rows["reading_time"].cast(pa.int64()).to_pylist()
    return list(zip(rows["sensor_id"].to_pylist(), times, strict=True))


def test_outages_leave_gaps_and_every_other_reading_as_it_was():
    # Given the same sensors, once reliable and once failing as often as can be
    whole, broken = table(failing(0.0)), table(failing())

    # Then what is left are rows of the whole, in its order
    there = set(keys(broken))
    left = [key in there for key in keys(whole)]
    assert 0 < left.count(False) < 0.2 * len(left)
    assert whole.filter(pa.array(left)).equals(broken.combine_chunks())


def test_exactly_the_readings_within_an_outage_are_missing():
    layout, whole = failing(), keys(table(failing(0.0)))
    there = set(keys(table(layout)))

    sensors = layout.sensors
    out: dict[int, list[tuple[int, int]]] = {id_: [] for id_ in sensors.id.tolist()}
    for fails, works in zip(sensors.fails.tolist(), sensors.works.tolist(), strict=True):
        assert fails // SENSOR == works // SENSOR
        out[int(sensors.id[fails // SENSOR])].append((fails % SENSOR, works % SENSOR))
    for id_, time in whole:
        minute = time / 60e6
        is_out = any(fails <= minute < works for fails, works in out[id_])
        assert ((id_, time) not in there) == is_out


def test_a_sensor_fails_at_most_once_between_two_calibrations_which_end_it():
    sensors = failing(4.0).sensors

    sensor, fails = np.divmod(sensors.fails, SENSOR)
    since = fails - sensors.calibrated_day[sensor] * DAY_MINUTES
    interval = sensors.interval * DAY_MINUTES
    turn = since // interval

    assert (since >= 0).all()
    assert len(set(zip(sensor.tolist(), turn.tolist(), strict=True))) == len(turn)
    until = sensors.works % SENSOR - sensors.calibrated_day[sensor] * DAY_MINUTES
    assert (until <= (turn + 1) * interval).all()
    assert (sensors.works - sensors.fails >= 1).all()


def test_sensors_fail_as_often_and_for_as_long_as_configured():
    world = build.world()
    spec = build.sensors(outages_per_year=2.0)
    sensors = build.layout(build.plan(world), sensors=spec).sensors

    years = (len(sensors.drift) * sensors.interval) / 365.25 * len(sensors.id)
    hours = (sensors.works - sensors.fails) / 60.0

    assert abs(len(sensors.fails) / years - 2.0) < 3 * np.sqrt(2.0 / years)
    assert hours.min() >= spec.outages.shortest
    expected = spec.outages.shortest + spec.outages.mean_beyond
    assert abs(hours.mean() - expected) < 0.25 * expected


def test_a_watch_that_is_cut_in_two_has_the_readings_of_the_whole():
    # Given one sensor watched for a year, at once and day by day
    sensors = failing().sensors
    day = int(sensors.calibrated_day[0])
    whole = Watches(*(np.array([n]) for n in (0, day, 365)))
    daily = Watches(np.zeros(365, dtype=int), np.arange(day, day + 365), np.ones(365, dtype=int))

    for per_day in (1, 7, 8, 24):
        assert whole.rows(sensors, per_day).sum() == daily.rows(sensors, per_day).sum()
        assert whole.rows(sensors, per_day).sum() < 365 * per_day


def test_as_many_readings_are_counted_as_are_not_missing():
    sensors = failing().sensors
    each = np.arange(len(sensors.id))
    watches = Watches(each, sensors.calibrated_day[each] + 17, np.full(len(each), 400))

    for per_day in (1, 7, 24):
        counted = watches.rows(sensors, per_day)
        np.testing.assert_array_equal(counted, watches.missing(sensors, per_day).rows())
        assert (counted < 400 * per_day).any()
