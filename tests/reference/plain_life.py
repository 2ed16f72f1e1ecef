"""The life of one batch with one pen and any containers on land, in plain loops and numbers.

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
from farm.domain.events import SiteEventKind
from farm.domain.plan import Booking, Plan
from farm.domain.world import Cause, Stage
from farm.simulation.streams import Decision, Streams
from tests.reference.plain_water import SITE, STATION, PlainWater, solubility
from tests.reference.small_farm import Nature


@dataclass
class Fish:
    """The fish of one container. ``handled``: the day on which fish last came into it."""

    booking: Booking
    count: int
    weight: float
    cv: float
    arrived: date
    stage_since: date
    handled: date
    vigour: float
    unevenness: float
    thrift: float
    exposure: float
    exposure_to_events: float
    severity: float
    leaves: date | None
    ration: float = 0.0


@dataclass
class Load:
    """Fish on their way, and since when they have been in their stage of life."""

    target: int
    count: int
    weight: float
    cv: float
    kind: str
    stage_since: date


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
        (self.site,) = plan.world.site
        station = plan.world.station[self.geography - 1]
        self.around = PlainWater(
            nature,
            self.geography,
            self.code,
            self.site,
            tuple(h for h in plan.world.hall if h.station_id == station.id),
            station.water_source,
        )
        self.containers = sorted(plan.world.container, key=lambda c: c.id)
        self.on_land = sum(c.site_id is None for c in self.containers)
        stage_of_hall = {h.id: list(Stage)[h.lifecycle_stage_id - 1] for h in plan.world.hall}
        self.stages = [
            Stage.ADULT if c.hall_id is None else stage_of_hall[c.hall_id] for c in self.containers
        ]
        self.bookings = {b.id: b for b in self.batch.bookings}
        self.transfers: list[tuple[date, int, int, int, float, str]] = []
        self.site_intensity = 0.0
        self.blame: dict[SiteEventKind | None, float] = {}
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
        return STATION, self.geography, index, self.on_land

    def chance(
        self, decision: Decision, day: date, index: int, kind: str, word: int, layer: int = 0
    ) -> float:
        """What a container gets on a day of a decision taken for each container."""
        month = Month.of(day)
        place, place_id, column, columns = self.place_of(index)
        # A last layer is for diseases, of which nobody dies here.
        layers = len(Cause) + 1 if decision is Decision.DEATHS else 1
        shape = (layers, month.days, columns)
        block = self.block(decision, place, place_id, month.index, word, shape=shape, kind=kind)
        return float(block[layer][day.day - 1][column])

    def score(self, decision: Decision, *address: int) -> float:
        return float(self.streams.at(decision, *address).standard_normal())

    def _scores(self) -> dict[str, Score]:
        losses = self.b.mortality
        site, station = (SITE, self.site.id), (STATION, self.geography)
        scores = {
            "shared sea": Score(Decision.SHARED_FRAILTY, site, losses.shared_persistence),
            "shared fresh": Score(Decision.SHARED_FRAILTY, station, losses.shared_persistence),
        }
        for index in range(len(self.containers)):
            place, place_id, column, columns = self.place_of(index)
            for name, decision, persistence in (
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

    def conditions(self, day: date, index: int, fish: Fish | None) -> tuple[float, ...]:
        """Temperature, oxygen, saturation, salinity and pH of a container's water."""
        water, stage = self.b.water, self.stage_of(index)
        at_sea = stage is Stage.ADULT
        around = self.around.today if at_sea else self.around.hall(day, stage)
        temperature = around["temperature_c"]
        salinity = around["salinity_psu"] if at_sea else math.nan
        full = solubility(temperature, salinity if at_sea else 0.0)
        taken = drop = 0.0
        if fish is not None:
            density = self.density(index, fish)
            per_kg = self.around.demand(fish.weight, temperature, fish.ration)
            taken = per_kg * density / 1000 * self.around.residence(stage)
            drop = water.respiration.ph_drop * density * (0.1 if at_sea else 1.0)
        oxygen = max(around["oxygen_mg_l"] - taken, water.aeration / 100 * full)
        return temperature, oxygen, 100 * oxygen / full, salinity, around["ph"] - drop

    # Fish ---------------------------------------------------------------------------------------

    def stage_of(self, index: int) -> Stage:
        return self.stages[index]

    def index_of(self, booking: Booking) -> int:
        return [c.id for c in self.containers].index(booking.container_id)

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
        events = self.around.appetite() if stage is Stage.ADULT else 1.0
        return setback * mood * min(max(breath, 0), 1) * min(max(held, 0), 1) * events

    def tgc(self, day: date, index: int, fish: Fish, temperature: float) -> float:
        growth, stage = self.b.growth, self.stage_of(index)
        small = fish.weight < growth.large_from
        best = growth.optimum_small if small else growth.optimum_large
        width = (growth.limit_small if small else growth.limit_large) - best
        bends = math.sqrt(best**2 - width**2)
        peak = (best + bends) / 2
        warmth = 1.0
        if temperature > bends:
            warmth = max(peak * (1 - ((temperature - best) / width) ** 2), 0) / temperature
        season = 1.0
        if stage is Stage.ADULT:
            doy = day.timetuple().tm_yday
            turn = 2 * math.pi * (doy - growth.seasonal_peak) / 365.25
            season = 1 + growth.seasonal_amplitude * math.cos(turn)
            season *= math.exp(
                growth.site_cv * self.score(Decision.SITE_GROWTH, SITE, self.site.id, 0)
            )
        return (
            growth.tgc(self.code, stage)
            * growth.headroom_by_geography[self.code].of(stage)
            * fish.vigour
            * warmth
            * season
        )

    def hazards(
        self, day: date, index: int, fish: Fish, saturation: float, temperature: float
    ) -> dict[Cause, float]:
        losses, stage = self.b.mortality, self.stage_of(index)
        since = (day - fish.arrived).days
        hazards = dict.fromkeys(Cause, 0.0)
        better = self.better(self.b.progress.mortality, day)
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
            level = losses.sea_level_by_geography[self.code]
            everyday = level * weekly / 700 * math.exp(spread)
            turn = 2 * math.pi * (day.timetuple().tm_yday - losses.predation_peak) / 365.25
            named[Cause.PREDATION] = min(losses.predation_share * (1 + math.cos(turn)), rest)
            late = min(
                max((since - losses.late_from) / (losses.late_full - losses.late_from), 0), 1
            )
            hit = level * better * (1 + (losses.late_excess - 1) * late)
            hazards[Cause.ENVIRONMENT] += self.site_intensity * fish.exposure * hit
            larger = (fish.weight / self.b.events.weight) ** self.b.events.heavier
            exposed = fish.exposure_to_events * larger
            self.blame = self.around.hazards(saturation, temperature, exposed)
            hazards[Cause.ENVIRONMENT] += sum(self.blame.values())
            hazards[Cause.BACKGROUND] += self.pen_intensity[index] * hit
        else:
            stress = self.around.stress(saturation, temperature)
            hazards[Cause.ENVIRONMENT] += sum(stress.values())
            spread += losses.shared_log_sd * self.now("shared fresh")
            variance = losses.frailty_log_sd**2 + losses.shared_log_sd**2
            in_stage = (day - fish.stage_since).days
            early = min(max(1 - in_stage / losses.early_days.of(stage), 0), 1)
            level = losses.fresh_level.of(stage) / 100
            level *= 1 + (losses.early_excess.of(stage) - 1) * early
            everyday = level * math.exp(
                losses.fresh_spread * spread - losses.fresh_spread**2 * variance / 2
            )
        everyday *= better
        for cause, share in named.items():
            hazards[cause] += everyday * share
        hazards[Cause.BACKGROUND] += everyday * (1 - sum(named.values()))
        hazards[Cause.HANDLING] += fish.severity
        return hazards

    def better(self, trend: float, day: date) -> float:
        """What a trend has made of a rate by a day."""
        since = (day - date(self.b.progress.since, 1, 1)).days
        return float((1 + trend) ** (max(since, 0) / 365.25))

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

    def arrive(
        self, day: date, booking: Booking, count: int, weight: float, cv: float, since: date
    ) -> Fish:
        growth, losses, feeding = self.b.growth, self.b.mortality, self.b.feeding
        trends, born = self.b.progress, self.batch.start_date
        batch, stage = self.batch, booking.stage
        of_move = self.score(Decision.BATCH_ARRIVAL, batch.id, stage.id)
        of_container = self.score(Decision.CONTAINER_ARRIVAL, booking.id)
        severity = (
            losses.arrival.of(stage)
            / 100
            * (losses.sea_level_by_geography[self.code] if stage is Stage.ADULT else 1.0)
            * math.exp(losses.arrival_log_sd.of(stage) * math.sqrt(0.5) * (of_move + of_container))
            * self.better(trends.mortality, born)
        )
        self.pen_intensity[self.index_of(booking)] = 0.0
        spread, uneven = losses.exposure_log_sd, self.b.events.exposure_log_sd
        to_events = uneven * self.score(Decision.EVENT_EXPOSURE, booking.id) - uneven**2 / 2
        return Fish(
            booking=booking,
            count=count,
            weight=weight,
            cv=cv,
            arrived=day,
            stage_since=since,
            handled=day,
            vigour=(1.0 if stage is Stage.EGG_ALEVIN else self.better(trends.growth, born))
            * math.exp(
                growth.batch_cv * self.score(Decision.BATCH_GROWTH, batch.id)
                + growth.container_cv * self.score(Decision.CONTAINER_GROWTH, booking.id)
            ),
            unevenness=math.exp(
                self.b.size.container_log_sd * self.score(Decision.CONTAINER_SPREAD, booking.id)
            ),
            thrift=self.better(trends.conversion, born)
            * math.exp(feeding.fcr_batch_cv * self.score(Decision.BATCH_CONVERSION, batch.id)),
            exposure=math.exp(spread * self.score(Decision.EXPOSURE, booking.id) - spread**2 / 2),
            exposure_to_events=math.exp(to_events),
            severity=min(severity, losses.daily_limit / 100),
            leaves=self.next_out(booking, day),
        )

    def next_out(self, booking: Booking, day: date) -> date | None:
        """The next day after this one on which fish are moved out; nobody knows it of a pen."""
        later = [m.day for m in self.batch.movements if m.from_id == booking.id and m.day > day]
        return min(later, default=None)

    def take(self, day: date, fish: Fish) -> list[Load]:
        """Take out of a container what is to leave it today: in shares, at last what is left."""
        moves = [m for m in self.batch.movements if (m.from_id, m.day) == (fish.booking.id, day)]
        loads: list[Load] = []
        taken, upto = 0, 0.0
        for number, move in enumerate(moves):
            upto += move.share
            is_last = number == len(moves) - 1 and fish.booking.end == day
            reached = (
                fish.count if is_last else min(math.floor(fish.count * upto + 0.5), fish.count)
            )
            loads.append(
                Load(
                    move.to_id,
                    reached - taken,
                    # The grader cuts where there are as many fish on either side as planned.
                    1
                    + (move.relative_weight - 1)
                    * fish.cv
                    / self.b.size.level.of(fish.booking.stage),
                    fish.cv,
                    move.kind.value,
                    fish.stage_since,
                )
            )
            taken = reached
        relative = sum(load.count * load.weight for load in loads)
        for load in loads:
            # Graded fish weigh more or less than the others, all together what they did before.
            load.weight *= fish.weight * taken / relative
        apart = sum(load.count * (load.weight / fish.weight - 1) ** 2 for load in loads)
        apart /= max(taken, 1)
        for load in loads:
            load.cv = math.sqrt(max(fish.cv**2 - apart, 0) / (1 + apart))
            if load.count:
                self.transfers.append(
                    (day, fish.booking.id, load.target, load.count, load.weight, load.kind)
                )
        fish.count -= taken
        fish.leaves = self.next_out(fish.booking, day)
        return [load for load in loads if load.count]

    def put(self, day: date, here: dict[int, Fish], booking: Booking, loads: list[Load]) -> None:
        """Put fish into a container, empty or not."""
        index, count = self.index_of(booking), sum(load.count for load in loads)
        grams = sum(load.count * load.weight for load in loads)
        within = loads[0].kind in {"split", "grading"}
        since = max(load.stage_since for load in loads) if within else day
        groups = [(load.count, load.weight, load.cv) for load in loads]
        new = self.arrive(day, booking, count, grams / count, together(groups), since)
        if index in here:
            old = here[index]
            old.cv = together([(old.count, old.weight, old.cv), *groups])
            old.weight = (old.count * old.weight + grams) / (old.count + count)
            old.count += count
            old.severity, old.handled = new.severity, day
        else:
            here[index] = new

    def handle(self, day: date, here: dict[int, Fish]) -> None:
        """Deliver the eggs, or move, split and grade."""
        loads: list[Load] = []
        if day == self.batch.start_date:
            trays = [b for b in self.batch.bookings if b.stage is Stage.EGG_ALEVIN]
            rooms = [self.containers[self.index_of(tray)].capacity_fish for tray in trays]
            egg_cv = self.b.size.egg_cv
            for number, tray in enumerate(trays):
                upto = self.batch.eggs * sum(rooms[: number + 1]) // sum(rooms)
                count = upto - sum(load.count for load in loads)
                loads.append(Load(tray.id, count, self.b.growth.egg_weight, egg_cv, "eggs", day))
        for index in sorted(here, key=lambda index: here[index].booking.id):
            fish = here[index]
            if any((m.from_id, m.day) == (fish.booking.id, day) for m in self.batch.movements):
                loads += self.take(day, fish)
                if fish.booking.end == day:
                    del here[index]
        for target in sorted({load.target for load in loads}):
            mine = [load for load in loads if load.target == target]
            self.put(day, here, self.bookings[target], mine)

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

    def live(self, period: Period) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return a row for each day on which there were fish, and each day's harvest."""
        here: dict[int, Fish] = {}
        rows: list[dict[str, Any]] = []
        harvests: list[dict[str, Any]] = []
        day = period.first_day
        while day <= period.last_day:
            self.around.turn(day)
            self.age_scores(day)
            self.shake(day)
            for fish in here.values():
                fish.severity *= self.b.mortality.arrival_persistence
            waters = [
                self.conditions(day, index, here.get(index))
                for index in range(len(self.containers))
            ]
            for index, fish in list(here.items()):
                if fish.booking.stage is Stage.ADULT and fish.leaves and fish.leaves <= day:
                    count = self.slaughtered(day, fish)
                    weight = round(fish.weight, 4)
                    harvests.append({"date": day, "count": count, "weight": weight})
                    fish.count -= count
                    if not fish.count:
                        del here[index]
            self.handle(day, here)
            for index in sorted(here):
                rows.append(self.row(day, index, here[index], waters))
                self.book_harvest(day, here[index])
            day += timedelta(days=1)
        return rows, harvests

    def row(
        self, day: date, index: int, fish: Fish, waters: list[tuple[float, ...]]
    ) -> dict[str, Any]:
        stage = fish.booking.stage
        temperature, oxygen, saturation, salinity, ph = waters[index]
        feed, fasting, held = 0, False, True
        self.before, self.before_count = fish.weight, fish.count
        if fish.handled == day:
            hazards = dict.fromkeys(Cause, 0.0)
            hazards[Cause.HANDLING] = fish.severity
            deaths = self.die(day, index, fish, hazards)
            fasting = stage.is_fed
            if fasting and fish.arrived < day:
                fish.weight -= fish.weight * self.b.growth.fasting_loss
        else:
            hazards = self.hazards(day, index, fish, saturation, temperature)
            appetite = self.appetite(day, index, fish, saturation) if stage.is_fed else 1.0
            tgc = self.tgc(day, index, fish, temperature)
            conversion = self.conversion(fish.weight) * fish.thrift
            grown = (fish.weight ** (1 / 3) + tgc / 1000 * max(temperature, 0)) ** 3
            days = (
                self.b.feeding.fasting_before_harvest
                if stage is Stage.ADULT
                else self.b.feeding.fasting_before_transfer
            )
            out = [m.day for m in self.batch.movements if m.from_id == fish.booking.id]
            soon = any(0 <= (left - day).days <= days for left in out)
            if stage is Stage.ADULT and fish.leaves is not None:
                soon = (fish.leaves - day).days <= days
            kept = stage is Stage.ADULT and bool(self.around.hungry())
            held = soon or kept
            fasting = stage.is_fed and held
            deaths = self.die(day, index, fish, hazards)
            if fasting:
                fish.weight -= fish.weight * self.b.growth.fasting_loss
            else:
                gain = (grown - fish.weight) * appetite
                fish.weight += gain
                feed = round(fish.count * gain * conversion) if stage.is_fed else 0
        if not held:
            level = self.b.size.level.of(stage) * fish.unevenness
            fish.cv = level + (fish.cv - level) * math.exp(-1 / self.b.size.days.of(stage))
        fish.ration = 100 * feed / max(fish.count * fish.weight, 1.0)
        if stage is Stage.ADULT:
            self.write_events(fish, hazards[Cause.ENVIRONMENT], deaths)
        return {
            "assignment_id": fish.booking.id,
            "date": day,
            "population": fish.count,
            "weight": fish.weight,
            "cv": fish.cv,
            "deaths_by_cause": deaths,
            "feed_g": feed,
            "is_fasting": fasting,
            "temperature_c": temperature,
            "oxygen_mg_l": oxygen,
            "salinity_psu": salinity,
            "ph": ph,
        }

    def write_events(self, fish: Fish, hazard: float, deaths: list[int]) -> None:
        """Write down what today's events did: whom they killed, and that they kept from feeding."""
        for kind in self.around.hungry():
            self.around.latest[kind].fasting_days += fish.count > 0
        if not hazard:
            return
        for culprit, share in self.blame.items():
            if culprit is not None and culprit in self.around.latest:
                died = deaths[Cause.ENVIRONMENT.id - 1] * share / hazard
                self.around.latest[culprit].deaths += died

    def book_harvest(self, day: date, fish: Fish) -> None:
        """One pen: it is booked when heavy enough, or when its last day comes near."""
        booking, market = fish.booking, self.b.harvest.markets[self.code]
        if booking.stage is not Stage.ADULT or fish.leaves is not None or fish.handled == day:
            return
        soonest = day + timedelta(days=self.b.feeding.fasting_before_harvest + 1)
        score = self.score(Decision.HARVEST_ORDER, booking.id)
        order = market.target * (1 + self.b.harvest.order_cv * score)
        order = min(max(order, market.lightest), market.heaviest)
        heavy = self.before >= order and soonest >= booking.earliest_end
        too_heavy = self.before >= market.heaviest
        left = (booking.end - soonest).days + 1
        if heavy or too_heavy or left <= self.line_days(self.before_count, self.before):
            fish.leaves = min(soonest, booking.end)

    def line_days(self, count: int, weight: float) -> int:
        """The days that the slaughter line needs for so many fish."""
        return max(math.ceil(count * weight / 1e6 / self.b.harvest.markets[self.code].line), 1)

    def slaughtered(self, day: date, fish: Fish) -> int:
        """How many fish are taken today: a part of each day that is left or needed."""
        left = max((fish.booking.end - day).days + 1, 1)
        return math.ceil(fish.count / min(self.line_days(fish.count, fish.weight), left))


def together(groups: list[tuple[int, float, float]]) -> float:
    """The CV of groups of fish, each a count, a mean weight and a CV, that are put together."""
    fish = sum(count for count, _, _ in groups)
    mean = sum(count * weight for count, weight, _ in groups) / fish
    square = sum(n * ((weight - mean) ** 2 + (weight * cv) ** 2) for n, weight, cv in groups)
    return math.sqrt(square / fish) / mean


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
