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
    """

    def __init__(self, ways: Ways, running: Running, population: Integers) -> None:
        frame, diseases = ways.frame, ways.within.size
        self._ways = ways
        places, sites = len(frame.places), len(frame.sites)
        at = running.disease * places + frame.place_of.take(running.container)
        strength = np.bincount(at, running.intensity, diseases * places)
        self._strength = strength.reshape(diseases, places)
        pens = np.maximum(frame.at_sites(population > 0), 1.0)
        self._mean = self._strength[:, :sites] / pens

    def at_most(self, diseases: Integers) -> Floats:
        """Return what the force of some diseases does not exceed, shape (diseases, places)."""
        ways = self._ways
        around = ways.between[diseases] * self._mean[diseases].sum(axis=1)
        of_place = ways.within[diseases, np.newaxis] * self._strength[diseases]
        return np.asarray(of_place + around[:, np.newaxis], dtype=np.float64)

    def on(self, disease: Integers, place: Integers) -> Floats:
        """Return the force of diseases at places, which belong together element by element."""
        ways = self._ways
        around = (ways.nearness[disease, place] * self._mean[disease]).sum(axis=1)
        of_place = ways.within[disease] * self._strength[disease, place]
        return np.asarray(of_place + ways.between[disease] * around, dtype=np.float64)
