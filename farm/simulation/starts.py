"""When batches begin: seasonal, staggered, as many as keep the target number active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from farm.domain.scenario import Scenario
from farm.simulation.expectation import Expectation
from farm.simulation.streams import Decision, Streams

#: Days in which each of the rates of `Programme.ramp` holds.
_YEAR = 365

#: Starts move by up to a quarter of the distance between two of them, either way.
_JITTER = 0.25

#: Eggs are delivered by the thousand.
_EGG_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Start:
    """A batch as intended: the number of its programme, its first day, its eggs."""

    number: int
    day: int
    eggs: int


def intended_starts(scenario: Scenario, code: str, expectation: Expectation) -> list[Start]:
    """Return the batches that one geography's programme intends, in order of number.

    The rate of starts on a day is the target number of active batches over the expected life,
    shaped by the season and the ramp; a batch starts whenever the sum of the rates has risen
    by one, give or take some days of chance. The first one starts on the first day. Days count
    from the expectation's first.
    """
    programme = scenario.company(code).programme
    stages = scenario.geography(code).stages
    days = len(expectation.ripe)
    life = expectation.ripe + stages.harvest_after_days
    season = np.array(scenario.geography(code).start_weights)
    months = _months_of(expectation.first, days)
    rate = programme.target_active_batches / life * (season / season.mean())[months - 1]
    for year, factor in enumerate(programme.ramp):
        rate[year * _YEAR : (year + 1) * _YEAR] *= factor
    progress = np.cumsum(rate) - rate[0]
    streams, word = Streams(scenario.seed), geography_word(code)
    found: list[Start] = []
    while True:
        number = len(found)
        chance = streams.at(Decision.BATCH_START, word, number).uniform(-_JITTER, _JITTER)
        due = number + float(chance) if number else 0.0
        day = int(np.searchsorted(progress, due))
        if day >= days:
            return found
        found.append(Start(number, day, _eggs(scenario, code, number)))


def geography_word(code: str) -> int:
    """Return the word that stands for a geography in the addresses of random streams."""
    return int.from_bytes(code.encode("ascii"), "big")


def _eggs(scenario: Scenario, code: str, number: int) -> int:
    programme = scenario.company(code).programme
    low, high = -(-programme.eggs_min // _EGG_STEP), programme.eggs_max // _EGG_STEP
    if high < low:
        return programme.eggs_min
    chance = Streams(scenario.seed).at(Decision.BATCH_EGGS, geography_word(code), number)
    return int(chance.integers(low, high, endpoint=True)) * _EGG_STEP


def _months_of(first: date, days: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    month = (np.datetime64(first, "D") + np.arange(days)).astype("datetime64[M]")
    return month.astype(np.int64) % 12 + 1


@lru_cache(maxsize=10_000)
def day_of(first: date, offset: int) -> date:
    """Return the day that lies ``offset`` days after ``first``."""
    return date.fromordinal(first.toordinal() + int(offset))
