"""Small hand-made farms: a plan from a few sketches, without the scheduler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from farm.domain.biology import Biology
from farm.domain.catalogue import Catalogue
from farm.domain.economy import Economy
from farm.domain.plan import Booking, Movement, Plan, PlannedBatch, TransferKind
from farm.domain.world import (
    Area,
    Container,
    ContainerKind,
    FeedStore,
    Geography,
    Hall,
    Site,
    Stage,
    Station,
    World,
)
from farm.settings.scenarios import load_scenario
from farm.simulation import catalogues
from farm.simulation.routing import Lot, Source, Target, route

CONFIG = Path(__file__).parents[2] / "config"

#: A usual life: days in each stage, the last one until the pen must be empty.
USUAL_DAYS = (130, 90, 90, 70, 60, 520)

_STAGES = tuple(Stage)


@cache
def biology() -> Biology:
    """The project's own biological parameters."""
    return load_scenario("smoke", CONFIG).biology


@cache
def economy() -> Economy:
    """The project's own economic parameters."""
    return load_scenario("smoke", CONFIG).economy


@cache
def catalogue() -> Catalogue:
    """The project's own feeds and those who sell them."""
    return load_scenario("smoke", CONFIG).catalogue


def well_stocked(given: Economy) -> Economy:
    """The same world, whose people buy feed early and plenty: their fish never go short."""
    plenty = {"reserve": 45, "cover": 90}
    feed = given.feed.model_copy(
        update={
            "silo": given.feed.silo.model_copy(update=plenty),
            "barge": given.feed.barge.model_copy(update=plenty),
            "deliveries": given.feed.deliveries.model_copy(update={"short": 0.0}),
            "opening": given.feed.opening.model_copy(update={"days": 60}),
        }
    )
    return given.model_copy(update={"feed": feed})


def one_feed(plan: Plan) -> Plan:
    """The same farm, whose fish all eat the same pellets: nobody can have bought the wrong size."""
    kind = replace(plan.world.feed_type[0], max_weight_g=plan.world.feed_type[-1].max_weight_g)
    return replace(plan, world=replace(plan.world, feed_type=(kind,)))


def healthy(given: Biology) -> Biology:
    """The same world without diseases, lice and vaccinations: nobody needs any treatment."""
    diseases = {
        code: profile.model_copy(
            update={
                "carriers": None,
                "phases": tuple(
                    phase.model_copy(
                        update={"onsets_per_year": dict.fromkeys(phase.onsets_per_year, 0.0)}
                    )
                    for phase in profile.phases
                ),
            }
        )
        for code, profile in given.diseases.items()
    }
    lice = given.lice.model_copy(update={"external": dict.fromkeys(given.lice.external, 0.0)})
    unused = tuple(
        vaccine.model_copy(update={"used_since": {}}) for vaccine in given.vaccines.vaccines
    )
    vaccines = given.vaccines.model_copy(update={"vaccines": unused})
    delousing = given.care.delousing.model_copy(update={"programmes": {}})
    care = given.care.model_copy(update={"delousing": delousing})
    return given.model_copy(
        update={"diseases": diseases, "lice": lice, "vaccines": vaccines, "care": care}
    )


def ordered(given: Biology, weight_g: float) -> Biology:
    """The same world, whose customers want fish of at least another weight, and little more."""
    markets = {
        code: market.model_copy(
            update={"target": weight_g, "lightest": weight_g, "heaviest": 1.3 * weight_g}
        )
        for code, market in given.harvest.markets.items()
    }
    return given.model_copy(
        update={"harvest": given.harvest.model_copy(update={"markets": markets})}
    )


def slaughtered(given: Biology, tonnes_a_day: float) -> Biology:
    """The same world with another slaughter line."""
    markets = {
        code: market.model_copy(update={"line": tonnes_a_day})
        for code, market in given.harvest.markets.items()
    }
    return given.model_copy(
        update={"harvest": given.harvest.model_copy(update={"markets": markets})}
    )


def world_of(**tables: Any) -> World:
    """A world of some tables; all others are empty."""
    empty = {table.name: () for table in fields(World)}
    return World(**{**empty, **tables})


@dataclass(frozen=True)
class Nature:
    """Seed, biology and economy: what the simulation needs of a scenario."""

    seed: int
    biology: Biology
    economy: Economy = field(default_factory=economy)


def nature(seed: int = 1, harvest_at: float | None = None) -> Nature:
    """Return a seed with the project's biology, harvested at another weight if one is given."""
    given = biology() if harvest_at is None else ordered(biology(), harvest_at)
    return Nature(seed, given)


