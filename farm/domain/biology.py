"""Every biological number of a scenario: biology, water and events in ``config/parameters``.

`Biology` joins the files: the tables of ``biology.toml`` are its fields, and each other file is the
field of its name (`harvest`, `water`, `events`, `lice`, `care`, `laboratory`); the files of
``config/diseases`` are `diseases`, by code.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Generic, Self, TypeVar, get_args

from pydantic import Field, model_validator

from farm.domain import laboratory, vaccine
from farm.domain.care import CareParameters
from farm.domain.disease import MOVE, DiseaseProfile, unknown_names
from farm.domain.event_parameters import EventParameters
from farm.domain.events import SiteEventKind
from farm.domain.harvest import HarvestParameters
from farm.domain.laboratory import Laboratory
from farm.domain.lice import LiceParameters
from farm.domain.measures import DayOfYear, Persistence, Share
from farm.domain.quantity import Strict, unit
from farm.domain.treatment import TreatmentSpec, strangers
from farm.domain.vaccine import Vaccines
from farm.domain.water_parameters import WaterParameters
from farm.domain.world import Stage

Grams = Annotated[float, unit("g"), Field(gt=0)]
Celsius = Annotated[float, unit("°C"), Field(ge=0, le=30)]
Ratio = Annotated[float, unit("1"), Field(gt=0, le=10)]
Days = Annotated[float, unit("day"), Field(ge=0, le=1000)]
FastingDays = Annotated[int, unit("day"), Field(ge=0, le=30)]
Tgc = Annotated[float, unit("g^(1/3)/(°C day)/1000"), Field(gt=0, le=6)]
PercentPerDay = Annotated[float, unit("%/day"), Field(ge=0, le=100)]
PercentSaturation = Annotated[float, unit("% saturation"), Field(ge=0, le=150)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=4)]
Trend = Annotated[float, unit("1/year"), Field(ge=-0.1, le=0.1)]
PerYear = Annotated[float, unit("1/year"), Field(ge=0, le=365)]
WeightKnots = Annotated[tuple[float, ...], unit("g"), Field(min_length=8, max_length=8)]
ConversionKnots = Annotated[tuple[float, ...], unit("kg/kg"), Field(min_length=8, max_length=8)]
DayKnots = Annotated[tuple[float, ...], unit("day"), Field(min_length=10, max_length=10)]
RateKnots = Annotated[tuple[float, ...], unit("%/week"), Field(min_length=10, max_length=10)]

T = TypeVar("T")

#: The methods of treatment.
_METHODS: tuple[str, ...] = get_args(TreatmentSpec.model_fields["method"].annotation)


class PerStage(Strict, Generic[T]):
    """One value for each stage of life."""

    egg_alevin: T
    fry: T
    parr: T
    smolt: T
    post_smolt: T
    adult: T

    def of(self, stage: Stage) -> T:
        """Return the value of a stage."""
        value: T = getattr(self, stage.value)
        return value

    def in_order(self) -> tuple[T, ...]:
        """Return the values in order of the stages' ids."""
        return tuple(self.of(stage) for stage in Stage)


class PerFreshStage(Strict, Generic[T]):
    """One value for each stage of life that is spent in fresh water."""

    egg_alevin: T
    fry: T
    parr: T
    smolt: T
    post_smolt: T

    def of(self, stage: Stage) -> T:
        """Return the value of a stage; raises AttributeError for adults, who live at sea."""
        value: T = getattr(self, stage.value)
        return value

    def in_order(self) -> tuple[T, ...]:
        """Return the values in order of the stages' ids."""
        return tuple(self.of(stage) for stage in Stage if stage is not Stage.ADULT)


def _rising(values: tuple[float, ...]) -> bool:
    return all(a < b for a, b in pairwise(values))


