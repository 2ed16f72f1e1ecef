"""The chronicle: writes down every day, and closes into the records of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import EPOCH, Period
from farm.domain.world import CAUSES
from farm.simulation.care.facts import Counts, Toll
from farm.simulation.feed.issue import Issue
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.harvest_lots import Catch
from farm.simulation.history import (
    DAILY_COLUMNS,
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    AssignmentRecord,
    Columns,
    HarvestRecord,
    TransferRecord,
)
from farm.simulation.process import HallDay, SeaDay, Signs, Today, Water
from farm.simulation.state import State

#: Digits kept of a mean weight in grams, of what a sensor would show, of what people see, and of
#: shares of the fish in per cent.
WEIGHT_DIGITS, WATER_DIGITS, SIGN_DIGITS, PERCENT_DIGITS = 4, 3, 4, 2

#: Digits kept of the daily columns that are rounded.
_DIGITS = {
    "mean_weight_g": WEIGHT_DIGITS,
    **dict.fromkeys(("temperature_c", "oxygen_mg_l", "salinity_psu", "ph"), WATER_DIGITS),
    **dict.fromkeys(("weight_cv", "appetite", "gill_score", "side_effect_score"), SIGN_DIGITS),
    **dict.fromkeys(("lice_adult_female", "lice_mobile", "lice_attached"), SIGN_DIGITS),
    **dict.fromkeys(("wounded_percent", "sick_percent"), PERCENT_DIGITS),
}

#: Columns that are worked out of others, once the period is over.
_WORKED_OUT = frozenset({"date", "biomass_kg", "density_kg_m3", "deaths_by_cause"})


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

    ``appetite`` is the share of what the fish would need to grow as well as they can.
    """

    water: Water
    toll: Toll
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
            if name in _WORKED_OUT:
                continue
            self._columns[name] = np.zeros(shape, dtype=kind)
        self._causes = CAUSES + diseases
        # Of each day, by its row: the cells (cause, container) with deaths, counted row by row, and
        # how many.
        self._deaths: dict[int, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}
        self._sites = _places_by_day(SITE_DAY_COLUMNS, period.days, len(frame.sites))
        self._halls = _places_by_day(HALL_DAY_COLUMNS, period.days, len(frame.halls))
        self.assignments: list[AssignmentRecord] = []
        self.transfers: list[TransferRecord] = []
        self.catches: list[Catch] = []

    @property
    def harvests(self) -> list[HarvestRecord]:
        """The harvests, in the order of the catches."""
        return [catch.event for catch in self.catches]

    def write_day(self, today: Today, state: State, evening: Evening) -> None:
        """Write down one day: the state at its end, and what happened on it.

        As it is: what is rounded or follows from other columns is worked out for all days at once.
        """
        row = today.ordinal - self._first
        water, feed, signs, counts = evening.water, evening.feed, evening.signs, evening.counts
        columns = self._columns
        columns["assignment_id"][row] = state.assignment
        columns["batch_id"][row] = state.batch
        columns["lifecycle_stage_id"][row] = state.stage
        columns["population"][row] = state.population
        columns["mean_weight_g"][row] = state.weight_g
        columns["feed_g"][row] = feed.feed_g
        columns["feed_type_id"][row] = feed.feed_type_id
        columns["feed_cents"][row] = feed.cost_cents
        columns["temperature_c"][row] = water.temperature_c
        columns["oxygen_mg_l"][row] = water.oxygen_mg_l
        columns["salinity_psu"][row] = water.salinity_psu
        columns["ph"][row] = water.ph
        columns["is_fasting"][row] = evening.fasting
        columns["weight_cv"][row] = state.weight_cv
        columns["appetite"][row] = evening.appetite
        columns["is_withheld"][row] = state.withheld > 0
        columns["lice_adult_female"][row] = signs.lice_adult_female
        columns["lice_mobile"][row] = signs.lice_mobile
        columns["lice_attached"][row] = signs.lice_attached
        columns["gill_score"][row] = signs.gill_score
        columns["wounded_percent"][row] = signs.wounded
        columns["side_effect_score"][row] = signs.side_effects
        most = signs.sick.max(axis=0)
        ill = (most > 0.0).nonzero()[0]
        columns["disease_id"][row, ill] = signs.sick[:, ill].argmax(axis=0) + 1
        columns["sick_percent"][row] = most
        columns["deaths"][row] = evening.toll.dead
        deaths = evening.toll.deaths.ravel()
        # Searching truth values is much faster than searching numbers.
        cells = (deaths > 0).nonzero()[0]
        self._deaths[row] = cells.astype(np.int32), deaths.take(cells).astype(np.int32)
        if np.count_nonzero(counts.fish):
            columns["lice_fish_counted"][row] = counts.fish
            columns["lice_adult_female_counted"][row] = counts.adult_female
            columns["lice_mobile_counted"][row] = counts.mobile
            columns["lice_attached_counted"][row] = counts.attached

    def write_water(self, today: Today, sea: SeaDay, halls: HallDay) -> None:
        """Write down the water and the weather of the sites and the halls on one day."""
        row = today.ordinal - self._first
        for columns, day in ((self._sites, sea), (self._halls, halls)):
            for name, column in columns.items():
                column[row] = getattr(day, name)

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

    def write_harvest(
        self, day: date, state: State, signs: Signs, container: int, count: int
    ) -> None:
        """Write down that fish are harvested today, as they stood yesterday evening."""
        weight = round(float(state.weight_g[container]), WEIGHT_DIGITS)
        event = HarvestRecord(
            assignment_id=int(state.assignment[container]),
            date=day,
            count=count,
            mean_weight_g=weight,
            biomass_kg=biomass_kg(count, weight),
        )
        self.catches.append(Catch.of(event, float(state.weight_cv[container]), signs, container))

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
        self.catches.sort(key=lambda catch: (catch.event.date, catch.event.assignment_id))

    def daily(self) -> Columns:
        """Return the daily columns of all stocked containers, sorted by assignment and date.

        Once: each column is given up as it is taken, since both together are a lot of memory.
        """
        # The cells (row, container) of stocked containers. Container by container they stand nearly
        # in order: all days of an assignment are together.
        assignment = self._columns["assignment_id"].T.ravel()
        stocked = (assignment > 0).nonzero()[0]
        order = assignment.take(stocked).argsort(kind="stable")
        containers, rows = np.divmod(stocked.take(order), assignment.size // self._frame.size)
        cells = rows * self._frame.size + containers
        taken: Columns = {"date": (rows + (self._first - EPOCH)).astype(DAILY_COLUMNS["date"])}
        while self._columns:
            name, column = self._columns.popitem()
            taken[name] = column.reshape(-1).take(cells)
        taken["deaths_by_cause"] = self._deaths_of(cells)
        self._work_out(taken, containers)
        return {name: taken[name] for name in DAILY_COLUMNS}

    def _deaths_of(self, stocked: Integers) -> NDArray[Any]:
        """Return the deaths by cause of stocked cells (row, container), counted row by row."""
        size, causes, elements = self._frame.size, self._causes, stocked.size
        # Where the deaths of each cell begin; those of cells without fish fall behind all others.
        begin = np.full(len(self._deaths) * size, elements * causes)
        begin[stocked] = np.arange(0, elements * causes, causes)
        deaths = np.zeros((elements + 1) * causes, dtype=DAILY_COLUMNS["deaths_by_cause"])
        cause, container = np.divmod(np.arange(causes * size), size)
        for row, (cells, number) in self._deaths.items():
            begins = begin[row * size : (row + 1) * size].take(container.take(cells))
            deaths[begins + cause.take(cells)] = number
        return deaths.reshape(elements + 1, causes)[:elements]

    def _work_out(self, daily: Columns, containers: Integers) -> None:
        """Round what days wrote down as it was, and add what follows from it.

        Args:
            daily: the columns of stocked containers; changed here.
            containers: the index of the container of each element.
        """
        frame = self._frame
        for name in ("wounded_percent", "sick_percent"):
            daily[name] *= 100.0
        daily["appetite"][daily["feed_g"] == 0] = 0.0
        for name, digits in _DIGITS.items():
            np.round(daily[name], digits, out=daily[name])
        daily["disease_id"][daily["sick_percent"] == 0.0] = 0
        on_land = ~frame.at_sea[containers]
        for name in ("lice_attached", "lice_mobile", "lice_adult_female"):
            daily[name][on_land] = np.nan
        daily["biomass_kg"] = daily["population"] * daily["mean_weight_g"] / 1000.0
        daily["density_kg_m3"] = daily["biomass_kg"] / frame.volume_m3[containers]

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
            **{
                name: np.round(column, WATER_DIGITS).T.reshape(-1)
                for name, column in columns.items()
            },
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
