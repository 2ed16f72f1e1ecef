"""Records of feed and of money: exact to the gram and the cent, and brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.simulation.feed_records import FeedRecords
from farm.simulation.figure_records import (
    BatchAccountRecord,
    BatchMonthRecord,
    FigureRecords,
    SalmonPriceRecord,
    SiteMonthRecord,
)
from farm.simulation.history import HALL_DAY_COLUMNS, SITE_DAY_COLUMNS
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import TIMINGS, Worker
from tests.reference.feed_rows import Balance, Lot, Order, Price, Shortage, columns_of

pytestmark = pytest.mark.services

JANUARY = date(2016, 1, 1)
PRICE = Price(1, 1, 1, JANUARY, "11.8205")
ORDERED = Order(
    *(50_100_002, 1, 1, 501, "reorder", "ordered", date(2016, 2, 25), None, date(2016, 3, 3)),
    *(None, "24000.000", None, "11.9000", "4000.125", "5000.000"),
)
DELIVERED = Order(
    *(50_100_001, 1, 1, 501, "opening", "delivered", date(2015, 11, 1), date(2015, 11, 2)),
    *(date(2015, 11, 9), date(2015, 11, 11), "20000.000", "19999.999", "11.7001"),
    *("0.000", "0.000"),
)
LOT = Lot(
    *(50_100_001, 50_100_001, 501, 1, date(2015, 11, 11), date(2016, 11, 11), "19999.999"),
    *("11.7001", "234001.99", "7999.998", "0.000", None),
)
SHORTAGE = Shortage(501, 1, date(2016, 1, 9), "12.000", "11.999")
BALANCE = Balance(
    *(501, 1, JANUARY, "19999.999", "0.000", "9000.001", "0.001", "10999.997", "128701.07")
)
FEED = FeedRecords(
    columns_of(PRICE),
    columns_of(DELIVERED, ORDERED),
    columns_of(LOT),
    columns_of(SHORTAGE),
    columns_of(BALANCE),
)
OF_BATCH = BatchMonthRecord(
    *(1, JANUARY, 2, 0, 970, 0.0, 10.5, 10.8, 30, [10, 0, 20], 3.0, 0.1 + 0.2, 0, 0.0, 9.5),
    *("38.271", 260.4, None, None, 4.03, 4.1, 1.05, None, 0, "1250.00", "452.75", "0.00"),
    *("120.50", "88.01", "40.00", "1911.26"),
)
OF_STATION = SiteMonthRecord(
    *(1, None, 1, JANUARY, 2, 31, 50.0, 0, 970, 10.5, 10.5, 1.05, 30, 3.0, 9.5, 0.0),
    *("38.271", "452.75", 4.03, None, 0, 0),
)
ACCOUNT = BatchAccountRecord(
    *(1, date(2016, 2, 29), 1000, 900, 4500.0, 3870.0, "5210.500", 1.12, 1.16, 90.0),
    *("250000.00", "1250.00", "61500.75", "0.00", "100.00", "20000.00", "15000.00"),
    *("97850.75", "152149.25", "2000.00", "21.7446", "13.6668"),
)
FIGURES = FigureRecords(
    (SalmonPriceRecord(1, JANUARY, "4-5", "58.7512"),), (OF_BATCH,), (OF_STATION,), (ACCOUNT,)
)


def as_stored(record: Any) -> tuple[Any, ...]:
    """Return a record's values, decimals as PostgreSQL gives them back."""
    kept = ("code", "reason", "status", "weight_class")
    return tuple(
        Decimal(value) if isinstance(value, str) and name not in kept else value
        for name, value in zip(record.__dataclass_fields__, astuple(record), strict=True)
    )


