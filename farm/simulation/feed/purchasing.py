"""Purchasing: the people who buy the feed of one geography, from the market into the stores."""

from __future__ import annotations

from datetime import date

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.feed_trade import FeedTrade
from farm.simulation.agenda import Agenda
from farm.simulation.columns import Columns
from farm.simulation.dice import Dice
from farm.simulation.feed.clearing import Clearing
from farm.simulation.feed.deliveries import Deliveries
from farm.simulation.feed.forecast import Forecast
from farm.simulation.feed.market import Market
from farm.simulation.feed.medicated import Medicated
from farm.simulation.feed.opening import OpeningStock
from farm.simulation.feed.orders import Orders
from farm.simulation.feed.reordering import Reordering
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import EventsDay, Therapy, Today, Water
from farm.simulation.state import Own, State


class Purchasing:
    """Those who know the market, look ahead, order, and take in what is delivered."""

    def __init__(
        self,
        trade: FeedTrade,
        biology: Biology,
        frame: Frame,
        agenda: Agenda,
        dice: Dice,
        stores: Stores,
    ) -> None:
        self._market = Market(trade, biology, frame, dice)
        self._orders = Orders(trade, frame, dice)
        self._deliveries = Deliveries(trade, frame, self._orders, stores)
        self._forecast = forecast = Forecast(trade.forecast, biology, frame, agenda, dice)
        self._reordering = Reordering(trade, frame, self._market, forecast, self._orders, stores)
        self._medicated = Medicated(
            trade, biology, frame, self._market, forecast, self._orders, self._deliveries, stores
        )
        self._opening = OpeningStock(
            trade, biology, frame, agenda, self._market, forecast, self._deliveries
        )
        self._clearing = Clearing(trade, frame, stores)
        self._months: list[Month] = []

    def begin(self) -> dict[str, Own]:
        """Return the arrays of each part, by its name, before the first day."""
        parts = (self._orders, self._reordering, self._medicated, self._clearing)
        return {part.name: part.begin() for part in parts}

    def turn_month(self, month: Month) -> None:
        """Begin a month: its prices are asked from now on."""
        self._months.append(month)

    def stock_up(self, today: Today, state: State) -> None:
        """Provide, on the first morning, what was bought before; publish the prices of then."""
        ordered = self._opening.provide(today, state)
        earlier = Month.of(date.fromordinal(ordered)) if ordered else Month.of(today.date)
        published = []
        while earlier < Month.of(today.date):
            published.append(earlier)
            earlier = earlier.next()
        self._months = published + self._months

    def receive(self, today: Today, state: State, events: EventsDay) -> None:
        """Clear away what nobody is to eat any more, and take in what is delivered today."""
        self._clearing.work(today, state)
        self._medicated.destroy(today, state)
        self._deliveries.receive(today, state, events)

    def medicate(
        self, therapy: Therapy | None, today: Today, state: State, medicine: Integers
    ) -> None:
        """Take in the medicated feed of treatments that begin today."""
        if therapy is not None:
            known = state.own[self._reordering.name]
            pace = self._reordering.pace(known)
            self._medicated.prepare(therapy, today, state, medicine, known["root_growth"], pace)

    def look_ahead(
        self, today: Today, state: State, water: Water, wanted_g: Integers, medicine: Integers
    ) -> None:
        """Take note this evening of what the fish would have eaten, and order what they will.

        Args:
            today: the day.
            state: of this evening.
            water: of today.
            wanted_g: whole grams that the fish of each container would have eaten today.
            medicine: id of the treatment type that was given in the feed today, 0 for none.
        """
        outlook = self._forecast.outlook(today, state, water.temperature_c)
        self._reordering.look_back(outlook, wanted_g, state.own[self._reordering.name])
        if self._reordering.is_due(today):
            courses = self._medicated.courses(today, medicine, state.own[self._medicated.name])
            self._reordering.look_ahead(outlook, courses)

    def records(self, last_day: int, state: State) -> tuple[Columns, Columns]:
        """Return the prices of the months lived through, and the orders as they stand now.

        Args:
            last_day: of the period, as an ordinal.
            state: of its evening.
        """
        orders = self._orders.records(last_day, state.own[self._orders.name])
        return self._market.records(self._months), orders
