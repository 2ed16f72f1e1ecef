"""How many rows there will be: exactly, by formula, from a history; roughly, from a plan alone."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month, Period
from farm.domain.plan import Booking
from farm.rendering.area import calibrations, rows_of_areas
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.epoch import day_number
from farm.rendering.feeding import feeding_rows
from farm.rendering.health import health_rate, health_sizes
from farm.rendering.layout import Layout
from farm.rendering.lice import lice_rows
from farm.rendering.months import month_numbers, month_of
from farm.rendering.mortality import mortality_rows
from farm.rendering.sampling import sample_sizes
from farm.rendering.slices import stays_by_month
from farm.rendering.stocked import reading_rows
from farm.simulation.history import Columns, History


def expected_rows(layout: Layout, daily: Columns) -> dict[tuple[int, Month], dict[str, int]]:
    """Return for each (batch id, month) of a history the rows of each chunk table, in that order.

    Nothing is rendered; `render_chunk` gives exactly these numbers. ``daily`` has the columns of
    DAILY_COLUMNS in any order of rows.

    Raises ContractBroken for an assignment that the plan does not have.
    """
    daily = _in_order(daily)
    stage, day = daily["lifecycle_stage_id"], daily["date"].astype("datetime64[D]").astype(np.int64)
    # Rows of one assignment and month lie together: what is asked of both is asked once for each.
    month = month_numbers(daily["date"])
    begins = _begins(daily["assignment_id"], month)
    assignment, lengths = daily["assignment_id"][begins], np.diff(begins, append=len(day))
    container = layout.container_rows(assignment).repeat(lengths)
    sizes = sample_sizes(layout, day, daily["assignment_id"], stage, daily["population"])
    lice = lice_rows(daily)
    looked_at = health_sizes(layout, container, day, month, stage, daily["population"])
    rows: dict[str, NDArray[np.int64]] = {
        "environmental_reading": reading_rows(layout, container, daily["assignment_id"], day),
        "feeding_event": feeding_rows(layout, stage, np.maximum(daily["feed_g"], 0)),
        "mortality_event": mortality_rows(daily["deaths_by_cause"]),
        "growth_sample": (sizes > 0).astype(np.int64),
        "fish_observation": sizes,
        "lice_count": (lice > 0).astype(np.int64),
        "lice_observation": lice,
        "health_sample": (looked_at > 0).astype(np.int64),
    }
    month = month[begins]
    batches, batch = np.unique(daily["batch_id"][begins], return_inverse=True)
    start = int(month.min()) if len(month) else 0
    months = int(month.max()) - start + 1 if len(month) else 0
    key = batch * months + (month - start)
    size = len(batches) * months
    present = np.bincount(key, minlength=size).nonzero()[0]

    def by_chunk(of_rows: NDArray[np.int64]) -> list[int]:
        # Sums of whole numbers below 2**53 are exact in the floats that bincount adds up.
        sums = np.bincount(key, weights=np.add.reduceat(of_rows, begins), minlength=size)
        counts: list[int] = sums[present].astype(np.int64).tolist()
        return counts

    nothing = [0] * len(present)
    sums = [by_chunk(rows[name]) if name in rows else nothing for name in CHUNK_TABLES]
    chunks = (
        (int(batches[at // months]), month_of(start + at % months)) for at in present.tolist()
    )
    return {
        chunk: dict(zip(CHUNK_TABLES, counts, strict=True))
        for chunk, *counts in zip(chunks, *sums, strict=True)
    }


def _begins(assignment: NDArray[np.int32], month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first row of each assignment and month; rows are in order of both."""
    begins = np.ones(len(month), dtype=bool)
    begins[1:] = (assignment[1:] != assignment[:-1]) | (month[1:] != month[:-1])
    return begins.nonzero()[0]


def _in_order(daily: Columns) -> Columns:
    """Return the history in order of assignment and date, as the simulation gives it."""
    assignment, day = daily["assignment_id"], daily["date"]
    step = np.diff(assignment)
    if ((step > 0) | ((step == 0) & (day[1:] > day[:-1]))).all():
        return daily
    order = np.lexsort((day, assignment))
    return {name: column[order] for name, column in daily.items()}


def expected_area_rows(layout: Layout, history: History) -> dict[tuple[str, Month], dict[str, int]]:
    """Return for each (area code, month) of a history the rows of each chunk table, in that order.

    Months in which an area has no rows are left out. `render_area` gives exactly these numbers.
    """
    found = rows_of_areas(layout, stays_by_month(layout, history))
    return {address: rows for address, rows in found.items() if any(rows.values())}


def estimate_rows(layout: Layout, period: Period) -> dict[str, int]:
    """Return the rows of each chunk table that the bookings promise within a period.

    Assumes that

    - a pen is harvested half-way between the first and the last day on which it may be;
      everything else is booked to the day;
    - fed stages are fed on the share ``planning.fed_share`` of their days, with all meals;
    - each container has ``planning.mortality_rows`` mortality events a day;
    - every sample finds as many fish as it wants;
    - lice are counted as often as ``planning.lice_counts`` says, on ``planning.lice_fish`` fish;
    - sensors are out of order for as long as they are on average.

    Calibrations and services are exact.
    """
    spec, places = layout.observation, layout.containers
    totals = dict.fromkeys(CHUNK_TABLES, 0.0)
    bookings = [booking for batch in layout.plan.batches for booking in batch.bookings]
    containers = layout.container_rows(np.array([booking.id for booking in bookings], dtype=int))
    empty = np.full(len(places.id), period.days)
    for booking, container in zip(bookings, containers.tolist(), strict=True):
        days = stocked_days(booking, period)
        empty[container] -= days
        readings = days * int(places.sensors[container]) * spec.readings_per_day
        totals["environmental_reading"] += readings
        totals["mortality_event"] += days * spec.planning.mortality_rows.of(booking.stage)
        if booking.stage.is_fed:
            meals = spec.stages.of(booking.stage).meals_per_day
            totals["feeding_event"] += days * meals * spec.planning.fed_share
            taken = days / spec.sample_interval_days
            totals["growth_sample"] += taken
            totals["fish_observation"] += taken * spec.fish_per_sample
        if places.is_sea[container]:
            totals["lice_count"] += days * spec.planning.lice_counts
            totals["lice_observation"] += days * spec.planning.lice_counts * spec.planning.lice_fish
        totals["health_sample"] += days * health_rate(spec.health, booking.stage)
    unstocked = np.maximum(empty, 0) @ places.sensors * spec.readings_per_day_empty
    of_sites = int(layout.sites.sensors.sum()) * period.days * spec.readings_per_day
    totals["environmental_reading"] += int(unstocked) + of_sites
    totals["environmental_reading"] *= 1.0 - spec.sensors.outage_share
    first = day_number(period.first_day)
    every = np.arange(len(layout.sensors.id))
    totals["sensor_calibration"] = int(calibrations(layout, every, first, period.days)[1].sum())
    totals["equipment_service"] = layout.services.number(first, first + period.days)
    return {name: round(total) for name, total in totals.items()}


def stocked_days(booking: Booking, period: Period) -> int:
    """Return the days of a period on which the booking's container is expected to hold fish."""
    first = max(booking.start, period.first_day)
    return max((min(booking.expected_end, period.last_day + timedelta(days=1)) - first).days, 0)
