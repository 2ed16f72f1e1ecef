"""The figures of months, places and batches: what they mean, and that they add up."""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.harvest import Quality
from farm.domain.plan import TransferKind
from farm.domain.world import Stage
from farm.simulation.accounts import ratios
from farm.simulation.accounts.ledger import KINDS, Entry, Ledger
from farm.simulation.accounts.site_months import row_id
from farm.simulation.engine import simulate
from farm.simulation.figure_records import BatchMonthRecord, FigureRecords
from farm.simulation.frame import Place, PlaceKind
from farm.simulation.history import History
from tests.reference.harvest_lots import lots_of
from tests.reference.plain_accounts import PlainAccounts
from tests.reference.small_farm import Sketch, Thinning, economy, nature, small_plan

PERIOD = Period(Month(2015, 1), Month(2016, 8))
BRIEF = (30, 32, 34, 36, 38, 330)


@pytest.fixture(scope="module")
def plan():
    """Two batches that are harvested, one of them split, and one that stays; deloused and cured."""
    return small_plan(
        Sketch(days=BRIEF, containers=(2, 1, 2, 2, 2, 3), harvest_window=60),
        Sketch(
            start=date(2015, 3, 2),
            days=BRIEF,
            containers=(1, 2, 2, 1, 2, 2),
            site=2,
            move_days=3,
            thinned={Stage.FRY: Thinning(TransferKind.SPLIT, after=15, containers=2)},
        ),
        Sketch(start=date(2015, 12, 20), days=BRIEF, site=3),
    )


@pytest.fixture(scope="module")
def history(plan) -> History:
    return simulate(nature(), plan, "FO", PERIOD, None)


@pytest.fixture(scope="module")
def plain(plan, history) -> PlainAccounts:
    return PlainAccounts(history, plan, "FO", economy().costs)


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def assert_agreed(records: tuple[Any, ...], told: list[dict[str, Any]]) -> None:
    assert [asdict(record).keys() for record in records[:1]] == [t.keys() for t in told[:1]]
    assert len(records) == len(told)
    for record, plain in zip(records, told, strict=True):
        for name, value in plain.items():
            given = getattr(record, name)
            if isinstance(given, str):
                scale = 100 if name.endswith(("cost", "value")) else 1
                assert float(Decimal(given) * scale) == value, (plain["month"], name)
            elif isinstance(value, float):
                assert given == pytest.approx(value, rel=1e-6, abs=6e-4), (plain["month"], name)
            else:
                assert given == value, (plain["month"], name)


def test_figures_of_batches_agree_with_those_told_in_plain_loops(history, plain):
    assert_agreed(history.figures.batch_months, plain.batch_months())


def test_figures_of_places_agree_with_those_told_in_plain_loops(history, plain):
    assert_agreed(history.figures.site_months, plain.site_months())


def test_the_small_farm_has_everything_that_is_accounted_for(history):
    months = history.figures.batch_months
    assert {m.batch_id for m in months} == {1, 2, 3}
    assert [a.batch_id for a in history.figures.batch_accounts] == [1, 2]
    assert any(m.treatments for m in months)
    assert any(cents(m.treatment_cost) for m in months)
    assert any(cents(m.feed_cost) for m in months)
    assert any(cents(m.vaccination_cost) for m in months)
    assert any(m.lice_adult_female is not None for m in months)
    assert any(not m.occupied_container_days for m in history.figures.site_months)


def test_four_sessions_have_the_figures_of_one(plan, history):
    # Given cuts while eggs, smolts and pens half harvested are about
    ends = (Month(2015, 3), Month(2015, 9), Month(2016, 6), PERIOD.last)
    parts: list[History] = []
    first = PERIOD.first
    for end in ends:
        snapshot = parts[-1].snapshot if parts else None
        parts.append(simulate(nature(), plan, "FO", Period(first, end), snapshot))
        first = end.next()
    assert any(part.harvests for part in parts[:-1])
    for table in fields(FigureRecords):
        # Then rows are the same to the last digit, whichever session wrote them
        told = [record for part in parts for record in getattr(part.figures, table.name)]
        whole = getattr(history.figures, table.name)
        assert sorted(told, key=repr) == sorted(whole, key=repr), table.name


def of_batch(history: History, batch: int) -> list[BatchMonthRecord]:
    return [m for m in history.figures.batch_months if m.batch_id == batch]


