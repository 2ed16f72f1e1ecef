"""Exposures: the chances of a month to catch diseases from others, drawn where that may happen.

A place has a stream of its own for each disease, so what is left out or drawn later changes no
chance of others.
"""

from __future__ import annotations

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.cells import rows_and_columns
from farm.simulation.dice import Dice
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.streams import Decision

LONGEST_MONTH = 31


class Exposures:
    """The chances of each disease and place, once they matter, one place after the other."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._dice = dice
        self._month: Month | None = None
        self._drawn = np.zeros((len(profiles), len(frame.places)), dtype=np.bool_)
        # In the order in which they are drawn: chances by day, cells in arrays of the shape
        # (diseases, containers), and cells in arrays of the shape (diseases, places).
        self._used, cells = 0, len(profiles) * frame.size
        self._chances: Floats = np.empty((LONGEST_MONTH, cells))
        self._cell: Integers = np.empty(cells, dtype=np.int64)
        self._at_place: Integers = np.empty(cells, dtype=np.int64)

    def turn_month(self, month: Month) -> None:
        """Begin a month without chances."""
        self._month, self._used = month, 0
        self._drawn[:] = False

    def below(self, row: int, limit: Floats) -> tuple[Integers, Floats]:
        """Return the cells whose chances of a day are below a limit, and these chances.

        Args:
            row: the day's row in the month.
            limit: shape (diseases, places).
        """
        new = (limit > 0.0) > self._drawn
        if np.count_nonzero(new):
            self._draw(new)
        chances = self._chances[row, : self._used]
        below = (chances < limit.take(self._at_place[: self._used])).nonzero()[0]
        return self._cell[below], chances[below]

    def _draw(self, new: Bools) -> None:
        """Draw the month's chances of diseases at places, shape (diseases, places)."""
        assert self._month is not None  # noqa: S101 - the month is turned before its days
        disease, place = rows_and_columns(new)
        frame, days, word = self._frame, self._month.days, self._profiles.word_of[disease]
        members = [frame.places[there].members for there in place.tolist()]
        sizes = np.asarray([each.size for each in members])
        drawn = slice(self._used, self._used + int(sizes.sum()))
        self._cell[drawn] = (disease * frame.size).repeat(sizes) + np.concatenate(members)
        self._at_place[drawn] = (disease * len(frame.places) + place).repeat(sizes)
        streams = self._dice.at_places(place, Decision.DISEASE_SPREAD, self._month, word)
        for size, stream in zip(sizes.tolist(), streams, strict=True):
            first, self._used = self._used, self._used + size
            self._chances[:days, first : self._used] = stream.random((days, size))
        self._drawn |= new
