"""Health: outbreaks, deaths by cause, treatments, antibiotics, withholding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, area, axes, bars, by_year, line, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.pages.care import care
from farm.reports.site.reader import Reader

#: So many causes have a colour of their own; the others are drawn together.
_CAUSES = 11

_OTHERS = "Others"


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="health.html",
        title="Health",
        lead="What the fish fell ill with, what they died of, what was done and whether it helped.",
        sections=[
            Section("Outbreaks", _outbreaks(reader)),
            Section("Mortality", _mortality(reader)),
            *care(reader),
        ],
    )


def _outbreaks(reader: Reader) -> list[Chart | Table]:
    years = Data(
        "outbreaks_by_year",
        [
            columns.YEAR,
            text("disease", "Disease"),
            number("outbreaks", "Outbreaks"),
            number("containers", "Containers"),
            columns.DEATHS,
            number("days_to_notice", "First case to notice", "days", 1),
            number("days_long", "Length", "days"),
        ],
        reader.rows("health", "outbreaks"),
    )
    diseases = Data(
        "diseases",
        [
            text("disease", "Disease"),
            text("kind", "Kind"),
            text("agent", "Agent"),
            number("outbreaks", "Outbreaks"),
            number("at_sea", "At sea"),
            number("diagnosed", "Diagnosed"),
            columns.DEATHS,
            number("worst", "Worst outbreak", "deaths"),
            number("days_to_notice", "First case to notice", "days", 1),
            number("days_to_diagnose", "Notice to diagnosis", "days", 1),
            number("days_long", "Length", "days"),
        ],
        reader.rows("health", "diseases"),
    )
    worst = diseases.rows[0]["disease"] if diseases.rows else ""
    return [
        Chart(
            "Outbreaks by disease and year",
            f"{worst} killed the most fish." if worst else "No outbreak.",
            [years],
            split(years.rows, "disease", bars, "year", "outbreaks"),
            by_year("Outbreaks", barmode="stack"),
            height=380,
        ),
        Table("Diseases", "By the number of fish they killed.", diseases, "No outbreak."),
    ]


def _mortality(reader: Reader) -> list[Chart]:
    months = Data(
        "mortality",
        [
            columns.MONTH,
            columns.GEOGRAPHY,
            text("waters", "Where"),
            columns.DEATHS,
            number("percent_month", "Mortality", "% a month", 2),
        ],
        reader.rows("health", "mortality"),
    )
    causes = Data(
        "deaths_by_cause",
        [
            text("quarter", "Quarter"),
            text("cause", "Cause"),
            text("waters", "Where"),
            columns.DEATHS,
        ],
        reader.rows("health", "causes"),
    )
    at_sea = [row for row in months.rows if row["waters"] == "at sea"]
    charts = [
        Chart(
            "Mortality at sea",
            "Deaths per hundred fish and month: a low floor with peaks of outbreaks.",
            [months],
            split(at_sea, "geography", line, "month", "percent_month"),
            axes("Mortality, % a month"),
        )
    ]
    for waters in ("at sea", "on land"):
        rows, order = _largest([row for row in causes.rows if row["waters"] == waters])
        charts.append(
            Chart(
                f"Deaths {waters} by cause",
                f"Largest cause over all years: {order[0].lower()}." if order else "",
                [causes],
                split(rows, "cause", area, "quarter", "deaths", order=order),
                axes("Deaths in the quarter"),
                height=380,
            )
        )
    return charts


def _largest(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """Return rows of every cause and quarter, small causes together, and the causes by size."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row["cause"]] += row["deaths"]
    order = sorted(sums, key=lambda cause: -sums[cause])
    kept = set(order[:_CAUSES])
    cells: dict[tuple[str, object], float] = defaultdict(float)
    for row in rows:
        cells[row["cause"] if row["cause"] in kept else _OTHERS, row["quarter"]] += row["deaths"]
    names = [*order[:_CAUSES], *([_OTHERS] if len(order) > _CAUSES else [])]
    quarters = sorted({row["quarter"] for row in rows})
    filled: list[Row] = [
        {"cause": name, "quarter": quarter, "deaths": cells[name, quarter]}
        for name in names
        for quarter in quarters
    ]
    return filled, names
