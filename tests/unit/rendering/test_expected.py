"""The formula for the number of rows and the rendering agree; the estimate is close to both."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.errors import ContractBroken
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.expected import estimate_rows, expected_rows
from farm.rendering.render import render_chunk
from farm.simulation.history import HistorySlice
from tests.reference.stays import Stay
from tests.unit.rendering import farm_builder as build

SPRING = date(2016, 2, 20), date(2016, 4, 9)


def test_every_chunk_of_a_history_has_the_rows_that_were_expected():
    layout, columns = build.layout(), build.daily(first=SPRING[0], last=SPRING[1])

    expected = expected_rows(layout, columns)

    assert list(expected) == [(build.BATCH_ID, Month(2016, m)) for m in (2, 3, 4)]
    for (_, month), rows in expected.items():
        inside = columns["date"].astype("datetime64[M]") == np.datetime64(str(month))
        chosen = {name: column[inside] for name, column in columns.items()}
        assert render_chunk(layout, HistorySlice(build.BATCH, month, chosen)).rows() == rows


def test_the_order_of_the_history_does_not_matter():
    layout, columns = build.layout(), build.daily(first=SPRING[0], last=SPRING[1])
    shuffled = np.random.default_rng(3).permutation(len(columns["date"]))

    mixed = {name: column[shuffled] for name, column in columns.items()}

    assert expected_rows(layout, mixed) == expected_rows(layout, columns)


def test_tables_come_in_the_order_of_the_chunk():
    for rows in expected_rows(build.layout(), build.daily()).values():
        assert tuple(rows) == CHUNK_TABLES
        assert {type(number) for number in rows.values()} == {int}


def test_batches_are_counted_apart():
    columns = build.daily()
    columns["batch_id"] = np.where(
        columns["assignment_id"] == build.assignment_of(build.PEN_2), 3, columns["batch_id"]
    ).astype(np.int32)

    expected = expected_rows(build.layout(sensors=build.sensors(outages_per_year=0.0)), columns)

    assert list(expected) == [(3, build.MONTH), (build.BATCH_ID, build.MONTH)]
    assert expected[3, build.MONTH]["environmental_reading"] == 31 * 4 * 8


def test_a_history_without_days_expects_nothing():
    nothing = {name: column[:0] for name, column in build.daily().items()}

    assert expected_rows(build.layout(), nothing) == {}


def test_an_assignment_that_the_plan_lacks_is_refused():
    columns = build.daily()
    columns["assignment_id"][5] = 1

    with pytest.raises(ContractBroken, match="id 1 is not in the plan"):
        expected_rows(build.layout(), columns)


def test_the_estimate_of_a_month_is_close_to_what_a_full_farm_has():
    layout, month = build.layout(), Period(build.MONTH, build.MONTH)

    estimate = estimate_rows(layout, month)

    (batch,) = expected_rows(layout, build.daily()).values()
    stays = [Stay(container, date(2015, 7, 1), None) for container in build.STAGE_OF]
    areas = [build.area_rows(layout, build.AREA, build.MONTH, *stays)]
    areas.append(build.area_rows(layout, build.OTHER_AREA, build.MONTH))
    exact = {name: batch[name] + sum(area[name] for area in areas) for name in CHUNK_TABLES}
    assert tuple(estimate) == CHUNK_TABLES
    assert estimate["environmental_reading"] == pytest.approx(
        exact["environmental_reading"], rel=0.01
    )
    assert estimate["feeding_event"] == pytest.approx(exact["feeding_event"], rel=0.1)
    assert estimate["fish_observation"] == pytest.approx(exact["fish_observation"], rel=0.2)
    for name in ("sensor_calibration", "equipment_service"):
        assert estimate[name] == exact[name] > 0


def test_the_estimates_of_periods_add_up_to_the_whole():
    layout = build.layout()
    parts = [
        Period(Month(2015, 1), Month(2015, 12)),
        Period(Month(2016, 1), Month(2016, 12)),
        Period(Month(2017, 1), Month(2018, 1)),
    ]

    whole = estimate_rows(layout, Period(parts[0].first, parts[-1].last))

    for name in CHUNK_TABLES:
        total = sum(estimate_rows(layout, part)[name] for part in parts)
        assert total == pytest.approx(whole[name], abs=len(parts))


def test_a_pen_is_expected_to_be_empty_half_way_through_the_harvest():
    # From 1 May, when it may begin, to 1 July 2017: 61 days, of which 30 count
    layout = build.layout(sensors=build.sensors(outages_per_year=0.0))
    may_to_june = Period(Month(2017, 5), Month(2017, 6))

    found = estimate_rows(layout, may_to_june)["environmental_reading"]

    stocked, empty = 30 * 4 * 8, 31 * 4 * 1
    others = sum(layout.containers.sensors) - 4
    assert found == stocked + empty + 61 * others * 1 + 61 * len(build.AT_SITES) * 2 * 8


def test_after_the_last_booking_only_what_belongs_to_no_batch_is_expected():
    later = Period(Month(2019, 1), Month(2019, 12))

    found = estimate_rows(build.layout(), later)

    assert {name for name, rows in found.items() if rows} == {
        "environmental_reading",
        "sensor_calibration",
        "equipment_service",
    }
