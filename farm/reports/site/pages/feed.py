"""Feed and inventory: stock, purchases, prices, shortages, conversion."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, axes, bars, line, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import bottom, middle, season, summed, top
from farm.reports.site.pages import columns
from farm.reports.site.pages.feed_bought import bought
from farm.reports.site.reader import Reader
from farm.reports.site.wording import month, quarter


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="feed.html",
        title="Feed and inventory",
        lead="The largest cost of a salmon: what was bought, what lay in the stores, and what the"
        " fish made of it.",
        sections=[
            Section("Stock", [*_stock(reader), _stores(reader)]),
            Section("Purchases and prices", bought(reader)),
            Section("Conversion", [_conversion(reader)]),
            Section("Kinds of feed", [_types(reader)]),
            Section("Shortages", [_shortages(reader)]),
        ],
    )


def _stock(reader: Reader) -> list[Chart]:
    data = Data(
        "stock",
        [
            columns.GEOGRAPHY,
            columns.MONTH,
            number("opening_t", "Opening", "t", 1),
            number("delivered_t", "Delivered", "t", 1),
            number("consumed_t", "Consumed", "t", 1),
            number("discarded_t", "Discarded", "t", 1),
            number("closing_t", "Closing", "t", 1),
            number("closing_value", "Value", "", 0),
            columns.CURRENCY,
            number("days_left", "Lasts", "days", 1),
        ],
        reader.rows("feed", "stock"),
    )
    return [
        Chart(
            "Feed eaten by month",
            _appetite(data.rows),
            [data],
            split(data.rows, "geography", bars, "month", "consumed_t"),
            axes("Feed, t", barmode="stack"),
        ),
        Chart(
            "Feed in stock at the end of each month",
            _stocked(data.rows),
            [data],
            split(data.rows, "geography", line, "month", "closing_t"),
            axes("Feed, t"),
        ),
        Chart(
            "How long the stock lasts",
            _lasting(data.rows),
            [data],
            split(data.rows, "geography", line, "month", "days_left"),
            axes("Days"),
        ),
    ]


def _lasting(rows: Sequence[Row]) -> str:
    days = middle([row["days_left"] for row in rows if row["days_left"] is not None])
    if days is None:
        return "No feed was used."
    return f"At the use of the month: half of the time for less than {days:.0f} days."


def _appetite(rows: Sequence[Row]) -> str:
    whole = summed(rows, "month", "consumed_t")
    best = top(whole, "consumed_t")
    if best is None:
        return "No feed was used."
    said = f"At most {best['consumed_t']:,.0f} t, in {month(best['month'])}."
    found = season(whole, "month", "consumed_t")
    if found:
        said += (
            f" On average most in {found.high} ({found.highest:,.0f} t), least in {found.low}"
            f" ({found.lowest:,.0f} t)."
        )
    return said


def _stocked(rows: Sequence[Row]) -> str:
    whole = summed(rows, "month", "closing_t")
    best = top(whole, "closing_t")
    if best is None:
        return "No feed is in the books."
    return (
        f"At most {best['closing_t']:,.0f} t, in {month(best['month'])};"
        f" {whole[-1]['closing_t']:,.0f} t at the end of {month(whole[-1]['month'])}."
    )


def _stores(reader: Reader) -> Table:
    return Table(
        "Stores",
        "Silos on land and barges at sea, by what went through them.",
        Data(
            "stores",
            [
                text("store", "Store"),
                columns.PLACE,
                text("kind", "Kind"),
                number("capacity_t", "Holds", "t", 0),
                number("mean_t", "Mean stock", "t", 1),
                number("most_t", "Most", "t", 1),
                number("mean_percent", "Mean stock", "% of what it holds", 0),
                number("consumed_t", "Consumed", "t", 0),
            ],
            reader.rows("feed", "stores"),
        ),
        "No feed is in the books.",
    )


def _conversion(reader: Reader) -> Chart:
    data = Data(
        "fcr",
        [
            text("quarter", "Quarter"),
            columns.GEOGRAPHY,
            number("feed_t", "Feed", "t", 0),
            number("growth_t", "Growth", "t", 0),
            number("fcr", "FCR biological", "kg/kg", 3),
        ],
        reader.rows("feed", "fcr"),
    )
    shape = axes("kg feed per kg of growth")
    shape["yaxis"]["rangemode"] = "normal"
    return Chart(
        "Feed conversion at sea",
        _conversion_said(data.rows),
        [data],
        split(data.rows, "geography", line, "quarter", "fcr"),
        shape,
    )


def _conversion_said(rows: Sequence[Row]) -> str:
    said = "Feed over all growth (biological), by quarter"
    low, high = bottom(rows, "fcr"), top(rows, "fcr")
    if low is None or high is None:
        return f"{said}."
    growth = sum(row["growth_t"] for row in rows)
    return (
        f"{said}: {sum(row['feed_t'] for row in rows) / growth:.2f} over all years, from"
        f" {low['fcr']:.2f} ({low['geography']}, {quarter(low['quarter'])}) to {high['fcr']:.2f}"
        f" ({high['geography']}, {quarter(high['quarter'])})."
    )


def _types(reader: Reader) -> Table:
    return Table(
        "Every feed over all years",
        "Pellets grow with the fish; medicines are mixed into a feed to order.",
        Data(
            "types",
            [
                columns.GEOGRAPHY,
                text("feed", "Feed"),
                number("pellet_mm", "Pellet", "mm", 1),
                number("protein_percent", "Protein", "%", 0),
                number("fat_percent", "Fat", "%", 0),
                number("delivered_t", "Delivered", "t", 1),
                number("consumed_t", "Consumed", "t", 1),
                number("discarded_t", "Discarded", "t", 1),
                number("discarded_percent", "Discarded", "%", 1),
            ],
            reader.rows("feed", "types"),
        ),
        "No feed is in the books.",
    )


def _shortages(reader: Reader) -> Table:
    return Table(
        "Days on which a store could not give enough",
        "The fish shared what was there.",
        Data(
            "shortages",
            [
                columns.YEAR,
                columns.GEOGRAPHY,
                number("store_days", "Days of stores"),
                number("wanted_t", "Wanted", "t", 1),
                number("fed_t", "Fed", "t", 1),
                number("missing_percent", "Missing", "% of wanted", 0),
            ],
            reader.rows("feed", "shortages"),
        ),
        "No fish ever went short.",
    )
