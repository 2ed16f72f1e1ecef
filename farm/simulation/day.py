"""A day on the farm."""

from __future__ import annotations

import numpy as np

from farm.domain import feeding, growth, size
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.economy import Economy
from farm.domain.world import Cause
from farm.simulation import books
from farm.simulation.agenda import Agenda
from farm.simulation.care.care import Care
from farm.simulation.chronicle import Chronicle, Evening
from farm.simulation.dice import Dice
from farm.simulation.dying import Dying
from farm.simulation.environment.environment import Environment
from farm.simulation.feed.feed import FeedChain
from farm.simulation.feed.issue import Issue
from farm.simulation.feed_records import FeedRecords
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.health_records import HealthRecords
from farm.simulation.history import Columns, SiteEventRecord
from farm.simulation.husbandry import Husbandry
from farm.simulation.process import Morning, Process, Rates, Signs, Today, Water
from farm.simulation.processes.arrival_losses import ArrivalLosses
from farm.simulation.processes.diseases import Diseases
from farm.simulation.processes.eating import Eating
from farm.simulation.processes.everyday_losses import EverydayLosses
from farm.simulation.processes.fasting import Fasting
from farm.simulation.processes.growing import Growing
from farm.simulation.processes.lice import Lice
from farm.simulation.processes.shocks import Shocks
from farm.simulation.processes.site_events import SiteEvents
from farm.simulation.processes.stress import Stress
from farm.simulation.site_log import SiteLog
from farm.simulation.state import FED, State
from farm.simulation.streams import Decision

#: What is drawn when fish come into a container, at the address of its assignment alone, and at
#: that of its batch.
_OF_ASSIGNMENTS = (
    Decision.CONTAINER_GROWTH,
    Decision.CONTAINER_SPREAD,
    Decision.CONTAINER_ARRIVAL,
    Decision.EXPOSURE,
    Decision.EVENT_EXPOSURE,
    Decision.HARVEST_ORDER,
)
_OF_BATCHES = (Decision.BATCH_GROWTH, Decision.BATCH_CONVERSION)


def processes_of(biology: Biology, frame: Frame, dice: Dice) -> tuple[Process, ...]:
    """Return all processes of the farm in the order in which they write to the board."""
    return (
        Growing(biology, frame, dice),
        Eating(biology, frame, dice),
        Fasting(biology, frame),
        EverydayLosses(biology, frame, dice),
        Shocks(biology, frame, dice),
        SiteEvents(biology, frame, dice),
        Stress(biology, frame),
        Diseases(biology, frame, dice),
        Lice(biology, frame, dice),
        ArrivalLosses(biology, frame, dice),
    )