class GrowthParameters(Strict):
    """Growth: see `farm.domain.growth` for the formulas."""

    egg_weight: Grams
    tgc_by_geography: dict[str, PerStage[Tgc]]
    #: Potential over realised TGC: what setbacks, fasting and low appetite take away on average.
    headroom_by_geography: dict[str, PerStage[Ratio]]
    batch_cv: Share
    site_cv: Share
    container_cv: Share
    #: Where fish below ``large_from`` and others grow fastest, and where they cease to grow.
    optimum_small: Celsius
    optimum_large: Celsius
    large_from: Grams
    limit_small: Celsius
    limit_large: Celsius
    seasonal_amplitude: Share
    seasonal_peak: DayOfYear
    setback_depth: PerStage[Share]
    setback_days: PerStage[Days]
    fasting_loss: Share

    def tgc(self, geography_code: str, stage: Stage) -> float:
        """Return the TGC that fish of a stage realise on average, setbacks and fasting included."""
        return self.tgc_by_geography[geography_code].of(stage)

    def potential(self, geography_code: str, stage: Stage) -> float:
        """Return the TGC of fish of a stage that nothing holds back."""
        headroom = self.headroom_by_geography[geography_code].of(stage)
        return self.tgc(geography_code, stage) * headroom

    @model_validator(mode="after")
    def _limit_is_above_the_optimum(self) -> Self:
        small, large = self.optimum_small, self.optimum_large
        if not (small < self.limit_small < 2.0 * small and large < self.limit_large < 2.0 * large):
            raise ValueError("each limit must lie above its optimum and below twice that")
        if any(days == 0 for days in self.setback_days.in_order()):
            raise ValueError("setback_days must be positive; a depth of 0 turns a setback off")
        return self


class SizeParameters(Strict):
    """How unequal the fish of a container are: see `farm.domain.size` for the formulas."""

    #: CV of weights that fish drift to, by stage, and the time constant.
    level: PerStage[Share]
    days: PerStage[Days]
    #: CV of the eggs of a delivery.
    egg_cv: Share
    #: Of the level, between containers.
    container_log_sd: LogSd

    @model_validator(mode="after")
    def _drifts(self) -> Self:
        if min(self.days.in_order()) <= 0 or min(self.level.in_order()) <= 0:
            raise ValueError("levels and days must be positive")
        return self


class ProgressParameters(Strict):
    """What better fish, feed and management change in a year, from a first year on."""

    since: Annotated[int, unit("year"), Field(ge=1970, le=2200)]
    #: Of the growth coefficient and the feed conversion, by the year in which the eggs came.
    growth: Trend
    conversion: Trend
    #: Of the losses without a disease's name: of arrivals by the year of the eggs, else by the day.
    mortality: Trend


class FeedingParameters(Strict):
    """Feeding: see `farm.domain.feeding` for the formulas."""

    fcr_weights: WeightKnots
    fcr_values: ConversionKnots
    fcr_by_geography: dict[str, Ratio]
    fcr_batch_cv: Share
    appetite_sd: Share
    appetite_persistence: Persistence
    oxygen_full: PercentSaturation
    oxygen_none: PercentSaturation
    crowding_from: Share
    crowding_full: Share
    fasting_before_transfer: FastingDays
    fasting_before_harvest: FastingDays

    @model_validator(mode="after")
    def _ranges_are_ordered(self) -> Self:
        if not _rising(self.fcr_weights):
            raise ValueError("fcr_weights must rise")
        if self.oxygen_none >= self.oxygen_full:
            raise ValueError("oxygen_none must lie below oxygen_full")
        if self.crowding_from >= self.crowding_full:
            raise ValueError("crowding_from must lie below crowding_full")
        return self


class ShockParameters(Strict):
    """Rare events that kill for a while: onset, severity, decay."""

    per_year: PerYear
    severity: PercentPerDay
    severity_log_sd: LogSd
    persistence: Persistence


class MortalityParameters(Strict):
    """Death: see `farm.domain.mortality` for the formulas."""

    #: Mean daily losses of a whole stage, all causes: what the model gives, for planning.
    expected: PerStage[PercentPerDay]
    fresh_level: PerFreshStage[PercentPerDay]
    early_excess: PerFreshStage[Ratio]
    early_days: PerFreshStage[Days]
    frailty_log_sd: LogSd
    frailty_persistence: Persistence
    shared_log_sd: LogSd
    shared_persistence: Persistence
    fresh_spread: Share
    deformity_share: PerStage[Share]
    handling_share: PerStage[Share]
    unknown_share: PerStage[Share]
    sea_days: DayKnots
    sea_median: RateKnots
    #: Multiplies what is said below of everyday losses, shocks and arrivals at sea.
    sea_level_by_geography: dict[str, Ratio]
    predation_share: Share
    predation_peak: DayOfYear
    site_shock: ShockParameters
    pen_shock: ShockParameters
    exposure_log_sd: LogSd
    late_from: Days
    late_full: Days
    late_excess: Ratio
    arrival: PerStage[PercentPerDay]
    arrival_log_sd: PerStage[LogSd]
    arrival_persistence: Persistence
    daily_limit: PercentPerDay

    @model_validator(mode="after")
    def _shares_and_knots_are_possible(self) -> Self:
        if not _rising(self.sea_days):
            raise ValueError("sea_days must rise")
        if self.late_full <= self.late_from:
            raise ValueError("late_full must lie after late_from")
        if any(days == 0 for days in self.early_days.in_order()):
            raise ValueError("early_days must be positive; an excess of 1 turns it off")
        if min(self.sea_median) <= 0:
            raise ValueError("sea_median must be positive")
        for stage in Stage:
            named = (self.deformity_share, self.handling_share, self.unknown_share)
            if sum(share.of(stage) for share in named) > 1:
                raise ValueError(f"shares of causes for {stage} add up to more than 1")
        return self


