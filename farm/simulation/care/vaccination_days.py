"""The days on which containers are vaccinated: campaigns of batches, and who is left at the end."""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.agenda import Agenda
from farm.simulation.care.campaigns import Campaigns, first_at_sea
from farm.simulation.care.means import mean_per_fish
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Morning
from farm.simulation.state import Own

#: A container counts as vaccinated when this share of its fish is: sums of floats are not exact.
ALL = 1.0 - 1e-9

#: A day that does not come.
_NEVER = date.max.toordinal()


def days_needed(fish: list[int], a_day: int) -> int:
    """Return the days in which containers are vaccinated in order, whole ones, one at least a day.

    Args:
        fish: the fish of each container.
        a_day: how many fish can be vaccinated in a day.
    """
    days, left = 0, 0
    for number in fish:
        if number > left:
            days, left = days + 1, a_day
        left -= number
    return days


class VaccinationDays:
    """Sets the days on which the containers of one geography are vaccinated.

    A campaign begins when all tanks of a batch at a station hold fish that are large enough, so
    that vaccinated fish do not meet others at the next move. A tank with sick fish, or in warm
    water, waits. Whatever was missed is vaccinated before the sea, with or without fasting.
    """

    def __init__(
        self, biology: Biology, frame: Frame, agenda: Agenda, campaigns: Campaigns
    ) -> None:
        self._frame, self._campaigns = frame, campaigns
        self._vaccines, self._practice = biology.vaccines, biology.vaccines.practice
        codes = biology.disease_codes
        # Deformed fish are vaccinated as others are.
        catching = [biology.diseases[code].kind != "production" for code in codes]
        self._catching = np.flatnonzero(catching)
        self._on_land = frame.tanks
        # What fasting before the day leaves of their weight.
        self._left = (1.0 - biology.growth.fasting_loss) ** self._practice.fasting
        # The day from which fish of a batch are seen to before the sea, from the first id on.
        self._first = min(agenda.batches, default=0)
        self._pressing = np.full(max(agenda.batches, default=0) - self._first + 1, _NEVER)
        for number, batch in agenda.batches.items():
            if sea := first_at_sea(batch):
                self._pressing[number - self._first] = sea - self._practice.latest
        self._used: dict[int, tuple[int, ...]] = {}
        self._lightest: dict[int, float] = {}

    def used(self, year: int) -> tuple[int, ...]:
        """Return the indices of the vaccines that fish get in a year."""
        if year not in self._used:
            self._used[year] = used = self._vaccines.used(self._frame.geography.code, year)
            weights = [self._vaccines.vaccines[vaccine].min_weight for vaccine in used]
            self._lightest[year] = max(weights, default=0.0)
        return self._used[year]

    def plan(self, morning: Morning, own: Own) -> None:
        """Set the days on which containers are vaccinated; ``own`` as in `Vaccinating`."""
        state, today = morning.state, morning.today
        year, land = today.date.year, self._on_land
        unplanned = (state.assignment[land] > 0) & (own["due"][land] == 0)
        wanting = land[unplanned & (own["share"][land] < ALL)]
        if not wanting.size or not self.used(year):
            return
        self._press(wanting, morning, own)
        large = state.weight_g[wanting] * self._left >= self._lightest[year]
        ripe = wanting[large & (own["due"][wanting] == 0)]
        place, batch = self._frame.place_of[ripe], state.batch[ripe]
        for at, number in sorted(set(zip(place.tolist(), batch.tolist(), strict=True))):
            self._plan_campaign(at, number, ripe[(place == at) & (batch == number)], morning, own)

    def _plan_campaign(
        self, place: int, batch: int, ripe: Integers, morning: Morning, own: Own
    ) -> None:
        """Begin or go on with the campaign of a batch at a station, if this is the time."""
        state, today, water = morning.state, morning.today, morning.water
        day = today.ordinal + self._practice.fasting
        if not self._campaigns.is_free(batch, day, 1):
            return
        members = self._frame.places[place].members
        here = members[(state.batch[members] == batch) & (state.population[members] > 0)]
        open_ = here[(own["share"][here] < ALL) & (own["due"][here] == 0)]
        capacity = self._practice.fish_a_day
        begun = open_.size < here.size
        if not begun:
            if ripe.size < here.size:
                return
            days = days_needed(state.population[open_].tolist(), capacity)
            warmth = mean_per_fish(water.temperature_c[here], state.population[here])
            if not self._campaigns.begins(batch, today.date, day, days, max(warmth, 1.0)):
                return
        sick = np.add.reduce(morning.signs.sick[self._catching[:, np.newaxis], ripe])
        healthy = sick < self._practice.not_if_sick
        cool = water.temperature_c[ripe] <= self._practice.warmest
        at_place = members[own["due"][members] == day]
        left = capacity - int(np.add.reduce(state.population[at_place]))
        for container in ripe[healthy & cool].tolist():
            fish = int(state.population[container])
            if fish > left and left < capacity:
                break
            own["due"][container] = day
            left -= fish

    def _press(self, wanting: Integers, morning: Morning, own: Own) -> None:
        """See to fish that are about to go to sea, whatever else speaks against it."""
        state, today, practice = morning.state, morning.today.ordinal, self._practice
        near = wanting[self._pressing[state.batch[wanting] - self._first] <= today]
        for container in near.tolist():
            booking, out = int(state.assignment[container]), int(state.leaves[container])
            moves = self._campaigns.moves[int(state.batch[container])]
            leaves = moves.leaves.get(booking, _NEVER)
            if not leaves <= out <= today + practice.latest:
                continue
            day = today + practice.fasting
            while day in moves.handled[booking] and day < leaves:
                day += 1
            # The day before the wellboat at the latest: then without days of fasting.
            own["due"][container] = day if day < leaves else max(today, min(day, leaves - 1))
