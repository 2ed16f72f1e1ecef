"""The forecast: how much of each feed the fish of each store will eat in the days to come.

People reckon with the growth that fish of a stage can have in water as it is now and will be, with
the feed that such growth takes, and with what the fish of a container have lately eaten over what
this table says. They know the moves of the plan, and reckon when pens will be harvested.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from farm.domain.biology import Biology
from farm.domain.feed_trade import Forecasting
from farm.domain.water import expected_temperature
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.feed.departures import FAR, Departures, Moving
from farm.simulation.feed.mouths import Mouths, Needs, Pellets
from farm.simulation.feed.traits import AHEAD, Breeds, Traits
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import FED, State


class Courses(NamedTuple):
    """Medicine in feed, per container.

    ``first_type``: index of the smallest of the feeds that hold it, 0 for none; ``days`` on which
    it is still to be given.
    """

    first_type: Integers
    days: Integers


class Outlook(NamedTuple):
    """What people see of the fish on an evening.

    Per container: ``temperature_c`` of today's water and ``traits``; ``root``, the cubic root of
    the weight, and ``root_growth``, what it gains in a day; ``behind``, the feed behind a fish;
    ``table_g``, the grams that the table gives the fish, if they are fed, in a day.
    """

    today: Today
    state: State
    temperature_c: Floats
    traits: Traits
    root: Floats
    root_growth: Floats
    behind: Floats
    table_g: Floats


class Forecast:
    """What the fish of one geography are expected to eat."""

    def __init__(
        self, terms: Forecasting, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice
    ) -> None:
        self._biology, self._frame = biology, frame
        self._has_store = frame.store_of >= 0
        self._departures = Departures(biology, frame, agenda, dice, terms.put_off)
        self._breeds = Breeds(biology, frame, agenda)
        self._pellets = Pellets(biology, frame)

    def outlook(self, today: Today, state: State, temperature_c: Floats) -> Outlook:
        """Return what people see this evening.

        Args:
            today: the day whose evening it is.
            state: of this evening.
            temperature_c: of the water today.
        """
        traits, since = self._breeds.of_containers(state), today.ordinal + AHEAD - state.arrived
        growth = self._breeds.root_growth(traits, temperature_c, self._frame.at_sea, since, today)
        root, behind = np.cbrt(state.weight_g), self._pellets.behind(state.weight_g)
        gain = self._pellets.behind((root + growth) ** 3) - behind
        table_g = state.population * traits.thrift * gain
        return Outlook(today, state, temperature_c, traits, root, growth, behind, table_g)

    def mouths(self, outlook: Outlook, pace: Floats, courses: Courses, horizon: int) -> Mouths:
        """Return all fish that will be fed within a horizon of days.

        Args:
            outlook: of this evening.
            pace: what the fish of each container lately ate over what the table says.
            courses: medicine in feed.
            horizon: the last day that matters, counted from today.
        """
        moving = self._departures.moving(outlook.today, outlook.state, horizon)
        present = self._present(outlook, pace, courses, moving)
        return Mouths.of_all(*present, self._coming(outlook, moving))

    def eaten_g(self, mouths: Mouths, days: Integers) -> Needs:
        """Return the grams that will be eaten from tomorrow on.

        Args:
            mouths: those who eat.
            days: lengths of the spans of time, shape (spans, stores), none beyond their horizon.
        """
        return self._pellets.eaten(mouths, days.take(mouths.store, axis=1))

    def course_g(
        self, state: State, root_growth: Floats, who: Integers, pace: Floats, courses: Courses
    ) -> Needs:
        """Return the grams of medicated feed that courses will take, today being their first day.

        Args:
            state: of yesterday evening.
            root_growth: what the cubic root of the weight gains in a day, per container.
            who: the containers whose fish are treated; what follows has an element for each.
            pace: as `eaten_g`.
            courses: their days, today included.
        """
        mouths = self._mouths(
            store=self._frame.store_of[who],
            fish=state.population[who] * (self._breeds.of_containers(state).thrift[who] * pace),
            weight_g=state.weight_g[who],
            start=np.zeros(who.size, dtype=np.int64),
            end=courses.days,
            root_growth=root_growth[who],
        )
        treated = mouths._replace(cell=mouths.cell + courses.first_type)
        return self._pellets.eaten(treated, courses.days[np.newaxis])

    def first_feed_g(
        self, today: Today, container: int, batch: int, fish: float, weight_g: float, days: int
    ) -> Needs:
        """Return the grams that fry eat in their first days of feeding.

        Args:
            today: the day of their first feed; the water has the temperature that is planned with.
            container: index of theirs.
            batch: its id.
            fish: how many they are.
            weight_g: their mean weight.
            days: on which they are fed.
        """
        stage, code = Stage.FRY, self._frame.geography.code
        water = expected_temperature(self._biology, code, stage, today.day_of_year)
        traits = self._breeds.of(np.asarray([stage.id]), np.asarray([batch], dtype=np.int64))
        since, ashore = np.full(1, AHEAD), np.zeros(1, dtype=np.bool_)
        mouths = self._mouths(
            store=self._frame.store_of[[container]],
            fish=fish * traits.thrift,
            weight_g=np.asarray([weight_g]),
            start=np.zeros(1, dtype=np.int64),
            end=np.asarray([days], dtype=np.int64),
            root_growth=self._breeds.root_growth(traits, water, ashore, since, today),
        )
        return self._pellets.eaten(mouths, mouths.end[np.newaxis])

    def _present(
        self, outlook: Outlook, pace: Floats, courses: Courses, moving: Moving
    ) -> tuple[Mouths, ...]:
        """Return the fish that are fed now: those that stay, and those that will be moved."""
        state, frame, growth = outlook.state, self._frame, outlook.root_growth
        is_fed, fasting = outlook.traits.is_fed, self._biology.feeding
        eating = (is_fed & self._has_store & (state.population > 0)).nonzero()[0]
        ends = self._departures.harvests(outlook.today, state, outlook.root, growth)
        ends -= fasting.fasting_before_harvest + 1
        stay = np.ones(frame.size)
        np.subtract.at(stay, moving.source, moving.share)
        leaving = is_fed[moving.source].nonzero()[0]
        who = np.concatenate((eating, moving.source[leaving]))
        share = np.concatenate((np.maximum(stay[eating], 0.0), moving.share[leaving]))
        last = moving.ahead[leaving] - fasting.fasting_before_transfer - 1
        store = frame.store_of[who]
        present = Mouths(
            store=store,
            cell=self._pellets.first_cell(store, state.weight_g[who]),
            fish=state.population[who] * share * (outlook.traits.thrift * pace)[who],
            root=outlook.root[who],
            behind=outlook.behind[who],
            start=np.zeros(who.size, dtype=np.int64),
            end=np.concatenate((ends[eating], last)),
            root_growth=growth[who],
        )
        return self._with_medicine(present, courses.first_type[who], courses.days[who])

    def _with_medicine(
        self, mouths: Mouths, first_type: Integers, days: Integers
    ) -> tuple[Mouths, ...]:
        """Return the same fish on plain feed and, those under treatment, on medicated feed first.

        The arrays of ``mouths`` are those of the former afterwards.
        """
        ill = days.nonzero()[0]
        if not ill.size:
            return (mouths,)
        treated = mouths.chosen(ill)
        until = np.minimum(days[ill], treated.end)
        grown = (treated.root + treated.root_growth * until) ** 3
        mouths.start[ill], mouths.cell[ill] = until, self._pellets.first_cell(treated.store, grown)
        mouths.root[ill], mouths.behind[ill] = np.cbrt(grown), self._pellets.behind(grown)
        return mouths, treated._replace(cell=treated.cell + first_type[ill], end=until)

    def _coming(self, outlook: Outlook, moving: Moving) -> Mouths:
        """Return the fish that will come into containers; on the day itself they fast."""
        state, arriving = outlook.state, FED[moving.stage].nonzero()[0]
        source, target = moving.source[arriving], moving.target[arriving]
        ahead, batch = moving.ahead[arriving], state.batch[source]
        traits = self._breeds.of(moving.stage[arriving], batch)
        since, at_sea = np.full(arriving.size, AHEAD), self._frame.at_sea[target]
        water, growth = outlook.temperature_c[target], outlook.root_growth[source]
        return self._mouths(
            store=self._frame.store_of[target],
            fish=state.population[source] * moving.share[arriving] * traits.thrift,
            weight_g=(np.cbrt(state.weight_g[source]) + growth * (ahead - 1)) ** 3,
            start=ahead,
            end=np.full(arriving.size, FAR, dtype=np.int64),
            root_growth=self._breeds.root_growth(traits, water, at_sea, since, outlook.today),
        )

    def _mouths(self, *, store: Integers, weight_g: Floats, **others: Any) -> Mouths:
        """Return groups of fish of these weights, on plain feed of these stores."""
        return Mouths(
            store=store,
            cell=self._pellets.first_cell(store, weight_g),
            root=np.cbrt(weight_g),
            behind=self._pellets.behind(weight_g),
            **others,
        )
