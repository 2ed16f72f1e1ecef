"""Infection pressure: what infectious fish do to those around them."""

from __future__ import annotations

import numpy as np

from farm.simulation.epidemics.courses import Running
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame, Integers


class Ways:
    """How strongly each disease goes from container to container, for all time."""

    def __init__(self, profiles: Profiles, frame: Frame) -> None:
        self.frame = frame
        self.within = profiles.each(lambda p: p.contagion.within)
        self.between = profiles.each(lambda p: p.contagion.between)
        reach = profiles.each(lambda p: p.contagion.reach)[:, np.newaxis, np.newaxis]
        apart, sites = frame.site_distance_km, len(frame.sites)
        itself = np.eye(sites, dtype=np.bool_)
        #: Shape (diseases, places, sites); stations have no neighbours.
        self.nearness = np.zeros((len(profiles), len(frame.places), sites))
        self.nearness[:, :sites] = np.where(itself, 0.0, np.exp(-apart / reach))


class Pressure:
    """The force of infection of one day, 1/day.

    In a place it is that of its own infectious containers, and at sea that of the mean pen of each
    other site.

    Attributes:
        at_most: what it does not exceed, shape (diseases, places); 0 where there is none.
    """

    def __init__(self, ways: Ways, running: Running, held: Floats) -> None:
        """Take the courses of the day, and how many containers of each place hold fish."""
        frame, diseases = ways.frame, ways.within.size
        self._ways = ways
        places, sites = len(frame.places), len(frame.sites)
        strength = np.bincount(running.at_place, running.intensity, diseases * places)
        self._strength = strength.reshape(diseases, places)
        self._mean = self._strength[:, :sites] / np.maximum(held[:sites], 1.0)
        around = ways.between * np.add.reduce(self._mean, axis=1)
        self.at_most: Floats = ways.within[:, np.newaxis] * self._strength
        self.at_most[:, :sites] += around[:, np.newaxis]

    def on(self, disease: Integers, place: Integers) -> Floats:
        """Return the force of diseases at places, which belong together element by element."""
        ways = self._ways
        around = (ways.nearness[disease, place] * self._mean[disease]).sum(axis=1)
        of_place = ways.within[disease] * self._strength[disease, place]
        return np.asarray(of_place + ways.between[disease] * around, dtype=np.float64)