class Biology(Strict):
    """All biological parameters of a scenario."""

    growth: GrowthParameters
    size: SizeParameters
    progress: ProgressParameters
    feeding: FeedingParameters
    mortality: MortalityParameters
    harvest: HarvestParameters
    water: WaterParameters
    events: EventParameters
    diseases: dict[str, DiseaseProfile]
    lice: LiceParameters
    treatments: Annotated[tuple[TreatmentSpec, ...], Field(min_length=1)]
    vaccines: Vaccines
    laboratory: Laboratory
    care: CareParameters

    @property
    def disease_codes(self) -> tuple[str, ...]:
        """The codes of the diseases in order of their ids, which count from 1."""
        return tuple(sorted(self.diseases))

    def expected_daily_survival(self, stage: Stage) -> float:
        """Return the share of fish of a stage that is alive a day later, on average."""
        return 1.0 - self.mortality.expected.of(stage) / 100.0

    @model_validator(mode="after")
    def _every_table_knows_the_same_geographies(self) -> Self:
        known = set(self.growth.tgc_by_geography)
        for name, table in (
            ("growth.headroom_by_geography", self.growth.headroom_by_geography),
            ("mortality.sea_level_by_geography", self.mortality.sea_level_by_geography),
            ("feeding.fcr_by_geography", self.feeding.fcr_by_geography),
            ("harvest.markets", self.harvest.markets),
            ("water.sea", self.water.sea),
            ("water.weather", self.water.weather),
            ("events.hypoxia.per_year", self.events.hypoxia.per_year),
            ("events.algal_bloom.per_year", self.events.algal_bloom.per_year),
            ("events.jellyfish.per_year", self.events.jellyfish.per_year),
            ("lice.external", self.lice.external),
            ("care.counting", self.care.counting),
            ("care.delousing.act_at", self.care.delousing.act_at),
            ("care.delousing.methods", self.care.delousing.methods),
        ):
            if set(table) != known:
                raise ValueError(f"{name} must name the geographies {sorted(known)}")
        return self

    @model_validator(mode="after")
    def _diseases_refer_to_what_there_is(self) -> Self:
        for problem in unknown_names(
            self.diseases,
            geographies=set(self.growth.tgc_by_geography),
            tests={test.code for test in self.laboratory.tests},
            treatments={treatment.code for treatment in self.treatments},
            stressors={MOVE, *SiteEventKind, *_METHODS},
        ):
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _treatments_refer_to_what_there_is(self) -> Self:
        for problem in strangers(
            self.treatments, geographies=self.growth.tgc_by_geography, diseases=self.diseases
        ):
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _those_who_watch_and_vaccinate_refer_to_what_there_is(self) -> Self:
        known = set(self.growth.tgc_by_geography)
        for problem in (
            *vaccine.unknown_names(self.vaccines, geographies=known, diseases=self.diseases),
            *laboratory.unknown_names(self.laboratory, geographies=known, diseases=self.diseases),
        ):
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _lice_are_fought_with_what_kills_them(self) -> Self:
        effective = {spec.code for spec in self.treatments if spec.lice is not None}
        delousing = self.care.delousing
        for table, given in (("methods", delousing.methods), ("programmes", delousing.programmes)):
            for geography, codes in given.items():
                for code in sorted(set(codes) - effective):
                    raise ValueError(
                        f'care.delousing.{table}.{geography}: "{code}" is no treatment against lice'
                    )
        return self