def test_the_months_of_a_batch_add_up_to_its_life(history):
    for account in history.figures.batch_accounts:
        months = of_batch(history, account.batch_id)
        for name in ("egg", "feed", "treatment", "vaccination", "operating", "mortality"):
            spent = sum(cents(getattr(m, f"{name}_cost")) for m in months)
            assert cents(getattr(account, f"{name}_cost")) == spent, name
        assert account.harvested == sum(m.harvested for m in months)
        assert account.eggs == account.harvested + sum(m.deaths for m in months)
        assert account.survival_percent == pytest.approx(
            100 * account.harvested / account.eggs, abs=1e-4
        )
        feed = sum(Decimal(m.feed_kg) for m in months)
        assert Decimal(account.feed_kg) == feed
        growth = math.fsum(m.growth_kg for m in months)
        dead = math.fsum(m.dead_kg for m in months)
        assert account.harvested_kg == pytest.approx(math.fsum(m.harvested_kg for m in months))
        assert account.fcr_biological == pytest.approx(float(feed) / growth, rel=1e-4)
        assert account.fcr_economic == pytest.approx(float(feed) / (growth - dead), rel=1e-4)
        # What was put in is in the boxes or with the dead
        assert growth - dead == pytest.approx(account.harvested_kg, rel=1e-3)


def test_a_batch_earns_what_its_lots_bring_and_costs_the_sum_of_its_parts(history):
    batch_of = {a.id: a.batch_id for a in history.assignments}
    rate, costs = economy().costs.harvest["FO"], economy().costs
    for account in history.figures.batch_accounts:
        lots = [
            lot
            for lot in lots_of(history.harvest_lots)
            if batch_of[lot.assignment_id] == account.batch_id
        ]
        assert cents(account.revenue) == sum(lot.revenue_cents for lot in lots)
        assert account.gutted_kg == pytest.approx(sum(lot.gutted_kg for lot in lots), abs=1e-2)
        to_boxes = sum(lot.gutted_kg * rate * costs.inflated(Month.of(lot.date)) for lot in lots)
        assert float(account.harvest_cost) == pytest.approx(to_boxes, abs=0.05)
        parts = ("egg", "feed", "treatment", "vaccination", "operating", "harvest")
        total = sum(cents(getattr(account, f"{name}_cost")) for name in parts)
        assert cents(account.total_cost) == total
        assert cents(account.profit) == cents(account.revenue) - total
        assert float(account.cost_per_kg) == pytest.approx(
            total / 100 / account.gutted_kg, abs=1e-3
        )


def test_lots_bring_the_price_of_their_month_class_and_quality(history):
    price = {(r.month, r.weight_class): r.price_per_kg for r in history.figures.salmon_prices}
    factor = economy().costs.salmon.quality
    lots = lots_of(history.harvest_lots)
    assert {lot.quality for lot in lots} == set(Quality)
    for lot in lots:
        quoted = Decimal(price[lot.date.replace(day=1), lot.weight_class])
        worth = Decimal(lot.gutted_kg) * quoted * Decimal(str(factor(Quality(lot.quality))))
        assert abs(Decimal(lot.revenue_cents) / 100 - worth) <= Decimal("0.0051")


def test_a_batch_is_accounted_for_on_the_day_on_which_its_last_pen_is_empty(history):
    closed = {a.batch_id: a.closed_on for a in history.figures.batch_accounts}
    assert closed == {b.id: b.end_date for b in history.batches if b.end_date is not None}


def test_what_was_spent_is_with_the_dead_in_the_boxes_or_in_the_living(history):
    for batch in (1, 2, 3):
        months = of_batch(history, batch)
        spent, lost = 0, 0
        for month in months:
            spent += sum(
                cents(getattr(month, f"{kind}_cost"))
                for kind in ("egg", "feed", "treatment", "vaccination", "operating")
            )
            lost += cents(month.mortality_cost)
            assert cents(month.mortality_cost) >= 0
            assert cents(month.book_value) <= spent - lost
            if not any(m.harvested for m in months if m.month <= month.month):
                assert cents(month.book_value) == spent - lost
        assert (cents(months[-1].book_value) == 0) == (months[-1].end_population == 0)


def test_one_month_begins_where_the_last_one_ended(history):
    for batch in (1, 2, 3):
        months = of_batch(history, batch)
        assert months[0].start_population == 0
        assert months[0].sgr_percent_day is None
        for before, after in pairwise(months):
            assert Month.of(after.month) == Month.of(before.month).next()
            assert after.start_population == before.end_population
            assert after.start_biomass_kg == before.end_biomass_kg
            fish = after.start_population - after.deaths - after.harvested
            assert fish == after.end_population
        assert [m.lifecycle_stage_id for m in months] == sorted(
            m.lifecycle_stage_id for m in months
        )


