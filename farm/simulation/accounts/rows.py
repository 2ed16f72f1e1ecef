"""The rows that accounts are drawn from: who, where and when, as indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month, Period
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.chronicle import WEIGHT_DIGITS, Chronicle
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.history import Columns
from farm.simulation.state import State

#: Ids of batches or assignments, and dates: of records or of rows.
Ids = Sequence[int] | NDArray[Any]
Days = Sequence[date] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """The evening before a period: the stocked containers, in order of assignment."""

    container: Integers
    batch: Integers
    stage: Integers
    population: Integers
    biomass_kg: Floats

    @classmethod
    def of(cls, state: State) -> Opening:
        """Return the figures of a state, which may change afterwards."""
        order = np.argsort(state.assignment, kind="stable")
        stocked = order[state.assignment[order] > 0]
        population = state.population[stocked]
        weight = np.round(state.weight_g[stocked], WEIGHT_DIGITS)
        return cls(
            container=stocked,
            batch=state.batch[stocked],
            stage=state.stage[stocked],
            population=population,
            biomass_kg=population * weight / 1000.0,
        )


class Rows:
    """A period's daily states, and what else happened in it, by index of batch, place and month.

    Daily states are in order of assignment. Batches are those of the agenda in order of id, places
    those of the frame.
    """

    def __init__(
        self, period: Period, frame: Frame, agenda: Agenda, chronicle: Chronicle, daily: Columns
    ) -> None:
        self.period = period
        self._first_day, self._last_day = period.first_day, period.last_day
        self.frame = frame
        self.months: tuple[Month, ...] = tuple(period.months())
        self.batch_ids: Integers = np.asarray(sorted(agenda.batches), dtype=np.int64)
        self.daily = daily
        self.chronicle = chronicle
        #: Index of the first and last day of each month.
        self.first_day: Integers = self._days([month.first for month in self.months])
        self.last_day: Integers = np.append(self.first_day[1:], period.days) - 1
        self._assignments: Integers = np.asarray(
            [a.id for a in chronicle.assignments], dtype=np.int64
        )
        self._containers: Integers = np.asarray(
            [frame.index_of[a.container_id] for a in chronicle.assignments], dtype=np.int64
        )
        self._batches = self.batch_index([a.batch_id for a in chronicle.assignments])
        # How many daily states each of them has.
        first = np.searchsorted(daily["assignment_id"], self._assignments)
        self._rows_of = np.diff(first, append=daily["assignment_id"].size)

    @cached_property
    def day(self) -> Integers:
        """The index of the day of each daily row."""
        return self._days(self.daily["date"])

    @cached_property
    def month(self) -> Integers:
        """The index of the month of each daily row."""
        lengths = self.last_day - self.first_day + 1
        return np.arange(len(self.months)).repeat(lengths)[self.day]

    @cached_property
    def container(self) -> Integers:
        """The index of the container of each daily row."""
        return self._containers.repeat(self._rows_of)

    @cached_property
    def batch(self) -> Integers:
        """The index of the batch of each daily row."""
        return self._batches.repeat(self._rows_of)

    @cached_property
    def place(self) -> Integers:
        """The index of the place of each daily row."""
        return self.frame.place_of[self._containers].repeat(self._rows_of)

    def month_of_day(self, day: Integers) -> Integers:
        """Return the indices of the months that days lie in."""
        return np.searchsorted(self.first_day, day, side="right") - 1

    def month_of(self, dates: Days) -> Integers:
        """Return the indices of the months that dates of the period lie in."""
        return self.month_of_day(self._days(dates))

    def batch_index(self, batch_ids: Ids) -> Integers:
        """Return the indices of batches."""
        return np.searchsorted(self.batch_ids, np.asarray(batch_ids, dtype=np.int64))

    def containers_of(self, assignments: Ids) -> Integers:
        """Return the indices of the containers of assignments of the period."""
        return self._containers[self._index(assignments)]

    def batches_of(self, assignments: Ids) -> Integers:
        """Return the indices of the batches of assignments of the period."""
        return self._batches[self._index(assignments)]

    def places_of(self, assignments: Ids) -> Integers:
        """Return the indices of the places of assignments of the period."""
        return self.frame.place_of[self.containers_of(assignments)]

    def is_within(self, day: date) -> bool:
        """Return whether a date lies in the period."""
        return self._first_day <= day <= self._last_day

    @cached_property
    def deliveries(self) -> tuple[Integers, Integers, Integers, Integers, Floats]:
        """Eggs that came in the period: batch, place, month, count, biomass in kg."""
        came = [
            a
            for a in self.chronicle.assignments
            if a.lifecycle_stage_id == Stage.EGG_ALEVIN.id and self.is_within(a.start_date)
        ]
        ids = [a.id for a in came]
        count = np.asarray([a.start_count for a in came], dtype=np.int64)
        weight = np.asarray([a.start_weight_g for a in came], dtype=np.float64)
        return (
            self.batches_of(ids),
            self.places_of(ids),
            self.month_of([a.start_date for a in came]),
            count,
            count * weight / 1000.0,
        )

    def _days(self, dates: Days) -> Integers:
        if isinstance(dates, np.ndarray):
            return (dates - np.datetime64(self._first_day, "D")).astype(np.int64)
        first = self._first_day.toordinal()
        return np.asarray([day.toordinal() for day in dates], dtype=np.int64) - first

    def _index(self, assignments: Ids) -> Integers:
        return np.searchsorted(self._assignments, np.asarray(assignments, dtype=np.int64))
