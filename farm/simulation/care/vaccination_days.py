"""The days on which containers are vaccinated: campaigns of batches, and who is left at the end."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.care.campaigns import Campaigns
from farm.simulation.care.means import mean_per_fish
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Morning
from farm.simulation.state import Own

#: A container counts as vaccinated when this share of its fish is: sums of floats are not exact.
ALL = 1.0 - 1e-9


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

    def __init__(self, biology: Biology, frame: Frame, campaigns: Campaigns) -> None:
        self._frame, self._campaigns = frame, campaigns
        self._vaccines, self._practice = biology.vaccines, biology.vaccines.practice
        codes = biology.disease_codes
        # Deformed fish are vaccinated as others are.
        catching = [biology.diseases[code].kind != "production" for code in codes]
        self._catching = np.flatnonzero(catching)
        self._on_land = frame.tanks
        # What fasting before the day leaves of their weight.
        self._left = (1.0 - biology.growth.fasting_loss) ** self._practice.fasting

    def plan(self, morning: Morning, own: Own) -> None:
        """Set the days on which containers are vaccinated; ``own`` as in `Vaccinating`."""
        state, today = morning.state, morning.today
        land = self._on_land
        wanting = land[(state.assignment[land] > 0) & (own["share"][land] < ALL)]
        wanting = wanting[own["due"][wanting] == 0]
        used = self._vaccines.used(self._frame.geography.code, today.date.year)
        if not wanting.size or not used:
            return
        self._press(wanting, morning, own)
        lightest = max(self._vaccines.vaccines[v].min_weight for v in used)
        ripe = wanting[
            (own["due"][wanting] == 0) & (state.weight_g[wanting] * self._left >= lightest)
        ]
        place, batch = self._frame.place_of[ripe], state.batch[ripe]
        for at, number in sorted(set(zip(place.tolist(), batch.tolist(), strict=True))):
            self._plan_campaign(at, number, ripe[(place == at) & (batch == number)], morning, own)

    def _plan_campaign(
        self, place: int, batch: int, ripe: Integers, morning: Morning, own: Own
    ) -> None:
        """Begin or go on with the campaign of a batch at a station, if this is the time."""
        state, today, water = morning.state, morning.today, morning.water
        day = today.ordinal + self._practice.fasting
        members = self._frame.places[place].members
        here = members[(state.batch[members] == batch) & (state.population[members] > 0)]
        open_ = here[(own["share"][here] < ALL) & (own["due"][here] == 0)]
        capacity = self._practice.fish_a_day
        days = days_needed(state.population[open_].tolist(), capacity)
        begun = open_.size < here.size
        if begun:
            if not self._campaigns.is_free(batch, day, 1):
                return
        else:
            if ripe.size < here.size:
                return
            warmth = mean_per_fish(water.temperature_c[here], state.population[here])
            if not self._campaigns.begins(batch, today.date, day, days, max(warmth, 1.0)):
                return
        sick = morning.signs.sick[np.ix_(self._catching, ripe)].sum(axis=0)
        healthy = sick < self._practice.not_if_sick
        cool = water.temperature_c[ripe] <= self._practice.warmest
        at_place = members[own["due"][members] == day]
        left = capacity - int(state.population[at_place].sum())
        for container in ripe[healthy & cool].tolist():
            fish = int(state.population[container])
            if fish > left and left < capacity:
                break
            own["due"][container] = day
            left -= fish

    def _press(self, wanting: Integers, morning: Morning, own: Own) -> None:
        """See to fish that are about to go to sea, whatever else speaks against it."""
        state, today, practice = morning.state, morning.today.ordinal, self._practice
        near = wanting[
            (state.leaves[wanting] > 0) & (state.leaves[wanting] - today <= practice.latest)
        ]
        for container in near.tolist():
            booking = int(state.assignment[container])
            moves = self._campaigns.moves[int(state.batch[container])]
            leaves = moves.leaves.get(booking, 0)
            if not leaves or leaves > state.leaves[container]:
                continue
            day = today + practice.fasting
            while day in moves.handled[booking] and day < leaves:
                day += 1
            # The day before the wellboat at the latest: then without days of fasting.
            own["due"][container] = day if day < leaves else max(today, min(day, leaves - 1))
