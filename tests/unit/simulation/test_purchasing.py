"""Feed is ordered by the rule, comes as configured, and is not bought for fish that leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import numpy as np
import pytest

from farm.domain.events import SiteEventKind
from farm.domain.world import Stage, World
from farm.errors import ContractBroken
from farm.settings.scenarios import load_scenario
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.engine import simulate
from farm.simulation.feed.deliveries import Deliveries
from farm.simulation.feed.departures import FAR, Departures
from farm.simulation.feed.forecast import Courses, Forecast
from farm.simulation.feed.mouths import Needs
from farm.simulation.feed.order_book import ORDER, REORDER
from farm.simulation.feed.orders import UNDER_WAY, Orders, Wishes
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Floats, Frame
from farm.simulation.health_records import TreatmentRecord
from farm.simulation.history import AssignmentRecord, History
from farm.simulation.process import EventsDay, Today
from farm.simulation.scheduler import make_plan
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference import feed_rows
from tests.reference.small_farm import CONFIG, Sketch, biology, economy, small_plan

CODE = "SC"
TRADE = economy().feed
TODAY = Today.of(date(2016, 6, 14))


@dataclass(frozen=True)
class Lived:
    """The smallest scenario, session after session."""

    world: World
    sessions: tuple[History, ...]

    def orders(self) -> dict[int, feed_rows.Order]:
        """Return the orders as the last session that speaks of them does, by id."""
        return {
            order.id: order
            for history in self.sessions
            for order in feed_rows.orders(history.feed.orders)
        }

    def lots(self) -> dict[int, feed_rows.Lot]:
        """Return the lots in the same way."""
        return {
            lot.id: lot for history in self.sessions for lot in feed_rows.lots(history.feed.lots)
        }


@cache
def lived() -> Lived:
    scenario = load_scenario("smoke", CONFIG)
    plan, snapshot, sessions = make_plan(scenario), None, []
    for number in scenario.session_numbers:
        sessions.append(simulate(scenario, plan, CODE, scenario.period(number), snapshot))
        snapshot = sessions[-1].snapshot
    return Lived(plan.world, tuple(sessions))


def grams(kilograms: str) -> int:
    return int(Decimal(kilograms).scaleb(3))


def test_reorders_follow_the_rule():
    stores = {store.id: store for store in lived().world.feed_store}
    suppliers = {supplier.id: supplier for supplier in lived().world.feed_supplier}
    kinds = {kind.id: kind for kind in lived().world.feed_type}
    orders = [order for order in lived().orders().values() if order.reason == "reorder"]

    assert len(orders) > 60
    for order in orders:
        # Below nothing where fish run out of what they have not outgrown yet.
        assert Decimal(order.stock_kg) < Decimal(order.threshold_kg)
        plain = kinds[order.feed_type_id].treatment_type_id is None
        terms = TRADE.buying(stores[order.feed_store_id].kind)
        load = terms.load if plain else TRADE.medicated.load
        assert grams(order.quantity_kg) % int(load * 1000) == 0
        assert order.ordered_on.weekday() < 5
        lead = (order.promised_on - order.ordered_on).days
        assert lead - suppliers[order.feed_supplier_id].lead_time_days in {0, 1}
        assert order.promised_on.weekday() < 6


def test_orders_cost_what_was_asked_in_their_month_and_are_confirmed_within_days():
    asked = {
        (price.feed_supplier_id, price.feed_type_id, price.month): price.price_per_kg
        for history in lived().sessions
        for price in feed_rows.prices(history.feed.prices)
    }
    for order in lived().orders().values():
        key = (order.feed_supplier_id, order.feed_type_id, order.ordered_on.replace(day=1))
        assert order.price_per_kg == asked[key]
        if order.confirmed_on is not None:
            assert (order.confirmed_on - order.ordered_on).days in TRADE.deliveries.confirmed


def test_sessions_ask_the_same_prices_once():
    months = [
        (price.feed_supplier_id, price.feed_type_id, price.month)
        for history in lived().sessions
        for price in feed_rows.prices(history.feed.prices)
    ]
    assert max(Counter(months).values()) == 1


def test_nothing_of_an_order_is_dated_after_the_period_and_it_ends_as_it_began():
    for history, later in zip(lived().sessions, lived().sessions[1:], strict=False):
        last = history.period.last_day
        after = {order.id: order for order in feed_rows.orders(later.feed.orders)}
        for order in feed_rows.orders(history.feed.orders):
            assert order.ordered_on <= last
            assert order.confirmed_on is None or order.confirmed_on <= last
            assert order.delivered_on is None or order.delivered_on <= last
            if order.status == "delivered":
                assert order.id not in after
            else:
                then = after[order.id]
                assert (then.quantity_kg, then.ordered_on, then.price_per_kg) == (
                    order.quantity_kg,
                    order.ordered_on,
                    order.price_per_kg,
                )


def test_the_opening_stock_was_bought_before_the_first_day_for_the_fish_that_eat_first():
    first = lived().sessions[0]
    opening = [order for order in feed_rows.orders(first.feed.orders) if order.reason == "opening"]
    draws = first.feed_draws

    assert opening
    for order in opening:
        assert order.delivered_on is not None
        assert order.delivered_on < first.period.first_day
        assert order.id in draws["feed_lot_id"]
    assert draws["feed_lot_id"][0] in {order.id for order in opening}


def test_medicated_lots_are_eaten_only_by_fish_under_that_treatment():
    kinds = {kind.id: kind for kind in lived().world.feed_type}
    harmless = {t.id for t in lived().world.treatment_type if not t.is_medicine}
    lots = {lot.id: kinds[lot.feed_type_id].treatment_type_id for lot in lived().lots().values()}
    treatments: dict[int, TreatmentRecord] = {}
    for history in lived().sessions:
        treatments |= {record.id: record for record in history.health.treatments}
    given = 0
    for history in lived().sessions:
        draws = history.feed_draws
        for day, lot, assignment in zip(
            draws["date"].tolist(),
            draws["feed_lot_id"].tolist(),
            draws["assignment_id"].tolist(),
            strict=True,
        ):
            if lots[lot] is None:
                continue
            given += 1
            if lots[lot] in harmless:
                continue
            assert any(
                record.treatment_type_id == lots[lot]
                and record.assignment_id == assignment
                and record.start_date <= day
                and (record.end_date is None or day < record.end_date)
                for record in treatments.values()
            )
    assert given > 10


def test_a_site_runs_its_barge_down_before_its_harvest():
    assignments: dict[int, AssignmentRecord] = {}
    for history in lived().sessions:
        assignments |= {record.id: record for record in history.assignments}
    ended = [
        a.end_date
        for a in assignments.values()
        if a.lifecycle_stage_id == Stage.ADULT.id and a.end_date is not None
    ]
    barges = {store.id: store for store in lived().world.feed_store if store.kind == "barge"}
    balances = [
        b for history in lived().sessions for b in feed_rows.balances(history.feed.balances)
    ]
    at_sea = [b for b in balances if b.feed_store_id in barges]
    last = max(ended).replace(day=1)
    left = sum(Decimal(b.closing_kg) for b in at_sea if b.month == last)
    most = max(
        sum(Decimal(b.closing_kg) for b in at_sea if b.month == month)
        for month in {b.month for b in at_sea}
    )

    # After the last fish nothing is ordered.
    orders = lived().orders().values()
    late = [o for o in orders if o.feed_store_id in barges and o.ordered_on > max(ended)]
    assert not late
    assert left < most / 3


class Bench:
    """A small farm with pens full of fish, and those who look ahead."""

    def __init__(self) -> None:
        self.plan = small_plan(Sketch(geography="FO", containers=(1, 1, 1, 1, 1, 4)))
        self.frame = Frame.of(self.plan.world, "FO")
        self.dice = Dice(Streams(1), self.frame)
        self.agenda = Agenda(self.plan, self.frame.geography.id)
        self.state, self.pens = State.empty(self.frame), self.frame.pens
        state, pens = self.state, self.pens
        state.assignment[pens] = [b.id for b in self.agenda.bookings.values()][-pens.size :]
        state.batch[pens], state.stage[pens] = 1, Stage.ADULT.id
        state.population[pens], state.weight_g[pens] = 20_000, 2_500.0
        state.arrived[pens] = TODAY.ordinal - 200
        state.ready_from[pens], state.empty_by[pens] = TODAY.ordinal + 100, TODAY.ordinal + 300

    def eaten(self, days: int, put_off: int = 0) -> Floats:
        terms = TRADE.forecast.model_copy(update={"put_off": put_off})
        forecast = Forecast(terms, biology(), self.frame, self.agenda, self.dice)
        size = self.frame.size
        nobody = Courses(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64))
        spans = np.full((1, len(self.frame.feed_stores)), days)
        outlook = forecast.outlook(TODAY, self.state, np.full(size, 10.0))
        mouths = forecast.mouths(outlook, np.ones(size), nobody, days)
        return np.asarray(self.by_store(forecast.eaten_g(mouths, spans))[0])

    def by_store(self, needs: Needs) -> Floats:
        """Return them in shape (spans, stores, types)."""
        shape = (len(needs.grams), len(self.frame.feed_stores), len(self.frame.feed_types))
        grams: Floats = np.zeros(shape)
        grams.reshape(len(grams), -1)[:, needs.cell] = needs.grams
        return grams


def test_the_forecast_is_of_the_pellets_that_fish_eat_now_and_grow_into():
    bench = Bench()
    kinds = {kind.code: at for at, kind in enumerate(bench.frame.feed_types)}
    barge = int(bench.frame.store_of[bench.pens[0]])

    soon, later = bench.eaten(10)[barge], bench.eaten(60)[barge]
    assert np.flatnonzero(soon).tolist() == [kinds["finisher_9"]]
    assert np.flatnonzero(later).tolist() == [kinds["finisher_9"], kinds["finisher_11"]]
    # Half a per cent of the biomass a day, or thereabouts.
    biomass = (bench.state.population * bench.state.weight_g).sum()
    assert 0.003 < soon.sum() / 10 / biomass < 0.01


def test_fish_that_are_booked_for_harvest_are_expected_to_eat_until_they_fast():
    bench = Bench()
    fasting = biology().feeding.fasting_before_harvest
    bench.state.leaves[bench.pens] = TODAY.ordinal + 6

    assert bench.eaten(40).sum() == pytest.approx(bench.eaten(6 - fasting - 1).sum())
    assert bench.eaten(3).sum() > bench.eaten(2).sum() > 0


def test_nothing_is_expected_of_fish_beyond_the_day_by_which_they_must_be_gone():
    bench = Bench()
    bench.state.ready_from[bench.pens] = TODAY.ordinal
    bench.state.empty_by[bench.pens] = TODAY.ordinal + 15

    assert bench.eaten(60).sum() == pytest.approx(bench.eaten(15).sum())


def test_pens_are_expected_to_be_harvested_one_after_the_other_and_not_while_withheld():
    bench = Bench()
    state, pens = bench.state, bench.pens
    state.weight_g[pens], state.population[pens] = 8_000.0, 100_000
    state.ready_from[pens] = TODAY.ordinal - 1
    state.withheld[pens[-1]] = 1
    departures = Departures(biology(), bench.frame, bench.agenda, bench.dice, 0)

    root, growth = np.cbrt(state.weight_g), np.full(bench.frame.size, 0.02)
    days = departures.harvests(TODAY, state, root, growth)[pens]
    first = biology().feeding.fasting_before_harvest + 1
    line = biology().harvest.markets["FO"].line * 1e6
    each = int(np.ceil(100_000 * 8_000.0 / line))
    assert sorted(days[:-1].tolist()) == [first, first + each, first + 2 * each]
    assert days[-1] == FAR


def test_fish_on_their_way_are_expected_in_the_store_that_they_will_eat_from():
    # Given smolt that go to sea in ten days
    bench = Bench()
    sea = next(b for b in bench.agenda.bookings.values() if b.stage is Stage.ADULT)
    source = next(b for b in bench.agenda.bookings.values() if b.stage is Stage.POST_SMOLT)
    today = Today.of(sea.start - timedelta(days=10))
    at, state = bench.frame.index_of[source.container_id], State.empty(bench.frame)
    state.assignment[at], state.batch[at], state.stage[at] = source.id, 1, source.stage.id
    state.population[at], state.weight_g[at] = 80_000, 150.0
    state.arrived[at] = today.ordinal - 50
    forecast = Forecast(TRADE.forecast, biology(), bench.frame, bench.agenda, bench.dice)
    nobody = Courses(*(np.zeros(bench.frame.size, dtype=np.int64),) * 2)
    spans = np.asarray([[9], [30]]) * np.ones(len(bench.frame.feed_stores), dtype=np.int64)
    pace, water = np.ones(bench.frame.size), np.full(bench.frame.size, 10.0)

    mouths = forecast.mouths(forecast.outlook(today, state, water), pace, nobody, 30)
    before, after = bench.by_store(forecast.eaten_g(mouths, spans)).sum(axis=2)
    silo, barge = bench.frame.store_of[at], bench.frame.store_of[bench.pens[0]]
    assert before[barge] == pytest.approx(0, abs=1)
    assert after[barge] > 1_000
    # The silo feeds them until the day before they go, and then nobody.
    assert 0 < before[silo] == after[silo]


def wishes(*stores: int, promised_on: int = TODAY.ordinal + 5) -> Wishes:
    """A tonne of the first feed for each of these stores."""
    none = np.zeros(len(stores), dtype=np.int64)
    return Wishes(
        reason=REORDER,
        store=np.asarray(stores, dtype=np.int64),
        feed_type=none,
        supplier=none,
        ordered_on=none + TODAY.ordinal,
        promised_on=none + promised_on,
        quantity_g=none + 1_000_000,
        price=none + 100_000,
        stock_g=none,
        threshold_g=none,
    )


def test_late_and_short_deliveries_happen_as_often_as_configured():
    bench = Bench()
    orders, placed = Orders(TRADE, bench.frame, bench.dice), 4_000
    own = orders.begin()
    late, short, days, brought = 0, 0, [], []
    stores = len(bench.frame.feed_stores)
    everywhere = np.ones(stores, dtype=np.bool_)
    for _ in range(placed // stores):
        orders.place(wishes(*range(stores)), own)
        come = orders.arriving(TODAY.ordinal + 1_000, everywhere, own)
        for due, coming in zip(come["due_on"].tolist(), come["coming_g"].tolist(), strict=True):
            late, short = late + (due > TODAY.ordinal + 5), short + (coming < 1_000_000)
            days += [due - TODAY.ordinal - 5] if due > TODAY.ordinal + 5 else []
            brought += [coming] if coming < 1_000_000 else []

    reliability = bench.frame.feed_suppliers[0].reliability
    assert late / placed == pytest.approx(1 - reliability, abs=0.01)
    assert np.mean(days) == pytest.approx(TRADE.deliveries.late_days, rel=0.25)
    assert short / placed == pytest.approx(TRADE.deliveries.short, abs=0.01)
    assert min(brought) >= 1_000_000 * TRADE.deliveries.short_least


def test_what_comes_of_an_order_hangs_on_its_number_alone():
    bench = Bench()
    outcomes = []
    for before in ((), (1, 2)):
        orders = Orders(TRADE, bench.frame, Dice(Streams(1), bench.frame))
        own = orders.begin()
        orders.place(wishes(*before, 0), own)
        outcomes.append([int(own[name][0, 0]) for name in ("confirmed_on", "due_on", "coming_g")])
    assert outcomes[0] == outcomes[1]


def test_orders_of_an_evening_are_those_that_would_be_given_one_after_the_other():
    bench, at_once, in_turn = Bench(), [0, 2, 0, 1, 0, 2], [[0], [2], [0], [1], [0], [2]]
    books = []
    for evenings in ([at_once], in_turn):
        orders = Orders(TRADE, bench.frame, Dice(Streams(1), bench.frame))
        own = orders.begin()
        for stores in evenings:
            orders.place(wishes(*stores), own)
        come = orders.arriving(
            TODAY.ordinal + 1_000, np.ones(len(bench.frame.feed_stores), dtype=np.bool_), own
        )
        books.append({name: column.tolist() for name, column in come.items()})
        assert not any(own[name].any() for name in ORDER)
    assert books[0] == books[1]
    assert books[0]["store"] == [0, 0, 0, 1, 2, 2]
    assert books[0]["number"] == [1, 2, 3, 1, 1, 2]


def test_no_more_orders_are_under_way_than_are_kept():
    bench = Bench()
    orders = Orders(TRADE, bench.frame, bench.dice)
    own = orders.begin()
    orders.place(wishes(*[0] * UNDER_WAY), own)
    with pytest.raises(ContractBroken, match="under way"):
        orders.place(wishes(0), own)


def test_a_storm_holds_up_the_boat_to_its_site_and_no_lorry():
    # Given an order for a barge and one for a silo, due today
    bench = Bench()
    frame, state = bench.frame, bench.state
    orders, stores = Orders(TRADE, frame, bench.dice), Stores(frame)
    deliveries = Deliveries(TRADE, frame, orders, stores)
    state.own[orders.name], state.own[stores.name] = orders.begin(), stores.begin()
    barge = next(n for n, store in enumerate(frame.feed_stores) if store.kind == "barge")
    silo = next(n for n, store in enumerate(frame.feed_stores) if store.kind == "silo")
    orders.place(wishes(barge, silo, promised_on=TODAY.ordinal), state.own[orders.name])
    day = replace(TODAY, ordinal=TODAY.ordinal + 20)

    # When there is a storm, only the silo is filled
    deliveries.receive(day, state, weather(frame, storm=True))
    stock = stores.in_stock(state.own[stores.name]).sum(axis=1)
    assert stock[barge] == 0 < stock[silo]

    # And when it is over, the barge as well
    deliveries.receive(day, state, weather(frame, storm=False))
    assert stores.in_stock(state.own[stores.name]).sum(axis=1)[barge] > 0


def weather(frame: Frame, *, storm: bool) -> EventsDay:
    shape = (len(SiteEventKind), len(frame.sites))
    active = np.zeros(shape, dtype=np.bool_)
    active[SiteEventKind.STORM.row] = storm
    none, never = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int64)
    return EventsDay(active, none, never, none, never, active.astype(np.float64))
