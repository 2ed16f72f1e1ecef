"""The water and the weather of one site and one station, and what goes wrong, in plain loops.

Written from the descriptions, not from the code: one number after the other, `math` for functions.
Only chances come from the same streams.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from statistics import NormalDist
from typing import Any

from farm.domain.calendar import Month
from farm.domain.event_parameters import Consequences
from farm.domain.events import SiteEventKind
from farm.domain.world import Hall, Site, Stage
from farm.simulation.streams import Decision, Streams

SITE, STATION, HALL = 1, 2, 3

SPELLS = (SiteEventKind.HYPOXIA, SiteEventKind.ALGAL_BLOOM, SiteEventKind.JELLYFISH)


class Chances:
    """Blocks of a month, drawn once and looked up by day."""

    def __init__(self, seed: int) -> None:
        self.streams = Streams(seed)
        self.blocks: dict[tuple[Any, ...], Any] = {}

    def block(self, decision: Decision, *address: int, shape: tuple[int, ...], kind: str) -> Any:
        key = (decision, address)
        if key not in self.blocks:
            stream = self.streams.at(decision, *address)
            drawn = stream.standard_normal(shape) if kind == "normal" else stream.random(shape)
            self.blocks[key] = drawn.tolist()
        return self.blocks[key]

    def of_day(
        self, decision: Decision, where: tuple[int, ...], day: date, kind: str, *more: int
    ) -> float:
        """The chance of a day from a month's block of one place."""
        month = Month.of(day)
        block = self.block(decision, *where, month.index, *more, shape=(month.days,), kind=kind)
        return float(block[day.day - 1])

    def score(self, decision: Decision, *address: int) -> float:
        (score,) = self.block(decision, *address, shape=(1,), kind="normal")
        return float(score)


@dataclass
class Series:
    """An AR(1) series of standard scores at one place."""

    decision: Decision
    where: tuple[int, ...]
    persistence: float
    value: float

    def age(self, chances: Chances, day: date) -> None:
        fresh = chances.of_day(self.decision, self.where, day, "normal")
        rest = math.sqrt(1.0 - self.persistence * self.persistence)
        self.value = self.persistence * self.value + rest * fresh


@dataclass
class Event:
    """What is written of an event, and what is needed to go on with it."""

    kind: SiteEventKind
    start: date
    end: date | None = None
    severity: float = 0.0
    fasting_days: int = 0
    deaths: float = 0.0
    force: float = 1.0


@dataclass
class Watch:
    """A threshold that is watched: days beyond it in a row, days away from it in a row."""

    run: int = 0
    away: int = 0
    known: bool = False


@dataclass
class Spell:
    since: date
    until: date
    peak: float


