"""Sea lice as configured in ``config/parameters/lice.toml``, and the formulas of their dynamics.

*Lepeophtheirus salmonis*, as mean numbers per fish of three groups as they are counted: attached
(copepodids and chalimi), mobile (pre-adults and adult males), adult females. Their larvae drift for
some days before they find a fish.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.disease import Days, Kilometres, LogSd, PerDay, Season, season
from farm.domain.measures import Persistence, Share
from farm.domain.quantity import Strict, unit
from farm.domain.share import bounded

PerFish = Annotated[float, unit("lice/fish"), Field(ge=0, le=50)]

Floats = NDArray[np.float64]

#: The temperature in °C at which development times are given.
REFERENCE_C = 10.0

#: Equal steps in which lice of a group pass through it: the more, the less their ages differ.
STEPS = 4


class LiceMortality(Strict):
    """Share of each group that dies in a day."""

    larva: PerDay
    attached: PerDay
    mobile: PerDay
    adult_male: PerDay
    adult_female: PerDay


class LiceParameters(Strict):
    """``lice.toml``."""

    #: Mean days in each group at 10 °C, and how much faster it goes per degree (ln).
    larva_days: Days
    attached_days: Days
    mobile_days: Days
    faster_per_degree: Share
    mortality: LiceMortality
    #: Share of the mobiles that become females.
    females: Share
    #: Attached lice per fish and day at 10 °C: from the wild, by geography; and for each adult
    #: female per fish of a site that holds ``reference_fish``, but for what its larvae lose on
    #: their way: of the site itself, and of neighbours next door, falling by a factor of e every
    #: ``reach``.
    external: dict[str, Annotated[float, unit("lice/fish/day"), Field(ge=0, le=1)]]
    own: PerDay
    neighbours: PerDay
    reach: Kilometres
    reference_fish: Annotated[float, unit("fish"), Field(gt=0)]
    #: A site with twice the fish sheds larvae 2^crowding times as densely: larger sites lie in more
    #: water.
    crowding: Share
    season: Season
    #: Larvae find no fish in water fresher than the first, and lose nothing above the second.
    salinity: Annotated[tuple[float, ...], unit("PSU"), Field(min_length=2, max_length=2)]
    #: Of the infection pressure, ln: of a site for good, of a site for a while, of a pen.
    place_log_sd: LogSd
    site_log_sd: LogSd
    site_persistence: Persistence
    pen_log_sd: LogSd
    pen_persistence: Persistence
    #: Of the number on single fish: variance = mean + mean^2 / aggregation.
    aggregation: Annotated[float, unit("1"), Field(gt=0, le=20)]
    #: Share of the attached lice that people find on a fish.
    attached_seen: Share
    #: What a treatment that works within ``unseen_within`` kills beyond what is seen of it one to
    #: two weeks later, as a logit: lice settle and grow up in between.
    unseen_within: Days
    unseen_logit: Annotated[float, unit("logit"), Field(ge=0, le=3)]
    #: Of what a treatment does to the lice, the part of the variance that pens share which are
    #: treated in the same way one after another, with fewer than so many days in between.
    campaign_share: Share
    campaign_gap: Days
    #: Appetite lost per mobile or adult louse above ``harmful_from``, and at most.
    harmful_from: PerFish
    appetite_lost_per_louse: Share
    appetite_lost_at_most: Share

    @model_validator(mode="after")
    def _salinity_rises(self) -> Self:
        if self.salinity[0] >= self.salinity[1]:
            raise ValueError("salinity: write [no larva settles below, all settle above]")
        return self


def speed(parameters: LiceParameters, temperature_c: Floats) -> Floats:
    """Return how much faster than at 10 °C lice develop and lay eggs."""
    faster = parameters.faster_per_degree * (temperature_c - REFERENCE_C)
    return np.asarray(np.exp(faster), dtype=np.float64)


def passing(days: float | Floats, speed: Floats) -> Floats:
    """Return the share of a step's lice that go to the next one in a day.

    Through all steps of a group a louse takes ``days / speed`` on average.
    """
    return np.asarray(1.0 - np.exp(-STEPS * speed / days), dtype=np.float64)


def from_the_wild(parameters: LiceParameters, geography: str, day_of_year: Any) -> Floats:
    """Return the infection pressure of wild fish in lice per fish and day, at 10 °C."""
    factor = season(parameters.season.peak, parameters.season.amplitude, day_of_year)
    return np.asarray(parameters.external[geography] * factor, dtype=np.float64)


def settling(parameters: LiceParameters, salinity_psu: Floats) -> Floats:
    """Return the share of the larvae that water of a salinity lets settle."""
    none, all_ = parameters.salinity
    share = (salinity_psu - none) / (all_ - none)
    return np.asarray(bounded(share), dtype=np.float64)


def connections(parameters: LiceParameters, distance_km: Floats) -> Floats:
    """Return what larvae of each site (second axis) do at each site (first axis), per day."""
    across = parameters.neighbours * np.exp(-distance_km / parameters.reach)
    return np.where(np.eye(len(distance_km), dtype=np.bool_), parameters.own, across)


def shed(parameters: LiceParameters, females: Floats, fish: Floats) -> Floats:
    """Return how densely larvae are shed at each site, at 10 °C.

    Args:
        parameters: of lice.
        females: adult females on all fish of each site.
        fish: that each site holds.
    """
    size = fish / parameters.reference_fish
    mean = females / np.maximum(fish, 1.0)
    return np.asarray(mean * size**parameters.crowding, dtype=np.float64)


def appetite(parameters: LiceParameters, lice: Floats) -> Floats:
    """Return what is left of the appetite of fish with so many mobile and adult lice."""
    excess = np.maximum(lice - parameters.harmful_from, 0.0)
    lost = np.minimum(parameters.appetite_lost_per_louse * excess, parameters.appetite_lost_at_most)
    return np.asarray(1.0 - lost, dtype=np.float64)


def median_logit(missing: Any, unseen: Any) -> Floats:
    """Return the logit of what the median treatment kills, minus infinity where that is nothing.

    Args:
        missing: share that is missing after it.
        unseen: logit of what it kills beyond that.
    """
    usual = np.minimum(np.maximum(missing, 1e-9), 1.0 - 1e-9)
    logit = np.log(usual / (1.0 - usual)) + unseen
    return np.where(np.asarray(missing) > 0.0, logit, -np.inf)


def share_killed(median: Floats, sd: Any, score: Floats) -> Floats:
    """Return the share of lice that a treatment kills.

    Args:
        median: logit of it for the median treatment.
        sd: how the logit varies between treatments.
        score: standard normal, of each treatment.
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(median + sd * score))), dtype=np.float64)