@dataclass(frozen=True)
class Thinning:
    """More room within a stage: so many containers, so many days after the stage began.

    A split moves ``leaves`` of the fish; a grading moves them all, the large half apart.
    """

    kind: TransferKind
    after: int
    containers: int
    leaves: float = 0.4


@dataclass(frozen=True)
class Sketch:
    """One batch: its eggs, its first day, days and containers in each stage.

    Every batch has containers of its own; ``site`` says which sea site its pens stand in. Every
    move takes ``move_days``, from the day on which the stage begins.
    """

    eggs: int = 100_000
    start: date = date(2015, 1, 10)
    days: tuple[int, ...] = USUAL_DAYS
    containers: tuple[int, ...] = (1, 1, 1, 1, 1, 1)
    harvest_window: int = 100
    site: int = 1
    geography: str = "FO"
    move_days: int = 1
    thinned: Mapping[Stage, Thinning] = field(default_factory=dict)


#: Volume in m3 that one fish of a stage gets, and the limit of its containers in kg/m3.
_ROOM = {
    Stage.EGG_ALEVIN: (0.00001, 100.0),
    Stage.FRY: (0.0005, 40.0),
    Stage.PARR: (0.002, 60.0),
    Stage.SMOLT: (0.006, 70.0),
    Stage.POST_SMOLT: (0.012, 70.0),
    Stage.ADULT: (0.4, 25.0),
}

_KINDS = (ContainerKind.TRAY, *(ContainerKind.TANK,) * 4, ContainerKind.PEN)


def small_plan(*sketches: Sketch, room: float = 1.0) -> Plan:
    """Return a plan of the sketched batches, in a world just large enough.

    Args:
        sketches: the batches.
        room: multiplies the volume of all containers.
    """
    codes = ("FO", "SC")
    geographies = tuple(
        Geography(number, code, code, "XXX", "UTC") for number, code in enumerate(codes, 1)
    )
    areas = tuple(Area(g.id, g.id, f"{g.code}-A", g.code, 60.0, -6.0) for g in geographies)
    stations = tuple(
        Station(g.id, g.id, f"{g.code}-F", g.code, "hatchery", 60.0, -6.0, source)
        for g, source in zip(geographies, ("ras", "flow_through"), strict=True)
    )
    halls = tuple(
        Hall(g.id * 10 + stage.id, g.id, f"{g.code}-H{stage.id}", stage.value, stage.id)
        for g in geographies
        for stage in _STAGES[:-1]
    )
    used_sites = sorted({(codes.index(s.geography) + 1, s.site) for s in sketches})
    sites = tuple(
        Site(g * 100 + n, g, f"S{g}{n}", f"S{g}{n}", 60.0, -6.0, 9e9, "moderate")
        for g, n in used_sites
    )
    containers: list[Container] = []
    batches: list[PlannedBatch] = []
    for number, sketch in enumerate(sketches, 1):
        geography = codes.index(sketch.geography) + 1
        life = _Life(number, sketch)
        for stage, container_id, turn, share in life.containers:
            each = int(sketch.eggs * share) + 1
            volume, limit = _ROOM[stage]
            last = stage is _STAGES[-1]
            containers.append(
                Container(
                    id=container_id,
                    hall_id=None if last else geography * 10 + stage.id,
                    site_id=geography * 100 + sketch.site if last else None,
                    code=f"C{container_id}",
                    kind=_KINDS[stage.id - 1],
                    volume_m3=max(each * volume * room, 1.0),
                    max_density_kg_m3=limit,
                    # Of different sizes, so that shares differ; a tenth to spare.
                    capacity_fish=int(1.1 * each * _relative_size(turn)) + 1,
                    circumference_m=None,
                    depth_m=None,
                    latitude=None,
                    longitude=None,
                )
            )
        batches.append(
            PlannedBatch(
                id=number,
                geography_id=geography,
                code=f"{sketch.geography}-{number}",
                strain_id=1,
                egg_source="external",
                egg_supplier_id=1,
                broodstock_id=None,
                eggs=sketch.eggs,
                start_date=sketch.start,
                harvest_from=life.bookings[-1].earliest_end,
                harvest_to=life.bookings[-1].end,
                bookings=tuple(life.bookings),
                movements=tuple(sorted(life.movements, key=lambda m: (m.day, m.from_id, m.to_id))),
            )
        )
    world = world_of(
        geography=geographies,
        area=areas,
        station=stations,
        hall=halls,
        site=sites,
        container=tuple(containers),
        feed_store=_feed_stores(halls, sites),
        feed_type=catalogues.feed_types(catalogue(), biology()),
        feed_supplier=catalogues.feed_suppliers(catalogue()),
    )
    return Plan(world, tuple(batches))


