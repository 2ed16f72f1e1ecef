"""The life of one batch with one container in each stage, in plain loops and plain numbers.

Written from the descriptions of the processes, not from their code: no array arithmetic, one
formula after the other, `math` for functions. Only chances come from the same streams. The fast
simulation must agree with it day by day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from farm.domain.calendar import Month, Period
from farm.domain.plan import Booking, Plan
from farm.domain.world import Cause, Stage
from farm.simulation.streams import Decision, Streams
from tests.reference.small_farm import Nature

SITE, STATION = 1, 2


@dataclass
class Fish:
    """The batch, wherever it is."""

    booking: Booking
    count: int
    weight: float
    arrived: date
    vigour: float
    thrift: float
    exposure: float
    severity: float
    leaves: date | None


@dataclass
class Score:
    """An AR(1) series of standard scores."""

    decision: Decision
    address: tuple[int, ...]
    persistence: float
    column: int = 0
    columns: int | None = None
    value: float = field(default=math.nan)


class PlainLife:
    """Lives one batch of a plan that has nothing else in its geography."""

    def __init__(self, nature: Nature, plan: Plan) -> None:
        (self.batch,) = plan.batches
        self.b = nature.biology
        self.streams = Streams(nature.seed)
        self.geography = self.batch.geography_id
        self.code = plan.world.geography[self.geography - 1].code
        self.source = plan.world.station[self.geography - 1].water_source
        (self.site,) = plan.world.site
        self.containers = sorted(plan.world.container, key=lambda c: c.id)
        self.sea = self.b.water.sea[self.code]
        self.site_intensity = 0.0
        self.pen_intensity = [0.0] * len(self.containers)
        self.cache: dict[tuple[Any, ...], Any] = {}
        self.scores = self._scores()

    # Chances ------------------------------------------------------------------------------------

    def block(self, decision: Decision, *address: int, shape: tuple[int, ...], kind: str) -> Any:
        key = (decision, address)
        if key not in self.cache:
            stream = self.streams.at(decision, *address)
            drawn = stream.standard_normal(shape) if kind == "normal" else stream.random(shape)
            self.cache[key] = drawn.tolist()
        return self.cache[key]

    def place_of(self, index: int) -> tuple[int, int, int, int]:
        """Kind and id of a container's place, its column there, and how many columns there are."""
        if self.containers[index].site_id is not None:
            return SITE, self.site.id, 0, 1
        return STATION, self.geography, index, 5

    def chance(
        self, decision: Decision, day: date, index: int, kind: str, word: int, layer: int = 0
    ) -> float:
        """What a container gets on a day of a decision taken for each container."""
        month = Month.of(day)
        place, place_id, column, columns = self.place_of(index)
        layers = len(Cause) if decision is Decision.DEATHS else 1
        shape = (layers, month.days, columns)
        block = self.block(decision, place, place_id, month.index, word, shape=shape, kind=kind)
        return float(block[layer][day.day - 1][column])

    def score(self, decision: Decision, *address: int) -> float:
        return float(self.streams.at(decision, *address).standard_normal())

    def _scores(self) -> dict[str, Score]:
        water, sea = self.b.water, self.sea
        fresh, common, losses = water.fresh, water.sea_common, self.b.mortality
        site, station = (SITE, self.site.id), (STATION, self.geography)
        scores = {
            "geography": Score(
                Decision.GEOGRAPHY_TEMPERATURE, (self.geography,), sea.persistence, 0, 1
            ),
            "area": Score(Decision.AREA_TEMPERATURE, (self.geography,), sea.persistence),
            "site": Score(Decision.SITE_TEMPERATURE, site, sea.site_persistence),
            "salinity": Score(Decision.SALINITY, site, sea.salinity_persistence),
            "current": Score(Decision.CURRENT, site, common.current_persistence),
            "saturation": Score(Decision.SATURATION, site, common.current_persistence),
            "ph sea": Score(Decision.PH, site, common.ph_persistence),
            "ph fresh": Score(Decision.PH, station, fresh.ph_persistence),
            "shared sea": Score(Decision.SHARED_FRAILTY, site, losses.shared_persistence),
            "shared fresh": Score(Decision.SHARED_FRAILTY, station, losses.shared_persistence),
        }
        for index in range(len(self.containers)):
            place, place_id, column, columns = self.place_of(index)
            for name, decision, persistence in (
                ("hall", Decision.HALL_TEMPERATURE, fresh.temperature_persistence),
                ("mood", Decision.APPETITE, self.b.feeding.appetite_persistence),
                ("frailty", Decision.FRAILTY, losses.frailty_persistence),
            ):
                scores[f"{name} {index}"] = Score(
                    decision, (place, place_id), persistence, column, columns
                )
        for name, score in scores.items():
            stream = self.streams.at(score.decision, *score.address, 0)
            by_container = name[-1].isdigit()
            count = score.columns if by_container and score.columns else 1
            score.value = stream.standard_normal(count).tolist()[score.column]
        return scores

    def age_scores(self, day: date) -> None:
        month = Month.of(day)
        for score in self.scores.values():
            shape = (month.days,) if score.columns is None else (month.days, score.columns)
            address = (*score.address, month.index)
            fresh = self.block(score.decision, *address, shape=shape, kind="normal")[day.day - 1]
            if score.columns is not None:
                fresh = fresh[score.column]
            rest = math.sqrt(1.0 - score.persistence * score.persistence)
            score.value = score.persistence * score.value + rest * fresh

    def now(self, name: str) -> float:
        return self.scores[name].value

    # Water --------------------------------------------------------------------------------------

    def temperature(self, day: date, index: int) -> float:
        doy = day.timetuple().tm_yday
        fresh = self.b.water.fresh
        stage = self.stage_of(index)
        if stage is not Stage.ADULT:
            ras = self.source == "ras"
            amplitude = fresh.ras_amplitude if ras else fresh.flow_through_amplitude
            season = amplitude * math.cos(2 * math.pi * (doy - fresh.warmest_day) / 365.25)
            setpoint: float = getattr(fresh.temperature, stage.value)
            return setpoint + season + fresh.temperature_sd * self.now(f"hall {index}")
        monthly = self.sea.temperature
        angle = 2 * math.pi * (doy - 0.5) / 365.25
        cycle = sum(monthly) / 12
        for k in (1, 2, 3):
            for m, value in enumerate(monthly):
                cycle += value / 6 * math.cos(k * (angle - 2 * math.pi * (m + 0.5) / 12))
        share = (doy - 183) / 365.25
        neighbour = day.year + 1 if share >= 0 else day.year - 1
        year = (1 - abs(share)) * self.score(
            Decision.YEAR_TEMPERATURE, self.geography, day.year
        ) + abs(share) * self.score(Decision.YEAR_TEMPERATURE, self.geography, neighbour)
        return (
            cycle
            + self.sea.year_sd * year
            + self.sea.geography_sd * self.now("geography")
            + self.sea.area_sd * self.now("area")
            + self.sea.site_sd * self.now("site")
            + self.sea.offset_sd * self.score(Decision.SITE_OFFSET, SITE, self.site.id, 0)
        )

    def salinity(self, index: int) -> float:
        if self.stage_of(index) is not Stage.ADULT:
            return math.nan
        salt = self.sea.salinity + self.sea.salinity_sd * self.now("salinity")
        return min(salt, self.sea.salinity_max)

    @staticmethod
    def solubility(temperature: float, salt: float) -> float:
        """Garcia & Gordon 1992, cm3/dm3 coefficients of table 1."""
        s = math.log((298.15 - temperature) / (273.15 + temperature))
        a = [2.00907, 3.22014, 4.05010, 4.94457, -0.256847, 3.88767]
        b = [-6.24523e-3, -7.37614e-3, -1.03410e-2, -8.17083e-3]
        total = sum(c * s**i for i, c in enumerate(a))
        total += salt * sum(c * s**i for i, c in enumerate(b)) - 4.88682e-7 * salt * salt
        return math.exp(total) * 1.42903

    def oxygen(self, index: int, temperature: float, fish: Fish | None) -> tuple[float, float]:
        """Oxygen in mg/L and in per cent of saturation."""
        water = self.b.water
        at_sea = self.stage_of(index) is Stage.ADULT
        full = self.solubility(temperature, self.salinity(index) if at_sea else 0.0)
        taken = 0.0
        if fish is not None:
            density = self.density(index, fish)
            breath = water.respiration
            taken = (
                breath.rate
                * (max(fish.weight, 0.1) / 1000) ** breath.weight_exponent
                * breath.q10 ** ((temperature - 10) / 10)
                * density
                / 1000
            )
        if at_sea:
            common = water.sea_common
            taken *= common.residence * math.exp(-common.current_log_sd * self.now("current"))
            inflow = common.saturation + common.saturation_sd * self.now("saturation")
        else:
            taken *= water.fresh.residence * (1 - water.fresh.oxygenation)
            inflow = water.fresh.saturation
        oxygen = max(inflow / 100 * full - taken, water.aeration / 100 * full)
        return oxygen, 100 * oxygen / full

    def ph(self, index: int, fish: Fish | None) -> float:
        water = self.b.water
        drop = 0.0 if fish is None else water.respiration.ph_drop * self.density(index, fish)
        if self.stage_of(index) is Stage.ADULT:
            return water.sea_common.ph + water.sea_common.ph_sd * self.now("ph sea") - 0.1 * drop
        clean = water.fresh.ras_ph if self.source == "ras" else water.fresh.flow_through_ph
        return clean + water.fresh.ph_sd * self.now("ph fresh") - drop

    # Fish ---------------------------------------------------------------------------------------

    def stage_of(self, index: int) -> Stage:
        return list(Stage)[index]

    def density(self, index: int, fish: Fish) -> float:
        return fish.count * fish.weight / 1000 / self.containers[index].volume_m3

    def conversion(self, weight: float) -> float:
        feeding = self.b.feeding
        x, knots, values = math.log(max(weight, 1e-3)), feeding.fcr_weights, feeding.fcr_values
        return (
            between(x, [math.log(k) for k in knots], values) * feeding.fcr_by_geography[self.code]
        )

    def appetite(self, day: date, index: int, fish: Fish, saturation: float) -> float:
        growth, feeding, stage = self.b.growth, self.b.feeding, self.stage_of(index)
        since = (day - fish.arrived).days
        left = min(max(1 - since / growth.setback_days.of(stage), 0), 1)
        setback = 1 - growth.setback_depth.of(stage) * left
        mood = math.exp(
            feeding.appetite_sd * self.now(f"mood {index}") - feeding.appetite_sd**2 / 2
        )
        breath = (saturation - feeding.oxygen_none) / (feeding.oxygen_full - feeding.oxygen_none)
        fullness = self.density(index, fish) / self.containers[index].max_density_kg_m3
        held = (feeding.crowding_full - fullness) / (feeding.crowding_full - feeding.crowding_from)
        return setback * mood * min(max(breath, 0), 1) * min(max(held, 0), 1)

    def tgc(self, day: date, index: int, fish: Fish, temperature: float) -> float:
        growth, stage = self.b.growth, self.stage_of(index)
        best = growth.optimum_small if fish.weight < growth.large_from else growth.optimum_large
        excess = max(temperature - best, 0) / (growth.upper_limit - best)
        season = 1.0
        if stage is Stage.ADULT:
            doy = day.timetuple().tm_yday
            turn = 2 * math.pi * (doy - growth.seasonal_peak) / 365.25
            season = 1 + growth.seasonal_amplitude * math.cos(turn)
        return (
            growth.tgc(self.code, stage)
            * growth.headroom.of(stage)
            * fish.vigour
            * max(1 - excess * excess, 0)
            * season
        )

    def hazards(self, day: date, index: int, fish: Fish) -> dict[Cause, float]:
        losses, stage = self.b.mortality, self.stage_of(index)
        since = (day - fish.arrived).days
        hazards = dict.fromkeys(Cause, 0.0)
        spread = losses.frailty_log_sd * self.now(f"frailty {index}")
        named = {
            Cause.DEFORMITY: losses.deformity_share.of(stage),
            Cause.HANDLING: losses.handling_share.of(stage),
            Cause.UNKNOWN: losses.unknown_share.of(stage),
        }
        rest = 1 - sum(named.values())
        if stage is Stage.ADULT:
            spread += losses.shared_log_sd * self.now("shared sea")
            weekly = math.exp(
                between(since, losses.sea_days, [math.log(r) for r in losses.sea_median])
            )
            everyday = weekly / 700 * math.exp(spread)
            turn = 2 * math.pi * (day.timetuple().tm_yday - losses.predation_peak) / 365.25
            named[Cause.PREDATION] = min(losses.predation_share * (1 + math.cos(turn)), rest)
            late = min(
                max((since - losses.late_from) / (losses.late_full - losses.late_from), 0), 1
            )
            hit = 1 + (losses.late_excess - 1) * late
            hazards[Cause.ENVIRONMENT] += self.site_intensity * fish.exposure * hit
            hazards[Cause.BACKGROUND] += self.pen_intensity[index] * hit
        else:
            spread += losses.shared_log_sd * self.now("shared fresh")
            variance = losses.frailty_log_sd**2 + losses.shared_log_sd**2
            early = min(max(1 - since / losses.early_days.of(stage), 0), 1)
            level = losses.fresh_level.of(stage) / 100
            level *= 1 + (losses.early_excess.of(stage) - 1) * early
            everyday = level * math.exp(
                losses.fresh_spread * spread - losses.fresh_spread**2 * variance / 2
            )
        for cause, share in named.items():
            hazards[cause] += everyday * share
        hazards[Cause.BACKGROUND] += everyday * (1 - sum(named.values()))
        hazards[Cause.HANDLING] += fish.severity
        return hazards

    def shake(self, day: date) -> None:
        """Let yesterday's shocks fade and today's begin, at the site and in every container."""
        month = Month.of(day)
        address = (SITE, self.site.id, month.index)
        shock = self.b.mortality.site_shock
        onset, size = (
            self.block(Decision.SHARED_SHOCK, *address, word, shape=(month.days,), kind=kind)[
                day.day - 1
            ]
            for word, kind in ((0, "uniform"), (1, "normal"))
        )
        self.site_intensity = shaken(self.site_intensity, shock, onset, size)
        shock = self.b.mortality.pen_shock
        for index in range(len(self.containers)):
            onset = self.chance(Decision.CONTAINER_SHOCK, day, index, "uniform", 0)
            size = self.chance(Decision.CONTAINER_SHOCK, day, index, "normal", 1)
            self.pen_intensity[index] = shaken(self.pen_intensity[index], shock, onset, size)

    def arrive(self, day: date, booking: Booking, count: int, weight: float) -> Fish:
        growth, losses, feeding = self.b.growth, self.b.mortality, self.b.feeding
        batch, stage = self.batch, booking.stage
        of_move = self.score(Decision.BATCH_ARRIVAL, batch.id, stage.id)
        of_container = self.score(Decision.CONTAINER_ARRIVAL, booking.id)
        severity = (
            losses.arrival.of(stage)
            / 100
            * math.exp(losses.arrival_log_sd.of(stage) * math.sqrt(0.5) * (of_move + of_container))
        )
        self.pen_intensity[stage.id - 1] = 0.0
        spread = losses.exposure_log_sd
        return Fish(
            booking=booking,
            count=count,
            weight=weight,
            arrived=day,
            vigour=math.exp(
                growth.batch_cv * self.score(Decision.BATCH_GROWTH, batch.id)
                + growth.container_cv * self.score(Decision.CONTAINER_GROWTH, booking.id)
            ),
            thrift=math.exp(feeding.fcr_batch_cv * self.score(Decision.BATCH_CONVERSION, batch.id)),
            exposure=math.exp(spread * self.score(Decision.EXPOSURE, booking.id) - spread**2 / 2),
            severity=min(severity, losses.daily_limit / 100),
            leaves=None if stage is Stage.ADULT else booking.end,
        )

    def die(self, day: date, index: int, fish: Fish, hazards: dict[Cause, float]) -> list[int]:
        limit = self.b.mortality.daily_limit / 100
        scale = min(limit / sum(hazards.values()), 1) if sum(hazards.values()) else 1.0
        left, deaths = fish.count, []
        for cause in Cause:
            mean = fish.count * hazards[cause] * scale
            u = self.chance(Decision.DEATHS, day, index, "uniform", 0, cause.id - 1)
            z = self.chance(Decision.DEATHS, day, index, "normal", 1, cause.id - 1)
            died = min(poisson(mean, u, z), left)
            left -= died
            deaths.append(died)
        fish.count = left
        return deaths

    def live(self, period: Period) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Return a row for each day on which there were fish, and the harvest if there was one."""
        bookings = {b.start: b for b in self.batch.bookings}
        fish: Fish | None = None
        rows: list[dict[str, Any]] = []
        day = period.first_day
        while day <= period.last_day:
            self.age_scores(day)
            self.shake(day)
            if fish is not None:
                fish.severity *= self.b.mortality.arrival_persistence
            old = fish
            waters = self.waters(day, old)
            if fish is not None and fish.leaves == day and fish.booking.stage is Stage.ADULT:
                return rows, {"date": day, "count": fish.count, "weight": round(fish.weight, 4)}
            if day in bookings:
                count = self.batch.eggs if fish is None else fish.count
                weight = self.b.growth.egg_weight if fish is None else fish.weight
                fish = self.arrive(day, bookings[day], count, weight)
            if fish is not None:
                rows.append(self.row(day, fish, waters))
                self.book_harvest(day, fish)
            day += timedelta(days=1)
        return rows, None

    def waters(self, day: date, fish: Fish | None) -> list[tuple[float, ...]]:
        result: list[tuple[float, ...]] = []
        for index in range(len(self.containers)):
            here = fish if fish is not None and fish.booking.stage.id - 1 == index else None
            temperature = self.temperature(day, index)
            oxygen, saturation = self.oxygen(index, temperature, here)
            result.append(
                (temperature, oxygen, saturation, self.salinity(index), self.ph(index, here))
            )
        return result

    def row(self, day: date, fish: Fish, waters: list[tuple[float, ...]]) -> dict[str, Any]:
        index = fish.booking.stage.id - 1
        stage = fish.booking.stage
        temperature, oxygen, saturation, salinity, ph = waters[index]
        feed, fasting = 0, False
        if fish.arrived == day:
            hazards = dict.fromkeys(Cause, 0.0)
            hazards[Cause.HANDLING] = fish.severity
            self.before = fish.weight
            deaths = self.die(day, index, fish, hazards)
            fasting = stage.is_fed
        else:
            hazards = self.hazards(day, index, fish)
            appetite = self.appetite(day, index, fish, saturation) if stage.is_fed else 1.0
            tgc = self.tgc(day, index, fish, temperature)
            conversion = self.conversion(fish.weight) * fish.thrift
            grown = (fish.weight ** (1 / 3) + tgc / 1000 * max(temperature, 0)) ** 3
            days = (
                self.b.feeding.fasting_before_harvest
                if stage is Stage.ADULT
                else self.b.feeding.fasting_before_transfer
            )
            fasting = stage.is_fed and fish.leaves is not None and (fish.leaves - day).days <= days
            self.before = fish.weight
            deaths = self.die(day, index, fish, hazards)
            if fasting:
                fish.weight -= fish.weight * self.b.growth.fasting_loss
            else:
                gain = (grown - fish.weight) * appetite
                fish.weight += gain
                feed = round(fish.count * gain * conversion) if stage.is_fed else 0
        return {
            "assignment_id": fish.booking.id,
            "date": day,
            "population": fish.count,
            "weight": fish.weight,
            "deaths_by_cause": deaths,
            "feed_g": feed,
            "is_fasting": fasting,
            "temperature_c": temperature,
            "oxygen_mg_l": oxygen,
            "salinity_psu": salinity,
            "ph": ph,
        }

    def book_harvest(self, day: date, fish: Fish) -> None:
        """One pen: it is booked when heavy enough, or when its last day comes near."""
        booking = fish.booking
        if booking.stage is not Stage.ADULT or fish.leaves is not None or fish.arrived == day:
            return
        soonest = day + timedelta(days=self.b.feeding.fasting_before_harvest + 1)
        heavy = self.before >= self.b.harvest.target_weight(self.code)
        if (heavy and soonest >= booking.earliest_end) or (booking.end - soonest).days < 1:
            fish.leaves = min(max(soonest, booking.earliest_end), booking.end)


def between(x: float, knots: Sequence[float], values: Sequence[float]) -> float:
    """The value at x of straight lines through knots, constant beyond them."""
    if x <= knots[0]:
        return values[0]
    for k in range(1, len(knots)):
        if x <= knots[k]:
            share = (x - knots[k - 1]) / (knots[k] - knots[k - 1])
            return values[k - 1] + share * (values[k] - values[k - 1])
    return values[-1]


def shaken(intensity: float, shock: Any, onset: float, size: float) -> float:
    intensity *= shock.persistence
    if onset < shock.per_year / 365.25:
        intensity += shock.severity / 100 * math.exp(shock.severity_log_sd * size)
    return intensity


def poisson(mean: float, u: float, z: float) -> int:
    """The Poisson number at chance u (small means) or at normal score z (large means)."""
    if mean > 16:
        return max(math.floor(mean + math.sqrt(mean) * z + (z * z - 1) / 6 + 0.5), 0)
    term = total = math.exp(-mean)
    k = 0
    while u >= total and term > 0:
        k += 1
        term *= mean / k
        total += term
    return k
