"""What a process of the farm is, and the board on which processes meet.

A process reads yesterday's state and today's water and writes to the board only through operations
whose order does not matter: factors multiply, hazards add, fasting is OR-ed. So processes know
nothing of each other, and a new one changes none of the old. (Floating-point sums do depend on
order; the order is that of the list of processes, and fixed.)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from farm.domain.calendar import Month
from farm.domain.events import KINDS, SiteEventKind
from farm.domain.world import CAUSES, Cause
from farm.simulation.frame import Bools, Floats, Integers
from farm.simulation.state import Own, State


@dataclass(frozen=True, slots=True)
class Today:
    """The day that is lived through.

    ``row`` is the day's row in the month's matrices of chances.
    """

    date: dt.date
    ordinal: int
    day_of_year: int
    row: int

    @classmethod
    def of(cls, day: dt.date) -> Today:
        """Return the day as processes need it."""
        return cls(day, day.toordinal(), day.timetuple().tm_yday, day.day - 1)


@dataclass(frozen=True, slots=True)
class Water:
    """Today's water, one element per container. Salinity is NaN in fresh water.

    All pens of a site have its temperature and salinity.
    """

    temperature_c: Floats
    salinity_psu: Floats
    oxygen_mg_l: Floats
    saturation_percent: Floats
    ph: Floats


@dataclass(frozen=True, slots=True)
class SeaDay:
    """Today's water and weather at the sea sites, outside the pens; one element per site.

    The fields are the columns of `site_day`.
    """

    temperature_c: Floats
    salinity_psu: Floats
    oxygen_mg_l: Floats
    ph: Floats
    current_m_s: Floats
    wind_m_s: Floats
    wave_height_m: Floats
    air_temperature_c: Floats


@dataclass(frozen=True, slots=True)
class HallDay:
    """Today's water as it runs into the tanks of each hall; the columns of `hall_day`."""

    temperature_c: Floats
    oxygen_mg_l: Floats
    ph: Floats