#: A thousand tonnes: more than any small farm needs at a time.
_STORE_KG = 1_000_000.0


def _feed_stores(halls: tuple[Hall, ...], sites: tuple[Site, ...]) -> tuple[FeedStore, ...]:
    """Return a silo for each hall whose fish are fed, and a barge for each site."""
    silos = (
        FeedStore(h.id, None, None, f"{h.code}-silo", "silo", _STORE_KG, h.id)
        for h in halls
        if h.lifecycle_stage_id != Stage.EGG_ALEVIN.id
    )
    barges = (
        FeedStore(s.id, None, s.id, f"{s.code}-barge", "barge", _STORE_KG, None) for s in sites
    )
    return (*silos, *barges)


class _Life:
    """The bookings and movements of one sketch."""

    def __init__(self, number: int, sketch: Sketch) -> None:
        self.number, self.sketch = number, sketch
        self.bookings: list[Booking] = []
        self.movements: list[Movement] = []
        self.containers: list[tuple[Stage, int, int, float]] = []
        self._holds: dict[int, float] = {}
        self._starts: dict[int, date] = {}
        self._ends: dict[int, date] = {}
        here: list[int] = []
        day = sketch.start
        for index, stage in enumerate(_STAGES):
            count = sketch.containers[index]
            kind = TransferKind.SEA if stage is Stage.ADULT else TransferKind.STAGE
            new = self._opened(stage, 0, count, 1.0)
            if stage is Stage.EGG_ALEVIN:
                rooms = [_relative_size(turn) for turn in range(count)]
                for booking_id, room in zip(new, rooms, strict=True):
                    self._holds[booking_id] = room / sum(rooms)
                    self._starts[booking_id] = day
            else:
                self._move(day, here, new, kind, 1.0)
            here = new
            thinning = sketch.thinned.get(stage)
            if thinning is not None:
                grades = thinning.kind is TransferKind.GRADING
                leaves = 1.0 if grades else thinning.leaves
                # A container for graded fish may get the half of them alone.
                more = self._opened(stage, count, thinning.containers, leaves * (1 + grades))
                at = day + timedelta(days=thinning.after)
                self._move(at, here, more, thinning.kind, leaves)
                here = more if grades else [*here, *more]
            day += timedelta(days=sketch.days[index])
        for booking_id in here:
            self._ends[booking_id] = day
        window = timedelta(days=sketch.harvest_window)
        for stage, booking_id, _, _ in self.containers:
            end = self._ends[booking_id]
            at_sea = stage is Stage.ADULT
            start, earliest = self._starts[booking_id], end - window if at_sea else end
            self.bookings.append(
                Booking(booking_id, number, booking_id, stage, start, earliest, end)
            )

    def _opened(self, stage: Stage, first: int, count: int, share: float) -> list[int]:
        """Return the ids of new containers, and bookings, for a share of the batch."""
        turns = range(first, first + count)
        ids = [self.number * 1000 + (stage.id - 1) * 100 + turn + 1 for turn in turns]
        self.containers += [
            (stage, id_, turn, share / count) for id_, turn in zip(ids, turns, strict=True)
        ]
        return ids

    def _move(
        self, first: date, here: list[int], new: list[int], kind: TransferKind, leaves: float
    ) -> None:
        targets = [Target(n, _relative_size(n % 100 - 1)) for n in new]
        lots = [Lot(1.0, targets)]
        if kind is TransferKind.GRADING:
            half = (len(targets) + 1) // 2
            lots = [Lot(0.5, targets[:half], 1.15), Lot(0.5, targets[half:] or targets, 0.85)]
        sources = [Source(n, self._holds[n], self._holds[n] * leaves) for n in here]
        for leg in route(sources, lots, self.sketch.move_days):
            day = first + timedelta(days=leg.day)
            self._starts.setdefault(leg.target, day)
            self._holds[leg.target] = self._holds.get(leg.target, 0.0) + leg.amount
            self._holds[leg.source] -= leg.amount
            if kind is not TransferKind.SPLIT:
                self._ends[leg.source] = day
            self.movements.append(
                Movement(day, leg.source, leg.target, leg.share, kind, leg.relative_weight)
            )


def _relative_size(turn: int) -> float:
    """Containers are of different sizes, so that shares differ."""
    return 1 + turn / 4
