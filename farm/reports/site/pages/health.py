"""Health: outbreaks, deaths by cause, treatments, antibiotics, withholding."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, area, axes, bars, by_year, line, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import middle, summed, top
from farm.reports.site.grouping import largest, totals
from farm.reports.site.pages import columns
from farm.reports.site.pages.care import care
from farm.reports.site.reader import Reader
from farm.reports.site.wording import joined, month, short


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
    drawn, order = largest(years.rows, "disease", "year", "outbreaks")
    return [
        Chart(
            "Outbreaks by disease and year",
            _outbreaks_said(years.rows, diseases.rows),
            [years],
            split(drawn, "disease", bars, "year", "outbreaks", order=order),
            by_year("Outbreaks", barmode="stack"),
        ),
        Table("Diseases", "By the number of fish they killed.", diseases, "No outbreak."),
    ]


def _outbreaks_said(years: Sequence[Row], diseases: Sequence[Row]) -> str:
    often, deadly = top(diseases, "outbreaks"), top(diseases, "deaths")
    worst = top(summed(years, "year", "outbreaks"), "outbreaks")
    if often is None or deadly is None or worst is None:
        return "No outbreak."
    every = sum(row["outbreaks"] for row in diseases)
    return (
        f"{every:,} outbreaks, at most {worst['outbreaks']:,.0f} in a year ({worst['year']})."
        f" {often['disease']} broke out most often ({often['outbreaks']:,}),"
        f" {deadly['disease'].lower()} killed the most fish ({short(deadly['deaths'])})."
    )


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
            _mortality_said(at_sea),
            [months],
            split(at_sea, "geography", line, "month", "percent_month"),
            axes("Mortality, % a month"),
        )
    ]
    for waters in ("at sea", "on land"):
        own = [row for row in causes.rows if row["waters"] == waters]
        rows, order = largest(own, "cause", "quarter", "deaths")
        charts.append(
            Chart(
                f"Deaths {waters} by cause",
                _causes_said(own),
                [causes],
                split(rows, "cause", area, "quarter", "deaths", order=order),
                axes("Deaths in the quarter"),
            )
        )
    return charts


def _mortality_said(rows: Sequence[Row]) -> str:
    worst = top(rows, "percent_month")
    usual = middle([row["percent_month"] for row in rows if row["percent_month"] is not None])
    if worst is None or usual is None:
        return "Deaths per hundred fish and month."
    return (
        f"Deaths per hundred fish and month: half of the months below {usual:.1f} %, the worst"
        f" {worst['percent_month']:.1f} % ({worst['geography']}, {month(worst['month'])})."
    )


def _causes_said(rows: Sequence[Row]) -> str:
    sums = list(totals(rows, "cause", "deaths").items())
    whole = sum(deaths for _, deaths in sums)
    if not whole:
        return "No fish died."
    said = [f"{cause.lower()} ({100 * deaths / whole:.0f} %)" for cause, deaths in sums[:3]]
    return f"{short(whole)} deaths; the largest shares: {joined(said)}."