class Farm:
    """One geography's farm: its environment, its processes, its people."""

    def __init__(
        self, biology: Biology, economy: Economy, frame: Frame, agenda: Agenda, dice: Dice
    ) -> None:
        self._biology = biology
        self._frame = frame
        self._agenda = agenda
        self._dice = dice
        self._environment = Environment(biology, frame, dice)
        self._processes = processes_of(biology, frame, dice)
        self._dying = Dying(biology.mortality.daily_limit / 100.0, dice)
        self._care = Care(biology, frame, agenda, dice)
        self._feed = FeedChain(economy, biology, frame, agenda, dice)
        # Index 0 is the stage of empty containers.
        self._size_days = np.asarray([1.0, *biology.size.days.in_order()])
        self._husbandry = Husbandry(biology, frame, agenda, dice)
        self._log = SiteLog(frame)

    def begin(self) -> State:
        """Return the farm before its first day: no fish, and every process at its beginning."""
        state = State.empty(self._frame)
        state.own[self._environment.name] = self._environment.begin()
        for process in self._processes:
            state.own[process.name] = process.begin()
        state.own |= self._care.begin() | self._feed.begin()
        state.own[self._log.name] = self._log.begin()
        return state

    def turn_month(self, month: Month, state: State) -> None:
        """Draw all chances of a month, and live through its weather."""
        self._foresee(month)
        self._environment.turn_month(month, state.own[self._environment.name])
        for process in self._processes:
            process.turn_month(month)
        self._feed.turn_month(month)
        self._dying.turn_month(month)

    def _foresee(self, month: Month) -> None:
        """Tell the dice which fish will come into which containers in a month."""
        coming = [self._agenda.bookings[booking] for booking in self._agenda.filled_in(month)]
        self._dice.await_fish(self._frame.index_of[booking.container_id] for booking in coming)
        assignments = [(booking.id,) for booking in coming]
        batches = [(booking.batch_id,) for booking in coming]
        moves = [(booking.batch_id, booking.stage.id) for booking in coming]
        self._dice.foresee(
            {
                **dict.fromkeys(_OF_ASSIGNMENTS, assignments),
                **dict.fromkeys(_OF_BATCHES, batches),
                Decision.BATCH_ARRIVAL: moves,
            }
        )

    def live_one_day(self, today: Today, state: State, chronicle: Chronicle) -> None:
        """Advance every container by one day, and write it into the chronicle.

        Order, fixed:
          1. environment  today's weather, water and site events, with yesterday evening's fish;
                          feed is delivered
          2. rates        every process writes to the board: growth, appetite, conversion,
                          hazards, fasting, signs; all from yesterday evening's state
          3. care         people look at the fish, count lice and treat; the processes say what
                          treatment does to them
          4. husbandry    harvests and moves planned for today, with yesterday evening's fish;
                          the board forgets containers whose fish are new, and the processes say
                          what arriving does to them
          5. apply        deaths by cause first, then feed, as much as is in store, and growth of
                          those who live
          6. books        fish and biomass in = out + left, or ImbalanceError; feed is ordered;
                          then the day is written down
        """
        opening = books.Opening.of(state)
        nature = state.own[self._environment.name]
        around = self._environment.surroundings(today, state, nature)
        diseases = len(self._biology.diseases)
        water, rates = around.water, Rates(self._frame.size, diseases)
        signs = Signs(self._frame.size, diseases)
        self._feed.open_day(today, state, around.events)
        protection = self._care.protection(state)
        morning = Morning(today, state, water, around.events, rates, signs, protection)
        for process in self._processes:
            process.contribute(morning, state.own[process.name])
        rounds = self._care.look_after(morning)
        if rounds.therapy is not None:
            for process in self._processes:
                process.treat(rounds.therapy, state.own[process.name])
        self._feed.prepare(rounds.therapy, today, state, rounds.medicine)
        doings = self._husbandry.work(today, state, rates, signs, chronicle)
        if doings.arrival is not None:
            for process in self._processes:
                process.welcome(doings.arrival, state.own[process.name])
            self._care.welcome(doings.arrival, today, state)
        toll = self._dying.today(today, state.population, rates.hazard)
        dead_g = toll.dead * state.weight_g
        state.population -= toll.dead
        state.dead += toll.dead
        feed, fasting, gained_g = self._grow(today, state, water, rates, rounds.medicine)
        if doings.moves:
            chronicle.write_moves(today.date, doings.moves, toll.deaths[Cause.HANDLING.id - 1])
        entries = books.Entries(toll.dead, dead_g, gained_g)
        books.balance(today, self._frame, opening, doings.flows, entries, state)
        self._environment.remember(state, feed.feed_g, nature)
        self._feed.close_day(today, state, water)
        self._log.note(around.events, rates, state, toll.deaths, state.own[self._log.name])
        self._care.note(today, state, signs, toll)
        evening = Evening(water, toll, feed, fasting, rates.appetite, signs, rounds.counts)
        chronicle.write_day(today, state, evening)
        chronicle.write_water(today, around.sea, around.halls)

    def site_events(self, state: State) -> tuple[SiteEventRecord, ...]:
        """Return the site events of the days lived through, as they stand now."""
        return self._log.records(state.own[self._log.name])

    def health(self, state: State) -> HealthRecords:
        """Return the health records of the days lived through, as they stand now."""
        return self._care.records(state)

    def feed(self, state: State) -> tuple[FeedRecords, Columns]:
        """Return the feed records of the days lived through, as they stand now, and all draws."""
        return self._feed.records(state), self._feed.draws()

    def _grow(
        self, today: Today, state: State, water: Water, rates: Rates, medicine: Integers
    ) -> tuple[Issue, Bools, Floats]:
        """Return the feed given out, who fasted, and the grams that the living gained."""
        weight = state.weight_g
        fed = FED.take(state.stage)
        fasting = rates.fasting & fed
        wanted = growth.next_weight(weight, rates.tgc, water.temperature_c) - weight
        eaten = np.where(fasting, 0.0, wanted * rates.appetite)
        wished_g = feeding.ration_g(state.population, np.where(fed, eaten, 0.0), rates.conversion)
        feed = self._feed.issue(today, state, wished_g, medicine)
        if np.count_nonzero(feed.feed_g != wished_g):
            # Fish that get less than they would eat grow by as much less.
            eaten *= np.where(wished_g > 0, feed.feed_g / np.maximum(wished_g, 1), 1.0)
        # Fish that arrived today have the journey behind them, not a day without feed.
        starved = np.where(fasting & (state.arrived < today.ordinal), weight, 0.0)
        gain = np.where(fed, eaten, wanted) - starved * self._biology.growth.fasting_loss
        state.weight_g = weight + gain
        # Fish that are not fed, or still come in, stay as unequal as they are.
        drifted = size.drifted(state.weight_cv, rates.spread, self._size_days.take(state.stage))
        state.weight_cv = np.where(rates.fasting, state.weight_cv, drifted)
        return feed, fasting, state.population * gain
