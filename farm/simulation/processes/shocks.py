"""Shocks: rare troubles at sea that kill for weeks and that no site event explains.

A whole site shares them, or one pen has them alone. With the site events they make the tail: most
pen-weeks lose next to nothing, a few lose most of what is lost. A shock adds its severity to an
intensity that fades by a constant share a day. It hits pens unequally, and old fish harder.
"""

from __future__ import annotations

import numpy as np

from farm.domain import mortality, progress
from farm.domain.biology import Biology, ShockParameters
from farm.domain.calendar import YEAR, Month
from farm.domain.world import Cause
from farm.simulation.by_days import ByDays
from farm.simulation.dice import Dice, normal, uniform
from farm.simulation.frame import Bools, Floats, Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Whether an event happens and how bad it is are drawn from two streams of the decision.
ONSET, SEVERITY = 0, 1


class Shocks(Process):
    """Contributes hazards of the environment (shared) and of the background (one pen)."""

    name = "shocks"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._mortality = biology.mortality
        self._progress = biology.progress
        self._frame = frame
        self._dice = dice
        parameters = biology.mortality
        self._late = ByDays(
            lambda days: mortality.late_factor(parameters, days), parameters.late_full
        )
        self._better: Floats = np.zeros(0)
        self._site: Floats = np.zeros((0, len(frame.places)))
        self._pen: Floats = np.zeros((0, frame.size))

    def begin(self) -> Own:
        """Return calm, and how exposed the fish of each container are to what hits their site."""
        return {
            "site": np.zeros(len(self._frame.places)),
            "pen": np.zeros(self._frame.size),
            "exposure": np.ones(self._frame.size),
        }

    def turn_month(self, month: Month) -> None:
        """Draw the events of a month, and how bad they are at the places where any begin."""
        self._better = progress.in_month(self._progress, self._progress.mortality, month)
        dice, shock, decision = self._dice, self._mortality.site_shock, Decision.SHARED_SHOCK
        begins = dice.by_place(decision, month, uniform, ONSET) < shock.per_year / YEAR
        struck = np.flatnonzero(begins.any(axis=0))
        severity = np.zeros(begins.shape)
        severity[:, struck] = dice.by_place(decision, month, normal, SEVERITY, of=struck)
        self._site = _begun(shock, begins, severity)
        shock, decision = self._mortality.pen_shock, Decision.CONTAINER_SHOCK
        begins = dice.by_container(decision, month, uniform, ONSET) < shock.per_year / YEAR
        struck = self._frame.places_of(np.logical_or.reduce(begins)).nonzero()[0]
        severity = dice.by_container(decision, month, normal, SEVERITY, of=struck)
        self._pen = _begun(shock, begins, severity)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Let old events fade, let new ones begin, and add their hazards at sea."""
        today, state, rates = morning.today, morning.state, morning.rates
        parameters, frame = self._mortality, self._frame
        own["site"] = parameters.site_shock.persistence * own["site"] + self._site[today.row]
        own["pen"] = parameters.pen_shock.persistence * own["pen"] + self._pen[today.row]
        late = self._late.at(today.ordinal - state.sea_since)
        level = parameters.sea_level_by_geography[frame.geography.code]
        hit = late * (level * self._better[today.row]) * frame.at_sea
        rates.kill(Cause.ENVIRONMENT, own["site"].take(frame.place_of) * own["exposure"] * hit)
        rates.kill(Cause.BACKGROUND, own["pen"] * hit)

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw the newcomers' exposure; a pen's own trouble does not outlive its fish."""
        spread = self._mortality.exposure_log_sd
        scores = self._dice.scores(Decision.EXPOSURE, arrival.assignment)
        exposure = np.exp(spread * np.asarray(scores) - 0.5 * spread * spread)
        own["exposure"][arrival.container] = exposure
        own["pen"][arrival.container] = 0.0


def _begun(shock: ShockParameters, begins: Bools, severity: Floats) -> Floats:
    """Return what shocks add to the intensity on the days on which they begin, 0 on others."""
    begun = np.zeros(begins.shape)
    begun[begins] = shock.severity / 100.0 * np.exp(shock.severity_log_sd * severity[begins])
    return begun
