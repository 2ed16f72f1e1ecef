"""Economy: cost per kilogram, prices, and the result of every batch. A chart for each currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from farm.reports.site.blocks import Fact, Page, Section, Table
from farm.reports.site.chart import RAMP, Chart, axes, bars, by_year, line, split
from farm.reports.site.data import Data, Row, by_geography, number, text
from farm.reports.site.findings import bottom, summed, top
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import month, short, shown, signed

_ITEMS = ("Feed", "Operation", "Harvest", "Eggs", "Treatments", "Vaccination")


_NONE = "No batch is harvested to the last fish."

_ACCOUNT = (
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
)

_SPENT = (
    columns.BATCH,
    columns.CURRENCY,
    number("egg_cost", "Eggs"),
    number("feed_cost", "Feed"),
    number("treatment_cost", "Treatments"),
    number("vaccination_cost", "Vaccination"),
    number("operating_cost", "Operation"),
    number("harvest_cost", "Harvest"),
    number("mortality_cost", "On fish that died"),
    number("fcr_economic", "FCR economic", "kg/kg", 2),
    number("survival_percent", "Survival", "% of eggs", 1),
)


def page(reader: Reader) -> Page:
    """Return the page."""
    rows = reader.rows("economy", "accounts")
    accounts = Data("accounts", _ACCOUNT, rows)
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
                    Table("Accounts of harvested batches", "From egg to box.", accounts, _NONE),
                    Table(
                        "What they were spent on",
                        "What was spent on fish that died is within the costs.",
                        Data("spent", _SPENT, rows),
                        _NONE,
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
            _cost_said(own),
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
            _price_said(own),
            [data],
            split(own, "weight_class", line, "month", "price", colours=RAMP),
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
            _result_said(own, len(lost)),
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
        millions = [{**row, "book_value": row["book_value"] / 1e6} for row in own]
        yield Chart(
            f"Book value of the living fish, {name}",
            _value_said(own),
            [data],
            [line(millions, "month", "book_value", "book value", "--c1", fill="tozeroy")],
            axes(f"Million {own[0]['currency']}", showlegend=False),
            height=260,
        )


def _cost_said(rows: Sequence[Row]) -> str:
    """Return what a kilogram cost in the first and the last year, and which item moved it most."""
    years = summed(rows, "year", "per_kg")
    said = "Batches by the year in which their last fish were harvested"
    if len(years) < 2:
        return f"{said}."
    first, last = years[0], years[-1]
    before, after = (
        {row["item"]: row["per_kg"] for row in rows if row["year"] == one["year"]}
        for one in (first, last)
    )
    moved = {item: after[item] - before.get(item, 0) for item in after}
    most = max(moved, key=lambda item: abs(moved[item]))
    return (
        f"{said}: {first['per_kg']:.2f} in {first['year']}, {last['per_kg']:.2f} in"
        f" {last['year']}; {most.lower()} moved most ({signed(moved[most])})."
    )


def _price_said(rows: Sequence[Row]) -> str:
    classes = list(dict.fromkeys(row["weight_class"] for row in rows))
    large = [row for row in rows if row["weight_class"] == classes[-1]]
    small = [row for row in rows if row["weight_class"] == classes[0]]
    low, high = bottom(large, "price"), top(large, "price")
    if low is None or high is None:
        return "No price is known."
    times = fmean(row["price"] for row in large) / fmean(row["price"] for row in small)
    return (
        f"Superior quality. The largest fish ({classes[-1]} kg) brought {low['price']:.2f} in"
        f" {month(low['month'])} and {high['price']:.2f} in {month(high['month'])}, on average"
        f" {times:.1f} times as much as the smallest ({classes[0]} kg)."
    )


def _result_said(accounts: Sequence[Row], lost: int) -> str:
    best, worst = top(accounts, "profit_per_kg"), bottom(accounts, "profit_per_kg")
    said = f"In the order of their last harvest; {lost} of {len(accounts)} lost money."
    if best is None or worst is None:
        return said
    return (
        f"{said} Best: {best['batch']} ({best['profit_per_kg']:.2f}), worst: {worst['batch']}"
        f" ({shown(worst['profit_per_kg'], 2)})."
    )


def _value_said(rows: Sequence[Row]) -> str:
    most = top(rows, "book_value")
    if most is None:
        return "No fish."
    return (
        f"What the fish in the water have cost so far: at most {short(most['book_value'])}"
        f" {most['currency']}, in {month(most['month'])}."
    )
