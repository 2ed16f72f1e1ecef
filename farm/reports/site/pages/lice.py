"""Lice: every site's counts against the limit of its law, and what was done."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, axes, line, split
from farm.reports.site.data import Data, Row, by_geography, number, text
from farm.reports.site.findings import season, top
from farm.reports.site.heatmap import heat, lanes_layout
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import month

#: The heat map's scale ends at twice the limit.
_TOP = 200.0


def page(reader: Reader) -> Page:
    """Return the page."""
    months = Data(
        "months",
        [
            columns.PLACE,
            columns.NAME,
            columns.GEOGRAPHY,
            columns.MONTH,
            number("counts", "Counts"),
            number("adult_female", "Mean", "adult females per fish", 2),
            number("highest", "Highest", "per fish", 2),
            number("treat_from", "Limit", "per fish", 1),
            number("percent", "Highest", "% of limit", 0),
            number("above", "At or above"),
        ],
        [
            {**row, "percent": None if row["share"] is None else 100 * row["share"]}
            for row in reader.rows("lice", "months")
        ],
    )
    counts = sum(row["counts"] for row in months.rows)
    above = sum(row["above"] for row in months.rows)
    lead = (
        "Adult female lice per fish, as counted, against the limit from which the law wants a site"
        " treated."
    )
    if counts:
        share = f"{above:,} of {counts:,} counts of sites ({100 * above / counts:.1f} %)"
        lead += f" {share} were at or above it."
    return Page(
        path="lice.html",
        title="Lice",
        lead=lead,
        sections=[
            Section("By site and month", [_map(months)]),
            Section("Season", [_season(reader)]),
            Section("At or above the limit", [_exceedances(reader)]),
            Section("Sites", [_sites(reader)]),
        ],
    )


def _map(months: Data) -> Chart:
    sites = len(set(months.values("place")))
    return Chart(
        title="Highest count of each month, in per cent of the limit",
        says=f"Blue is below the limit, amber and red at or above it: {_worst(months.rows)}."
        " In empty months nothing was counted.",
        data=[months],
        traces=heat(months, "month", "place", "percent", "% of limit", scale="limit", top=_TOP),
        **lanes_layout(sites, 15 if sites > 20 else 24),
    )


def _worst(months: Sequence[Row]) -> str:
    above = [row for row in months if row["above"]]
    worst = top(months, "percent")
    if not above or worst is None:
        return "no month"
    return (
        f"{len(above):,} of {len(months):,} months of sites, the highest with"
        f" {worst['percent']:.0f} % at {worst['name']} in {month(worst['month'])}"
    )


def _season(reader: Reader) -> Chart:
    data = Data(
        "season",
        [
            columns.GEOGRAPHY,
            columns.MONTH,
            number("adult_female", "Adult female", "per fish", 3),
            number("mobile", "Mobile", "per fish", 3),
            number("attached", "Attached", "per fish", 3),
            number("counts", "Counts"),
            number("above_percent", "At or above the limit", "%", 1),
        ],
        reader.rows("lice", "weeks"),
    )
    return Chart(
        "Adult female lice, all sites",
        _season_said(data.rows),
        [data],
        split(data.rows, "geography", line, "month", "adult_female"),
        axes("Adult females per fish"),
    )


def _season_said(rows: Sequence[Row]) -> str:
    said = []
    for name, own in by_geography(rows):
        found = season(own, "month", "adult_female")
        if found:
            said.append(
                f"{name}: on average most in {found.high} ({found.highest:.2f}), least in"
                f" {found.low} ({found.lowest:.2f})"
            )
    return f"{'; '.join(said)}." if said else "The mean of all counts of a month."


def _exceedances(reader: Reader) -> Table:
    rows = reader.rows("lice", "exceedances")
    within = reader.yardsticks.answers.answered_within
    answered = sum(row["answer"] is not None for row in rows)
    says = ""
    if rows:
        says = (
            f"{answered} of {len(rows)} were answered within {within} days: by a treatment of the"
            " site, by its harvest, or a treatment had just been given."
        )
    return Table(
        "Counts at or above the limit, and what was done",
        says,
        Data(
            "exceedances",
            [
                columns.PLACE,
                columns.NAME,
                text("date", "Counted"),
                number("adult_female", "Adult females", "per fish", 2),
                number("treat_from", "Limit", "per fish", 1),
                text("answer", "What was done"),
                text("answered_on", "On"),
                number("days", "After", "days"),
                number("containers", "Pens"),
                text("next_date", "Next count"),
                number("next_count", "Adult females then", "per fish", 2),
            ],
            rows,
        ),
        "No count ever was at or above the limit.",
    )


def _sites(reader: Reader) -> Table:
    return Table(
        "Sites over all years",
        "Most often above the limit first.",
        Data(
            "sites",
            [
                columns.PLACE,
                columns.NAME,
                text("area", "Area"),
                columns.GEOGRAPHY,
                number("counts", "Counts"),
                number("adult_female", "Mean", "adult females per fish", 2),
                number("highest", "Highest", "per fish", 2),
                number("above", "At or above the limit", "counts"),
                number("above_percent", "At or above", "%", 1),
                number("treatment_days", "Lice treatments", "days"),
            ],
            reader.rows("lice", "sites"),
        ),
        "Nothing was counted.",
    )
