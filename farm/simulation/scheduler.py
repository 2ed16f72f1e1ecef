"""Books every batch of the horizon into containers, for its whole life, before any fish exists.

The same scenario gives the same plan anywhere: nothing here depends on order of hashing, on time or
on the machine. A programme that does not fit is refused with the bottleneck's name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import count
from math import floor
from operator import itemgetter

from farm.domain.calendar import Month
from farm.domain.geography import GeographySpec
from farm.domain.plan import Booking, Movement, Plan, PlannedBatch
from farm.domain.scenario import Scenario
from farm.domain.world import World
from farm.errors import ProgrammeImpossible
from farm.simulation.booking import Life, Rooms, Shortage
from farm.simulation.expectation import LONGEST_LIFE_DAYS, expect
from farm.simulation.levelling import Levelling
from farm.simulation.needs import Yardstick
from farm.simulation.starts import Start, day_of, geography_word, intended_starts
from farm.simulation.streams import Decision, Streams
from farm.simulation.world import build_world

#: Cleaning and fallow days after the last life.
_AFTER_DAYS = 400

#: Intended starts this far ahead are known to whoever chooses a day: their stays on land, and their
#: harvests, do not meet those of batches that start earlier still.
_AHEAD_DAYS = 300

#: Batches a geography may have, and bookings a batch: what the ids have room for.
_MOST_BATCHES, _MOST_BOOKINGS = 9_999, 999


def make_plan(scenario: Scenario) -> Plan:
    """Return the world and every batch whose life begins within the horizon.

    Batches come in order of id; those of one geography in order of their first day. Lives may end
    after the horizon.

    Raises:
        ProgrammeImpossible: the facilities cannot hold the programme.
    """
    world = build_world(scenario)
    lives = [
        (geography_id, spec, life)
        for geography_id, spec in enumerate(scenario.geographies, 1)
        for life in _lives(scenario, spec, world)
    ]
    bought = _bought(scenario, [(life.day, spec.code) for _, spec, life in lives])
    streams, first = Streams(scenario.seed), scenario.horizon.first_day
    batches = []
    numbers: Counter[int] = Counter()
    within_year: Counter[tuple[int, int]] = Counter()
    for (geography_id, spec, life), is_bought in zip(lives, bought, strict=True):
        numbers[geography_id] += 1
        start_date = day_of(first, life.day)
        within_year[geography_id, start_date.year] += 1
        batch_id = geography_id * 1_000_000 + numbers[geography_id]
        booking_id = geography_id * 10_000_000 + numbers[geography_id] * 1_000
        origin = _Origins(scenario, world, geography_id, spec.code).draw(
            streams, life.start.number, is_bought=is_bought
        )
        batches.append(
            PlannedBatch(
                id=batch_id,
                geography_id=geography_id,
                code=f"{spec.code}-{start_date.year}"
                f"-{within_year[geography_id, start_date.year]:02d}",
                strain_id=origin.strain_id,
                egg_source="external" if is_bought else "internal",
                egg_supplier_id=origin.egg_supplier_id,
                broodstock_id=origin.broodstock_id,
                eggs=life.start.eggs,
                start_date=start_date,
                harvest_from=day_of(first, life.harvest_from),
                harvest_to=day_of(first, life.harvest_to),
                bookings=_bookings(life, first, batch_id, booking_id),
                movements=_movements(life, first, booking_id),
            )
        )
    return Plan(world, tuple(batches))


def _bookings(life: Life, first: date, batch_id: int, booking_id: int) -> tuple[Booking, ...]:
    """Return the stays of a life; that with index 0 has the id after this one."""
    return tuple(
        [
            Booking(
                number,
                batch_id,
                container,
                stay.stage,
                day_of(first, stay.start),
                day_of(first, stay.earliest_end),
                day_of(first, stay.end),
            )
            for number, stay, container in zip(
                count(booking_id + 1), life.stays, life.containers, strict=False
            )
        ]
    )


def _movements(life: Life, first: date, booking_id: int) -> tuple[Movement, ...]:
    """Return where the fish go; the booking of the stay with index 0 has the id after this one."""
    ways = [
        (move.first + leg.day, leg.source, leg.target, leg, move.kind)
        for move in life.moves
        for leg in move.legs
    ]
    ways.sort(key=itemgetter(0, 1, 2))
    return tuple(
        [
            Movement(
                day_of(first, day),
                booking_id + 1 + source,
                booking_id + 1 + target,
                leg.share,
                kind,
                leg.relative_weight,
            )
            for day, source, target, leg, kind in ways
        ]
    )


def _lives(scenario: Scenario, spec: GeographySpec, world: World) -> list[Life]:
    """Return the booked lives of one geography in order of their first day."""
    horizon, code = scenario.horizon, spec.code
    # What begins within two windows of the horizon's end bears on what is decided before it.
    window = 2 * scenario.breeding.start_window_days
    expectation = expect(scenario, code, horizon.first_day, horizon.days + window + _AHEAD_DAYS)
    days = len(expectation.ripe) + LONGEST_LIFE_DAYS + _AFTER_DAYS
    yardstick = Yardstick(scenario, code, expectation)
    rooms = Rooms(scenario, code, world, yardstick, days)
    totals = {stage: len(pool.containers) for stage, pool in rooms.halls.items()}
    level = Levelling(scenario, code, expectation, yardstick, totals, days)
    starts = intended_starts(scenario, code, expectation)
    level.intend(starts)
    lives = []
    for start in starts:
        if start.day >= horizon.days + window:
            break
        life = _book(rooms, level, start)
        if isinstance(life, Life):
            level.decide(start, life.day)
            lives.append(life)
        elif start.day < horizon.days:
            raise _refusal(scenario, spec, start, life)
    lives = [life for life in lives if life.day < horizon.days]
    too_long = max((len(life.stays) for life in lives), default=0)
    if len(lives) > _MOST_BATCHES or too_long > _MOST_BOOKINGS:
        raise ProgrammeImpossible(
            f"{spec.name}: {len(lives)} batches with up to {too_long} containers each; "
            f"at most {_MOST_BATCHES} and {_MOST_BOOKINGS} can be numbered"
        )
    return sorted(lives, key=lambda life: (life.day, life.start.number))


def _book(rooms: Rooms, level: Levelling, start: Start) -> Life | Shortage:
    """Book a batch on the best day that has room; return what is short on the best day of all."""
    shortages: list[Shortage] = []
    for day in level.days_to_try(start):
        found = rooms.book(start, day)
        if isinstance(found, Life):
            return found
        shortages.append(found)
    return shortages[0]


def _refusal(
    scenario: Scenario, spec: GeographySpec, start: Start, short: Shortage
) -> ProgrammeImpossible:
    first = scenario.horizon.first_day
    needed, month = Month.of(day_of(first, start.day)), Month.of(day_of(first, short.day))
    return ProgrammeImpossible(
        f"{spec.name}: {short.kind} are the bottleneck in {month}: batch {start.number + 1} "
        f"({start.eggs} eggs in {needed}) needs {short.wanted}, {short.free} of {short.total} are "
        f"free, and no start within {scenario.breeding.start_window_days} days helps; add some, or "
        "lower target_active_batches or the eggs per batch"
    )


def _bought(scenario: Scenario, starts: list[tuple[int, str]]) -> list[bool]:
    """Return for each batch whether its eggs are bought, spread evenly over the programme.

    Of the batches of all geographies, in order of their start, the share bought is the configured
    one after any number of them, to the nearest whole batch.
    """
    share = scenario.breeding.external_egg_share
    bought = [False] * len(starts)
    for rank, index in enumerate(sorted(range(len(starts)), key=lambda i: starts[i])):
        bought[index] = floor((rank + 1) * share + 0.5) > floor(rank * share + 0.5)
    return bought


@dataclass(frozen=True, slots=True)
class _Origin:
    strain_id: int
    egg_supplier_id: int | None
    broodstock_id: int | None


class _Origins:
    """Where eggs can come from in one geography."""

    def __init__(self, scenario: Scenario, world: World, geography_id: int, code: str) -> None:
        strains = {strain.code: strain.id for strain in world.strain}
        self._word = geography_word(code)
        self._suppliers = [
            _Origin(strains[spec.strain], row.id, None)
            for spec, row in zip(scenario.catalogue.egg_suppliers, world.egg_supplier, strict=True)
            if code in spec.serves
        ]
        self._stocks = [
            _Origin(row.strain_id, None, row.id)
            for row in world.broodstock
            if row.geography_id == geography_id
        ]

    def draw(self, streams: Streams, number: int, *, is_bought: bool) -> _Origin:
        """Return where the eggs of a batch come from."""
        choices = self._suppliers if is_bought else self._stocks
        chance = streams.at(Decision.BATCH_SOURCE, self._word, number)
        return choices[int(chance.integers(len(choices)))]
