"""Facilities: how full the trays, tanks and pens were."""

from __future__ import annotations

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, by_year, line, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.heatmap import heat, lanes_layout
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader


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
    says = (
        "A site's generation fills its pens for a year and a half, then the site lies fallow."
        if waters == "at sea"
        else "Batches pass through in weeks to months; the halls fill up while the company grows."
    )
    return Chart(
        title=f"Utilisation {waters}",
        says=says,
        data=[data],
        traces=heat(own, "month", "place", "utilisation_percent", "%", top=100),
        **lanes_layout(places, 15 if places > 20 else 24),
    )


def _kinds(reader: Reader) -> Chart:
    rows = [
        {**row, "what": f"{row['kind']}, {row['geography']}"}
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
        "Each kind reaches its level when the first batches come through.",
        [data],
        split(rows, "what", line, "year", "utilisation"),
        by_year("Utilisation, %"),
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
