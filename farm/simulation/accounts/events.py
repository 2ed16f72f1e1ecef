"""What happened on single days of a period, summed by group and month: harvests, treatments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from farm.domain import exact
from farm.simulation.accounts.rows import Days, Ids, Rows
from farm.simulation.accounts.tally import Tally
from farm.simulation.frame import Floats, Integers
from farm.simulation.health_records import HealthRecords
from farm.simulation.history import Columns


@dataclass(frozen=True, slots=True)
class Harvested:
    """Fish harvested by batch and month; and, by place and month, their kilograms."""

    count: Integers
    live_kg: Floats
    gutted_kg: Floats
    revenue_cents: Integers
    live_kg_of_places: Floats


@dataclass(frozen=True, slots=True)
class Treated:
    """Treatments and vaccinations by the month in which they began, of batches and of places."""

    treatments: Integers
    treatment_cents: Integers
    vaccination_cents: Integers
    treatments_of_places: Integers


def harvested(rows: Rows, lots: Columns) -> Harvested:
    """Return the harvests of the period, and what they were sold as."""
    events = rows.chronicle.harvests
    of_events = [event.assignment_id for event in events]
    days = [event.date for event in events]
    taken = _by_batch(rows, of_events, days)
    sold = _by_batch(rows, lots["assignment_id"], lots["date"])
    live = np.asarray([event.biomass_kg for event in events], dtype=np.float64)
    return Harvested(
        count=taken.integers(np.asarray([event.count for event in events], dtype=np.int64)),
        live_kg=taken.floats(live),
        gutted_kg=sold.floats(lots["gutted_kg"]),
        revenue_cents=sold.integers(lots["revenue_cents"]),
        live_kg_of_places=_by_place(rows, of_events, days).floats(live),
    )


def treated(rows: Rows, health: HealthRecords) -> Treated:
    """Return the treatments and vaccinations that began in the period."""
    treatments = [t for t in health.treatments if rows.is_within(t.start_date)]
    vaccinations = [v for v in health.vaccinations if rows.is_within(v.date)]
    of_treatments = [t.assignment_id for t in treatments]
    days = [t.start_date for t in treatments]
    cures = _by_batch(rows, of_treatments, days)
    jabs = _by_batch(rows, [v.assignment_id for v in vaccinations], [v.date for v in vaccinations])
    return Treated(
        treatments=cures.count(),
        treatment_cents=cures.integers(_cents([t.cost for t in treatments])),
        vaccination_cents=jabs.integers(_cents([v.cost for v in vaccinations])),
        treatments_of_places=_by_place(rows, of_treatments, days).count(),
    )


def moved_in_kg(rows: Rows) -> Floats:
    """Return what came to each place from other ones, less what left it, by place and month."""
    shape = (len(rows.frame.places), len(rows.months))
    moves = rows.chronicle.transfers
    source = rows.places_of([move.from_assignment_id for move in moves])
    target = rows.places_of([move.to_assignment_id for move in moves])
    month = rows.month_of([move.date for move in moves])
    kg = np.asarray([move.biomass_kg for move in moves], dtype=np.float64)
    away = source != target
    came = Tally(target[away], month[away], shape).floats(kg[away])
    return came - Tally(source[away], month[away], shape).floats(kg[away])


def _by_batch(rows: Rows, assignments: Ids, days: Days) -> Tally:
    shape = (rows.batch_ids.size, len(rows.months))
    return Tally(rows.batches_of(assignments), rows.month_of(days), shape)


def _by_place(rows: Rows, assignments: Ids, days: Days) -> Tally:
    shape = (len(rows.frame.places), len(rows.months))
    return Tally(rows.places_of(assignments), rows.month_of(days), shape)


def _cents(amounts: Sequence[str]) -> Integers:
    return np.asarray([exact.cents(amount) for amount in amounts], dtype=np.int64)
