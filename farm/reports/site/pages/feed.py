"""Feed and inventory: stock, purchases, prices, shortages, conversion."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import PALETTE, Chart, axes, bars, line, split
from farm.reports.site.data import Data, Row, by_geography, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="feed.html",
        title="Feed and inventory",
        lead="The largest cost of a salmon: what was bought, what lay in the stores, and what the"
        " fish made of it.",
        sections=[
            Section("Stock", [*_stock(reader), _stores(reader)]),
            Section("Purchases and prices", [*_prices(reader), _purchases(reader)]),
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
            "Appetite follows temperature and biomass: little in winter, most in late summer.",
            [data],
            split(data.rows, "geography", bars, "month", "consumed_t"),
            axes("Feed, t", barmode="stack"),
        ),
        Chart(
            "Feed in stock at the end of each month",
            "The stores follow the use, a delivery ahead of it.",
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
    days = sorted(row["days_left"] for row in rows if row["days_left"] is not None)
    if not days:
        return "No feed was used."
    return (
        f"At the use of the month, half of the time for less than {days[len(days) // 2]:.0f} days;"
        " longest where sites have just been emptied."
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


def _prices(reader: Reader) -> list[Chart]:
    data = Data(
        "prices",
        [
            columns.GEOGRAPHY,
            columns.MONTH,
            number("price", "Mean price", "per kg", 3),
            number("cheapest", "Cheapest supplier", "per kg", 3),
            number("dearest", "Dearest supplier", "per kg", 3),
            columns.CURRENCY,
        ],
        reader.rows("feed", "prices"),
    )
    charts = []
    for turn, (name, own) in enumerate(by_geography(data.rows)):
        low = line(own, "month", "cheapest", "cheapest", "rgba(0,0,0,0)", showlegend=False)
        high = line(own, "month", "dearest", "dearest", "rgba(0,0,0,0)", showlegend=False)
        charts.append(
            Chart(
                f"Price of feed, {name}",
                "Mean of all pellet sizes; the band spans the suppliers.",
                [data],
                [
                    low,
                    {**high, "fill": "tonexty", "fillcolor": "--band"},
                    line(own, "month", "price", "mean", PALETTE[turn]),
                ],
                axes(f"{own[0]['currency']}/kg", showlegend=False),
                height=260,
            )
        )
    return charts


def _purchases(reader: Reader) -> Table:
    return Table(
        "Purchases by year and supplier",
        "Late: delivered after the day that was promised.",
        Data(
            "purchases",
            [
                columns.YEAR,
                columns.GEOGRAPHY,
                text("supplier", "Supplier"),
                number("orders", "Orders"),
                number("ordered_t", "Ordered", "t", 0),
                number("delivered_t", "Delivered", "t", 0),
                number("price", "Mean price", "per kg", 2),
                number("spent", "Spent", "", 0),
                columns.CURRENCY,
                number("lead_days", "Order to delivery", "days", 1),
                number("late", "Late", "%", 1),
            ],
            reader.rows("feed", "purchases"),
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
        "Feed over all growth (biological): it rises with the size of the fish and with sickness.",
        [data],
        split(data.rows, "geography", line, "quarter", "fcr"),
        shape,
    )


def _types(reader: Reader) -> Table:
    return Table(
        "Every feed over all years",
        "Pellets grow with the fish; what is left of feed mixed for a treatment is thrown away.",
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
        "Late boats and storms: the fish share what is there, and grow less.",
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
