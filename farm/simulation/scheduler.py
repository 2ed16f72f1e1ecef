"""Books every batch of the horizon into containers, for its whole life, before any fish exists.

The same scenario gives the same plan anywhere: nothing here depends on order of hashing, on time or
on the machine. A programme that does not fit is refused with the bottleneck's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from farm.domain.calendar import Month
from farm.domain.geography import GeographySpec
from farm.domain.plan import Booking, Plan, PlannedBatch
from farm.domain.scenario import Scenario
from farm.domain.world import World
from farm.errors import ProgrammeImpossible
from farm.simulation.booking import Life, Rooms, Shortage
from farm.simulation.expectation import LONGEST_LIFE_DAYS, expect
from farm.simulation.starts import Start, day_of, geography_word, intended_starts
from farm.simulation.streams import Decision, Streams
from farm.simulation.world import build_world

#: Cleaning and fallow days after the last life.
_AFTER_DAYS = 400

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
                bookings=tuple(
                    Booking(
                        id=geography_id * 10_000_000 + numbers[geography_id] * 1_000 + number,
                        batch_id=batch_id,
                        container_id=stay.container_id,
                        stage=stay.stage,
                        start=day_of(first, stay.start),
                        earliest_end=day_of(first, stay.earliest_end),
                        end=day_of(first, stay.end),
                    )
                    for number, stay in enumerate(life.stays, 1)
                ),
            )
        )
    return Plan(world, tuple(batches))


def _lives(scenario: Scenario, spec: GeographySpec, world: World) -> list[Life]:
    """Return the booked lives of one geography in order of their first day."""
    horizon, code = scenario.horizon, spec.code
    expectation = expect(scenario, code, horizon.first_day, horizon.days)
    days = horizon.days + LONGEST_LIFE_DAYS + _AFTER_DAYS
    rooms = Rooms(scenario, code, world, expectation, days)
    lives = []
    for start in intended_starts(scenario, code, expectation):
        first_shortage: Shortage | None = None
        for day in _days_to_try(scenario, start.day, horizon.days):
            found = rooms.book(start, day)
            if isinstance(found, Life):
                lives.append(found)
                break
            first_shortage = first_shortage or found
        else:
            raise _refusal(scenario, spec, start, first_shortage)
    too_long = max((len(life.stays) for life in lives), default=0)
    if len(lives) > _MOST_BATCHES or too_long > _MOST_BOOKINGS:
        raise ProgrammeImpossible(
            f"{spec.name}: {len(lives)} batches with up to {too_long} containers each; "
            f"at most {_MOST_BATCHES} and {_MOST_BOOKINGS} can be numbered"
        )
    return sorted(lives, key=lambda life: (life.day, life.start.number))


def _days_to_try(scenario: Scenario, day: int, days: int) -> Iterator[int]:
    """Yield the day, then days ever farther from it on either side, within the window."""
    breeding = scenario.breeding
    yield day
    for shift in range(
        breeding.start_step_days, breeding.start_window_days + 1, breeding.start_step_days
    ):
        for other in (day + shift, day - shift):
            if 0 <= other < days:
                yield other


def _refusal(
    scenario: Scenario, spec: GeographySpec, start: Start, short: Shortage | None
) -> ProgrammeImpossible:
    if short is None:
        raise AssertionError("a refused batch was short of nothing")
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
