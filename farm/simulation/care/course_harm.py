"""What treatments do to all fish: they starve before it, die of it, lose appetite over it."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.treatment import first_day_share, share_killed
from farm.domain.world import Cause
from farm.simulation.care.course_records import PLANNED, RUNNING, WAITING, At
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class CourseHarm:
    """Reads the arrays of courses, see `Courses`, and writes to the board."""

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame, self._dice = frame, dice
        self._treating = biology.care.treating
        self._fasting = np.asarray([spec.fasting for spec in biology.treatments], dtype=np.int64)
        self._lost, self._recovery, self._mortality, self._mortality_log_sd = (
            np.asarray([getattr(spec, name) for spec in biology.treatments], dtype=np.float64)
            for name in ("appetite_lost", "recovery", "mortality", "mortality_log_sd")
        )
        self._first_day = first_day_share(self._treating)
        # What is left of the harm so many days later; from the last of them on nothing.
        days = np.arange(self._treating.fading_days + 2, dtype=np.float64)
        self._fading = self._treating.fading**days
        self._fading[-1] = 0.0

    def on_first_day(self, at: At, treatment: Integers, morning: Morning, own: Own) -> Floats:
        """Return the share of the fish that dies today of each course that begins today.

        Args:
            at: slots and containers of the courses.
            treatment: their ids.
            morning: today.
            own: the arrays of the courses.
        """
        kind, where = own["kind"][at], at[1]
        places = [self._frame.places[place] for place in self._frame.place_of[where].tolist()]
        operation = self._dice.scores(
            Decision.TREATMENT_OPERATION,
            np.asarray([place.kind for place in places], dtype=np.int64),
            np.asarray([place.id for place in places], dtype=np.int64),
            kind,
            own["ordered"][at],
        )
        single = self._dice.scores(Decision.TREATMENT_HARM, treatment)
        shared, signs = self._treating.shared, morning.signs
        share = share_killed(
            self._mortality[kind],
            shared**0.5 * np.asarray(operation) + (1.0 - shared) ** 0.5 * np.asarray(single),
            self._mortality_log_sd[kind],
            self._treating,
            temperature_c=morning.water.temperature_c[where],
            weight_g=morning.state.weight_g[where],
            sick=signs.sick[:, where].sum(axis=0),
            gill_score=signs.gill_score[where],
        )
        return np.asarray(self._first_day * share)

    def affect(self, morning: Morning, own: Own) -> None:
        """Let fish starve before treatments, die of them and lose appetite over them."""
        today, rates, kind = morning.today.ordinal, morning.rates, own["kind"]
        planned, running = own["phase"] == PLANNED, own["phase"] == RUNNING
        soon = planned & (own["day"] - today <= self._fasting[kind])
        under_way = running & (self._fasting[kind] > 0)
        rates.fast((soon & (self._fasting[kind] > 0) | under_way).any(axis=0))
        waiting = own["phase"] == WAITING
        recovered = np.where(waiting, (today - own["end"]) / self._recovery[kind], 0.0)
        lost = self._lost[kind] * np.maximum(1.0 - recovered, 0.0) * (running | waiting)
        rates.eat((1.0 - lost).prod(axis=0))
        rates.kill(Cause.TREATMENT, self.hazard(morning.today, own).sum(axis=0))

    def hazard(self, today: Today, own: Own) -> Floats:
        """Return the share of the fish that each course kills today."""
        age = np.where(own["phase"] >= RUNNING, today.ordinal - own["day"], 0)
        return np.asarray(own["hazard"] * self._fading.take(age, mode="clip"))
