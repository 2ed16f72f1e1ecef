"""Promises of the history: moves, feed, harvest, and that it does not matter how it is cut."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.plan import Plan, TransferKind
from farm.domain.world import Cause, Stage
from farm.errors import ContractBroken
from farm.simulation.engine import simulate
from farm.simulation.history import DAILY_COLUMNS, History, TransferRecord
from tests.reference import feed_rows
from tests.reference.small_farm import Sketch, Thinning, biology, nature, small_plan

BRIEF = (30, 32, 34, 36, 38, 300)
PERIOD = Period(Month(2015, 1), Month(2016, 6))


def busy_plan() -> Plan:
    """Four batches over three sites, one of them in the other geography.

    The second one is split as fry and as post-smolts and graded as parr, and moves take it days.
    """
    return small_plan(
        Sketch(days=BRIEF, containers=(2, 3, 2, 4, 3, 4)),
        Sketch(
            start=date(2015, 4, 3),
            days=BRIEF,
            containers=(3, 2, 3, 3, 2, 3),
            site=2,
            eggs=60_000,
            move_days=4,
            thinned={
                Stage.FRY: Thinning(TransferKind.SPLIT, after=15, containers=2),
                Stage.PARR: Thinning(TransferKind.GRADING, after=14, containers=5),
                Stage.POST_SMOLT: Thinning(TransferKind.SPLIT, after=20, containers=1),
            },
        ),
        Sketch(start=date(2015, 2, 1), days=BRIEF, geography="SC", containers=(1, 2, 2, 2, 2, 2)),
        Sketch(start=date(2015, 11, 20), days=BRIEF, containers=(1, 1, 1, 1, 1, 1), site=3),
    )


@pytest.fixture(scope="module")
def plan():
    return busy_plan()


@pytest.fixture(scope="module")
def history(plan):
    return simulate(nature(), plan, "FO", PERIOD, None)


def digest(*histories: History) -> str:
    """A digest of everything in consecutive histories, wherever they are cut."""
    sums = hashlib.sha256()
    columns = {
        name: np.concatenate([h.daily[name] for h in histories]) for name in histories[0].daily
    }
    order = np.lexsort((columns["date"], columns["assignment_id"]))
    for name in columns:
        sums.update(name.encode() + np.ascontiguousarray(columns[name][order]).tobytes())
    for events in ("transfers", "harvests"):
        sums.update(repr([e for h in histories for e in getattr(h, events)]).encode())
    for given in ("feed_draws", "harvest_lots"):
        for name in getattr(histories[0], given):
            drawn = np.concatenate([getattr(h, given)[name] for h in histories])
            sums.update(name.encode() + np.ascontiguousarray(drawn).tobytes())
    for told in (feed_rows.prices, feed_rows.shortages, feed_rows.balances):
        rows: list[Any] = [r for h in histories for r in told(getattr(h.feed, told.__name__))]
        sums.update(repr(sorted(map(repr, rows))).encode())
    living: list[list[Sequence[Any]]] = [
        [h.assignments for h in histories],
        [h.batches for h in histories],
        [feed_rows.orders(h.feed.orders) for h in histories],
        [feed_rows.lots(h.feed.lots) for h in histories],
    ]
    for parts in living:
        known = {record.id: record for part in parts for record in part}
        sums.update(repr(sorted(known.items())).encode())
    sums.update(repr(histories[-1].snapshot).encode())
    return sums.hexdigest()


def in_parts(plan, *periods: Period) -> list[History]:
    parts: list[History] = []
    for period in periods:
        parts.append(simulate(nature(), plan, "FO", period, parts[-1].snapshot if parts else None))
    return parts


def test_a_history_cut_at_every_month_is_the_same_history(plan, history):
    parts = in_parts(plan, *(Period(month, month) for month in PERIOD.months()))
    assert digest(*parts) == digest(history)


@pytest.mark.parametrize("cut", [Month(2015, 1), Month(2015, 6), Month(2015, 12), Month(2016, 5)])
def test_a_history_cut_in_two_is_the_same_history(plan, history, cut):
    parts = in_parts(plan, Period(PERIOD.first, cut), Period(cut.next(), PERIOD.last))
    assert digest(*parts) == digest(history)


def test_hash_seeds_of_other_processes_change_nothing(history):
    code = (
        "from tests.unit.simulation.test_engine import *\n"
        "print(digest(simulate(nature(), busy_plan(), 'FO', PERIOD, None)))"
    )
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == digest(history)


def test_another_seed_is_another_history(plan, history):
    assert digest(simulate(nature(2), plan, "FO", PERIOD, None)) != digest(history)


def test_daily_columns_are_the_agreed_ones_in_order(history):
    assert {n: str(c.dtype) for n, c in history.daily.items()} == DAILY_COLUMNS
    assert list(history.daily) == list(DAILY_COLUMNS)
    keys = list(zip(history.daily["assignment_id"], history.daily["date"], strict=True))
    assert keys == sorted(set(keys))


def test_biomass_is_that_of_the_published_weight(history):
    daily = history.daily
    weight = daily["mean_weight_g"]
    assert np.array_equal(weight, np.round(weight, 4))
    assert np.array_equal(daily["biomass_kg"], daily["population"] * weight / 1000)


def moved(history: History) -> dict[tuple[int, date], int]:
    """Fish that came, less those that left, by assignment and day."""
    result: dict[tuple[int, date], int] = {}
    for t in history.transfers:
        for assignment, sign in ((t.from_assignment_id, -1), (t.to_assignment_id, 1)):
            result[assignment, t.date] = result.get((assignment, t.date), 0) + sign * t.count
    return result


def test_deaths_are_the_sum_of_their_causes_and_the_fall_of_the_population(history):
    daily, moves = history.daily, moved(history)
    assert np.array_equal(daily["deaths"], daily["deaths_by_cause"].sum(axis=1))
    keys = zip(daily["assignment_id"].tolist(), daily["date"].astype(object), strict=True)
    came = np.array([moves.get(key, 0) for key in keys])
    same = daily["assignment_id"][1:] == daily["assignment_id"][:-1]
    fall = daily["population"][:-1] + came[1:] - daily["population"][1:]
    assert np.array_equal(fall[same], daily["deaths"][1:][same])
    assert (came[1:][same] != 0).any()


def test_eggs_are_not_fed_and_all_others_are(history):
    daily = history.daily
    eggs = daily["lifecycle_stage_id"] == Stage.EGG_ALEVIN.id
    assert not daily["feed_g"][eggs].any()
    assert not daily["is_fasting"][eggs].any()
    assert (daily["feed_g"][~eggs & ~daily["is_fasting"]] > 0).mean() > 0.99


def test_fish_that_fast_get_no_feed_and_fast_before_they_leave(history):
    daily = history.daily
    assert not daily["feed_g"][daily["is_fasting"]].any()
    ends = {a.id: a.end_date for a in history.assignments if a.lifecycle_stage_id > 1}
    for assignment, end in ends.items():
        if end is None:
            continue
        eve = (daily["assignment_id"] == assignment) & (
            daily["date"] == np.datetime64(end - timedelta(days=1))
        )
        assert daily["is_fasting"][eve].all()


def test_salinity_is_for_the_sea_only(history):
    at_sea = history.daily["lifecycle_stage_id"] == Stage.ADULT.id
    assert np.isnan(history.daily["salinity_psu"][~at_sea]).all()
    assert np.isfinite(history.daily["salinity_psu"][at_sea]).all()


def test_a_stage_moves_whole_on_one_day_through_the_fewest_transfers(plan, history):
    batch = plan.batches[0]
    by_stage = {s: [b for b in batch.bookings if b.stage is s] for s in Stage}
    for before, after in zip(list(Stage), list(Stage)[1:], strict=False):
        sources = {b.id for b in by_stage[before]}
        moved = [t for t in history.transfers if t.from_assignment_id in sources]
        assert {t.date for t in moved} == {by_stage[after][0].start}
        assert len(moved) <= len(sources) + len(by_stage[after]) - 1
        assert {t.kind for t in moved} == {"sea" if after is Stage.ADULT else "stage"}


def test_fish_are_split_by_capacity_and_keep_their_weight(plan, history):
    capacity = {c.id: c.capacity_fish for c in plan.world.container}
    fry = [a for a in history.assignments if a.batch_id == 1 and a.lifecycle_stage_id == 2]
    total, room = sum(a.start_count for a in fry), sum(capacity[a.container_id] for a in fry)
    for assignment in fry:
        share = capacity[assignment.container_id] / room
        assert assignment.start_count == pytest.approx(total * share, rel=0.01)
    moved = [t for t in history.transfers if t.to_assignment_id == fry[1].id]
    weight = sum(t.count * t.mean_weight_g for t in moved) / sum(t.count for t in moved)
    assert fry[1].start_weight_g == pytest.approx(weight, abs=2e-4)


def transfers_into(plan: Plan, history: History, stage: Stage, kind: str) -> list[TransferRecord]:
    targets = {b.id for b in plan.batches[1].bookings if b.stage is stage}
    return [t for t in history.transfers if t.to_assignment_id in targets and t.kind == kind]


def test_a_large_batch_moves_over_several_days_and_no_fish_comes_twice(plan, history):
    for stage, kind in ((Stage.SMOLT, "stage"), (Stage.ADULT, "sea")):
        entering = transfers_into(plan, history, stage, kind)
        days = sorted({t.date for t in entering})
        assert days == [days[0] + timedelta(days=n) for n in range(4)]
        starts = {a.id: a.start_count for a in history.assignments}
        for target in {t.to_assignment_id for t in entering}:
            mine = [t for t in entering if t.to_assignment_id == target]
            first_day = [t.count for t in mine if t.date == min(t.date for t in mine)]
            assert sum(first_day) == starts[target]


def test_a_source_is_emptied_on_its_last_day_and_before_the_next_one(plan, history):
    ends = {a.id: (a.end_date, a.end_count) for a in history.assignments}
    sources = [b.id for b in plan.batches[1].bookings if b.stage is Stage.SMOLT]
    left = [
        [t.date for t in history.transfers if t.from_assignment_id == source] for source in sources
    ]
    assert [ends[source] for source in sources] == [(max(days), 0) for days in left]
    assert all(max(before) <= min(after) for before, after in pairwise(left))


def test_a_split_takes_its_share_and_leaves_the_rest_where_they_are(plan, history):
    split = transfers_into(plan, history, Stage.FRY, "split")
    daily = history.daily
    sources = {t.from_assignment_id for t in split}
    assert len(sources) == 2
    for source in sources:
        gone = [t for t in split if t.from_assignment_id == source]
        first = min(t.date for t in gone)
        eve = (daily["assignment_id"] == source) & (
            daily["date"] == np.datetime64(first - timedelta(days=1))
        )
        assert sum(t.count for t in gone) == pytest.approx(
            0.4 * daily["population"][eve][0], rel=0.02
        )
        (still_there,) = [a for a in history.assignments if a.id == source]
        assert still_there.end_date > max(t.date for t in gone)
        assert all(
            t.mean_weight_g == daily["mean_weight_g"][eve][0] for t in gone if t.date == first
        )


def test_a_grading_puts_large_and_small_fish_apart_and_loses_no_gram(plan, history):
    graded = transfers_into(plan, history, Stage.PARR, "grading")
    daily = history.daily
    for source, day in {(t.from_assignment_id, t.date) for t in graded}:
        out = [t for t in graded if (t.from_assignment_id, t.date) == (source, day)]
        eve = (daily["assignment_id"] == source) & (
            daily["date"] == np.datetime64(day - timedelta(days=1))
        )
        weight = daily["mean_weight_g"][eve][0]
        count = sum(t.count for t in out)
        grams = sum(t.count * t.mean_weight_g for t in out)
        assert grams == pytest.approx(count * weight, abs=2e-4 * count)
        # Planned for fish as unequal as parr usually are; these have a CV of their own.
        apart = 0.15 * daily["weight_cv"][eve][0] / biology().size.level.parr
        for t in out:
            assert abs(t.mean_weight_g / weight - 1) == pytest.approx(apart, abs=0.004)
    weights = [
        a.start_weight_g
        for a in history.assignments
        if a.id in {t.to_assignment_id for t in graded}
    ]
    assert max(weights) > 1.3 * min(weights)


def test_what_a_grading_parted_stays_apart_until_the_sea(plan, history):
    pens = {b.id for b in plan.batches[1].bookings if b.stage is Stage.ADULT}
    weights = [a.start_weight_g for a in history.assignments if a.id in pens]
    assert weights[0] > 1.05 * weights[-1]


def test_splitting_and_grading_do_not_make_fry_newcomers_again(plan, history):
    # The losses of fish that never start to feed are those of the first weeks of the stage alone.
    daily = history.daily
    into = {t.to_assignment_id for t in transfers_into(plan, history, Stage.FRY, "split")}
    second = np.isin(daily["assignment_id"], list(into))
    first = np.isin(
        daily["assignment_id"], [b.id for b in plan.batches[1].bookings if b.stage is Stage.FRY]
    )
    rate = [
        daily["deaths"][rows].sum() / daily["population"][rows].sum()
        for rows in (second, first & ~second)
    ]
    assert rate[0] < rate[1]


def test_deaths_of_a_move_are_among_the_first_days_deaths(history):
    daily = history.daily
    for assignment in history.assignments:
        received = [t for t in history.transfers if t.to_assignment_id == assignment.id]
        for day in {t.date for t in received}:
            today = (daily["assignment_id"] == assignment.id) & (
                daily["date"] == np.datetime64(day)
            )
            died = daily["deaths_by_cause"][today][:, Cause.HANDLING.id - 1].sum()
            told = sum(t.mortality_count for t in received if t.date == day)
            # Who came on earlier days dies as well.
            assert told == died if day == assignment.start_date else told <= died
        assert all(0 <= t.mortality_count <= t.count for t in received)


def test_a_pen_is_harvested_at_its_weight_or_at_the_latest_on_its_last_day(plan):
    # Given a light harvest weight that pens reach inside their window
    heavy = simulate(nature(harvest_at=900.0), plan, "FO", PERIOD, None)
    bookings = {b.id: b for batch in plan.batches for b in batch.bookings}
    early = [h for h in heavy.harvests if h.date < bookings[h.assignment_id].end]
    assert early
    for event in heavy.harvests:
        booking = bookings[event.assignment_id]
        assert booking.earliest_end <= event.date <= booking.end
        # Then whoever goes before the last possible days has the weight
        if event.date < booking.end - timedelta(days=10):
            assert event.mean_weight_g >= 900.0


def test_a_harvest_takes_of_what_was_there_the_evening_before(history):
    assert history.harvests
    daily = history.daily
    assignments = {a.id: a for a in history.assignments}
    for event in history.harvests:
        eve = (daily["assignment_id"] == event.assignment_id) & (
            daily["date"] == np.datetime64(event.date - timedelta(days=1))
        )
        (present,) = daily["population"][eve].tolist()
        assert event.count <= present
        assert daily["mean_weight_g"][eve].tolist() == [event.mean_weight_g]
        assert event.biomass_kg == event.count * event.mean_weight_g / 1000
        # The assignment ends with the last fish.
        is_last = assignments[event.assignment_id].end_date == event.date
        assert is_last == (event.count == present)
        assert not is_last or assignments[event.assignment_id].end_count == 0


def test_a_site_is_harvested_pen_by_pen(history):
    ends = {a.id: a.end_date for a in history.assignments}
    events = [h for h in history.harvests if h.assignment_id // 1000 == 1]
    days: dict[int, list[date]] = {}
    for event in events:
        days.setdefault(event.assignment_id, []).append(event.date)
    assert len(days) == 4
    for one, other in pairwise(sorted(days.values())):
        assert max(one) < min(other)
    for pen, taken in days.items():
        assert taken == [taken[0] + timedelta(days=n) for n in range(len(taken))]
        assert ends[pen] == taken[-1]


def test_a_batch_is_harvested_when_its_last_pen_is_empty(history):
    status = {b.code: (b.status, b.end_date) for b in history.batches}
    last = max(h.date for h in history.harvests if h.assignment_id // 1000 == 1)
    assert status["FO-1"] == ("harvested", last)
    assert status["FO-4"] == ("active", None)


def test_only_what_was_touched_in_a_period_is_told(plan):
    first, second = in_parts(
        plan, Period(Month(2015, 1), Month(2015, 3)), Period(Month(2015, 4), Month(2015, 4))
    )
    opened = {a.id for a in second.assignments}
    still_open = {a.id for a in first.assignments if a.end_date is None}
    closed = {a.id for a in first.assignments if a.end_date is not None}
    assert still_open <= opened
    assert not closed & opened
    assert {b.code for b in first.batches} == {"FO-1"}
    assert {b.code for b in second.batches} == {"FO-1", "FO-2"}


def test_density_stays_below_the_limit_even_where_room_is_short():
    # Given a farm with far too small containers
    cramped = small_plan(Sketch(days=(30, 60, 60, 60, 60, 300), eggs=20_000), room=0.12)
    daily = simulate(nature(), cramped, "FO", PERIOD, None).daily
    limit = {c.id: c.max_density_kg_m3 for c in cramped.world.container}
    container = {b.id: b.container_id for b in cramped.batches[0].bookings}
    limits = np.array([limit[container[int(a)]] for a in daily["assignment_id"]])
    fullness = daily["density_kg_m3"] / limits
    assert fullness.max() <= 1.0
    assert fullness.max() > 0.98


def test_a_plan_without_room_for_its_fish_is_refused_in_words():
    plan = small_plan(Sketch(days=BRIEF))
    small = [
        c if c.id // 100 % 10 != 1 else type(c)(**{**_fields(c), "capacity_fish": 10})
        for c in plan.world.container
    ]
    world = type(plan.world)(**{**_fields(plan.world), "container": tuple(small)})
    with pytest.raises(ContractBroken, match="C1101, which holds 10"):
        simulate(nature(), type(plan)(world, plan.batches), "FO", PERIOD, None)


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__dataclass_fields__}
