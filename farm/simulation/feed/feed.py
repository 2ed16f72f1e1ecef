"""The feed chain: the people who buy feed and keep it, in a fixed order.

A morning: deliveries come, what is too old is thrown away. Then fish are fed from the oldest lots
of their store and feed, and eat less where there is too little. An evening: people look ahead, and
order where stock will run low.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.economy import Economy
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.feed.issue import Issue
from farm.simulation.feed_records import FeedRecords
from farm.simulation.frame import Frame, Integers
from farm.simulation.history import DRAW_COLUMNS, Columns
from farm.simulation.process import EventsDay, Therapy, Today, Water
from farm.simulation.state import Own, State


class FeedChain:
    """The feed of one geography, from purchase to fish."""

    def __init__(
        self, economy: Economy, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice
    ) -> None:
        self._frame = frame
        plain = [kind for kind in frame.feed_types if kind.treatment_type_id is None]
        self._from_g = np.asarray([kind.min_weight_g for kind in plain])
        self._ids = np.asarray([kind.id for kind in plain], dtype=np.int64)

    def begin(self) -> dict[str, Own]:
        """Return the arrays of each part, by its name, before the first day."""
        return {}

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month, and set its prices."""

    def open_day(self, today: Today, state: State, events: EventsDay) -> None:
        """Take in what is delivered today, and throw away what is too old."""

    def prepare(self, therapy: Therapy | None, today: Today, state: State) -> None:
        """Take in the medicated feed of treatments that begin today."""

    def issue(self, today: Today, state: State, wanted_g: Integers, medicine: Integers) -> Issue:
        """Give out feed, oldest lots first; where there is too little, everybody gets less.

        Args:
            today: the day.
            state: before growth: the fish are fed what suits their weight of yesterday evening.
            wanted_g: whole grams that the fish of each container would eat.
            medicine: id of the treatment type that is given in the feed today, 0 for none.
        """
        kind = self._ids[np.searchsorted(self._from_g, state.weight_g, side="right") - 1]
        return Issue(wanted_g, np.where(wanted_g > 0, kind, 0), np.zeros_like(wanted_g))

    def close_day(self, today: Today, state: State, water: Water) -> None:
        """Look ahead, and order where stock will fall below the threshold before more can come."""

    def records(self, state: State) -> FeedRecords:
        """Return the records of the days lived through, as they stand now."""
        return FeedRecords()

    def draws(self) -> Columns:
        """Return the columns of DRAW_COLUMNS for the days lived through."""
        return {name: np.zeros(0, dtype=kind) for name, kind in DRAW_COLUMNS.items()}
