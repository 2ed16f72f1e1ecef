"""Production: batches over time, biomass, harvest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import RAMP, STAGE_COLOURS, Chart, area, axes, bars, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import summed, top
from farm.reports.site.grouping import largest, totals
from farm.reports.site.pages import columns
from farm.reports.site.pages.programme import STAGES, programme
from farm.reports.site.reader import Reader
from farm.reports.site.wording import joined, month


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="production.html",
        title="Production",
        lead="Where every batch was, how the biomass grew, and what went to slaughter.",
        sections=[
            *programme(reader),
            Section("Biomass", [_biomass(reader)]),
            Section("Harvest", _harvest(reader)),
        ],
    )


def _biomass(reader: Reader) -> Chart:
    rows = reader.rows("production", "biomass")
    data = Data(
        "biomass",
        [text("date", "Month's end"), text("stage", "Stage"), columns.BIOMASS, columns.FISH],
        rows,
    )
    at_sea = [row for row in rows if row["stage"] == STAGES[-1]]
    share = 100 * sum(row["biomass_t"] for row in at_sea)
    share /= sum(row["biomass_t"] for row in rows) or 1
    peak = top(at_sea, "biomass_t")
    says = f"Over all years {share:.0f} % of the weight was at sea"
    if peak:
        says += f"; the most there was {peak['biomass_t']:,.0f} t at the end of"
        says += f" {month(peak['date'])}"
    return Chart(
        "Biomass by stage",
        f"{says}.",
        [data],
        split(rows, "stage", area, "date", "biomass_t", order=STAGES, colours=STAGE_COLOURS),
        axes("Biomass, t"),
    )


def _harvest(reader: Reader) -> list[Chart | Table]:
    months = Data(
        "harvest_by_month",
        [columns.MONTH, columns.GEOGRAPHY, columns.FISH, columns.LIVE, columns.WEIGHT],
        reader.rows("production", "harvest_by_month"),
    )
    lots = Data(
        "harvest_lots",
        [
            columns.MONTH,
            text("weight_class", "Weight class", "kg gutted"),
            text("quality", "Quality"),
            columns.FISH,
            columns.LIVE,
            number("gutted_t", "Gutted weight", "t", 1),
        ],
        reader.rows("production", "lots"),
    )
    classes = sorted({row["weight_class"] for row in lots.rows})
    grades = Data(
        "grades",
        [
            columns.YEAR,
            columns.GEOGRAPHY,
            columns.LIVE,
            number("gutted_t", "Gutted weight", "t", 1),
            columns.WEIGHT,
            number("superior", "Superior", "%", 1),
            number("ordinary", "Ordinary", "%", 1),
            number("production", "Production", "%", 1),
        ],
        reader.rows("production", "grades"),
    )
    quarters = _quarters(lots.rows)
    by_grade, order = largest(lots.rows, "quality", "month", "gutted_t")
    return [
        Chart(
            "Harvest by month",
            _pace(months.rows),
            [months],
            split(months.rows, "geography", bars, "month", "live_t"),
            axes("Live weight, t", barmode="stack"),
        ),
        Chart(
            "Harvest by weight class",
            f"Gutted tonnes; {_largest_class(lots.rows)}.",
            [lots],
            split(
                quarters,
                "weight_class",
                bars,
                "quarter",
                "gutted_t",
                order=classes,
                colours=RAMP,
            ),
            axes("Gutted weight, t", barmode="stack"),
        ),
        Chart(
            "Harvest by month and grade",
            _grades_said(lots.rows),
            [lots],
            split(by_grade, "quality", bars, "month", "gutted_t", order=order),
            axes("Gutted weight, t", barmode="stack"),
        ),
        Table(
            "Harvest by year and grade",
            "Production grade: wounds, deformities and what else may not be sold whole.",
            grades,
            "Nothing was harvested yet.",
        ),
    ]


def _quarters(lots: Sequence[Row]) -> list[Row]:
    sums: dict[tuple[date, str], float] = defaultdict(float)
    for row in lots:
        at = row["month"]
        quarter = date(at.year, (at.month - 1) // 3 * 3 + 1, 1)
        sums[quarter, row["weight_class"]] += row["gutted_t"]
    return [
        {"quarter": quarter, "weight_class": name, "gutted_t": gutted}
        for (quarter, name), gutted in sorted(sums.items())
    ]


def _pace(months: Sequence[Row]) -> str:
    whole = summed(months, "month", "live_t")
    best = top(whole, "live_t")
    if best is None:
        return "Nothing was harvested yet."
    first, last = whole[0]["month"], whole[-1]["month"]
    span = 12 * (last.year - first.year) + last.month - first.month + 1
    return (
        f"The most was {best['live_t']:,.0f} t in {month(best['month'])}; fish were harvested in"
        f" {len(whole)} of the {span} months since {month(first)}."
    )


def _grades_said(lots: Sequence[Row]) -> str:
    sums = totals(lots, "quality", "gutted_t")
    whole = sum(sums.values())
    if not whole:
        return "Nothing was harvested yet."
    said = [f"{100 * gutted / whole:.0f} % {grade}" for grade, gutted in sums.items()]
    return f"Gutted tonnes: {joined(said)}."


def _largest_class(lots: Sequence[Row]) -> str:
    """Return the weight class with the most fish, in words."""
    sums = totals(lots, "weight_class", "gutted_t")
    if not sums:
        return "nothing was harvested yet"
    most = next(iter(sums))
    return f"{most} kg is the largest class with {100 * sums[most] / sum(sums.values()):.0f} %"
