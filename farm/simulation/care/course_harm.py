"""What treatments do to all fish: they starve before it, die of it, lose appetite over it."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.treatment import first_day_share, share_killed
from farm.domain.world import Cause
from farm.simulation.care.course_table import PLANNED, RUNNING, WAITING, CourseTable
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Morning, Today
from farm.simulation.serial_scores import SerialScores
from farm.simulation.streams import Decision


class CourseHarm:
    """Reads the table of courses, see `Courses`, and writes to the board."""

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
        self._single = SerialScores(dice.streams, Decision.TREATMENT_HARM)
        places = frame.places
        self._place_kind = np.asarray([place.kind for place in places], dtype=np.int64)
        self._place_id = np.asarray([place.id for place in places], dtype=np.int64)

    def on_first_day(self, rows: Integers, morning: Morning, courses: CourseTable) -> Floats:
        """Return the share of the fish that dies today of each course that begins today.

        Args:
            rows: of the courses, which have got their ids.
            morning: today.
            courses: all of them.
        """
        kind, where = courses.kind[rows], courses.container[rows]
        place = self._frame.place_of[where]
        operation = self._dice.scores(
            Decision.TREATMENT_OPERATION,
            self._place_kind[place],
            self._place_id[place],
            kind,
            courses.ordered[rows],
        )
        single = self._single.of(courses.treatment[rows].tolist())
        shared, signs = self._treating.shared, morning.signs
        share = share_killed(
            self._mortality[kind],
            shared**0.5 * np.asarray(operation) + (1.0 - shared) ** 0.5 * np.asarray(single),
            self._mortality_log_sd[kind],
            self._treating,
            temperature_c=morning.water.temperature_c[where],
            weight_g=morning.state.weight_g[where],
            sick=np.add.reduce(signs.sick[:, where]),
            gill_score=signs.gill_score[where],
        )
        return np.asarray(self._first_day * share)

    def affect(self, morning: Morning, courses: CourseTable) -> None:
        """Let fish starve before treatments, die of them and lose appetite over them."""
        today, rates = morning.today, morning.rates
        to_come = np.concatenate([courses.rows(PLANNED), courses.rows(RUNNING)])
        fasting = self._fasting[courses.kind[to_come]]
        fast = (fasting > 0) & (courses.day[to_come] - fasting <= today.ordinal)
        starving = np.zeros(self._frame.size, dtype=np.bool_)
        starving[courses.container[to_come[fast]]] = True
        rates.fast(starving)
        given = (courses.phase >= RUNNING).nonzero()[0]
        where, lost = courses.container[given], self._lost_today(given, today, courses)
        # Courses of one container count in the order of its slots: so products and sums are exact.
        appetite = np.ones(self._frame.size)
        np.multiply.at(appetite, where, 1.0 - lost)
        rates.eat(appetite)
        hazard = self.hazard(given, today, courses)
        killed = np.bincount(where, hazard, self._frame.size)
        rates.kill(Cause.TREATMENT, np.asarray(killed, dtype=np.float64))

    def hazard(self, rows: Integers, today: Today, courses: CourseTable) -> Floats:
        """Return the share of the fish that each of some courses kills today."""
        age = today.ordinal - courses.day[rows]
        return np.asarray(courses.hazard[rows] * self._fading.take(age, mode="clip"))

    def _lost_today(self, rows: Integers, today: Today, courses: CourseTable) -> Floats:
        """Return the share of the appetite that fish have lost over courses that were given."""
        kind, waiting = courses.kind[rows], courses.phase[rows] == WAITING
        since = today.ordinal - courses.end[rows]
        recovered = np.where(waiting, since / self._recovery[kind], 0.0)
        return np.asarray(self._lost[kind] * np.maximum(1.0 - recovered, 0.0))
