"""Facilities: how full the trays, tanks and pens were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, by_year, line, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import bottom, top
from farm.reports.site.heatmap import heat, lanes_layout
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import month

_MANY = {
    "hatchery": "Hatcheries",
    "nursery": "Nurseries",
    "smolt facility": "Smolt facilities",
    "site": "Sea sites",
}


def page(reader: Reader) -> Page:
    """Return the page."""
    data = Data(
        "months",
        [
            columns.PLACE,
            columns.NAME,
            text("kind", "Kind"),
            columns.GEOGRAPHY,
            columns.MONTH,
            number("containers", "Containers"),
            number("occupied_container_days", "Container-days with fish"),
            number("utilisation_percent", "Utilisation", "%", 1),
            number("fallow_days", "Days without any fish"),
            number("most_t", "Most biomass", "t", 1),
            number("licence_t", "Licence", "t"),
        ],
        reader.rows("facilities", "months"),
    )
    return Page(
        path="facilities.html",
        title="Facilities",
        lead="Utilisation: days of containers with fish, of all days of containers. The law wants"
        " some of the rest: cleaning, and fallow between generations.",
        sections=[
            Section("By month", [_map(data, "on land"), _map(data, "at sea")]),
            Section("By year", [_kinds(reader)]),
            Section("Places", [_places(reader)]),
        ],
    )


def _map(data: Data, waters: str) -> Chart:
    def belongs(row: Row) -> bool:
        return bool(row["kind"] == "site") == (waters == "at sea")

    own = Data(data.name, data.columns, [row for row in data.rows if belongs(row)])
    places = len(set(own.values("place")))
    return Chart(
        title=f"Utilisation {waters}",
        says=_used_said(own.rows),
        data=[data],
        traces=heat(own, "month", "place", "utilisation_percent", "%", top=100),
        **lanes_layout(places, 15 if places > 20 else 24),
    )


def _used_said(rows: Sequence[Row]) -> str:
    """Return the utilisation of the first and the last year, and of the fullest month."""
    months: dict[date, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        months[row["month"]].append((row["utilisation_percent"], row["containers"]))
    if not months:
        return "No place."

    def mean(of: Iterable[date]) -> float:
        cells = [cell for at in of for cell in months[at]]
        return sum(share * count for share, count in cells) / sum(count for _, count in cells)

    full = max(months, key=lambda at: mean([at]))
    first, last = (
        [at for at in months if at.year == year] for year in (min(months).year, max(months).year)
    )
    return (
        f"All together {mean(first):.0f} % in {first[0].year} and {mean(last):.0f} % in"
        f" {last[0].year}; fullest in {month(full)} with {mean([full]):.0f} %."
    )


def _kinds(reader: Reader) -> Chart:
    rows = [
        {**row, "what": f"{_MANY[row['kind']]}, {row['geography']}"}
        for row in reader.rows("facilities", "kinds")
    ]
    data = Data(
        "kinds",
        [
            columns.YEAR,
            columns.GEOGRAPHY,
            text("kind", "Kind"),
            number("places", "Places"),
            number("utilisation", "Utilisation", "%", 1),
        ],
        rows,
    )
    return Chart(
        "Utilisation by kind of place",
        _level_said(rows),
        [data],
        split(rows, "what", line, "year", "utilisation"),
        by_year("Utilisation, %"),
    )


def _level_said(rows: Sequence[Row]) -> str:
    last = [row for row in rows if row["year"] == max(one["year"] for one in rows)]
    most, least = top(last, "utilisation"), bottom(last, "utilisation")
    if most is None or least is None:
        return "No place."
    return (
        f"In {most['year']} fullest: {most['what']} ({most['utilisation']:.0f} %); emptiest:"
        f" {least['what']} ({least['utilisation']:.0f} %)."
    )


def _places(reader: Reader) -> Table:
    return Table(
        "Every place over all years",
        "",
        Data(
            "places",
            [
                columns.PLACE,
                columns.NAME,
                text("kind", "Kind"),
                text("area", "Area"),
                columns.GEOGRAPHY,
                number("containers", "Containers"),
                number("utilisation", "Utilisation", "%", 1),
                number("fallow_days", "Days without any fish"),
                number("most_t", "Most biomass", "t", 0),
                number("licence_t", "Licence", "t"),
                number("of_licence", "Most", "% of licence", 0),
                number("harvested_t", "Harvested", "t", 0),
            ],
            reader.rows("facilities", "places"),
        ),
    )
