"""Contagion: which containers fall ill today, by themselves or from others.

Everything is drawn at addresses that name the disease by its code: a disease more or less changes
nothing of the chances of the others.
"""

from __future__ import annotations

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.dice import Dice
from farm.simulation.epidemics.courses import Case, Running
from farm.simulation.epidemics.onsets import Onsets
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.epidemics.spread import Spread
from farm.simulation.epidemics.susceptibility import Susceptibility
from farm.simulation.frame import Frame
from farm.simulation.process import Morning
from farm.simulation.state import Own


class Contagion:
    """Finds today's new cases."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._onsets = Onsets(profiles, frame, dice)
        self._spread = Spread(profiles, frame, dice)

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month."""
        self._onsets.turn_month(month)
        self._spread.turn_month(month)

    def cases(self, morning: Morning, own: Own, running: Running) -> list[Case]:
        """Return today's new cases, in order of disease and container."""
        season = self._profiles.season(morning.today.day_of_year)
        active = np.zeros(len(self._profiles), dtype=np.bool_)
        active[running.disease[running.intensity > 0.0]] = True
        susceptibility = Susceptibility(self._profiles, self._frame, morning, own)
        cases = [
            *self._onsets.cases(morning, active, season, susceptibility),
            *self._spread.cases(morning, running, season, susceptibility),
        ]
        # Whoever falls ill in both ways is one case.
        found = {(case.disease, case.container): case for case in cases}
        return [found[at] for at in sorted(found)]
