"""The simulation of one geography over a period: from a snapshot to a history and a snapshot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from farm.domain.biology import Biology
from farm.domain.calendar import Period
from farm.domain.economy import Economy
from farm.domain.plan import Plan
from farm.errors import SessionRefused
from farm.simulation.accounts.accounts import Accounts
from farm.simulation.accounts.rows import Opening
from farm.simulation.agenda import Agenda
from farm.simulation.chronicle import Chronicle
from farm.simulation.day import Farm
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.harvest_lots import Sorting
from farm.simulation.history import BatchRecord, History, Snapshot
from farm.simulation.process import Today
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.state import State, dump, restore
from farm.simulation.streams import Streams

#: The only species of the farm.
SPECIES = "Salmo salar"


class Nature(Protocol):
    """What the simulation needs of a scenario beside the plan: chance, biology and economy."""

    @property
    def seed(self) -> int:
        """The seed of all streams."""

    @property
    def biology(self) -> Biology:
        """The biological parameters."""

    @property
    def economy(self) -> Economy:
        """What feeding and selling fish costs and brings."""


def simulate(
    scenario: Nature, plan: Plan, geography: str, period: Period, snapshot: Snapshot | None
) -> History:
    """Live through a period, day by day, and return everything that happened.

    The history of consecutive periods is that of one long period, wherever it is cut between
    months: chances are addressed by month, and the snapshot carries everything else.

    Args:
        scenario: seed, biology and economy.
        plan: the world and all batches of the whole horizon.
        geography: code of the geography.
        period: whole months.
        snapshot: the state at the end of the day before the period; None where a farm begins.

    Raises:
        SessionRefused: the snapshot is of another geography, day or farm.
        ImbalanceError: the books of a day do not balance.
        ContractBroken: the plan left too little room for its fish.
        KeyError: the plan has no such geography.
    """
    frame = Frame.of(plan.world, geography)
    agenda = Agenda(plan, frame.geography.id)
    dice = Dice(Streams(scenario.seed), frame)
    costs, slaughter = scenario.economy.costs, scenario.biology.harvest
    market = SalmonMarket(costs, slaughter.grades.names, dice)
    farm = Farm(scenario.biology, scenario.economy, frame, agenda, dice)
    accounts = Accounts(costs, market, frame, agenda)
    state = farm.begin()
    state.own[accounts.name] = accounts.begin()
    if snapshot is not None:
        state = _resume(snapshot, geography, period.first_day, state)
    opening = Opening.of(state)
    chronicle = Chronicle(period, frame, len(scenario.biology.diseases))
    for month in period.months():
        farm.turn_month(month, state)
        for offset in range(month.days):
            farm.live_one_day(Today.of(month.first + timedelta(days=offset)), state, chronicle)
    chronicle.close(state)
    feed, draws = farm.feed(state)
    health = farm.health(state)
    daily, batches = chronicle.daily(), _batches(agenda, chronicle)
    lots = Sorting(slaughter, market, dice).lots(chronicle.catches)
    figures = accounts.draw_up(period, chronicle, daily, lots, batches, health, opening, state)
    return History(
        geography=geography,
        period=period,
        daily=daily,
        batches=batches,
        assignments=tuple(chronicle.assignments),
        transfers=tuple(chronicle.transfers),
        harvests=tuple(chronicle.harvests),
        harvest_lots=lots,
        health=health,
        feed=feed,
        feed_draws=draws,
        figures=figures,
        site_days=chronicle.site_days(),
        hall_days=chronicle.hall_days(),
        site_events=farm.site_events(state),
        snapshot=Snapshot(geography, period.last_day, dump(state)),
    )


def _resume(snapshot: Snapshot, geography: str, first_day: date, pattern: State) -> State:
    if snapshot.geography != geography:
        raise SessionRefused(
            f"the snapshot is of geography {snapshot.geography}, not of {geography}"
        )
    if snapshot.day != first_day - timedelta(days=1):
        raise SessionRefused(
            f"the snapshot of {geography} was taken on {snapshot.day}; "
            f"a period from {first_day} needs the evening before"
        )
    try:
        return restore(snapshot.state, pattern)
    except (ValueError, KeyError) as problem:
        raise SessionRefused(f"the snapshot of {geography} cannot be used: {problem}") from problem


def _batches(agenda: Agenda, chronicle: Chronicle) -> tuple[BatchRecord, ...]:
    """Return the batches that had fish at some time of the period, as they stand at its end."""
    batch_of = {a.id: a.batch_id for a in chronicle.assignments}
    last_day: dict[int, date | None] = {}
    for assignment in chronicle.assignments:
        known = last_day.get(assignment.batch_id, date.min)
        end = assignment.end_date
        last_day[assignment.batch_id] = None if known is None or end is None else max(known, end)
    records = []
    for batch_id in sorted(set(batch_of.values())):
        batch, end = agenda.batches[batch_id], last_day[batch_id]
        records.append(
            BatchRecord(
                id=batch.id,
                geography_id=batch.geography_id,
                code=batch.code,
                species=SPECIES,
                strain_id=batch.strain_id,
                egg_source=batch.egg_source,
                egg_supplier_id=batch.egg_supplier_id,
                broodstock_id=batch.broodstock_id,
                eggs=batch.eggs,
                start_date=batch.start_date,
                expected_harvest=batch.harvest_from,
                status="active" if end is None else "harvested",
                end_date=end,
            )
        )
    return tuple(records)