@dataclass
class PlainWater:
    """One site, one station, day by day: call `turn` once for each day, in order."""

    nature: Any
    geography: int
    code: str
    site: Site
    halls: tuple[Hall, ...]
    source: str
    events: list[Event] = field(default_factory=list)
    days: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        b = self.nature.biology
        self.water, self.rules = b.water, b.events
        self.sea, self.common = self.water.sea[self.code], self.water.sea_common
        self.sky, self.weather = self.water.weather_common, self.water.weather[self.code]
        self.chances = Chances(self.nature.seed)
        at_site, fresh = (SITE, self.site.id), self.water.fresh
        wanted = {
            "region": (Decision.REGIONAL_TEMPERATURE, at_site, self.sea.persistence),
            "local": (Decision.LOCAL_TEMPERATURE, at_site, self.sea.local_persistence),
            "salinity": (Decision.SALINITY, at_site, self.sea.salinity_persistence),
            "ph": (Decision.PH, at_site, self.common.ph_persistence),
            "current": (Decision.CURRENT, at_site, self.common.current_persistence),
            "saturation": (Decision.SATURATION, at_site, self.common.saturation_persistence),
            "wind": (Decision.WIND, at_site, self.sky.persistence),
            "rain": (Decision.RAIN, at_site, self.sky.persistence),
            "air": (Decision.AIR_TEMPERATURE, at_site, self.sky.air_persistence),
        }
        for hall in self.halls:
            for name, decision, persistence in (
                ("warmth", Decision.HALL_TEMPERATURE, fresh.temperature_persistence),
                ("ph", Decision.HALL_PH, fresh.ph_persistence),
                ("oxygen", Decision.HALL_SATURATION, fresh.saturation_persistence),
            ):
                wanted[f"{name} {hall.id}"] = (decision, (HALL, hall.id), persistence)
        self.series = {
            name: Series(decision, where, persistence, self.chances.score(decision, *where, 0))
            for name, (decision, where, persistence) in wanted.items()
        }
        self.swell: float = self.sky.wave.of(self.site.exposure)
        self.runoff = 1.0
        self.spells: dict[SiteEventKind, Spell] = {}
        self.watches = {kind: Watch() for kind in SiteEventKind if kind not in SPELLS}
        self.latest: dict[SiteEventKind, Event] = {}
        self.intensity: dict[SiteEventKind, float] = {}
        self.harm = dict.fromkeys(SiteEventKind, 0.0)

    def now(self, name: str) -> float:
        return self.series[name].value

    # A day --------------------------------------------------------------------------------------

    def turn(self, day: date) -> None:
        """Make the weather, the sea, the halls and the events of a day."""
        for series in self.series.values():
            series.age(self.chances, day)
        doy = day.timetuple().tm_yday
        exposure = self.site.exposure
        cv = self.sky.wind_cv
        centre = (1 - cv**2 / 2) ** 0.25
        gust = max(centre + math.sqrt(1 - centre**2) * self.now("wind"), 0.0) ** 2
        open_wind = cycle(self.weather.wind, doy) * gust
        wind = self.sky.wind_share.of(exposure) * open_wind
        raised = self.sky.wave.of(exposure) * (open_wind / 10) ** self.sky.wave_exponent
        kept = self.sky.swell_persistence
        self.swell = max(raised, kept * self.swell + (1 - kept) * raised)
        r = self.sky.rain_with_wind
        wet = max(r * self.now("wind") + math.sqrt(1 - r * r) * self.now("rain"), 0.0)
        wetness = 1 + self.sky.rain_amplitude * wave(doy, self.sky.rain_peak)
        kept = self.sky.runoff_persistence
        self.runoff = kept * self.runoff + (1 - kept) * 2 * wet * wet * wetness
        normal, temperature = self._temperature(day, doy)
        self._begin_spells(day, doy, wind)
        swing, sour = self._trouble(day)
        salinity = min(
            self.sea.salinity + self.sea.salinity_sd * self.now("salinity"), self.sea.salinity_max
        ) - self.sea.freshening.of(exposure) * (1 - math.exp(-self.runoff / self.sky.runoff_scale))
        tide = 1 + self.common.spring_neap * math.cos(
            2 * math.pi * (day - date(2000, 1, 8)).days / 14.765
        )
        sd = self.common.current_log_sd
        unrest = math.exp(sd * self.now("current") - sd * sd / 2)
        saturation = (
            self.common.saturation + self.common.saturation_sd * self.now("saturation") + swing
        )
        saturation = min(max(saturation, 0.0), self.common.saturation_max)
        north = self.sea.latitude_slope * (self.site.latitude - self.sea.latitude)
        self.today = {
            "temperature_c": temperature,
            "salinity_psu": salinity,
            "oxygen_mg_l": saturation / 100 * solubility(temperature, salinity),
            "ph": self.common.ph + self.common.ph_sd * self.now("ph") + sour,
            "current_m_s": self.common.current.of(exposure) * tide * unrest
            + self.common.wind_drift * wind,
            "wind_m_s": wind,
            "wave_height_m": self.swell,
            "air_temperature_c": cycle(self.weather.air, doy)
            + north
            + self.weather.air_sd * self.now("air"),
        }
        self.days.append(self.today)
        self._watch(day, wind, temperature - normal)
        self._harm()

    def _temperature(self, day: date, doy: int) -> tuple[float, float]:
        """What is normal at the site, and what it is."""
        sea, common = self.sea, self.common
        mean = sum(sea.temperature) / 12
        normal = mean + common.amplitude.of(self.site.exposure) * (
            cycle(sea.temperature, doy) - mean
        )
        normal += sea.latitude_slope * (self.site.latitude - sea.latitude)
        normal += sea.offset_sd * self.chances.score(Decision.SITE_OFFSET, SITE, self.site.id, 0)
        share = (doy - 183) / 365.25
        neighbour = day.year + 1 if share >= 0 else day.year - 1
        year = (1 - abs(share)) * self._year(day.year) + abs(share) * self._year(neighbour)
        decades = (day.year - common.reference_year + doy / 365.25 - 0.5) / 10
        return normal, (
            normal
            + sea.trend * decades
            + sea.year_sd * year
            + sea.regional_sd * self.now("region")
            + sea.local_sd * self.now("local")
        )

    def _year(self, year: int) -> float:
        return self.chances.score(Decision.YEAR_TEMPERATURE, self.geography, year)

    def hall(self, day: date, stage: Stage) -> dict[str, float]:
        """The water that runs into the hall of a stage."""
        fresh = self.water.fresh
        (hall,) = (h for h in self.halls if h.lifecycle_stage_id == stage.id)
        ras = self.source == "ras"
        amplitude = fresh.ras_amplitude if ras else fresh.flow_through_amplitude
        setpoint: float = getattr(fresh.temperature, stage.value)
        temperature = (
            setpoint
            + amplitude * wave(day.timetuple().tm_yday, fresh.warmest_day)
            + (fresh.ras_sd if ras else fresh.flow_through_sd) * self.now(f"warmth {hall.id}")
        )
        saturation = fresh.saturation + fresh.saturation_sd * self.now(f"oxygen {hall.id}")
        return {
            "temperature_c": temperature,
            "oxygen_mg_l": saturation / 100 * solubility(temperature, 0.0),
            "ph": (fresh.ras_ph if ras else fresh.flow_through_ph)
            + fresh.ph_sd * self.now(f"ph {hall.id}"),
        }

    # Events -------------------------------------------------------------------------------------

    def _begin_spells(self, day: date, doy: int, wind: float) -> None:
        area, place = (self.site.area_id,), (SITE, self.site.id)
        for number, kind in enumerate(SPELLS):
            rule = self.rules.spell(kind)
            spell = self.spells.get(kind)
            if spell is not None and spell.until == day:
                self.latest[kind].end = day
            draw = self.chances.of_day
            onset = draw(Decision.SPELL_ONSET, area, day, "uniform", number)
            caught = draw(Decision.SPELL_CATCH, place, day, "uniform", number)
            k = rule.sharpness
            season = math.exp(k * wave(doy, rule.peak)) / bessel_i0(k)
            warm = math.exp(rule.warmth * self.now("region") - rule.warmth**2 / 2)
            if (
                onset < rule.per_year[self.code] / 365.25 * season
                and caught < rule.catch.of(self.site.exposure) * warm
                and wind < rule.wind_below
                and (spell is None or day >= spell.until)
            ):
                size = math.sqrt(0.5) * (
                    draw(Decision.SPELL_SEVERITY, area, day, "normal", number)
                    + draw(Decision.SPELL_SEVERITY, place, day, "normal", number)
                )
                length = draw(Decision.SPELL_DURATION, area, day, "normal", number)
                days = round(rule.days * math.exp(rule.days_log_sd * length))
                days = min(max(days, rule.least_days), rule.most_days)
                peak = min(rule.severity * math.exp(rule.severity_log_sd * size), 1.0)
                self.spells[kind] = Spell(day, day + timedelta(days=days), peak)
                self._open(day, kind, day)

    def _trouble(self, day: date) -> tuple[float, float]:
        """How spells change the saturation and the pH; sets their intensities."""
        swing = sour = 0.0
        for kind in SPELLS:
            rule, spell = self.rules.spell(kind), self.spells.get(kind)
            self.intensity[kind] = 0.0
            if spell is None or day >= spell.until:
                continue
            done = ((day - spell.since).days + 0.5) / (spell.until - spell.since).days
            rising, falling = done / rule.rise, (1 - done) / (1 - rule.rise)
            self.intensity[kind] = strength = spell.peak * min(rising, falling)
            swing += strength * (
                rule.saturation_rising if rising < falling else rule.saturation_falling
            )
            sour += strength * rule.ph
        return swing, sour

    def _watch(self, day: date, wind: float, anomaly: float) -> None:
        sea = self.sea
        sd = math.sqrt(2 / 3 * sea.year_sd**2 + sea.regional_sd**2 + sea.local_sd**2)
        hot, cold = (
            sd * NormalDist().inv_cdf(rule.percentile / 100)
            for rule in (self.rules.heat_wave, self.rules.cold_spell)
        )
        beyond = {
            SiteEventKind.STORM: wind / self.rules.storm.wind.of(self.site.exposure),
            SiteEventKind.HEAT_WAVE: anomaly / hot,
            SiteEventKind.COLD_SPELL: -anomaly / cold,
        }
        for kind, excess in beyond.items():
            watch, rule = self.watches[kind], self.rules.crossing(kind)
            there = excess > 1
            watch.run, watch.away = (watch.run + 1, 0) if there else (0, watch.away + 1)
            if not watch.known and watch.run >= rule.least_days:
                watch.known = True
                self._open(day, kind, day - timedelta(days=watch.run - 1))
            elif watch.known and watch.away > rule.gap_days:
                watch.known = False
                self.latest[kind].end = day - timedelta(days=watch.away - 1)
            strength = min(excess / rule.full, 1.0)
            self.intensity[kind] = strength if watch.known and there else 0.0

    def _open(self, day: date, kind: SiteEventKind, start: date) -> None:
        number = list(SiteEventKind).index(kind)
        spread = self.what(kind).loss_log_sd
        chance = self.chances.of_day(
            Decision.EVENT_FORCE, (SITE, self.site.id), day, "normal", number
        )
        force = math.exp(spread * chance - spread * spread / 2)
        self.latest[kind] = Event(kind, start, force=force)
        self.events.append(self.latest[kind])

    def _harm(self) -> None:
        for kind, event in self.latest.items():
            rule, strength = self.what(kind), self.intensity[kind]
            event.severity = max(event.severity, strength)
            struck = rule.loss / 100 * strength**rule.loss_exponent * event.force
            harm = rule.fading * self.harm[kind] + struck
            self.harm[kind] = harm if harm >= 1e-8 else 0.0

    def what(self, kind: SiteEventKind) -> Consequences:
        rule: Consequences = self.rules.consequences.of(kind)
        return rule

    # What it does to fish -----------------------------------------------------------------------

    def appetite(self) -> float:
        """The share of their appetite that events leave to fish at sea."""
        left = 1.0
        for kind, strength in self.intensity.items():
            left *= 1 - self.what(kind).appetite * strength
        return left

    def hungry(self) -> list[SiteEventKind]:
        """The events that keep the fish at sea from being fed."""
        return [k for k, s in self.intensity.items() if s > self.what(k).fasting_above]

    def hazards(
        self, saturation: float, temperature: float, exposure: float
    ) -> dict[SiteEventKind | None, float]:
        """Hazards of the environment at sea by the event that is to blame, if there is one."""
        hazards: dict[SiteEventKind | None, float] = {
            kind: harm * exposure for kind, harm in self.harm.items()
        }
        for kind, hazard in self.stress(saturation, temperature).items():
            lasts = kind in self.latest and self.latest[kind].end is None
            culprit = kind if lasts else None
            hazards[culprit] = hazards.get(culprit, 0.0) + hazard
        return hazards

    def stress(self, saturation: float, temperature: float) -> dict[SiteEventKind, float]:
        """Hazards of low oxygen and of heat."""
        rule = self.rules.stress
        limit = rule.limit_at_0 + rule.limit_per_degree * temperature
        lacking = max(limit - (saturation - rule.daily_dip), 0.0)
        heat = max(temperature - rule.heat_from, 0.0)
        return {
            SiteEventKind.HYPOXIA: rule.oxygen_loss / 100 * (lacking / 10) ** 2,
            SiteEventKind.HEAT_WAVE: rule.heat_loss / 100 * heat * heat,
        }

    def demand(self, weight: float, temperature: float, ration: float) -> float:
        """The oxygen in mg that a kilogram of fish takes in an hour."""
        breath = self.water.respiration
        fed = breath.fasting + (1 - breath.fasting) * min(ration / breath.full_ration, 1.0)
        size: float = (max(weight, 0.1) / 1000) ** breath.weight_exponent
        return float(breath.rate * size * breath.q10 ** ((temperature - 10) / 10) * fed)

    def residence(self, stage: Stage) -> float:
        """Hours that the oxygen of the fish's water must last."""
        if stage is not Stage.ADULT:
            fresh = self.water.fresh
            return float(fresh.residence * (1 - fresh.oxygenation))
        common = self.common
        current = max(self.today["current_m_s"], common.current_least)
        return float(common.residence * common.current_reference / current)


