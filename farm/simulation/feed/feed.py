"""The feed chain: the people who buy feed and keep it, in a fixed order.

A morning: what is too old is thrown away, deliveries come. Then fish are fed from the oldest lots
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
from farm.simulation.feed.menu import Menu
from farm.simulation.feed.purchasing import Purchasing
from farm.simulation.feed.stores import Stores
from farm.simulation.feed_records import FeedRecords
from farm.simulation.frame import Frame, Integers
from farm.simulation.history import Columns
from farm.simulation.process import EventsDay, Therapy, Today, Water
from farm.simulation.state import Own, State


class FeedChain:
    """The feed of one geography, from purchase to fish."""

    name = "feed"

    def __init__(
        self, economy: Economy, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice
    ) -> None:
        self._stores = Stores(frame)
        self._menu = Menu(economy.feed, biology, frame)
        self._purchasing = Purchasing(economy.feed, biology, frame, agenda, dice, self._stores)
        # Of today, from feeding until the evening.
        self._wanted_g = self._medicine = np.zeros(frame.size, dtype=np.int64)

    def begin(self) -> dict[str, Own]:
        """Return the arrays of each part, by its name, before the first day.

        The chain's own ``today``: the last day lived through, as an ordinal, 0 for none.
        """
        own: dict[str, Own] = {self.name: {"today": np.zeros(1, dtype=np.int64)}}
        return own | {self._stores.name: self._stores.begin()} | self._purchasing.begin()

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month, and set its prices."""
        self._purchasing.turn_month(month)

    def open_day(self, today: Today, state: State, events: EventsDay) -> None:
        """Throw away what is too old, and take in what is delivered today.

        On the farm's first morning there is feed in store already, for the fish that eat first.
        """
        held, own = state.own[self._stores.name], state.own[self.name]
        if not own["today"][0]:
            self._purchasing.stock_up(today, state)
        own["today"][0] = today.ordinal
        if today.date.day == 1:
            self._stores.open_month(today, held)
        self._stores.expire(today, held)
        self._purchasing.receive(today, state, events)

    def prepare(
        self, therapy: Therapy | None, today: Today, state: State, medicine: Integers
    ) -> None:
        """Take in the medicated feed of treatments that begin today."""
        self._purchasing.medicate(therapy, today, state, medicine)

    def issue(self, today: Today, state: State, wanted_g: Integers, medicine: Integers) -> Issue:
        """Give out feed, oldest lots first; where there is too little, everybody gets less.

        Args:
            today: the day.
            state: before growth: the fish are fed what suits their weight of yesterday evening.
            wanted_g: whole grams that the fish of each container would eat.
            medicine: id of the treatment type that is given in the feed today, 0 for none.
        """
        self._wanted_g, self._medicine = wanted_g, medicine
        held = state.own[self._stores.name]
        kinds = self._menu.feed_types(state, wanted_g, medicine, self._stores.in_stock(held))
        return self._stores.issue(today, state, kinds, wanted_g, held)

    def close_day(self, today: Today, state: State, water: Water) -> None:
        """Look ahead, and order where stock will fall below the threshold before more can come."""
        self._purchasing.look_ahead(today, state, water, self._wanted_g, self._medicine)
        if Month.of(today.date).last == today.date:
            self._stores.close_month(state.own[self._stores.name])

    def records(self, state: State) -> FeedRecords:
        """Return the records of the days lived through, as they stand now."""
        prices, orders = self._purchasing.records(int(state.own[self.name]["today"][0]), state)
        return FeedRecords(
            prices=prices,
            orders=orders,
            lots=self._stores.lots(state.own[self._stores.name]),
            shortages=self._stores.shortages(),
            balances=self._stores.balances(),
        )

    def draws(self) -> Columns:
        """Return the columns of DRAW_COLUMNS for the days lived through."""
        return self._stores.draws()
