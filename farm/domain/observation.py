"""What people and sensors see of the farm: how often they look, and how well.

None of this changes what happens to the fish. Numbers, units and sources are in
config/parameters/observation.toml; ``readings_per_day`` and ``fish_per_sample`` are what a scenario
is most likely to change, because they decide how many rows there are.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from farm.domain.calendar import YEAR
from farm.domain.quantity import Strict, unit
from farm.domain.sampling import Condition, Estimates, HealthSamples
from farm.domain.world import Parameter, Stage


class ByParameter(Strict):
    """One number, in the parameter's own unit, for each thing that a sensor measures."""

    temperature: Annotated[float, unit("°C"), Field(ge=0)]
    oxygen: Annotated[float, unit("mg/L"), Field(ge=0)]
    ph: Annotated[float, unit("pH"), Field(ge=0)]
    salinity: Annotated[float, unit("PSU"), Field(ge=0)]
    co2: Annotated[float, unit("mg/L"), Field(ge=0)]
    current: Annotated[float, unit("m/s"), Field(ge=0)]
    air_temperature: Annotated[float, unit("°C"), Field(ge=0)]
    wind_speed: Annotated[float, unit("m/s"), Field(ge=0)]
    wave_height: Annotated[float, unit("m"), Field(ge=0)]

    def by_id(self) -> list[float]:
        """Return the numbers indexed by `environmental_parameter.id`; index 0 is unused."""
        return [0.0, *(getattr(self, parameter.value) for parameter in Parameter)]


class PeakHours(Strict):
    """The hour of the day (UTC) at which each parameter is highest; twelve hours later, lowest."""

    temperature: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    oxygen: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    ph: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    salinity: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    co2: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    current: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    air_temperature: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    wind_speed: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    wave_height: Annotated[float, unit("h"), Field(ge=0, lt=24)]

    def by_id(self) -> list[float]:
        """Return the hours indexed by `environmental_parameter.id`; index 0 is unused."""
        return [0.0, *(getattr(self, parameter.value) for parameter in Parameter)]


class Outages(Strict):
    """When sensors give no readings at all: they fail, and work again when somebody noticed.

    A sensor fails at most once between two calibrations, and works at the latest from the next.
    """

    per_year: Annotated[float, unit("1/year"), Field(ge=0)]
    #: An outage lasts at least ``shortest``, and beyond that an exponentially distributed time.
    shortest: Annotated[float, unit("h"), Field(ge=0)]
    mean_beyond: Annotated[float, unit("h"), Field(ge=0)]


class MealDips(Strict):
    """How far a day's meals move the water of a container, by kg of feed per m3 and day.

    The distance between the day's mean and its extreme, a few hours into the feeding day or at its
    end; the mean of the day is the truth all the same.
    """

    oxygen_sea: Annotated[float, unit("mg/L per kg/m3/day"), Field(ge=0)]
    oxygen_land: Annotated[float, unit("mg/L per kg/m3/day"), Field(ge=0)]
    ph_land: Annotated[float, unit("pH per kg/m3/day"), Field(ge=0)]
    co2_land: Annotated[float, unit("mg/L per kg/m3/day"), Field(ge=0)]
    #: Hours in which two thirds of a meal's effect are there, and in which they are gone again.
    lag: Annotated[float, unit("h"), Field(gt=0)]
    #: Feeding hours at sea, the mean of the year; on land they are those of the lamps.
    from_hour_sea: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    to_hour_sea: Annotated[float, unit("h"), Field(gt=0, le=24)]


class Tide(Strict):
    """The principal lunar tide within the day, at sea.

    High water follows the moon's passage over the site's meridian; the currents of flood and ebb
    run twice in each tide. All is larger at spring tide and smaller at neap tide.
    """

    period: Annotated[float, unit("h"), Field(gt=0)]
    spring_neap_period: Annotated[float, unit("day"), Field(gt=0)]
    #: By how much springs exceed, and neaps stay below, the mean tide.
    spring_neap: Annotated[float, unit("1"), Field(ge=0, lt=1)]
    #: How late high water of different sites may be, each way.
    high_water_spread: Annotated[float, unit("h"), Field(ge=0, le=6.3)]
    #: Half the distance between the fastest and the slowest current of a tide, as a share of the
    #: day's mean, and how much of the same the flood is faster than the ebb.
    current: Annotated[float, unit("1"), Field(ge=0, le=0.6)]
    current_inequality: Annotated[float, unit("1"), Field(ge=0, le=0.3)]
    #: How far salinity moves with the tide, as a share of its distance from the open sea's.
    salinity: Annotated[float, unit("1"), Field(ge=0, le=1)]
    ocean_salinity: Annotated[float, unit("PSU"), Field(ge=30, le=40)]


