"""The chronicle: writes down every day, and closes into the records of a period."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from farm.domain.calendar import EPOCH, Period
from farm.domain.world import Cause
from farm.simulation.care.facts import Counts
from farm.simulation.feed.issue import Issue
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.history import (
    DAILY_COLUMNS,
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    AssignmentRecord,
    Columns,
    HarvestLotRecord,
    HarvestRecord,
    TransferRecord,
)
from farm.simulation.process import HallDay, SeaDay, Signs, Today, Water
from farm.simulation.state import State

#: Digits kept of a mean weight in grams, of what a sensor would show, and of what people see.
WEIGHT_DIGITS, WATER_DIGITS, SIGN_DIGITS = 4, 3, 4


def biomass_kg(population: int, mean_weight_g: float) -> float:
    """Return the biomass of fish whose mean weight is already rounded."""
    return population * mean_weight_g / 1000.0


@dataclass(frozen=True, slots=True)
class Move:
    """Fish on their way today: from one assignment into the container of another.

    ``ahead`` fish were in the container before them, of earlier days or of today.
    """

    from_assignment: int
    to_assignment: int
    container: int
    ahead: int
    count: int
    weight_g: float
    kind: str


@dataclass(frozen=True, slots=True)
class Evening:
    """What happened on a day, beside the state that it left.

    ``deaths`` has the shape (causes, containers); ``appetite`` is the share of what the fish would
    need to grow as well as they can.
    """

    water: Water
    deaths: Integers
    feed: Issue
    fasting: Bools
    appetite: Floats
    signs: Signs
    counts: Counts


class Chronicle:
    """Everything that happened in a period, kept by day and container until it is complete."""

    def __init__(self, period: Period, frame: Frame, diseases: int) -> None:
        self._first = period.first_day.toordinal()
        shape = (period.days, frame.size)
        self._frame = frame
        self._columns: Columns = {}
        for name, kind in DAILY_COLUMNS.items():
            if name == "date":
                continue
            depth = (len(Cause) + diseases,) if name == "deaths_by_cause" else ()
            self._columns[name] = np.zeros(shape + depth, dtype=kind)
        self._sites = _places_by_day(SITE_DAY_COLUMNS, period.days, len(frame.sites))
        self._halls = _places_by_day(HALL_DAY_COLUMNS, period.days, len(frame.halls))
        self.assignments: list[AssignmentRecord] = []
        self.transfers: list[TransferRecord] = []
        self.harvests: list[HarvestRecord] = []
        self.harvest_lots: list[HarvestLotRecord] = []

    def write_day(self, today: Today, state: State, evening: Evening) -> None:
        """Write down one day: the state at its end, and what happened on it."""
        row = today.ordinal - self._first
        water, deaths = evening.water, evening.deaths
        columns, frame = self._columns, self._frame
        weight = np.round(state.weight_g, WEIGHT_DIGITS)
        biomass = state.population * weight / 1000.0
        columns["assignment_id"][row] = state.assignment
        columns["batch_id"][row] = state.batch
        columns["lifecycle_stage_id"][row] = state.stage
        columns["population"][row] = state.population
        columns["mean_weight_g"][row] = weight
        columns["biomass_kg"][row] = biomass
        columns["deaths"][row] = deaths.sum(axis=0)
        columns["deaths_by_cause"][row] = deaths.T
        columns["feed_g"][row] = evening.feed.feed_g
        columns["feed_type_id"][row] = evening.feed.feed_type_id
        columns["feed_cents"][row] = evening.feed.cost_cents
        columns["temperature_c"][row] = np.round(water.temperature_c, WATER_DIGITS)
        columns["oxygen_mg_l"][row] = np.round(water.oxygen_mg_l, WATER_DIGITS)
        columns["salinity_psu"][row] = np.round(water.salinity_psu, WATER_DIGITS)
        columns["ph"][row] = np.round(water.ph, WATER_DIGITS)
        columns["density_kg_m3"][row] = biomass / frame.volume_m3
        columns["is_fasting"][row] = evening.fasting
        columns["weight_cv"][row] = np.round(state.weight_cv, SIGN_DIGITS)
        columns["appetite"][row] = np.round(
            np.where(evening.feed.feed_g > 0, evening.appetite, 0.0), SIGN_DIGITS
        )
        columns["is_withheld"][row] = state.withheld > 0
        self._write_signs(row, evening.signs)
        for part in fields(Counts):
            name = "lice_fish_counted" if part.name == "fish" else f"lice_{part.name}_counted"
            columns[name][row] = getattr(evening.counts, part.name)

    def _write_signs(self, row: int, signs: Signs) -> None:
        columns, at_sea = self._columns, self._frame.at_sea
        for group in ("attached", "mobile", "adult_female"):
            lice = np.round(getattr(signs, f"lice_{group}"), SIGN_DIGITS)
            columns[f"lice_{group}"][row] = np.where(at_sea, lice, np.nan)
        worst = signs.sick.argmax(axis=0)
        sick = np.round(100.0 * np.take_along_axis(signs.sick, worst[np.newaxis], axis=0)[0], 2)
        columns["disease_id"][row] = np.where(sick > 0, worst + 1, 0)
        columns["sick_percent"][row] = sick
        columns["gill_score"][row] = np.round(signs.gill_score, SIGN_DIGITS)
        columns["wounded_percent"][row] = np.round(100.0 * signs.wounded, 2)
        columns["side_effect_score"][row] = np.round(signs.side_effects, SIGN_DIGITS)

    def write_water(self, today: Today, sea: SeaDay, halls: HallDay) -> None:
        """Write down the water and the weather of the sites and the halls on one day."""
        row = today.ordinal - self._first
        for columns, day in ((self._sites, sea), (self._halls, halls)):
            for name, column in columns.items():
                column[row] = np.round(getattr(day, name), WATER_DIGITS)

    def write_moves(self, day: date, moves: list[Move], handling: Integers) -> None:
        """Write down today's transfers.

        The deaths of handling of each receiving container are shared out over all fish in it, in
        proportion and in whole fish.

        Args:
            day: today.
            moves: in the order in which fish went into each container.
            handling: deaths of handling on the day of arrival, by container.
        """
        filled = {move.container: move.ahead + move.count for move in moves}
        for move in moves:
            died, total = int(handling[move.container]), filled[move.container]
            start, end = move.ahead, move.ahead + move.count
            weight = round(move.weight_g, WEIGHT_DIGITS)
            self.transfers.append(
                TransferRecord(
                    date=day,
                    from_assignment_id=move.from_assignment,
                    to_assignment_id=move.to_assignment,
                    count=move.count,
                    mean_weight_g=weight,
                    biomass_kg=biomass_kg(move.count, weight),
                    mortality_count=died * end // total - died * start // total,
                    kind=move.kind,
                )
            )

    def write_harvest(self, day: date, state: State, container: int, count: int) -> HarvestRecord:
        """Write down that fish are harvested today, as they stood yesterday evening."""
        weight = round(float(state.weight_g[container]), WEIGHT_DIGITS)
        event = HarvestRecord(
            assignment_id=int(state.assignment[container]),
            date=day,
            count=count,
            mean_weight_g=weight,
            biomass_kg=biomass_kg(count, weight),
        )
        self.harvests.append(event)
        return event

    def write_end(self, day: date, state: State, container: int, end_count: int) -> None:
        """Write down that an assignment ends today, leaving ``end_count`` fish unaccounted for."""
        weight = round(float(state.weight_g[container]), WEIGHT_DIGITS)
        self.assignments.append(self._assignment(state, container, day, end_count, weight))

    def close(self, state: State) -> None:
        """Write down the assignments that are still open, and put all records in order of id."""
        for container in np.flatnonzero(state.assignment):
            self.assignments.append(self._assignment(state, int(container), None, None, None))
        self.assignments.sort(key=lambda a: a.id)
        self.transfers.sort(key=lambda t: (t.date, t.from_assignment_id, t.to_assignment_id))
        self.harvests.sort(key=lambda h: (h.date, h.assignment_id))
        self.harvest_lots.sort(
            key=lambda lot: (lot.date, lot.assignment_id, lot.weight_class, lot.quality)
        )

    def daily(self) -> Columns:
        """Return the daily columns of all stocked containers, sorted by assignment and date.

        Once: each column is given up as it is taken, since both together are a lot of memory.
        """
        assignment = self._columns["assignment_id"]
        rows, containers = np.nonzero(assignment)
        order = np.argsort(assignment[rows, containers], kind="stable")
        rows, containers = rows[order], containers[order]
        result: Columns = {}
        for name, kind in DAILY_COLUMNS.items():
            if name == "date":
                result[name] = (rows + (self._first - EPOCH)).astype(kind)
            else:
                result[name] = self._columns.pop(name)[rows, containers]
        return result

    def site_days(self) -> Columns:
        """Return the columns of `site_day`, sorted by site and date."""
        ids = [site.id for site in self._frame.sites]
        return self._by_place(SITE_DAY_COLUMNS, "site_id", ids, self._sites)

    def hall_days(self) -> Columns:
        """Return the columns of `hall_day`, sorted by hall and date."""
        ids = [hall.id for hall in self._frame.halls]
        return self._by_place(HALL_DAY_COLUMNS, "hall_id", ids, self._halls)

    def _by_place(
        self, kinds: dict[str, str], key: str, ids: list[int], columns: Columns
    ) -> Columns:
        days = len(next(iter(columns.values())))
        dates = np.arange(days) + (self._first - EPOCH)
        given: Columns = {
            key: np.repeat(np.asarray(ids, dtype=kinds[key]), days),
            "date": np.tile(dates, len(ids)).astype(kinds["date"]),
            **{name: column.T.reshape(-1) for name, column in columns.items()},
        }
        return {name: given[name] for name in kinds}

    def _assignment(
        self,
        state: State,
        container: int,
        end: date | None,
        end_count: int | None,
        end_weight_g: float | None,
    ) -> AssignmentRecord:
        return AssignmentRecord(
            id=int(state.assignment[container]),
            batch_id=int(state.batch[container]),
            container_id=self._frame.containers[container].id,
            lifecycle_stage_id=int(state.stage[container]),
            start_date=date.fromordinal(int(state.arrived[container])),
            end_date=end,
            start_count=int(state.start_count[container]),
            start_weight_g=round(float(state.start_weight_g[container]), WEIGHT_DIGITS),
            end_count=end_count,
            end_weight_g=end_weight_g,
        )


def _places_by_day(kinds: dict[str, str], days: int, places: int) -> Columns:
    """Return empty columns of shape (days, places), without the key: the id and the date."""
    return {name: np.zeros((days, places), dtype=kind) for name, kind in list(kinds.items())[2:]}
