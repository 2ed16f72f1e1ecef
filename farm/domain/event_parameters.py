"""The shape of ``config/parameters/events.toml``: how often, how long, how bad, what it does."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from farm.domain.events import SiteEventKind
from farm.domain.measures import DayOfYear, Persistence, Share, WholeDays
from farm.domain.quantity import Strict, unit
from farm.domain.water_parameters import LogSd, PercentSaturation, PerExposure, Ratio, Speed

PerYear = Annotated[float, unit("1/year"), Field(ge=0, le=50)]
Days = Annotated[float, unit("day"), Field(ge=1, le=365)]
Sharpness = Annotated[float, unit("1"), Field(ge=0, le=20)]
SaturationChange = Annotated[float, unit("% saturation"), Field(ge=-100, le=100)]
PhChange = Annotated[float, unit("pH"), Field(ge=-1, le=1)]
Loss = Annotated[float, unit("%/day"), Field(ge=0, le=20)]
Celsius = Annotated[float, unit("°C"), Field(ge=0, le=30)]
SaturationPerDegree = Annotated[float, unit("% saturation/°C"), Field(ge=0, le=10)]


class Crossing(Strict):
    """Lasts while something stays beyond its threshold.

    ``least_days`` in a row make an event; up to ``gap_days`` within do not end it. Its intensity
    is how far beyond it is, as a multiple of the threshold, over ``full``.
    """

    least_days: Annotated[int, unit("day"), Field(ge=1, le=30)]
    gap_days: WholeDays
    full: Annotated[float, unit("1"), Field(gt=1, le=20)]


class Storm(Crossing):
    """Daily mean wind at the site above a threshold."""

    wind: PerExposure[Speed]


class TemperatureExtreme(Crossing):
    """Temperature beyond a percentile of the site's own climatology, above or below."""

    percentile: Annotated[float, unit("%"), Field(ge=51, le=99.9)]


class Spell(Strict):
    """Begins by chance in an area, catches some of its sites, rises, peaks and declines."""

    #: Onsets per area and year, by geography.
    per_year: dict[str, PerYear]
    peak: DayOfYear
    #: How sharply onsets gather around `peak`: 0 all year round, 2 half a year, 6 a quarter.
    sharpness: Sharpness
    #: Share of the area's sites that an onset catches.
    catch: PerExposure[Share]
    #: How much likelier a site is caught for each standard deviation of warmth, in logarithm.
    warmth: LogSd
    #: Only sites with less wind are caught on the day of the onset.
    wind_below: Speed
    days: Days
    days_log_sd: LogSd
    least_days: WholeDays
    most_days: WholeDays
    severity: Share
    severity_log_sd: LogSd
    #: Share of its time before its peak.
    rise: Annotated[float, unit("1"), Field(gt=0, lt=1)]
    #: What it does to the water at full intensity, before and after its peak.
    saturation_rising: SaturationChange
    saturation_falling: SaturationChange
    ph: PhChange


class Consequences(Strict):
    """What an event does to fish at full intensity."""

    #: Share of the appetite that it takes.
    appetite: Share
    #: Mean losses added to each day's, and how they grow with intensity and differ by event.
    loss: Loss
    loss_exponent: Ratio
    loss_log_sd: LogSd
    #: Share of a day's losses that goes on the day after: wounds and gills take time to heal.
    fading: Persistence
    #: Fish are not fed above this intensity; 1 means that they always are.
    fasting_above: Share


class ConsequencesByKind(Strict):
    """Consequences of every kind."""

    storm: Consequences
    heat_wave: Consequences
    cold_spell: Consequences
    hypoxia: Consequences
    algal_bloom: Consequences
    jellyfish: Consequences

    def of(self, kind: SiteEventKind) -> Consequences:
        """Return the consequences of a kind."""
        value: Consequences = getattr(self, kind.value)
        return value


class Stress(Strict):
    """Low oxygen and heat: see `farm.domain.stress` for the formulas."""

    #: Limiting saturation at 0 °C by the straight line through the measurements, and its slope.
    limit_at_0: PercentSaturation
    limit_per_degree: SaturationPerDegree
    #: How far the lowest hour of a day lies below its mean.
    daily_dip: PercentSaturation
    #: Losses at a deficit of 10 % saturation; they grow with its square.
    oxygen_loss: Loss
    heat_from: Celsius
    #: Losses at one degree above; they grow with the square.
    heat_loss: Loss


class EventParameters(Strict):
    """Site events and what they do."""

    storm: Storm
    heat_wave: TemperatureExtreme
    cold_spell: TemperatureExtreme
    hypoxia: Spell
    algal_bloom: Spell
    jellyfish: Spell
    consequences: ConsequencesByKind
    #: How unequally the pens of a site are hit.
    exposure_log_sd: LogSd
    #: Losses are those of fish of this mean weight; they go with weight to the power ``heavier``.
    weight: Annotated[float, unit("g"), Field(gt=0)]
    heavier: Annotated[float, unit("1"), Field(ge=0, le=2)]
    stress: Stress

    def crossing(self, kind: SiteEventKind) -> Crossing:
        """Return the parameters of a storm, heat wave or cold spell."""
        value: Crossing = getattr(self, kind.value)
        return value

    def spell(self, kind: SiteEventKind) -> Spell:
        """Return the parameters of hypoxia, a bloom or jellyfish."""
        value: Spell = getattr(self, kind.value)
        return value