def test_every_kind_of_record_is_written_to_the_gram_and_the_cent(worker: Worker) -> None:
    worker.simulated(feed=FEED, figures=FIGURES)

    counted = worker.rows("SELECT rows FROM ops.chunk_commit")[0][0]
    given: dict[str, Sequence[Any]] = {
        "feed_price": [PRICE],
        "purchase_order": [DELIVERED, ORDERED],
        "feed_lot": [LOT],
        "feed_shortage": [SHORTAGE],
        "stock_balance": [BALANCE],
        "salmon_price": FIGURES.salmon_prices,
        "batch_month": FIGURES.batch_months,
        "site_month": FIGURES.site_months,
        "batch_account": FIGURES.batch_accounts,
    }
    for table, records in given.items():
        columns = ", ".join(records[0].__dataclass_fields__)
        found = worker.rows(f"SELECT {columns} FROM {table} ORDER BY 1")
        assert found == [*map(as_stored, records)], table
        assert counted[table] == len(records), table


def test_orders_and_lots_of_an_earlier_session_are_brought_up_to_date(worker: Worker) -> None:
    # Given an order on its way and a lot in store at the end of session 1
    worker.simulated(feed=FEED, figures=FIGURES)
    worker.ledger.open_session(tiny_farm.new_session(2), tiny_farm.plan(), ["FO"])
    claim = worker.claim(ChunkAddress.simulation(2, "FO"))

    # When session 2 hands them on again, the order delivered as a lot of its own
    came = date(2016, 3, 4)
    order = replace(
        ORDERED,
        status="delivered",
        confirmed_on=date(2016, 3, 1),
        delivered_on=came,
        delivered_kg="23500.000",
    )
    thrown_away = replace(LOT, remaining_kg="0.000", discarded_kg="1.500", discarded_on=came)
    new = replace(LOT, id=order.id, purchase_order_id=order.id, delivered_on=came)
    later = tiny_farm.history(
        daily=tiny_farm.daily(2, 1, date(2016, 3, 1), 4),
        feed_draws=tiny_farm.draws(50_100_001, 2, date(2016, 3, 1), 4),
        site_days=tiny_farm.no_days(SITE_DAY_COLUMNS),
        hall_days=tiny_farm.no_days(HALL_DAY_COLUMNS),
        site_events=(),
        assignments=(tiny_farm.assignment(2, 2, start_date=date(2016, 2, 10)),),
        transfers=(),
        feed=FeedRecords(orders=columns_of(order), lots=columns_of(thrown_away, new)),
    )
    done = worker.loader.load_history(claim, later, [], [], TIMINGS)

    # Then they stand as they are now, and only what is new counts
    assert done is not None
    assert (done.rows["purchase_order"], done.rows["feed_lot"]) == (0, 1)
    assert worker.rows("SELECT status, delivered_on FROM purchase_order ORDER BY id") == [
        ("delivered", date(2015, 11, 11)),
        ("delivered", came),
    ]
    assert worker.rows(
        "SELECT remaining_kg::text, discarded_kg::text, discarded_on FROM feed_lot ORDER BY id"
    ) == [("0.000", "1.500", came), ("7999.998", "0.000", None)]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        (
            {"feed": replace(FEED, lots=columns_of(replace(LOT, remaining_kg="20000.000")))},
            "feed_lot_quantities_check",
        ),
        (
            {"feed": FeedRecords(orders=columns_of(replace(ORDERED, status="confirmed")))},
            "purchase_order_facts_check",
        ),
        (
            {"feed": replace(FEED, balances=columns_of(replace(BALANCE, closing_kg="0.000")))},
            "stock_balance_balance_check",
        ),
        (
            {"feed": replace(FEED, shortages=columns_of(replace(SHORTAGE, fed_kg="12.000")))},
            "feed_shortage_quantities_check",
        ),
        (
            {"figures": replace(FIGURES, batch_accounts=(replace(ACCOUNT, profit="0.00"),))},
            "batch_account_sums_check",
        ),
    ],
)
def test_what_does_not_add_up_is_refused_by_the_database(
    worker: Worker, changes: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(ContractBroken, match=constraint):
        worker.simulated(**changes)
    assert worker.one("SELECT count(*) FROM feed_lot") == 0
