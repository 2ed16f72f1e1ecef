"""Diseases: outbreaks begin, spread from container to container, run their course and leave scars.

The engine knows no disease by name: all of them are profiles in ``config/diseases``.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.disease import MOVE
from farm.domain.events import SiteEventKind
from farm.simulation.cells import rows, rows_and_columns
from farm.simulation.dice import Dice
from farm.simulation.epidemics.came import Came
from farm.simulation.epidemics.contagion import Contagion
from farm.simulation.epidemics.courses import Courses
from farm.simulation.epidemics.harm import Harm
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Arrival, Morning, Process, Therapy
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Stress below this has faded.
_OVER = 1e-3

#: Cures are shares strictly between none and all of a course.
_LEAST_CURE = 1e-3


class Diseases(Process):
    """Contributes hazards of diseases, less appetite and growth, and the signs of disease."""

    name = "diseases"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame = frame
        self._dice = dice
        self._profiles = profiles = Profiles(biology, frame.geography.code)
        self._courses = Courses(profiles, frame, dice)
        self._contagion = Contagion(profiles, frame, dice)
        self._harm = Harm(profiles, frame)
        fading = profiles.each(lambda p: p.stressors.fading if p.stressors else 1.0)
        self._fading = np.exp(-1.0 / fading)[:, np.newaxis]
        by_event = [self._excess(kind) for kind in SiteEventKind]
        self._by_event = [
            [(disease, excess) for disease, excess in enumerate(each.tolist()) if excess]
            for each in by_event
        ]
        self._by_move = self._excess(MOVE)
        by_method = [self._excess(each.method) for each in biology.treatments]
        self._by_method = np.stack(by_method, axis=1)
        cures = np.asarray(
            [[each.cures.get(code, 0.0) for each in biology.treatments] for code in profiles.codes]
        ).reshape(len(profiles), len(by_method))
        inside = np.clip(cures, _LEAST_CURE, 1.0 - _LEAST_CURE)
        self._helps, self._odds = cures > 0.0, inside / (1.0 - inside)
        self._cure_sd = profiles.each(lambda p: p.course.cure_logit_sd)

    def begin(self) -> Own:
        """Return a farm without disease.

        Beside the arrays of `Courses`: ``scars`` is the share of a container's fish that disease
        marked for good, ``fish`` the assignment that all arrays speak of.
        """
        size = self._frame.size
        own = self._courses.begin()
        own["scars"] = np.zeros(size)
        own["fish"] = np.zeros(size, dtype=np.int64)
        return own

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month."""
        self._contagion.turn_month(month)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Let courses go on and new ones begin, and write what they do today."""
        if not len(self._profiles):
            return
        today, state = morning.today, morning.state
        gone = ((own["fish"] > 0) & (state.population == 0)).nonzero()[0]
        if gone.size:
            self._courses.forget(own, gone)
            own["scars"][gone] = 0.0
            own["fish"][gone] = 0
        self._suffer(morning, own)
        running = self._courses.go_on(own, today.ordinal)
        cases = self._contagion.cases(morning, own, running)
        if cases:
            begun = self._courses.start(own, cases, state.assignment, today.ordinal)
            morning.signs.course.put(begun, 1)
        self._harm.write(morning, own, running)

    def treat(self, therapy: Therapy, own: Own) -> None:
        """Let treatments take their share of what is left of courses; handling is stress.

        The logit of the share varies from treatment to treatment. It takes effect from tomorrow on.
        """
        containers, kind, strain = therapy.container, therapy.kind, own["strain"]
        stressed = np.maximum(strain.take(containers, axis=1), self._by_method.take(kind, axis=1))
        strain[:, containers] = stressed
        ill = own["since"].take(containers, axis=1) > 0
        disease, at = rows_and_columns(ill & self._helps.take(kind, axis=1))
        if not disease.size:
            return
        scores = self._dice.scores(
            Decision.DISEASE_CURE, self._profiles.word_of[disease], therapy.treatment[at]
        )
        odds = self._odds[disease, kind[at]] * np.exp(self._cure_sd[disease] * scores)
        own["goal"][disease, containers[at]] *= 1.0 - odds / (1.0 + odds)

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Let newcomers bring along courses, immunity, stress and scars."""
        if not len(self._profiles):
            return
        signs, containers = arrival.signs, arrival.container
        shares = own["scars"], signs.gill_score, signs.wounded, signs.scarred
        for of_fish, mixed in zip(shares, arrival.mixed(np.asarray(shares)), strict=True):
            of_fish[containers] = mixed
        came = Came.of(arrival)
        chosen = self._courses.carry(own, came)
        strained = self._courses.strain(own, came)
        self._courses.bring(own, signs, containers, chosen)
        own["strain"][:, containers] = np.maximum(strained, self._by_move[:, np.newaxis])
        own["fish"][containers] = arrival.assignment

    def _suffer(self, morning: Morning, own: Own) -> None:
        """Let the stress of yesterday fade, and add that of today's site events."""
        strain = own["strain"]
        strain *= self._fading
        strain *= strain >= _OVER
        strength = morning.events.intensity
        for kind in rows(strength > 0.0):
            at_work = self._frame.spread(strength[kind], 0.0)
            for disease, excess in self._by_event[kind]:
                np.maximum(strain[disease], excess * at_work, out=strain[disease])

    def _excess(self, stressor: str) -> Floats:
        """Return by how much a kind of stress multiplies chance and deaths, less one."""
        factors = [p.stressors.factors if p.stressors else {} for p in self._profiles.of]
        return np.asarray([each.get(stressor, 1.0) - 1.0 for each in factors], dtype=np.float64)
