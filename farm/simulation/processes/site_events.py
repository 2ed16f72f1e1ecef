"""Site events: what storms, blooms and jellyfish do to fish.

They take appetite, keep boats from feeding, and kill: the more the stronger they are and the larger
the fish, very unequally from event to event and from pen to pen. What they hurt goes on dying for a
while. What hypoxia and heat do through the water itself is the matter of `stress`.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.events import SiteEventKind
from farm.simulation.cells import rows
from farm.simulation.dice import Dice, normal
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Harm below this share of a population a day is over.
_OVER = 1e-8


class SiteEvents(Process):
    """Contributes low appetite, fasting, and hazards of the environment that have an event."""

    name = "site_events"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame = frame
        self._dice = dice
        self._exposure_sd = biology.events.exposure_log_sd
        self._weight, self._heavier = biology.events.weight, biology.events.heavier
        self._kinds = list(SiteEventKind)
        given = [biology.events.consequences.of(kind) for kind in self._kinds]

        def column(name: str) -> Floats:
            return np.asarray([getattr(each, name) for each in given])[:, np.newaxis]

        self._appetite, self._fasting_above = column("appetite"), column("fasting_above")
        self._loss, self._exponent = column("loss") / 100.0, column("loss_exponent")
        self._spread, self._fading = column("loss_log_sd"), column("fading")
        self._month: Month | None = None

    def begin(self) -> Own:
        """Return how harmful the latest events are, what harm is left, and who is exposed."""
        shape = (len(self._kinds), len(self._frame.sites))
        return {
            "force": np.zeros(shape),
            "harm": np.zeros(shape),
            "exposure": np.ones(self._frame.size),
        }

    def turn_month(self, month: Month) -> None:
        """Begin a month; how harmful its events are is drawn when they begin."""
        self._month = month

    def contribute(self, morning: Morning, own: Own) -> None:
        """Let today's events work, and yesterday's harm fade."""
        events, rates, frame = morning.events, morning.rates, self._frame
        self._begin(morning, own)
        harm = own["harm"]
        harm *= self._fading
        if lasting := rows(events.intensity > 0.0):
            intensity = events.intensity[lasting]
            grown = self._loss[lasting] * intensity ** self._exponent[lasting]
            harm[lasting] += grown * own["force"][lasting]
            for appetite in frame.spread(1.0 - self._appetite[lasting] * intensity, 1.0):
                rates.eat(appetite)
            kept = intensity > self._fasting_above[lasting]
            for row in rows(kept):
                hungry = frame.spread(kept[row], of_halls=False)
                rates.keep_from_feeding(self._kinds[lasting[row]], hungry)
        lasts = harm >= _OVER
        harm *= lasts
        harmful = rows(lasts)
        if not harmful:
            return
        larger = (morning.state.weight_g / self._weight) ** self._heavier
        hazards = frame.spread(harm[harmful], 0.0) * own["exposure"] * larger
        for kind, hazard in zip(harmful, hazards, strict=True):
            rates.strike(self._kinds[kind], hazard)

    def _begin(self, morning: Morning, own: Own) -> None:
        """Draw how harmful the events are that begin today; a site has a stream for each kind."""
        assert self._month is not None  # noqa: S101 - the month is turned before its days
        opens, row = morning.events.opens, morning.today.row
        for kind in rows(opens):
            spread, at = self._spread[kind], opens[kind].nonzero()[0]
            scores = self._dice.by_site(Decision.EVENT_FORCE, self._month, normal, kind, of=at)
            own["force"][kind, at] = np.exp(spread * scores[row] - 0.5 * spread**2)

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw the newcomers' exposure."""
        spread = self._exposure_sd
        scores = self._dice.scores(Decision.EVENT_EXPOSURE, arrival.assignment)
        exposure = np.exp(spread * np.asarray(scores) - 0.5 * spread * spread)
        own["exposure"][arrival.container] = exposure