@dataclass(frozen=True, slots=True)
class EventsDay:
    """Today's site events, each array of shape (kinds, sites), kinds in order of SiteEventKind.

    Attributes:
        active: whether an event of the kind lasts today.
        opens: whether it became known today; an event known by its duration began before.
        start: first day of the latest event, as an ordinal; 0 where there never was one.
        closes: whether it is known today that the latest event is over.
        end: first day after it, as an ordinal, where it closes today.
        intensity: how strong it is today, in [0, 1]; 0 where none lasts.
    """

    active: Bools
    opens: Bools
    start: Integers
    closes: Bools
    end: Integers
    intensity: Floats


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that surrounds the fish today."""

    water: Water
    sea: SeaDay
    halls: HallDay
    events: EventsDay


class Signs:
    """What can be seen of the fish today, one element per container; 0 in empty ones.

    Processes that know write them in `contribute`, and correct them for containers that they
    change in `welcome` and `treat`: this evening they stand in the daily state. People see them in
    the morning, before anything is done.

    Attributes:
        lice_attached, lice_mobile, lice_adult_female: mean numbers per fish.
        sick: share of the fish that is clinically sick, shape (diseases, containers).
        infected: share that carries the agent, the sick included, of the same shape.
        intensity: how near the disease is to its height, in [0, 1], of the same shape.
        course: whether an infection runs its course, its incubation included, of the same shape:
            what only hindsight knows.
        gill_score: mean, 0 to 5.
        wounded: share of the fish.
        scarred: share that would be downgraded at slaughter for lasting damage.
        side_effects: mean Speilberg score of what vaccination left, 0 to 6.
    """

    def __init__(self, containers: int, diseases: int) -> None:
        self.lice_attached: Floats = np.zeros(containers)
        self.lice_mobile: Floats = np.zeros(containers)
        self.lice_adult_female: Floats = np.zeros(containers)
        self.sick: Floats = np.zeros((diseases, containers))
        self.infected: Floats = np.zeros((diseases, containers))
        self.intensity: Floats = np.zeros((diseases, containers))
        self.course: Bools = np.zeros((diseases, containers), dtype=np.bool_)
        self.gill_score: Floats = np.zeros(containers)
        self.wounded: Floats = np.zeros(containers)
        self.scarred: Floats = np.zeros(containers)
        self.side_effects: Floats = np.zeros(containers)


class Rates:
    """The board: what will happen to the fish of each container today.

    Attributes:
        tgc: thermal growth coefficient (grams, times 1000): the product of all contributions.
        appetite: share of the growth demand that is eaten: the product of all contributions.
        conversion: feed conversion ratio: the product of all contributions.
        spread: coefficient of variation that the weights of the fish drift to: the product of all
            contributions.
        hazard: shares of the population that die, shape (causes, containers): sums. The causes are
            those of `Cause`, then the diseases in order of id.
        fasting: whether the fish get no feed on purpose: true if anybody says so.
        blame: of the hazard of the environment, what each kind of site event accounts for, shape
            (kinds, containers).
        kept_hungry: which kinds of site events keep the fish from being fed, of the same shape.
        striking, hindering: the rows of the kinds that `blame` and `kept_hungry` say anything of.
    """

    def __init__(self, containers: int, diseases: int) -> None:
        self.tgc: Floats = np.ones(containers)
        self.appetite: Floats = np.ones(containers)
        self.conversion: Floats = np.ones(containers)
        self.spread: Floats = np.ones(containers)
        self.hazard: Floats = np.zeros((CAUSES + diseases, containers))
        self.fasting: Bools = np.zeros(containers, dtype=np.bool_)
        self.blame: Floats = np.zeros((KINDS, containers))
        self.kept_hungry: Bools = np.zeros((KINDS, containers), dtype=np.bool_)
        self.striking: set[int] = set()
        self.hindering: set[int] = set()

    def grow(self, factor: Floats | float) -> None:
        """Multiply the growth coefficient."""
        self.tgc *= factor

    def eat(self, factor: Floats | float) -> None:
        """Multiply the appetite."""
        self.appetite *= factor

    def convert(self, factor: Floats | float) -> None:
        """Multiply the feed conversion ratio."""
        self.conversion *= factor

    def scatter(self, factor: Floats | float) -> None:
        """Multiply the spread of weights that fish drift to."""
        self.spread *= factor

    def kill(self, cause: Cause, hazard: Floats) -> None:
        """Add to the share of the population that dies of a cause today."""
        of_cause = self.hazard[cause.id - 1]
        of_cause += hazard

    def sicken(self, disease: Integers, container: Integers, hazard: Floats) -> None:
        """Add to the share that dies of a disease today; each cell at most once."""
        self.hazard[CAUSES + disease, container] += hazard

    def fast(self, where: Bools) -> None:
        """Withhold feed."""
        self.fasting |= where

    def strike(self, kind: SiteEventKind, hazard: Floats) -> None:
        """Add to the hazard of the environment what a kind of site event accounts for."""
        self.kill(Cause.ENVIRONMENT, hazard)
        of_kind = self.blame[kind.row]
        of_kind += hazard
        self.striking.add(kind.row)

    def keep_from_feeding(self, kind: SiteEventKind, where: Bools) -> None:
        """Withhold feed because of a kind of site event."""
        self.fast(where)
        self.kept_hungry[kind.row] |= where
        self.hindering.add(kind.row)

    def forget(self, containers: Integers) -> None:
        """Wipe what was said of fish in containers that get fish today: theirs were other rates.

        While a container is being filled its fish neither grow nor eat; they only die of what
        newcomers die of.
        """
        self.tgc[containers] = 0.0
        self.appetite[containers] = 0.0
        self.conversion[containers] = 1.0
        self.hazard[:, containers] = 0.0
        self.blame[:, containers] = 0.0
        self.fasting[containers] = True


@dataclass(frozen=True, slots=True)
class Morning:
    """What a process sees of a day, and the board that it writes to.

    ``state`` is that of yesterday evening; ``water`` and ``events`` are today's. ``protection``:
    share of the risk of each disease that vaccination takes away, shape (diseases, containers).
    """

    today: Today
    state: State
    water: Water
    events: EventsDay
    rates: Rates
    signs: Signs
    protection: Floats


@dataclass(frozen=True)
class Arrival:
    """Fish that came into containers today, in order of container index, and today's boards.

    ``assignment`` and ``batch`` are ids, ``stage`` is the stage's id, ``born`` the ordinal of the
    day on which the batch's eggs came. ``before``: fish that the container held when the first of
    them came. What came, in order: ``count`` fish from container ``source`` (-1: eggs from outside)
    into the container at position ``target`` of ``container``.
    """

    container: Integers
    assignment: Integers
    batch: Integers
    stage: Integers
    born: Integers
    before: Integers
    source: Integers
    target: Integers
    count: Integers
    rates: Rates
    signs: Signs

    def mixed(self, values: Floats) -> Floats:
        """Return what newcomers and fish of before have on average.

        Args:
            values: what the fish of each container have, this morning; containers are the last
                axis. Eggs from outside have nothing.

        Returns:
            of the same shape, with an element for each arrival along the last axis.
        """
        arrivals, rows = len(self.container), values.reshape(-1, values.shape[-1])
        brought = rows.take(self.source, axis=1) * self._brought
        cell = self.target + arrivals * np.arange(len(rows))[:, np.newaxis]
        came = np.bincount(cell.ravel(), brought.ravel(), arrivals * len(rows))
        there = self.before * rows.take(self.container, axis=1)
        total = came.reshape(len(rows), arrivals) + there
        return np.asarray(total / self._fish).reshape(*values.shape[:-1], arrivals)

    @cached_property
    def _brought(self) -> Integers:
        """Of the fish that came, those that were somewhere before."""
        return np.where(self.source >= 0, self.count, 0)

    @cached_property
    def _fish(self) -> Floats:
        """Fish of before and newcomers in each container."""
        return np.asarray(np.bincount(self.target, self.count, len(self.container)) + self.before)


@dataclass(frozen=True, slots=True)
class Therapy:
    """What is done to the fish of containers today, and today's boards.

    ``kind``: index of the treatment type (its id less one), ``treatment``: id, one element per
    container in ``container``. A treatment of several days is here on its first day alone.
    """

    container: Integers
    kind: Integers
    treatment: Integers
    rates: Rates
    signs: Signs


class Process:
    """One thing that happens to fish. A process overrides what concerns it.

    ``own`` are the process's own arrays, by name, as `begin` made them; they go into the snapshot.
    Whatever a process keeps elsewhere must follow from the month or the address alone.
    """

    #: The name under which the process's arrays stand in a snapshot.
    name: ClassVar[str]

    def begin(self) -> Own:
        """Return the process's arrays before the first day."""
        return {}

    def turn_month(self, month: Month) -> None:
        """Draw the chances of a month."""

    def contribute(self, morning: Morning, own: Own) -> None:
        """Write today's contribution to the board, and bring the own arrays to today."""

    def treat(self, therapy: Therapy, own: Own) -> None:
        """Take note of treatments that begin today, and correct the signs."""

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Take note of fish that arrived today, and write what arriving does to them."""
