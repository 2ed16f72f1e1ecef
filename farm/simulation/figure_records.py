"""What a period's simulation hands on as figures: rows of the tables of the same names.

A month is its first day. Money is a decimal in the geography's currency, exact to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SalmonPriceRecord:
    """A row of `salmon_price`: what a kilogram of gutted, superior fish brings in a month."""

    geography_id: int
    month: date
    weight_class: str
    price_per_kg: str


@dataclass(frozen=True, slots=True)
class BatchMonthRecord:
    """A row of `batch_month`: a batch in a month in which it had fish.

    The month runs from the evening before its first day to the evening of its last;
    ``start_population`` is 0 in the month in which the eggs come. ``lifecycle_stage_id`` is that of
    most of the fish on the last evening with fish, ``mean_weight_g`` theirs. ``mortality_percent``:
    deaths over the fish of the evening before and the eggs that came. ``dead_kg``: deaths times the
    mean weight of their day. ``growth_kg``: what living fish gained and those that died meanwhile
    had gained: end + harvested + dead - start - eggs, in kilograms.

        fcr_biological  feed / growth
        fcr_economic    feed / (growth - dead)
        sgr             100 (ln W1 - ln W0) / days, of the mean weight
        tgc             1000 (W1^(1/3) - W0^(1/3)) / degree-days, of the mean weight

    None where nothing was fed or gained, or there was no mean weight before. ``degree_days`` are
    weighted by population. Costs are of the month; ``mortality_cost`` is the part of the batch's
    book value that went with its dead fish, ``book_value`` what the living have cost so far.
    """

    batch_id: int
    month: date
    lifecycle_stage_id: int
    start_population: int
    end_population: int
    start_biomass_kg: float
    end_biomass_kg: float
    mean_weight_g: float
    deaths: int
    deaths_by_cause: list[int]
    mortality_percent: float
    dead_kg: float
    harvested: int
    harvested_kg: float
    growth_kg: float
    feed_kg: str
    degree_days: float
    sgr_percent_day: float | None
    tgc: float | None
    fcr_biological: float | None
    fcr_economic: float | None
    max_density_kg_m3: float
    lice_adult_female: float | None
    treatments: int
    egg_cost: str
    feed_cost: str
    treatment_cost: str
    vaccination_cost: str
    operating_cost: str
    mortality_cost: str
    book_value: str


@dataclass(frozen=True, slots=True)
class SiteMonthRecord:
    """A row of `site_month`: a site or a station in a month, stocked or not.

    ``fallow_days``: days without any fish at the place. ``lice_adult_female``: lice found over fish
    counted. ``mortality_percent``: deaths over the mean population of its days with fish.
    ``growth_kg``: end + harvested + dead - start - eggs - what came from other places + what went
    there. ``max_biomass_kg``: of its days, all containers together.
    """

    id: int
    site_id: int | None
    station_id: int | None
    month: date
    containers: int
    occupied_container_days: int
    utilisation_percent: float
    fallow_days: int
    end_population: int
    end_biomass_kg: float
    max_biomass_kg: float
    max_density_kg_m3: float
    deaths: int
    mortality_percent: float
    growth_kg: float
    harvested_kg: float
    feed_kg: str
    feed_cost: str
    fcr_biological: float | None
    lice_adult_female: float | None
    lice_fish_counted: int
    treatments: int


@dataclass(frozen=True, slots=True)
class BatchAccountRecord:
    """A row of `batch_account`: what a harvested batch earned and cost, from egg to box.

    ``mortality_cost`` is what had been spent on the fish that died; it is no cost of its own.
    ``closed_on`` is the day on which its last pen was emptied. Both costs per kg are of gutted
    weight.
    """

    batch_id: int
    closed_on: date
    eggs: int
    harvested: int
    harvested_kg: float
    gutted_kg: float
    feed_kg: str
    fcr_biological: float
    fcr_economic: float
    survival_percent: float
    revenue: str
    egg_cost: str
    feed_cost: str
    treatment_cost: str
    vaccination_cost: str
    operating_cost: str
    harvest_cost: str
    total_cost: str
    profit: str
    mortality_cost: str
    cost_per_kg: str
    feed_cost_per_kg: str


@dataclass(frozen=True, slots=True)
class FigureRecords:
    """All of them, each kind in order of its primary key."""

    salmon_prices: tuple[SalmonPriceRecord, ...] = ()
    batch_months: tuple[BatchMonthRecord, ...] = ()
    site_months: tuple[SiteMonthRecord, ...] = ()
    batch_accounts: tuple[BatchAccountRecord, ...] = ()