def test_places_add_up_to_the_batches_in_them(history):
    for month in {m.month for m in history.figures.site_months}:
        places = [m for m in history.figures.site_months if m.month == month]
        batches = [m for m in history.figures.batch_months if m.month == month]
        for name in ("deaths", "treatments", "end_population"):
            assert sum(getattr(p, name) for p in places) == sum(getattr(b, name) for b in batches)
        for name in ("feed_kg", "feed_cost"):
            assert sum(Decimal(getattr(p, name)) for p in places) == sum(
                Decimal(getattr(b, name)) for b in batches
            )
        # What moves from a station to a site is of a rounded weight
        grown = math.fsum(b.growth_kg for b in batches)
        assert math.fsum(p.growth_kg for p in places) == pytest.approx(grown, rel=1e-4, abs=0.1)


def test_fcr_rises_with_size_and_dead_fish(history):
    fed = [m for m in history.figures.batch_months if m.fcr_economic is not None]
    assert all(m.fcr_economic >= m.fcr_biological for m in fed if m.fcr_biological)
    small = [m.fcr_biological for m in fed if m.mean_weight_g < 100 and m.fcr_biological]
    large = [m.fcr_biological for m in fed if m.mean_weight_g > 1500 and m.fcr_biological]
    assert np.median(small) < np.median(large)


def test_ids_of_places_and_months_fit_into_32_bits_and_never_meet():
    months = [Month(1970, 1), Month(2024, 12), Month(2025, 1), Month(2200, 12)]
    places = [
        Place(kind, number, 1, np.zeros(0, dtype=np.int64))
        for kind in (PlaceKind.SITE, PlaceKind.STATION)
        for number in (1, 2552, 4999)
    ]
    ids = [row_id(month, place) for month in months for place in places]
    assert len(set(ids)) == len(ids)
    assert max(ids) < 2**31
    with pytest.raises(ValueError, match="no id"):
        row_id(months[0], Place(PlaceKind.SITE, 5000, 1, np.zeros(0, dtype=np.int64)))


def entry(spent: int, there: int, deaths: int, harvested: int = 0) -> Entry:
    def one(value: int) -> Any:
        return np.asarray([value], dtype=np.int64)

    counts = dict.fromkeys(KINDS, one(0)) | {"feed": one(spent), "harvested": one(harvested)}
    return Entry(counts, {}, one(there), one(deaths))


def test_the_dead_take_their_share_of_what_was_spent_so_far_and_no_cent_is_lost():
    # Given fish that cost 10.00 when a third of them dies, and 5.00 later when half of them does
    own = Ledger.begin(1)
    ledger = Ledger(own)
    dead, book = ledger.close_month(entry(1000, there=300, deaths=100))
    assert (dead.item(), book.item()) == (333, 667)
    dead, book = ledger.close_month(entry(500, there=200, deaths=100))
    assert (dead.item(), book.item()) == (583, 584)
    # When the rest is harvested, but for one that dies
    dead, book = ledger.close_month(entry(0, there=100, deaths=1, harvested=99))
    assert (dead.item(), book.item()) == (5, 0)
    assert own["mortality"].item() == 333 + 583 + 5
    assert own["feed"].item() == 1500


def test_the_ledger_holds_the_largest_batch_without_overflow():
    dead, book = Ledger(Ledger.begin(1)).close_month(
        entry(100_000_000_000, there=90_000_000, deaths=30_000_000)
    )
    assert dead.item() == 33_333_333_333
    assert book.item() == 66_666_666_667


def test_ratios_are_those_of_the_textbook_and_none_of_nothing():
    assert ratios.sgr(100.0, 200.0, 70) == pytest.approx(0.9902, abs=1e-4)
    assert ratios.tgc(1000.0, 2197.0, 1000.0) == 3.0
    assert ratios.fcr(120.0, 100.0) == 1.2
    assert ratios.percent(1, 8) == 12.5
    assert ratios.per_fish(5, 20) == 0.25
    assert ratios.sgr(0.0, 100.0, 30) is ratios.tgc(0.0, 100.0, 30.0) is None
    assert ratios.fcr(0.0, 10.0) is ratios.fcr(10.0, -1.0) is ratios.per_fish(0, 0) is None
    assert ratios.percent(0, 0) == 0.0
