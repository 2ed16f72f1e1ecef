"""No fish appears or vanishes, whatever the plan, the seed and the period."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farm.domain.calendar import Month, Period
from farm.domain.plan import Plan, TransferKind
from farm.domain.world import Stage
from farm.simulation.care.vaccination_days import ALL
from farm.simulation.engine import simulate
from farm.simulation.frame import Frame
from farm.simulation.history import History
from tests.reference.harvest_lots import lots_of
from tests.reference.small_farm import Nature, Sketch, Thinning, nature, slaughtered, small_plan

STAGES = 6

sketches = st.builds(
    Sketch,
    eggs=st.integers(1, 3_000_000),
    start=st.dates(date(2015, 1, 1), date(2015, 3, 31)),
    days=st.tuples(*(st.integers(10, 30) for _ in range(STAGES - 1)), st.integers(20, 200)),
    containers=st.tuples(*(st.integers(1, 4) for _ in range(STAGES))),
    harvest_window=st.integers(1, 19),
    site=st.integers(1, 2),
    move_days=st.integers(1, 3),
    thinned=st.fixed_dictionaries(
        {},
        optional={
            Stage.FRY: st.builds(
                Thinning, st.just(TransferKind.SPLIT), st.just(5), st.integers(1, 3)
            ),
            Stage.PARR: st.builds(
                Thinning, st.just(TransferKind.GRADING), st.just(5), st.integers(2, 4)
            ),
        },
    ),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batches=st.lists(sketches, min_size=1, max_size=3),
    seed=st.integers(0, 2**63 - 1),
    months=st.integers(1, 8),
    cut=st.integers(0, 7),
    harvest_at=st.sampled_from([None, 3.0, 50.0]),
    room=st.sampled_from([0.1, 1.0]),
    line=st.sampled_from([2.0, 1000.0]),
)
def test_no_fish_appears_or_vanishes(batches, seed, months, cut, harvest_at, room, line):
    plan = small_plan(*batches, room=room)
    world = nature(seed, harvest_at)
    world = Nature(seed, slaughtered(world.biology, line))
    first = Month(2015, 1)
    ends = sorted({Month(2015, 1 + min(cut, months - 1)), Month(2015, months)})
    histories: list[History] = []
    for end in ends:
        snapshot = histories[-1].snapshot if histories else None
        histories.append(simulate(world, plan, "FO", Period(first, end), snapshot))
        first = end.next()
    for history in histories:
        check_days(history)
        check_grams(history)
        check_lots(history)
        check_withheld(history)
        check_vaccinated(plan, history)
    check_lives(plan, histories)


def check_days(history: History) -> None:
    """The population changes by deaths, transfers and harvests, and by nothing else."""
    daily = history.daily
    came: dict[tuple[int, date], int] = {}
    for t in history.transfers:
        for assignment, sign in ((t.to_assignment_id, 1), (t.from_assignment_id, -1)):
            came[assignment, t.date] = came.get((assignment, t.date), 0) + sign * t.count
    for h in history.harvests:
        came[h.assignment_id, h.date] = came.get((h.assignment_id, h.date), 0) - h.count
    keys = zip(daily["assignment_id"].tolist(), daily["date"].astype(object), strict=True)
    moved = np.array([came.get(key, 0) for key in keys], dtype=np.int64)
    assert (daily["population"] >= 0).all()
    assert (daily["deaths_by_cause"] >= 0).all()
    assert (daily["feed_g"] >= 0).all()
    assert np.array_equal(daily["deaths_by_cause"].sum(axis=1), daily["deaths"])
    assert (daily["mean_weight_g"] > 0).all()
    assert (daily["weight_cv"] >= 0).all()
    assert (daily["weight_cv"] < 1).all()
    same = daily["assignment_id"][1:] == daily["assignment_id"][:-1]
    owed = daily["population"][:-1] + moved[1:] - daily["deaths"][1:]
    assert np.array_equal(owed[same], daily["population"][1:][same])
    gap = (daily["date"][1:] - daily["date"][:-1])[same]
    assert (gap == np.timedelta64(1, "D")).all()


def check_grams(history: History) -> None:
    """What leaves a container weighs what it weighed in there the evening before."""
    daily = history.daily
    known = zip(daily["assignment_id"].tolist(), daily["date"].astype(object), strict=True)
    weight = dict(zip(known, daily["mean_weight_g"].tolist(), strict=True))
    left: dict[tuple[int, date], list[tuple[int, float]]] = {}
    for t in history.transfers:
        assert t.biomass_kg == t.count * t.mean_weight_g / 1000
        left.setdefault((t.from_assignment_id, t.date), []).append((t.count, t.mean_weight_g))
    for (assignment, day), parts in left.items():
        eve = (assignment, day - timedelta(days=1))
        if eve in weight:  # else it was in the session before
            fish = sum(count for count, _ in parts)
            grams = sum(count * mean for count, mean in parts)
            assert abs(grams - fish * weight[eve]) <= 2e-4 * fish


def check_lots(history: History) -> None:
    """The lots of a harvest are all of its fish and all of its kilograms."""
    lots: dict[tuple[int, date], list[tuple[int, float]]] = {}
    for lot in lots_of(history.harvest_lots):
        assert lot.count > 0
        assert 0 < lot.gutted_kg < lot.live_kg
        lots.setdefault((lot.assignment_id, lot.date), []).append((lot.count, lot.live_kg))
    for event in history.harvests:
        counts, live = zip(*lots.pop((event.assignment_id, event.date)), strict=True)
        assert sum(counts) == event.count
        assert math.isclose(math.fsum(live), event.biomass_kg, rel_tol=1e-12)
    assert not lots


def check_vaccinated(plan: Plan, history: History) -> None:
    """Nobody is at sea unvaccinated, and nobody was vaccinated there."""
    farm, care = history.snapshot.state["farm"], history.snapshot.state["processes"]["vaccinating"]
    at_sea = Frame.of(plan.world, "FO").at_sea & (np.asarray(farm["population"]) > 0)
    assert (np.asarray(care["share"])[at_sea] >= ALL).all()
    in_pens = {a.id for a in history.assignments if a.lifecycle_stage_id == STAGES}
    assert not in_pens & {v.assignment_id for v in history.health.vaccinations}


def check_withheld(history: History) -> None:
    """Fish are never harvested on the day after an evening on which they were withheld."""
    daily = history.daily
    taken = {(h.assignment_id, h.date - timedelta(days=1)) for h in history.harvests}
    shut = daily["is_withheld"]
    keys = zip(
        daily["assignment_id"][shut].tolist(), daily["date"][shut].astype(object), strict=True
    )
    ended = {(w.assignment_id, w.end_date) for w in history.health.withholdings}
    for assignment, eve in taken.intersection(keys):
        assert (assignment, eve + timedelta(days=1)) in ended


def check_lives(plan, histories: list[History]) -> None:
    """start + in - out - deaths - harvested = end, for each assignment and each batch."""
    last_day = histories[-1].period.last_day
    assignments = {a.id: a for history in histories for a in history.assignments}
    transfers = [t for history in histories for t in history.transfers]
    harvests = [h for history in histories for h in history.harvests]
    daily = {
        name: np.concatenate([h.daily[name] for h in histories])
        for name in ("assignment_id", "date", "population", "deaths")
    }
    alive: dict[int, int] = {}
    dead: dict[int, int] = {}
    for assignment in assignments.values():
        mine = daily["assignment_id"] == assignment.id
        end = assignment.end_date or last_day + timedelta(days=1)
        # One row for each day from the start to the day before the end.
        assert mine.sum() == (end - assignment.start_date).days
        deaths = int(daily["deaths"][mine].sum())
        mine_in = [t for t in transfers if t.to_assignment_id == assignment.id]
        came = sum(t.count for t in mine_in if t.date > assignment.start_date)
        left = sum(t.count for t in transfers if t.from_assignment_id == assignment.id)
        taken = sum(h.count for h in harvests if h.assignment_id == assignment.id)
        if mine_in:
            opened = sum(t.count for t in mine_in if t.date == assignment.start_date)
            assert assignment.start_count == opened
        at_end = assignment.end_count
        if at_end is None:
            newest = mine & (daily["date"] == np.datetime64(last_day))
            (at_end,) = daily["population"][newest].tolist()
            alive[assignment.batch_id] = alive.get(assignment.batch_id, 0) + at_end
        assert assignment.start_count + came - left - deaths - taken == at_end
        dead[assignment.batch_id] = dead.get(assignment.batch_id, 0) + deaths
    batch_of = {a.id: a.batch_id for a in assignments.values()}
    status = {b.id: b for history in histories for b in history.batches}
    for batch in plan.batches:
        if batch.start_date > last_day:
            assert batch.id not in status
            continue
        sold = sum(h.count for h in harvests if batch_of[h.assignment_id] == batch.id)
        assert batch.eggs == alive.get(batch.id, 0) + dead[batch.id] + sold
        still_there = any(
            a.end_date is None for a in assignments.values() if a.batch_id == batch.id
        )
        assert (status[batch.id].status == "active") == still_there