class Sensors(Strict):
    """How well sensors measure.

    A reading is the truth of the day, plus a shape within the day whose mean is nothing, plus
    noise, plus a drift that grows evenly from nothing at each calibration; a few readings are
    outliers, and in an outage there are none.
    """

    #: Smallest step a sensor shows; one divided by it must be a whole number.
    resolution: ByParameter
    #: Standard deviation of one reading.
    noise: ByParameter
    #: Standard deviation between sensors of the drift reached just before the next calibration.
    drift: ByParameter
    #: Readings are flagged `drift` where the drift exceeds this.
    drift_flagged: ByParameter
    #: Typical distance of an outlier from the truth.
    outlier: ByParameter
    outlier_share: Annotated[float, unit("1"), Field(ge=0, le=0.5)]
    calibration_interval_days: Annotated[int, unit("day"), Field(ge=1)]
    #: Half the distance between the highest and the lowest value of a day, at the equinoxes.
    daily_swing_sea: ByParameter
    daily_swing_land: ByParameter
    peak_hour: PeakHours
    #: Density at which the fish double the daily swing of oxygen.
    oxygen_swing_doubles_at: Annotated[float, unit("kg/m3"), Field(gt=0)]
    #: By how much the daily swing at sea is larger in midsummer and smaller in midwinter.
    summer_swing: Annotated[float, unit("1"), Field(ge=0, le=1)]
    meal_dips: MealDips
    tide: Tide
    outages: Outages

    @model_validator(mode="after")
    def _steps_divide_one(self) -> Self:
        for parameter in Parameter:
            step = getattr(self.resolution, parameter.value)
            if step <= 0 or not is_decimal_step(step):
                raise ValueError(f"resolution.{parameter}: 1 / {step} is not a whole number")
        return self

    @model_validator(mode="after")
    def _one_outage_at_most(self) -> Self:
        if self.outage_chance > 1:
            raise ValueError("outages.per_year: more than one between two calibrations")
        return self

    @property
    def outage_chance(self) -> float:
        """The chance that a sensor fails between two calibrations."""
        return self.outages.per_year * self.calibration_interval_days / YEAR

    @property
    def outage_share(self) -> float:
        """The share of time that sensors are out of order, on average and nearly."""
        hours = self.outages.shortest + self.outages.mean_beyond
        return min(self.outages.per_year * hours / (YEAR * 24.0), 1.0)


class CarbonDioxide(Strict):
    """Dissolved CO2 of a container: what comes in, what the fish breathe out, what feed adds."""

    intake: Annotated[float, unit("mg/L"), Field(ge=0)]
    per_density: Annotated[float, unit("mg/L per kg/m3"), Field(ge=0)]
    per_feed: Annotated[float, unit("mg/L per kg/m3/day"), Field(ge=0)]
    #: What remains of the fish's share where water is not recirculated.
    flow_through_share: Annotated[float, unit("1"), Field(ge=0, le=1)]


