"""Treatments as configured in ``config/parameters/treatments.toml``, and what they come to."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.disease import Days, LogSd
from farm.domain.measures import Code, Share, WholeDays
from farm.domain.quantity import Strict, unit

Celsius = Annotated[float, unit("°C"), Field(ge=-2, le=30)]
Percent = Annotated[float, unit("%"), Field(ge=0, le=100)]
Year = Annotated[int, unit("year"), Field(ge=1970, le=2300)]
PerTonne = Annotated[float, unit("money/t"), Field(ge=0)]

Numbers = Any


class Dose(Strict):
    """How much of its substance; by weight of fish and day, or by volume of water."""

    amount: Annotated[float, unit("as named"), Field(gt=0)]
    unit: Literal["mg/kg/day", "mg/L", "mL/m3", "g/L"]


class Allowed(Strict):
    """The years in which it is used in a geography, both included; open-ended without `until`."""

    since: Year
    until: Year | None = None


class LiceEffect(Strict):
    """Median share of lice killed by stage; the logit of the share varies."""

    adult_female: Share
    mobile: Share
    attached: Share
    logit_sd: Annotated[float, unit("logit"), Field(ge=0, le=4)]
    #: Days over which lice die: 1 for baths, weeks for medicated feed.
    over_days: Days


class TreatmentSpec(Strict):
    """One way to treat fish."""

    code: Code
    name: Annotated[str, Field(min_length=1)]
    method: Literal[
        "medicated_feed",
        "functional_feed",
        "bath",
        "freshwater_bath",
        "thermal",
        "mechanical",
        "cleaner_fish",
    ]
    is_medicine: bool
    substance: str | None = None
    dose: Dose | None = None
    duration: Annotated[int, unit("day"), Field(ge=1, le=60)]
    fasting: WholeDays
    #: Withdrawal before harvest: in degree-days, or in days, or none.
    withdrawal_degree_days: Annotated[float, unit("°C day"), Field(gt=0, le=3000)] | None = None
    withdrawal_days: Annotated[int, unit("day"), Field(ge=1, le=400)] | None = None
    coldest: Celsius
    warmest: Celsius
    least_weight: Annotated[float, unit("g"), Field(ge=0)]
    #: Median share of the fish that die of it, and how it varies.
    mortality: Percent
    mortality_log_sd: LogSd
    appetite_lost: Share
    recovery: Days
    containers_a_day: Annotated[int, unit("1/day"), Field(ge=1, le=50)]
    cost: dict[str, PerTonne]
    allowed: dict[str, Allowed]
    lice: LiceEffect | None = None
    #: Share of the rest of an outbreak that it takes away, by code of the disease.
    cures: dict[str, Share] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_rule_of_withdrawal(self) -> Self:
        if self.withdrawal_degree_days is not None and self.withdrawal_days is not None:
            raise ValueError("withdrawal in degree-days or in days, not both")
        return self

    @property
    def in_feed(self) -> bool:
        """Whether it is given with the feed, so that only fish that are fed get it."""
        return self.method in {"medicated_feed", "functional_feed"}

    @property
    def handles(self) -> bool:
        """Whether fish are crowded, pumped or kept under a tarpaulin for it."""
        return self.method in {"bath", "freshwater_bath", "thermal", "mechanical"}

    @property
    def gives_way(self) -> bool:
        """Whether it is broken off when another treatment begins."""
        return self.method == "functional_feed"

    @property
    def is_withheld(self) -> bool:
        """Whether its fish may not be harvested for some time afterwards."""
        return self.withdrawal_degree_days is not None or self.withdrawal_days is not None

    def is_allowed(self, geography_code: str, year: int) -> bool:
        """Return whether it is used in a geography in a year."""
        found = self.allowed.get(geography_code)
        return (
            found is not None
            and found.since <= year
            and (found.until is None or year <= found.until)
        )

    def withdrawal_days_at(self, temperature_c: Numbers) -> NDArray[np.float64]:
        """Return for how many days its fish are withheld in water of a temperature above 0 °C."""
        temperature = np.asarray(temperature_c, dtype=np.float64)
        if self.withdrawal_degree_days is not None:
            return np.asarray(np.ceil(self.withdrawal_degree_days / temperature))
        return np.full(temperature.shape, float(self.withdrawal_days or 0))


def strangers(
    treatments: Iterable[TreatmentSpec],
    *,
    geographies: Collection[str],
    diseases: Collection[str],
) -> Iterator[str]:
    """Yield one line for each name in a treatment that stands for nothing, or that it lacks."""
    for spec in treatments:
        at = f"treatments.{spec.code}"
        for name in sorted(set(spec.cures) - set(diseases)):
            yield f'{at}.cures: "{name}" is no disease'
        for table, given in (("allowed", spec.allowed), ("cost", spec.cost)):
            for name in sorted(set(given) - set(geographies)):
                yield f'{at}.{table}: "{name}" is no geography'
        for name in sorted(set(spec.allowed) - set(spec.cost)):
            yield f"{at}.cost: it is allowed in {name} and has no cost there"


class Treating(Strict):
    """How treatments are carried out and whom they harm: ``treating`` in ``care.toml``."""

    #: Deaths of a treatment are its first day's, times this for each further day, for so long.
    fading: Share
    fading_days: WholeDays
    #: The medians of `TreatmentSpec.mortality` are of healthy fish of this weight in such water;
    #: ln of the share that dies rises by ``warmer`` per degree, by ``sicker`` from no fish sick to
    #: all, by ``gills`` per gill score, and the share goes with weight to the power ``heavier``.
    temperature: Celsius
    weight: Annotated[float, unit("g"), Field(gt=0)]
    warmer: Annotated[float, unit("ln/°C"), Field(ge=0, le=1)]
    heavier: Annotated[float, unit("1"), Field(ge=0, le=2)]
    sicker: LogSd
    gills: Annotated[float, unit("ln/score"), Field(ge=0, le=2)]
    #: Share of the variance of ln mortality that all containers of an order have in common.
    shared: Share
    #: No treatment kills a larger share.
    most: Share
    #: Density of pen fish in the water of a well boat or a tarpaulin.
    density: Annotated[float, unit("kg/m3"), Field(gt=0, le=300)]
    #: Days for which a treatment is put off for bad weather or water before it is given up.
    patience: WholeDays
    #: Days after a treatment on which deaths are compared with those before; lice are counted
    #: `measured_after`.
    deaths_after: WholeDays
    #: Days after `measured_after` within which a lice count still measures its effect.
    recount: WholeDays
    #: Days kept free between the expected end of a withholding period and the day by which the
    #: fish must leave.
    margin: WholeDays


def share_killed(
    median_percent: Numbers,
    score: Numbers,
    log_sd: Numbers,
    treating: Treating,
    *,
    temperature_c: Numbers,
    weight_g: Numbers,
    sick: Numbers,
    gill_score: Numbers,
) -> NDArray[np.float64]:
    """Return the share of the fish that a treatment kills in all.

        m/100 * exp(sd z + warmer (T - T0) + sicker S + gills G) * (W / W0)^heavier

    Args:
        median_percent: of healthy fish of the reference weight in water of reference temperature.
        score: standard normal.
        log_sd: how its ln varies.
        treating: the other parameters.
        temperature_c: of the water.
        weight_g: mean weight.
        sick: share of the fish that is sick of anything.
        gill_score: mean, 0 to 5.
    """
    exponent = (
        np.asarray(log_sd) * np.asarray(score)
        + treating.warmer * (np.asarray(temperature_c) - treating.temperature)
        + treating.sicker * np.minimum(sick, 1.0)
        + treating.gills * np.asarray(gill_score)
    )
    heavier = (np.maximum(weight_g, 0.0) / treating.weight) ** treating.heavier
    share = np.asarray(median_percent) / 100.0 * np.exp(exponent) * heavier
    return np.asarray(np.minimum(share, treating.most))


def first_day_share(treating: Treating) -> float:
    """Return the part of all deaths of a treatment that falls on its first day.

    The days k = 0 .. fading_days have parts in proportion to fading^k that add up to 1.
    """
    return 1.0 / math.fsum(treating.fading**k for k in range(treating.fading_days + 1))


def dose_total(
    spec: TreatmentSpec, biomass_kg: float, volume_m3: float, days: int
) -> tuple[float, str] | None:
    """Return how much of its substance a course takes, and in which unit; None without a dose.

    Args:
        spec: the treatment.
        biomass_kg: of the fish, for doses by their weight.
        volume_m3: of the water that they are treated in, for doses by volume.
        days: on which the dose is given.
    """
    if spec.dose is None:
        return None
    amount = spec.dose.amount * days
    if spec.dose.unit == "mg/kg/day":
        return amount * biomass_kg / 1e6, "kg"
    if spec.dose.unit == "mL/m3":
        return amount * volume_m3 / 1e3, "L"
    # 1 mg/L is 1 g/m3, and 1 g/L is 1 kg/m3.
    return amount * volume_m3 / (1e3 if spec.dose.unit == "mg/L" else 1.0), "kg"


def cost(spec: TreatmentSpec, geography_code: str, biomass_kg: float) -> str:
    """Return what treating so much fish costs, in the geography's currency, as a decimal."""
    return f"{spec.cost[geography_code] * biomass_kg / 1000.0:.2f}"


def effect_percent(before: float, after: float) -> float | None:
    """Return by how much a value fell, negative for a rise; None where it was nothing before."""
    return round(100.0 * (1.0 - after / before), 1) if before > 0 else None
