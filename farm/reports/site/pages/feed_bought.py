"""What feed was bought: from whom, how late, at what price."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Table
from farm.reports.site.chart import PALETTE, Chart, axes, bars, by_year, line, split
from farm.reports.site.data import Data, Row, by_geography, number, text
from farm.reports.site.findings import bottom, top
from farm.reports.site.grouping import largest
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import month


def bought(reader: Reader) -> list[Chart | Table]:
    """Return the blocks."""
    return [*_purchases(reader), *_prices(reader)]


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
        shape = axes(f"{own[0]['currency']}/kg", showlegend=False)
        shape["yaxis"]["rangemode"] = "normal"
        low = line(own, "month", "cheapest", "cheapest", "rgba(0,0,0,0)", showlegend=False)
        high = line(own, "month", "dearest", "dearest", "rgba(0,0,0,0)", showlegend=False)
        charts.append(
            Chart(
                f"Price of feed, {name}",
                _price_said(own),
                [data],
                [
                    low,
                    {**high, "fill": "tonexty", "fillcolor": "--band"},
                    line(own, "month", "price", "mean", PALETTE[turn]),
                ],
                shape,
                height=260,
            )
        )
    return charts


def _price_said(rows: Sequence[Row]) -> str:
    low, high = bottom(rows, "price"), top(rows, "price")
    if low is None or high is None:
        return "No price is known."
    return (
        f"Mean of all pellet sizes, the band spans the suppliers: from {low['price']:.2f}"
        f" ({month(low['month'])}) to {high['price']:.2f} ({month(high['month'])}),"
        f" {rows[-1]['price']:.2f} in the end."
    )


def _purchases(reader: Reader) -> list[Chart | Table]:
    data = Data(
        "purchases",
        [
            columns.YEAR,
            columns.GEOGRAPHY,
            text("supplier", "Supplier"),
            number("orders", "Orders"),
            number("ordered_t", "Ordered", "t", 1),
            number("delivered_t", "Delivered", "t", 1),
            number("price", "Mean price", "per kg", 2),
            number("spent", "Spent", "", 0),
            columns.CURRENCY,
            number("lead_days", "Order to delivery", "days", 1),
            number("late", "Late", "%", 1),
        ],
        reader.rows("feed", "purchases"),
    )
    orders = sum(row["orders"] for row in data.rows)
    late = sum(row["orders"] * (row["late"] or 0) for row in data.rows)
    said = f"{orders:,} orders, {late / orders:.1f} % of them delivered late." if orders else ""
    drawn, order = largest(data.rows, "supplier", "year", "delivered_t")
    return [
        Chart(
            "Feed bought by supplier",
            said or "No feed was bought.",
            [data],
            split(drawn, "supplier", bars, "year", "delivered_t", order=order),
            by_year("Feed delivered, t", barmode="stack"),
        ),
        Table(
            "Purchases by year and supplier",
            "Late: delivered after the day that was promised.",
            data,
            "No feed is in the books.",
        ),
    ]
