"""The records of a history: which of them fill which table of few rows, and which live on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from farm.db.arrow import decimals
from farm.db.daily import DECIMALS
from farm.errors import ContractBroken
from farm.simulation.history import Columns, History

#: Tables whose rows live on in later sessions and change there, in an order in which references
#: exist before they are used.
LIVING_TABLES = (
    "batch",
    "assignment",
    "site_event",
    "disease_outbreak",
    "treatment",
    "withholding_period",
    "lab_sample",
    "purchase_order",
    "feed_lot",
)
#: Tables whose rows are written once, after those.
EVENT_TABLES = (
    "transfer",
    "harvest_event",
    "harvest_lot",
    "vaccination",
    "journal_entry",
    "feed_price",
    "feed_shortage",
    "stock_balance",
    "salmon_price",
    "batch_month",
    "site_month",
    "batch_account",
)
#: All of them.
RECORD_TABLES = LIVING_TABLES + EVENT_TABLES


#: Columns of whole numbers that these tables have as decimals, under these names.
_DECIMALS = {
    **DECIMALS,
    "delivered_g": "delivered_kg",
    "stock_g": "stock_kg",
    "threshold_g": "threshold_kg",
    "remaining_g": "remaining_kg",
    "discarded_g": "discarded_kg",
    "wanted_g": "wanted_kg",
    "fed_g": "fed_kg",
    "opening_g": "opening_kg",
    "consumed_g": "consumed_kg",
    "closing_g": "closing_kg",
    "closing_cents": "closing_value",
}

#: Rows of one table: records whose fields are its columns, or an array of each column where there
#: are very many.
Records = Sequence[Any] | Columns


def records_of(history: History) -> Mapping[str, Records]:
    """Return the records of each table, living ones first."""
    health, feed, figures = history.health, history.feed, history.figures
    given: dict[str, Records] = {
        "batch": history.batches,
        "assignment": history.assignments,
        "site_event": history.site_events,
        "disease_outbreak": health.outbreaks,
        "treatment": health.treatments,
        "withholding_period": health.withholdings,
        "lab_sample": health.lab_samples,
        "purchase_order": feed.orders,
        "feed_lot": feed.lots,
        "transfer": history.transfers,
        "harvest_event": history.harvests,
        "harvest_lot": history.harvest_lots,
        "vaccination": health.vaccinations,
        "journal_entry": health.journal,
        "feed_price": feed.prices,
        "feed_shortage": feed.shortages,
        "stock_balance": feed.balances,
        "salmon_price": figures.salmon_prices,
        "batch_month": figures.batch_months,
        "site_month": figures.site_months,
        "batch_account": figures.batch_accounts,
    }
    return {name: given[name] for name in RECORD_TABLES}


def record_batch(records: Records, kinds: Mapping[str, pa.DataType]) -> pa.RecordBatch:
    """Return rows of one kind as columns of these types. Decimals in records are text.

    Raises:
        ContractBroken: a value that its column cannot hold as it is, or a number that is none.
    """
    given = _columns(records, kinds)
    return pa.record_batch({name: _array(name, kind, given[name]) for name, kind in kinds.items()})


def _columns(records: Records, names: Iterable[str]) -> Mapping[str, Sequence[Any] | NDArray[Any]]:
    """Return the columns of records by their names in the database, these and maybe others."""
    if isinstance(records, dict):
        return {_DECIMALS.get(name, name): column for name, column in records.items()}
    if records and (fields := getattr(records[0], "_fields", ())):
        return dict(zip(fields, zip(*records, strict=True), strict=True))
    # A field at a time: tuples of whole records would set the garbage collector off.
    return {name: list(map(attrgetter(name), records)) for name in names}


def _array(name: str, kind: pa.DataType, values: Sequence[Any] | NDArray[Any]) -> pa.Array:
    try:
        if pa.types.is_decimal(kind):
            if isinstance(values, np.ma.MaskedArray):
                return pc.if_else(
                    pa.array(~np.ma.getmaskarray(values)), decimals(values.data, kind), None
                )
            if isinstance(values, np.ndarray):
                return decimals(values, kind)
            return pa.array(values, pa.string()).cast(kind)
        array = pa.array(values, kind)
    except (pa.ArrowException, TypeError, OverflowError) as error:
        raise ContractBroken(f"{name} cannot be {kind}: {error}") from error
    if pa.types.is_floating(kind) and pc.any(pc.invert(pc.is_finite(array))).as_py():
        raise ContractBroken(f"{name} is not always a finite number")
    return array
