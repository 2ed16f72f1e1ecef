"""Feed records one by one, as the database has them: kilograms and money as decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from farm.domain.exact import PRICE_UNIT, kilograms, money, price
from farm.simulation.columns import Columns
from farm.simulation.feed_records import (
    BALANCE_COLUMNS,
    LOT_COLUMNS,
    ORDER_COLUMNS,
    PRICE_COLUMNS,
    SHORTAGE_COLUMNS,
)


@dataclass(frozen=True)
class Price:
    geography_id: int
    feed_supplier_id: int
    feed_type_id: int
    month: date
    price_per_kg: str


@dataclass(frozen=True)
class Order:
    id: int
    feed_supplier_id: int
    feed_type_id: int
    feed_store_id: int
    reason: str
    status: str
    ordered_on: date
    confirmed_on: date | None
    promised_on: date
    delivered_on: date | None
    quantity_kg: str
    delivered_kg: str | None
    price_per_kg: str
    stock_kg: str
    threshold_kg: str


@dataclass(frozen=True)
class Lot:
    id: int
    purchase_order_id: int
    feed_store_id: int
    feed_type_id: int
    delivered_on: date
    expires_on: date
    quantity_kg: str
    unit_cost: str
    cost: str
    remaining_kg: str
    discarded_kg: str
    discarded_on: date | None


@dataclass(frozen=True)
class Shortage:
    feed_store_id: int
    feed_type_id: int
    date: date
    wanted_kg: str
    fed_kg: str


@dataclass(frozen=True)
class Balance:
    feed_store_id: int
    feed_type_id: int
    month: date
    opening_kg: str
    delivered_kg: str
    consumed_kg: str
    discarded_kg: str
    closing_kg: str
    closing_value: str


def prices(columns: Columns) -> list[Price]:
    return [Price(*row) for row in _rows(columns)]


def orders(columns: Columns) -> list[Order]:
    return [Order(*row) for row in _rows(columns)]


def lots(columns: Columns) -> list[Lot]:
    return [Lot(*row) for row in _rows(columns)]


def shortages(columns: Columns) -> list[Shortage]:
    return [Shortage(*row) for row in _rows(columns)]


def balances(columns: Columns) -> list[Balance]:
    return [Balance(*row) for row in _rows(columns)]


#: The columns that rows of each kind are handed on in.
_COLUMNS: Mapping[type, Mapping[str, str]] = {
    Price: PRICE_COLUMNS,
    Order: ORDER_COLUMNS,
    Lot: LOT_COLUMNS,
    Shortage: SHORTAGE_COLUMNS,
    Balance: BALANCE_COLUMNS,
}


def columns_of(*rows: Price | Order | Lot | Shortage | Balance) -> Columns:
    """Return rows of one kind in the columns that they are handed on in."""
    kinds = _COLUMNS[type(rows[0])]
    values = zip(*map(astuple, rows), strict=True)
    return {
        name: _column(name, kinds[name], each) for name, each in zip(kinds, values, strict=True)
    }


def _rows(columns: Columns) -> Iterable[tuple[Any, ...]]:
    """Return rows of columns, quantities and money as decimals."""
    return zip(*(_values(name, column.tolist()) for name, column in columns.items()), strict=True)


def _values(name: str, values: list[Any]) -> list[Any]:
    if name in {"price_per_kg", "unit_cost"}:
        return [price(value / PRICE_UNIT) for value in values]
    if name.endswith(("_g", "_cents")):
        written = kilograms if name.endswith("_g") else money
        return [None if value is None else written(value) for value in values]
    return values


def _column(name: str, kind: str, values: tuple[Any, ...]) -> Any:
    if kind == "int64":
        digits = 4 if name in {"price_per_kg", "unit_cost"} else 3 if name.endswith("_g") else 2
        whole = [0 if value is None else int(Decimal(value).scaleb(digits)) for value in values]
        return np.ma.masked_array(whole, [value is None for value in values], dtype=kind)
    return np.asarray(values, dtype=kind)
