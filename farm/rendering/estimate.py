"""How many rows a plan will make, before anything is simulated: for `farm plan`."""

from __future__ import annotations

from datetime import date, timedelta

from farm.domain.calendar import Period
from farm.domain.plan import Booking
from farm.domain.world import Stage
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.layout import Layout


def estimate_rows(layout: Layout, period: Period | None = None) -> dict[str, int]:
    """Return the rows of each chunk table that the bookings promise, in all or within a period.

    Assumes that

    - a pen is harvested half-way between the first and the last day on which it may be;
      everything else is booked to the day (readings are exact until then);
    - fed stages are fed on the share ``planning.fed_share`` of their days, with all meals;
    - each container has ``planning.mortality_rows`` mortality events a day;
    - every sample finds as many fish as it wants.
    """
    spec = layout.observation
    totals = dict.fromkeys(CHUNK_TABLES, 0.0)
    for batch in layout.plan.batches:
        for booking in batch.bookings:
            days = _days(booking, period)
            row = int(layout.container_rows_of_one(booking.container_id))
            sensors = int(layout.containers.sensors[row])
            totals["environmental_reading"] += days * sensors * spec.readings_per_day
            totals["mortality_event"] += days * getattr(
                spec.planning.mortality_rows, booking.stage.value
            )
            if booking.stage.is_fed:
                meals = int(layout.meals[booking.stage.id])
                totals["feeding_event"] += days * meals * spec.planning.fed_share
                taken = days / spec.sample_interval_days
                totals["growth_sample"] += taken
                totals["fish_observation"] += taken * spec.fish_per_sample
    return {name: round(total) for name, total in totals.items()}


def _days(booking: Booking, period: Period | None) -> int:
    """Return the days on which the booking's container is expected to hold fish."""
    end = booking.end
    if booking.stage is Stage.ADULT:
        end = booking.earliest_end + (booking.end - booking.earliest_end) // 2
    first = booking.start if period is None else max(booking.start, period.first_day)
    after = end if period is None else min(end, _next_day(period.last_day))
    return max((after - first).days, 0)


def _next_day(day: date) -> date:
    return day + timedelta(days=1)