class Light(Strict):
    """When fish are fed: between dawn and dusk at sea, under lamps on land. Hours are UTC."""

    lamps_on: Annotated[float, unit("h"), Field(ge=0, lt=24)]
    lamps_off: Annotated[float, unit("h"), Field(gt=0, le=24)]
    shortest_feeding_day: Annotated[float, unit("h"), Field(ge=4, le=24)]
    longest_feeding_day: Annotated[float, unit("h"), Field(ge=4, le=24)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lamps_off - self.lamps_on < 4:
            raise ValueError("lamps_off must be at least 4 h after lamps_on")
        if self.longest_feeding_day < self.shortest_feeding_day:
            raise ValueError("longest_feeding_day is below shortest_feeding_day")
        return self


class Meals(Strict):
    """How a day's feed is split into meals."""

    #: Coefficient of variation of a meal's share of the day.
    size_cv: Annotated[float, unit("1"), Field(ge=0, le=0.5)]
    #: How far a meal may move within its slot of the day, as a share of the slot, both ways.
    time_jitter: Annotated[float, unit("1"), Field(ge=0, le=0.3)]
    #: At sea: how much more fish eat at first and at last light than in the middle of a long day,
    #: and the time in which two thirds of that are gone.
    morning: Annotated[float, unit("1"), Field(ge=0, le=2)]
    evening: Annotated[float, unit("1"), Field(ge=0, le=2)]
    twilight: Annotated[float, unit("h"), Field(gt=0, le=12)]
    #: How much of a meal at the very end of the day is held back from fish without any appetite;
    #: in proportion of meals before it, and of fish with some.
    held_back: Annotated[float, unit("1"), Field(ge=0, le=0.9)]


class FedStage(Strict):
    """How fish of one stage are fed and sampled."""

    meals_per_day: Annotated[int, unit("1/day"), Field(ge=1, le=48)]
    feeding_method: Literal["hand", "automatic", "pneumatic"]
    #: Fulton's K = 100 W / L^3, W in g and L in cm: of the smallest and of the largest fish that
    #: live in this stage, evenly between them with the logarithm of weight.
    condition_small: Annotated[float, unit("g/cm3"), Field(ge=0.5, le=2.5)]
    condition_large: Annotated[float, unit("g/cm3"), Field(ge=0.5, le=2.5)]
    condition_cv: Annotated[float, unit("1"), Field(ge=0, le=0.2)]
    #: Smallest step of the scale; one divided by it must be a whole number.
    scale_step: Annotated[float, unit("g"), Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _step_divides_one(self) -> Self:
        if not is_decimal_step(self.scale_step):
            raise ValueError(f"scale_step: 1 / {self.scale_step} is not a whole number")
        return self


class FedStages(Strict):
    """The stages that are fed, each with its habits. Eggs and alevins live on their yolk."""

    fry: FedStage
    parr: FedStage
    smolt: FedStage
    post_smolt: FedStage
    adult: FedStage

    def of(self, stage: Stage) -> FedStage:
        """Return the habits of a fed stage; raises AttributeError for eggs and alevins."""
        habits: FedStage = getattr(self, stage.value)
        return habits


class Services(Strict):
    """How equipment is looked after."""

    #: A service may come early by this share of the interval; never late.
    early: Annotated[float, unit("1"), Field(ge=0, le=0.4)]
    #: The chance that something breaks between two services and is repaired.
    repair_chance: Annotated[float, unit("1"), Field(ge=0, le=1)]


class MortalityRows(Strict):
    """Mortality events per container and day, by stage: an estimate for planning, not a model."""

    egg_alevin: Annotated[float, unit("1/day"), Field(ge=0, le=6)]
    fry: Annotated[float, unit("1/day"), Field(ge=0, le=6)]
    parr: Annotated[float, unit("1/day"), Field(ge=0, le=6)]
    smolt: Annotated[float, unit("1/day"), Field(ge=0, le=6)]
    post_smolt: Annotated[float, unit("1/day"), Field(ge=0, le=6)]
    adult: Annotated[float, unit("1/day"), Field(ge=0, le=6)]

    def of(self, stage: Stage) -> float:
        """Return the figure of a stage."""
        figure: float = getattr(self, stage.value)
        return figure


class Planning(Strict):
    """What `farm plan` assumes, where only the history could tell."""

    fed_share: Annotated[float, unit("1"), Field(gt=0, le=1)]
    mortality_rows: MortalityRows
    #: Lice counts of a pen a day, and fish looked at in each.
    lice_counts: Annotated[float, unit("1/day"), Field(ge=0, le=1)]
    lice_fish: Annotated[float, unit("fish"), Field(ge=0, le=1000)]


class Observation(Strict):
    """Everything about looking at the farm."""

    readings_per_day: Annotated[int, unit("1/day"), Field(ge=1, le=1440)]
    #: The same of containers without fish.
    readings_per_day_empty: Annotated[int, unit("1/day"), Field(ge=1, le=1440)]
    fish_per_sample: Annotated[int, unit("fish"), Field(ge=2, le=10_000)]
    sample_interval_days: Annotated[int, unit("day"), Field(ge=1)]
    sensors: Sensors
    co2: CarbonDioxide
    light: Light
    meals: Meals
    services: Services
    stages: FedStages
    condition: Condition
    estimates: Estimates
    health: HealthSamples
    planning: Planning


def is_decimal_step(step: float) -> bool:
    """Return whether one divided by ``step`` is a whole number, as for 0.01, 0.05 or 1.

    Multiples of such a step are written as a division of whole numbers, so that 8.12 is the very
    float that "8.12" reads as.
    """
    return abs(round(1 / step) * step - 1) < 1e-9
