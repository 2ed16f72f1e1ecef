"""The forecast: how much of each feed the fish of each store will eat in the days to come.

People reckon with the growth that fish of a stage can have in water as it is now and will be, with
the feed that such growth takes, and with what the fish of a container have lately eaten over what
this table says. They know the moves of the plan, and reckon when pens will be harvested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from farm.domain import feeding, growth, progress
from farm.domain.biology import Biology
from farm.domain.feed_trade import Forecasting
from farm.domain.water import climatology, expected_temperature
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.feed.departures import FAR, Departures
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import State

#: Weights, in grams, between which the feed behind a fish is added up; enough of them that no feed
#: conversion is off by more than a per mille.
_LIGHTEST, _HEAVIEST, _KNOTS = 0.05, 20_000.0, 600

#: Feed sizes that a fish may pass within a forecast: it is about its first month of feeding.
_SIZES_AHEAD = 4

#: Days ahead for which growth is reckoned: about the middle of a forecast.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Courses:
    """Medicine in feed, per container.

    ``first_type``: index of the smallest of the feeds that hold it, 0 for none; ``days`` on which
    it is still to be given.
    """

    first_type: Integers
    days: Integers


@dataclass(frozen=True, slots=True)
class _Mouths:
    """Groups of fish that will be fed, one element each.

    ``fish`` of mean weight ``weight_g`` on the evening before they are first fed, ``begin`` days
    from now; ``end`` days from now they are fed for the last time. ``root_growth``: what the cubic
    root of the weight gains in a day; ``pace``: feed over that of the table.
    """

    store: Integers
    first_type: Integers
    fish: Floats
    weight_g: Floats
    begin: Integers
    end: Integers
    root_growth: Floats
    pace: Floats

    def joined(self, other: _Mouths) -> _Mouths:
        """Return these and others."""
        return _Mouths(
            *(
                np.concatenate((getattr(self, name), getattr(other, name)))
                for name in self.__slots__
            )
        )


class Forecast:
    """What the fish of one geography are expected to eat."""

    def __init__(
        self, terms: Forecasting, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice
    ) -> None:
        code = frame.geography.code
        self._biology, self._frame = biology, frame
        self._departures = Departures(biology, frame, agenda, dice, terms.put_off)
        # Index 0 is the stage of empty containers; stages that are not fed grow without feed.
        self._tgc = np.asarray([0.0, *(biology.growth.potential(code, stage) for stage in Stage)])
        self._depth = np.asarray([0.0, *biology.growth.setback_depth.in_order()])
        self._setback = np.asarray([1.0, *biology.growth.setback_days.in_order()])
        self._fed = np.asarray([False, *(stage.is_fed for stage in Stage)], dtype=np.bool_)
        ids = sorted(agenda.batches)
        born = np.asarray([agenda.batches[i].start_date.toordinal() for i in ids], dtype=np.int64)
        years = progress.years(biology.progress, born)
        self._batches = np.asarray(ids, dtype=np.int64)
        self._vigour = progress.factor(biology.progress.growth, years)
        self._thrift = progress.factor(biology.progress.conversion, years)
        self._sea_c = climatology(biology.water.sea[code].temperature, np.arange(1, 367))
        plain = [kind for kind in frame.feed_types if kind.treatment_type_id is None]
        self._from_g = np.asarray([kind.min_weight_g for kind in plain])
        self._weights = np.geomspace(_LIGHTEST, _HEAVIEST, _KNOTS)
        conversion = feeding.conversion(biology.feeding, code, self._weights)
        middle = (conversion[1:] + conversion[:-1]) / 2.0
        self._behind = np.concatenate(([0.0], np.cumsum(middle * np.diff(self._weights))))
        edges = np.append(self._from_g, _HEAVIEST)
        self._edges = np.interp(edges, self._weights, self._behind)

    def root_growth(self, today: Today, state: State, temperature_c: Floats) -> Floats:
        """Return what the cubic root of the weight gains in a day, per container."""
        since = today.ordinal + _AHEAD - state.arrived
        at_sea = self._frame.at_sea
        return self._growth_in(state.stage, state.batch, temperature_c, at_sea, since, today)

    def table_g(self, state: State, root_growth: Floats) -> Floats:
        """Return the grams that the table gives the fish of each container in a day."""
        ahead = (np.cbrt(state.weight_g) + root_growth) ** 3
        gain = self._feed_behind(ahead) - self._feed_behind(state.weight_g)
        thrift = self._of_batch(self._thrift, state.batch)
        return np.where(self._fed[state.stage], state.population * thrift * gain, 0.0)

    def eaten_g(
        self,
        today: Today,
        state: State,
        temperature_c: Floats,
        pace: Floats,
        courses: Courses,
        days: Integers,
    ) -> Floats:
        """Return the grams that will be eaten from tomorrow on, shape (spans, stores, types).

        Args:
            today: the day whose evening it is.
            state: of this evening.
            temperature_c: of the water today.
            pace: what the fish of each container lately ate over what the table says.
            courses: medicine in feed.
            days: lengths of the spans of time, shape (spans, stores).
        """
        mouths = self._mouths(today, state, temperature_c, pace, courses, int(days.max()))
        return self._eaten(mouths, days)

    def course_g(self, state: State, root_growth: Floats, pace: Floats, courses: Courses) -> Floats:
        """Return the grams of medicated feed that courses will take, today being their first day.

        Args:
            state: of yesterday evening.
            root_growth: what the cubic root of the weight gains in a day, per container.
            pace: as `eaten_g`.
            courses: their days, today included.

        Returns:
            shape (stores, types).
        """
        who = np.flatnonzero((courses.first_type > 0) & (courses.days > 0))
        mouths = _Mouths(
            store=self._frame.store_of[who],
            first_type=courses.first_type[who],
            fish=state.population[who].astype(np.float64),
            weight_g=state.weight_g[who],
            begin=np.ones(who.size, dtype=np.int64),
            end=courses.days[who],
            root_growth=root_growth[who],
            pace=self._of_batch(self._thrift, state.batch[who]) * pace[who],
        )
        return np.asarray(self._eaten(mouths, self._always())[0])

    def first_feed_g(
        self, today: Today, container: int, batch: int, fish: float, weight_g: float, days: int
    ) -> Floats:
        """Return the grams that fry eat in their first days of feeding, shape (stores, types).

        Args:
            today: the day of their first feed; the water has the temperature that is planned with.
            container: index of theirs.
            batch: its id.
            fish: how many they are.
            weight_g: their mean weight.
            days: on which they are fed.
        """
        stage = Stage.FRY
        water = expected_temperature(
            self._biology, self._frame.geography.code, stage, today.day_of_year
        )
        of_batch = np.asarray([batch], dtype=np.int64)
        growth_in = self._growth_in(
            np.asarray([stage.id]),
            of_batch,
            water,
            np.zeros(1, dtype=np.bool_),
            np.full(1, _AHEAD),
            today,
        )
        mouths = _Mouths(
            store=self._frame.store_of[[container]],
            first_type=np.zeros(1, dtype=np.int64),
            fish=np.asarray([fish]),
            weight_g=np.asarray([weight_g]),
            begin=np.ones(1, dtype=np.int64),
            end=np.asarray([days], dtype=np.int64),
            root_growth=growth_in,
            pace=self._of_batch(self._thrift, of_batch),
        )
        return np.asarray(self._eaten(mouths, self._always())[0])

    def _always(self) -> Integers:
        """Return one span of time, without end."""
        return np.full((1, len(self._frame.feed_stores)), FAR, dtype=np.int64)

    def _eaten(self, mouths: _Mouths, days: Integers) -> Floats:
        """Return the grams eaten in each span of time, shape (spans, stores, types)."""
        shape = (len(days), len(self._frame.feed_stores), len(self._frame.feed_types))
        root = np.cbrt(mouths.weight_g)
        start = self._feed_behind(mouths.weight_g)
        last = np.minimum(days[:, mouths.store], mouths.end)
        fed = np.maximum(last - mouths.begin + 1, 0)
        reached = self._feed_behind((root + mouths.root_growth * fed) ** 3)
        size = np.searchsorted(self._from_g, mouths.weight_g, side="right") - 1
        factor = mouths.fish * mouths.pace
        key = mouths.store * shape[2] + mouths.first_type
        span = np.arange(shape[0])[:, np.newaxis] * (shape[1] * shape[2])
        eaten = np.zeros(math.prod(shape))
        # Pellet by pellet, those who get so far; nobody grows out of the largest.
        eating = np.arange(size.size)
        for ahead in range(_SIZES_AHEAD):
            at = size[eating] + ahead
            feed = np.minimum(reached[:, eating], self._edges[at + 1]) - np.maximum(
                start[eating], self._edges[at]
            )
            grams = np.maximum(feed, 0.0) * factor[eating]
            cells = key[eating] + at + span
            eaten += np.bincount(cells.reshape(-1), grams.reshape(-1), eaten.size)
            grows = (at + 1 < len(self._from_g)) & (
                reached[:, eating].max(axis=0) > self._edges[at + 1]
            )
            eating = eating[grows]
        return eaten.reshape(shape)

    def _mouths(
        self,
        today: Today,
        state: State,
        temperature_c: Floats,
        pace: Floats,
        courses: Courses,
        horizon: int,
    ) -> _Mouths:
        """Return all fish that will be fed within the horizon."""
        rates = self.root_growth(today, state, temperature_c)
        moving = self._departures.moving(today, state, horizon)
        fasting = self._biology.feeding
        ends = self._departures.harvests(today, state, rates) - fasting.fasting_before_harvest - 1
        thrift = self._of_batch(self._thrift, state.batch) * pace
        stay = np.ones(self._frame.size)
        np.subtract.at(stay, moving.source, moving.share)
        here = np.flatnonzero(
            (state.population > 0) & self._fed[state.stage] & (self._frame.store_of >= 0)
        )
        leaving = np.flatnonzero(self._fed[state.stage[moving.source]])
        who = np.concatenate((here, moving.source[leaving]))
        share = np.concatenate((np.maximum(stay[here], 0.0), moving.share[leaving]))
        last = moving.ahead[leaving] - fasting.fasting_before_transfer - 1
        present = _Mouths(
            store=self._frame.store_of[who],
            first_type=np.zeros(who.size, dtype=np.int64),
            fish=state.population[who] * share,
            weight_g=state.weight_g[who],
            begin=np.ones(who.size, dtype=np.int64),
            end=np.concatenate((ends[here], last)),
            root_growth=rates[who],
            pace=thrift[who],
        )
        present = _with_medicine(present, courses.first_type[who], courses.days[who])
        arriving = np.flatnonzero(self._fed[moving.stage])
        source, target = moving.source[arriving], moving.target[arriving]
        ahead, batch = moving.ahead[arriving], state.batch[source]
        # They fast on the day on which they come.
        coming = _Mouths(
            store=self._frame.store_of[target],
            first_type=np.zeros(arriving.size, dtype=np.int64),
            fish=state.population[source] * moving.share[arriving],
            weight_g=(np.cbrt(state.weight_g[source]) + rates[source] * (ahead - 1)) ** 3,
            begin=ahead + 1,
            end=np.full(arriving.size, FAR, dtype=np.int64),
            root_growth=self._growth_in(
                moving.stage[arriving],
                batch,
                temperature_c[target],
                self._frame.at_sea[target],
                np.full(arriving.size, _AHEAD),
                today,
            ),
            pace=self._of_batch(self._thrift, batch),
        )
        return present.joined(coming)

    def _growth_in(
        self,
        stage: Integers,
        batch: Integers,
        temperature_c: Floats,
        at_sea: Bools,
        since: Integers,
        today: Today,
    ) -> Floats:
        """Return what the cubic root of the weight gains in a day in the middle of the forecast."""
        season = growth.seasonal_factor(self._biology.growth, today.day_of_year)
        soon = (today.day_of_year + _AHEAD - 1) % self._sea_c.size
        warmer = self._sea_c[soon] - self._sea_c[today.day_of_year - 1]
        water = np.where(at_sea, temperature_c + warmer, temperature_c)
        tgc = self._tgc[stage] * np.where(at_sea, season, 1.0)
        tgc = tgc * growth.setback_factor(self._depth[stage], self._setback[stage], since)
        vigour = np.where(self._fed[stage], self._of_batch(self._vigour, batch), 1.0)
        return np.asarray(tgc * vigour / 1000.0 * np.maximum(water, 0.0))

    def _of_batch(self, values: Floats, batch: Integers) -> Floats:
        """Return what the batch in each place has; anything where there is none."""
        at = np.minimum(np.searchsorted(self._batches, batch), len(values) - 1)
        return np.asarray(values[at])

    def _feed_behind(self, weight_g: Floats) -> Floats:
        """Return the feed that has made a fish of a weight, in grams, but for a constant."""
        return np.interp(weight_g, self._weights, self._behind)


def _with_medicine(mouths: _Mouths, first_type: Integers, days: Integers) -> _Mouths:
    """Return the same fish, on medicated feed first and on plain feed afterwards."""
    ill = np.flatnonzero((first_type > 0) & (days > 0))
    if not ill.size:
        return mouths
    parts = {name: getattr(mouths, name)[ill] for name in mouths.__slots__}
    until = np.minimum(days[ill], parts["end"])
    treated = parts | {"first_type": first_type[ill], "end": until}
    grown = (np.cbrt(parts["weight_g"]) + parts["root_growth"] * until) ** 3
    mouths.begin[ill], mouths.weight_g[ill] = until + 1, grown
    return mouths.joined(_Mouths(**treated))