def wave(doy: float, peak: float) -> float:
    return math.cos(2 * math.pi * (doy - peak) / 365.25)


@cache
def cycle(monthly: tuple[float, ...], doy: int) -> float:
    """A smooth year through twelve means: three harmonics."""
    angle = 2 * math.pi * (doy - 0.5) / 365.25
    total = sum(monthly) / 12
    for k in (1, 2, 3):
        for m, value in enumerate(monthly):
            total += value / 6 * math.cos(k * (angle - 2 * math.pi * (m + 0.5) / 12))
    return total


@cache
def bessel_i0(x: float) -> float:
    """The mean of exp(x cos) over a turn: the power series of the modified Bessel function."""
    return sum((x / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(40))


def solubility(temperature: float, salt: float) -> float:
    """Garcia & Gordon 1992, cm3/dm3 coefficients of table 1."""
    s = math.log((298.15 - temperature) / (273.15 + temperature))
    a = [2.00907, 3.22014, 4.05010, 4.94457, -0.256847, 3.88767]
    b = [-6.24523e-3, -7.37614e-3, -1.03410e-2, -8.17083e-3]
    total = sum(c * s**i for i, c in enumerate(a))
    total += salt * sum(c * s**i for i, c in enumerate(b)) - 4.88682e-7 * salt * salt
    return math.exp(total) * 1.42903
