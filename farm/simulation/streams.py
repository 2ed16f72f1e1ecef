"""Addressed randomness: one stream for each decision and address, whoever asks, in whatever order.

A stream is a pure function of the seed, the decision and natural keys (ids from the plan, month
indices). Nothing depends on how many numbers other decisions drew. Draw a block per address, not
one number at a time: making a generator costs about 9 µs, or 1 µs where many are made at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from hashlib import sha256
from itertools import repeat
from typing import Any

import numpy as np
from numpy.random import PCG64DXSM, Generator, SeedSequence
from numpy.typing import NDArray

from farm.simulation.seeding import Ready, seed_words

#: Words of an address. Shorter addresses are filled up with zeros, and their length is part of the
#: key, so that (1,) and (1, 0) differ.
ADDRESS_WORDS = 6

_WORD = 2**32

#: Words of a seed. `numpy.random.SeedSequence` fills a shorter one up to this before a spawn key.
_SEED_WORDS = 4

#: Up to so many streams are made one by one: seeding many at once pays from there on.
_FEW = 2

#: Addresses of many streams, one a row.
Addresses = NDArray[np.int64] | Sequence[Sequence[int]]

#: What addresses are filled up with.
_NO_WORDS = (0,) * ADDRESS_WORDS


class Decision(StrEnum):
    """Everything that is ever decided by chance, in the simulation and in the rendering."""

    # plan
    BATCH_START = "plan.start"
    BATCH_EGGS = "plan.eggs"
    BATCH_SOURCE = "plan.source"
    # The water, in the simulation.
    YEAR_TEMPERATURE = "water.temperature.year"
    REGIONAL_TEMPERATURE = "water.temperature.regional"
    LOCAL_TEMPERATURE = "water.temperature.local"
    SITE_OFFSET = "water.temperature.offset"
    SALINITY = "water.salinity"
    PH = "water.ph"
    CURRENT = "water.current"
    SATURATION = "water.saturation"
    HALL_TEMPERATURE = "water.temperature.hall"
    HALL_PH = "water.ph.hall"
    HALL_SATURATION = "water.saturation.hall"
    WIND = "weather.wind"
    RAIN = "weather.rain"
    AIR_TEMPERATURE = "weather.air"
    SPELL_ONSET = "event.onset"
    SPELL_CATCH = "event.catch"
    SPELL_SEVERITY = "event.severity"
    SPELL_DURATION = "event.duration"
    EVENT_FORCE = "event.force"
    EVENT_EXPOSURE = "event.exposure"
    # The fish, in the simulation.
    BATCH_GROWTH = "growth.batch"
    CONTAINER_GROWTH = "growth.container"
    SITE_GROWTH = "growth.site"
    CONTAINER_SPREAD = "growth.spread"
    APPETITE = "feeding.appetite"
    BATCH_CONVERSION = "feeding.batch"
    FRAILTY = "mortality.frailty"
    SHARED_FRAILTY = "mortality.frailty.shared"
    EXPOSURE = "mortality.exposure"
    SHARED_SHOCK = "mortality.shock.shared"
    CONTAINER_SHOCK = "mortality.shock.container"
    BATCH_ARRIVAL = "mortality.arrival.batch"
    CONTAINER_ARRIVAL = "mortality.arrival.container"
    DEATHS = "mortality.deaths"
    HARVEST_ORDER = "harvest.order"
    HARVEST_LOTS = "harvest.lots"
    # Diseases: where they break out and whom they reach, how bad an outbreak is, each course, and
    # how well it is cured.
    DISEASE_PLACE = "disease.place"
    DISEASE_ONSET = "disease.onset"
    DISEASE_INDEX = "disease.index"
    DISEASE_SPREAD = "disease.spread"
    OUTBREAK_SEVERITY = "disease.severity"
    DISEASE_COURSE = "disease.course"
    DISEASE_CURE = "disease.cure"
    # Treatments: what an operation does to all its fish, and to those of a container.
    TREATMENT_OPERATION = "treatment.operation"
    TREATMENT_HARM = "treatment.harm"
    # Lice: the infection pressure of sites and pens, what treatments kill, counts and decisions.
    LICE_PLACE = "lice.place"
    LICE_SITE = "lice.site"
    LICE_PEN = "lice.pen"
    LICE_CAMPAIGN = "lice.campaign"
    LICE_KILLED = "lice.killed"
    LICE_COUNT = "lice.count"
    LICE_METHOD = "lice.method"
    LICE_PROGRAMME = "lice.programme"
    # Vaccination: how a batch is timed, and how a group of fish stands it. Then samples sent to a
    # laboratory, veterinarians' visits and the words of the journal.
    VACCINATION_AIM = "vaccination.aim"
    VACCINATION_GROUP = "vaccination.group"
    LABORATORY = "laboratory.sample"
    VISITS = "visit.day"
    JOURNAL = "journal.words"
    # Feed: noise of the market and of suppliers, who serves a store, what comes of an order.
    FEED_MARKET = "feed.market"
    FEED_SUPPLIER = "feed.supplier"
    FEED_CONTRACT = "feed.contract"
    FEED_ORDER = "feed.order"
    SALMON_MARKET = "salmon.market"
    # rendering
    SENSOR_DRIFT = "reading.drift"
    SENSOR_OUTAGE = "reading.outage"
    TIDE = "reading.tide"
    AREA_READINGS = "reading.area"
    SERVICES = "equipment.services"
    READINGS = "reading.values"
    MEALS = "feeding.meals"
    FISH_SAMPLE = "sample.fish"
    # What people and their samples find, in the rendering.
    PECULIAR = "sample.peculiar"
    LICE_ON_FISH = "sample.lice"
    HEALTH_SAMPLE = "sample.health"


@cache
def decision_word(decision: Decision) -> int:
    """Return the 32-bit word that stands for a decision in every address."""
    return int.from_bytes(sha256(decision.value.encode()).digest()[:4], "big")


class Streams:
    """All random streams of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._entropy = tuple(seed >> 32 * word & (_WORD - 1) for word in range(_SEED_WORDS))

    def at(self, decision: Decision, *key: int) -> Generator:
        """Return a fresh generator for a decision at an address.

        It is seeded by ``SeedSequence(seed, spawn_key=(decision's word, length, *address))``.

        Raises:
            ValueError: the address has too many words or a word outside 0 .. 2**32 - 1.
        """
        if len(key) > ADDRESS_WORDS:
            raise ValueError(f"{decision}: an address has at most {ADDRESS_WORDS} words: {key}")
        if key and not (min(key) >= 0 and max(key) < _WORD):
            raise ValueError(f"{decision}: not 32-bit words: {key}")
        # A sequence of numpy's puts the words of seed and spawn key one after the other. It takes
        # them in one array several times as fast as word by word.
        words = (*self._entropy, decision_word(decision), len(key), *key, *_NO_WORDS[len(key) :])
        return Generator(PCG64DXSM(SeedSequence(np.array(words, dtype=np.uint32))))

    def along(self, decision: Decision, addresses: Addresses) -> Iterator[Generator]:
        """Return what `at` returns for each of these addresses, which are equally long.

        Each is made when it is taken.

        Raises:
            ValueError: as `at`.
        """
        if len(addresses) <= _FEW:
            few = addresses.tolist() if isinstance(addresses, np.ndarray) else addresses
            return (self.at(decision, *address) for address in few)
        return streams_of(self.seeds(decision, np.asarray(addresses, dtype=np.int64)))

    def seeds(self, decision: Decision, addresses: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return what the streams of these addresses are seeded with, one a row: see `streams_of`.

        Raises:
            ValueError: as `at`.
        """
        length = addresses.shape[1]
        if length > ADDRESS_WORDS:
            raise ValueError(f"{decision}: an address has at most {ADDRESS_WORDS} words")
        # Seen as whole numbers without a sign, those below zero are the largest of all.
        if addresses.view(np.uint64).max(initial=0) >= _WORD:
            raise ValueError(f"{decision}: an address has a word that is not a 32-bit word")
        keys = np.zeros((len(addresses), ADDRESS_WORDS), dtype=np.uint32)
        keys[:, :length] = addresses
        return seed_words(self.seed, keys, (decision_word(decision), length))


def streams_of(seeds: NDArray[np.uint64]) -> Iterator[Generator]:
    """Return the stream of each of some seeds. Each is made when it is taken."""
    # numpy takes any ISeedSequence; its type hints do not say so.
    ready: Any = Ready(seeds)
    return map(Generator, map(PCG64DXSM, repeat(ready, len(seeds))))
