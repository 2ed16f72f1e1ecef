"""Economy: cost per kilogram, prices, and the result of every batch. A chart for each currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from farm.reports.site.blocks import Fact, Page, Section, Table
from farm.reports.site.chart import Chart, axes, bars, by_year, line, split
from farm.reports.site.data import Data, Row, by_geography, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import shown

_ITEMS = ("Feed", "Operation", "Harvest", "Eggs", "Treatments", "Vaccination")


def page(reader: Reader) -> Page:
    """Return the page."""
    accounts = Data(
        "accounts",
        [
            columns.BATCH,
            columns.GEOGRAPHY,
            text("closed_on", "Closed"),
            number("gutted_t", "Gutted", "t", 0),
            number("cost_per_kg", "Cost", "per kg gutted", 2),
            number("price", "Price", "per kg gutted", 2),
            number("profit_per_kg", "Profit", "per kg gutted", 2),
            number("revenue", "Revenue"),
            number("total_cost", "All costs"),
            number("profit", "Profit"),
            columns.CURRENCY,
            number("fcr_economic", "FCR economic", "kg/kg", 2),
            number("survival_percent", "Survival", "% of eggs", 1),
            number("egg_cost", "Eggs"),
            number("feed_cost", "Feed"),
            number("treatment_cost", "Treatments"),
            number("vaccination_cost", "Vaccination"),
            number("operating_cost", "Operation"),
            number("harvest_cost", "Harvest"),
            number("mortality_cost", "Spent on fish that died"),
        ],
        reader.rows("economy", "accounts"),
    )
    return Page(
        path="economy.html",
        title="Economy",
        lead="What a kilogram of salmon cost and brought. Each geography in its own currency.",
        facts=_facts(accounts.rows),
        sections=[
            Section("Cost per kilogram", list(_costs(reader))),
            Section("Price of salmon", list(_prices(reader))),
            Section(
                "Result by batch",
                [
                    *_results(accounts),
                    Table(
                        "Accounts of harvested batches",
                        "From egg to box. What was spent on fish that died is within the costs.",
                        accounts,
                        "No batch is harvested to the last fish.",
                    ),
                ],
            ),
            Section("Money in the water", list(_values(reader))),
        ],
    )


def _facts(accounts: Sequence[Row]) -> list[Fact]:
    facts = []
    for name, own in by_geography(accounts):
        gutted = sum(row["gutted_t"] for row in own) * 1000
        feed = sum(row["feed_cost"] for row in own)
        cost = sum(row["total_cost"] for row in own)
        money = own[0]["currency"]
        if gutted and cost:
            facts += [
                Fact(f"Cost, {name}", shown(cost / gutted, 2), f"{money}/kg gutted"),
                Fact(f"Feed, {name}", f"{100 * feed / cost:.0f} %", "of all costs"),
                Fact(
                    f"Profit, {name}",
                    shown(sum(row["profit"] for row in own) / gutted, 2),
                    f"{money}/kg gutted",
                    f"{sum(row['profit'] < 0 for row in own)} of {len(own)} batches lost money",
                ),
            ]
    return facts


def _costs(reader: Reader) -> Iterator[Chart]:
    data = Data(
        "costs",
        [
            columns.YEAR,
            columns.GEOGRAPHY,
            text("item", "Item"),
            number("amount", "Amount"),
            number("per_kg", "Cost", "per kg gutted", 3),
            columns.CURRENCY,
        ],
        reader.rows("economy", "costs"),
    )
    for name, own in by_geography(data.rows):
        yield Chart(
            f"Cost per kg gutted, {name}",
            "Batches by the year in which their last fish were harvested.",
            [data],
            split(own, "item", bars, "year", "per_kg", order=_ITEMS),
            by_year(f"{own[0]['currency']}/kg gutted", barmode="stack"),
        )


def _prices(reader: Reader) -> Iterator[Chart]:
    data = Data(
        "prices",
        [
            columns.GEOGRAPHY,
            columns.MONTH,
            text("weight_class", "Weight class", "kg gutted"),
            number("price", "Price", "per kg gutted", 2),
            columns.CURRENCY,
        ],
        reader.rows("economy", "prices"),
    )
    for name, own in by_geography(data.rows):
        yield Chart(
            f"Price by weight class, {name}",
            "Superior quality: large fish bring more, and all classes move together.",
            [data],
            split(own, "weight_class", line, "month", "price"),
            axes(f"{own[0]['currency']}/kg gutted"),
        )


def _results(accounts: Data) -> Iterator[Chart]:
    for name, own in by_geography(accounts.rows):
        lost = [row for row in own if row["profit"] < 0]
        won = [row for row in own if row["profit"] >= 0]
        order = [row["batch"] for row in own]
        shape = axes(f"{own[0]['currency']}/kg gutted", showlegend=False)
        shape["xaxis"] = {"type": "category", "categoryorder": "array", "categoryarray": order}
        yield Chart(
            f"Profit per kg by batch, {name}",
            f"In the order of their last harvest; {len(lost)} of {len(own)} lost money.",
            [accounts],
            [
                bars(won, "batch", "profit_per_kg", "profit", "--c1"),
                bars(lost, "batch", "profit_per_kg", "loss", "--bad"),
            ],
            shape,
        )


def _values(reader: Reader) -> Iterator[Chart]:
    data = Data(
        "values",
        [
            columns.GEOGRAPHY,
            columns.MONTH,
            number("book_value", "Book value of living fish"),
            number("cost", "Cost of the month"),
            number("mortality_cost", "Written off with dead fish"),
            columns.CURRENCY,
        ],
        reader.rows("economy", "values"),
    )
    for name, own in by_geography(data.rows):
        yield Chart(
            f"Book value of the living fish, {name}",
            "What the fish in the water have cost so far.",
            [data],
            [line(own, "month", "book_value", "book value", "--c1", fill="tozeroy")],
            axes(own[0]["currency"], showlegend=False),
            height=260,
        )
