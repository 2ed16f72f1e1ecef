"""What holds for the rendering of any history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from farm.domain.calendar import Month
from farm.domain.world import Cause, Parameter
from farm.rendering.epoch import DAY_US
from farm.rendering.expected import expected_rows
from farm.rendering.lice import GROUPS
from farm.rendering.render import render, render_chunk
from farm.simulation.history import Columns, HistorySlice
from tests.reference.stays import Stay
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.rendered import parts_of, shown, table_of

CONTAINERS = tuple(build.STAGE_OF)


@st.composite
def slices(draw) -> HistorySlice:
    """Return a month of a batch: any containers, any stays, any fish, feed and deaths."""
    month = Month(2016, draw(st.integers(1, 12)))
    stays = []
    for container in CONTAINERS:
        if draw(st.booleans()):
            first = draw(st.integers(0, month.days - 1))
            last = draw(st.integers(first, month.days - 1))
            stays.append(
                build.daily(
                    (container,),
                    month.first + timedelta(days=first),
                    month.first + timedelta(days=last),
                    population=draw(st.sampled_from([0, 1, 2, 3, 50, 200_000])),
                    seed=draw(st.integers(0, 2**16)),
                )
            )
    stays = stays or [{name: column[:0] for name, column in build.daily().items()}]
    columns = {name: np.concatenate([stay[name] for stay in stays]) for name in stays[0]}
    chance = np.random.default_rng(draw(st.integers(0, 2**16)))
    rows = len(columns["date"])
    fed = columns["lifecycle_stage_id"] > 1
    feed = chance.choice([0, 1, 2, 5, 40, 10**3, 10**6, 10**9 - 1], rows)
    columns["feed_g"] = np.where(fed, feed, 0)
    columns["feed_type_id"] = np.where(columns["feed_g"] > 0, 3, 0)
    cents = chance.choice([0, 1, 99, 10**6, 10**9 + 7], rows)
    columns["feed_cents"] = np.where(columns["feed_g"] > 0, cents, 0)
    columns["appetite"] = chance.choice([0.0, 0.4, 1.0, 1.6], rows)
    deaths = chance.choice([0, 0, 0, 1, 2, 10_000], (rows, len(Cause))).astype(np.int32)
    counted = np.minimum(chance.choice([0, 0, 0, 1, 20], rows), columns["population"])
    columns["lice_fish_counted"] = counted.astype(np.int32)
    for group in GROUPS:
        lice = chance.choice([0, 1, 5, 300], rows) * (counted > 0)
        columns[f"lice_{group}_counted"] = lice.astype(np.int32)
    columns["gill_score"] = chance.choice([0.0, 0.4, 2.5, 5.0], rows)
    columns["wounded_percent"] = chance.choice([0.0, 3.0, 100.0], rows)
    columns["side_effect_score"] = chance.choice([0.0, 1.5, 6.0], rows)
    columns["deaths_by_cause"], columns["deaths"] = deaths, deaths.sum(axis=1).astype(np.int32)
    return HistorySlice(build.BATCH, month, columns)


@st.composite
def layouts(draw) -> Any:
    sensors = build.sensors(
        outages_per_year=draw(st.sampled_from([0.0, 0.6, 4.0])),
        calibration_interval_days=draw(st.sampled_from([10, 31, 90])),
    )
    return build.layout(
        sensors=sensors,
        readings_per_day_empty=draw(st.sampled_from([1, 2, 5])),
        readings_per_day=draw(st.sampled_from([1, 2, 7, 8, 24])),
        fish_per_sample=draw(st.integers(2, 90)),
        sample_interval_days=draw(st.integers(1, 30)),
        seed=draw(st.integers(0, 2**63 - 1)),
    )


def by_day(columns: Columns, values) -> dict[tuple[int, date], Any]:
    keys = zip(columns["assignment_id"].tolist(), columns["date"].tolist(), strict=True)
    return {key: value for key, value in zip(keys, values.tolist(), strict=True) if value}


@given(layouts(), slices())
def test_every_chunk_has_exactly_the_rows_of_the_formula(layout, history):
    rows = render_chunk(layout, history).rows()

    expected = expected_rows(layout, history.columns)

    if len(history.columns["date"]):
        assert expected == {(build.BATCH_ID, history.month): rows}
    else:
        assert expected == {}
        assert set(rows.values()) == {0}


@st.composite
def months_of_stays(draw) -> tuple[HistorySlice, tuple[Stay, ...]]:
    """Return a month of a batch with the stays behind it: in each container one, two or none."""
    month = Month(2016, draw(st.integers(1, 12)))
    parts, stays = [], []
    for container in CONTAINERS:
        days = sorted(draw(st.lists(st.integers(0, month.days), max_size=4, unique=True)))
        for first, after in zip(days[::2], days[1::2], strict=False):
            start, end = (month.first + timedelta(days=n) for n in (first, after))
            parts.append(build.daily((container,), start, end - timedelta(days=1)))
            came_before = first == 0 and draw(st.booleans())
            still_there = after == month.days and draw(st.booleans())
            stays.append(
                Stay(
                    container,
                    start - timedelta(days=9) if came_before else start,
                    None if still_there else end,
                )
            )
    parts = parts or [{name: column[:0] for name, column in build.daily().items()}]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return HistorySlice(build.BATCH, month, columns), tuple(stays)


@given(layouts(), months_of_stays())
def test_an_area_has_exactly_the_rows_of_the_formula(layout, given_month):
    history, stays = given_month
    slice_ = build.area_history(*stays, month=history.month)

    rendered = render(layout, slice_)

    assert rendered.rows() == build.area_rows(layout, build.AREA, history.month, *stays)
    assert shown(rendered) == shown(render(layout, slice_))


@given(layouts(), months_of_stays())
def test_every_sensor_at_every_moment_belongs_to_one_chunk(layout, given_month):
    history, stays = given_month
    stocked = render(layout, history)
    empty = render(layout, build.area_history(*stays, month=history.month))

    seen: set[tuple[int, int]] = set()
    days: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    for chunk, has_fish in ((stocked, True), (empty, False)):
        for batch in parts_of(chunk, "environmental_reading"):
            assert batch["assignment_id"].null_count == (0 if has_fish else batch.num_rows)
            times = batch["reading_time"].cast(pa.int64()).to_pylist()
            keys = list(zip(batch["sensor_id"].to_pylist(), times, strict=True))
            assert len(set(keys)) == len(keys)
            assert seen.isdisjoint(keys)
            seen.update(keys)
            days[has_fish].update((sensor, time // DAY_US) for sensor, time in keys)
    assert days[True].isdisjoint(days[False])


@given(layouts(), slices())
def test_feed_cost_and_deaths_of_events_are_those_of_the_history(layout, history):
    chunk, columns = render_chunk(layout, history), history.columns

    fed: dict[tuple[int, date], int] = {}
    paid: dict[tuple[int, date], int] = {}
    if len(meals := table_of(chunk, "feeding_event")):
        for row in meals.to_pylist():
            key = row["assignment_id"], row["fed_at"].date()
            assert row["amount_kg"] > 0
            assert row["cost"] >= 0
            fed[key] = fed.get(key, 0) + int(row["amount_kg"] * 1000)
            paid[key] = paid.get(key, 0) + int(row["cost"] * 100)
    died: dict[tuple[int, date], int] = {}
    if len(events := table_of(chunk, "mortality_event")):
        for row in events.to_pylist():
            key = row["assignment_id"], row["date"]
            died[key] = died.get(key, 0) + row["count"]

    assert fed == by_day(columns, columns["feed_g"])
    assert {key: cents for key, cents in paid.items() if cents} == by_day(
        columns, columns["feed_cents"]
    )
    assert died == by_day(columns, columns["deaths"])


@given(layouts(), slices())
def test_lice_on_fish_are_those_that_the_history_counted(layout, history):
    chunk, columns = render_chunk(layout, history), history.columns

    for group in GROUPS:
        found: dict[tuple[int, date], int] = {}
        means: dict[tuple[int, date], float] = {}
        if len(fish := table_of(chunk, "lice_observation")):
            for row in fish.to_pylist():
                key = row["assignment_id"], row["counted_on"]
                found[key] = found.get(key, 0) + row[group]
        if len(counts := table_of(chunk, "lice_count")):
            for row in counts.to_pylist():
                means[row["assignment_id"], row["counted_on"]] = row[group] * row["n"]
        expected = by_day(columns, columns[f"lice_{group}_counted"])
        assert {key: lice for key, lice in found.items() if lice} == expected
        assert {key: round(lice) for key, lice in means.items() if lice} == expected


@given(layouts(), slices())
def test_no_sample_says_what_cannot_be(layout, history):
    chunk = render_chunk(layout, history)
    alive = {
        (assignment, day): population
        for assignment, day, population in zip(
            *(history.columns[n].tolist() for n in ("assignment_id", "date", "population")),
            strict=True,
        )
    }

    if len(samples := table_of(chunk, "health_sample")):
        for row in samples.to_pylist():
            assert 1 <= row["n"] <= alive[row["assignment_id"], row["sampled_on"]]
            assert 0 <= row["gill_score"] <= row["gill_score_max"] <= 5
            assert 0 <= row["gills_affected"] <= row["n"] >= row["wounded"] >= 0
            assert 0 <= row["fin_score"] <= 3
            assert 0 <= row["side_effect_score"] <= 6
    if len(samples := table_of(chunk, "growth_sample")):
        for row in samples.to_pylist():
            fish = alive[row["assignment_id"], row["sampled_on"]]
            assert 2 <= row["n"] <= fish
            assert row["min_weight_g"] <= row["mean_weight_g"] <= row["max_weight_g"]
            assert row["biomass_estimate_kg"] > 0


@given(layouts(), slices())
def test_every_row_lies_on_a_day_of_its_assignment_and_no_key_comes_twice(layout, history):
    chunk, columns = render_chunk(layout, history), history.columns
    lived = set(zip(columns["assignment_id"].tolist(), columns["date"].tolist(), strict=True))
    keys = {
        "environmental_reading": ("sensor_id", "reading_time"),
        "feeding_event": ("assignment_id", "fed_at"),
        "mortality_event": ("assignment_id", "date", "mortality_cause_id"),
        "growth_sample": ("assignment_id", "sampled_on"),
        "fish_observation": ("assignment_id", "sampled_on", "fish_no"),
        "lice_count": ("assignment_id", "counted_on"),
        "lice_observation": ("assignment_id", "counted_on", "fish_no"),
        "health_sample": ("assignment_id", "sampled_on"),
    }

    for name, key in keys.items():
        if not len(rows := table_of(chunk, name)):
            continue
        day = rows[key[1]].cast(pa.date32()).to_pylist()
        assert set(zip(rows["assignment_id"].to_pylist(), day, strict=True)) <= lived
        found = list(
            zip(
                *(rows[column].cast(_whole(rows, column)).to_pylist() for column in key),
                strict=True,
            )
        )
        assert found == sorted(set(found))


@given(layouts(), slices())
def test_readings_are_plausible_linked_and_never_of_salt_in_fresh_water(layout, history):
    readings = table_of(render_chunk(layout, history), "environmental_reading")
    if readings is None:
        return
    parameter = readings["environmental_parameter_id"].to_numpy()
    container = readings["container_id"].to_numpy()
    value = readings["value"].to_numpy()

    assert readings["assignment_id"].null_count == 0
    assert set(container[parameter == Parameter.SALINITY.id]) <= {build.PEN_1, build.PEN_2}
    for of in build.IN_CONTAINERS:
        _, low, high, _ = build.RANGES[of]
        inside = value[parameter == of.id]
        assert ((inside >= low) & (inside <= high)).all()


def _whole(rows: pa.Table, column: str) -> pa.DataType:
    """Return the type in which a key column compares fast: instants as whole numbers."""
    kind = rows[column].type
    return pa.int64() if pa.types.is_timestamp(kind) else kind
