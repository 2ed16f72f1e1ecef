"""Environment: the water, the weather, and what went wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import (
    OTHERS,
    PALETTE,
    STAGE_COLOURS,
    Chart,
    axes,
    bars,
    by_year,
    line,
    split,
)
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import season
from farm.reports.site.grouping import totals
from farm.reports.site.pages import columns
from farm.reports.site.pages.programme import STAGES
from farm.reports.site.reader import Reader
from farm.reports.site.wording import short


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="environment.html",
        title="Environment",
        lead="The sea around the sites, the water of the halls, and the storms, blooms and swarms.",
        sections=[
            Section("The sea", _sea(reader)),
            Section("The halls", [_halls(reader)]),
            Section("Events", _events(reader)),
        ],
    )


def _sea(reader: Reader) -> list[Chart]:
    data = Data(
        "sea",
        [
            columns.MONTH,
            text("area", "Area"),
            columns.GEOGRAPHY,
            number("temperature_c", "Temperature", "°C", 2),
            number("coldest_c", "Coldest day", "°C", 1),
            number("warmest_c", "Warmest day", "°C", 1),
            number("salinity_psu", "Salinity", "PSU", 2),
            number("oxygen_mg_l", "Oxygen", "mg/L", 2),
            number("lowest_oxygen_mg_l", "Lowest oxygen", "mg/L", 2),
            number("current_m_s", "Current", "m/s", 3),
            number("wind_m_s", "Wind", "m/s", 2),
            number("wave_m", "Waves", "m", 2),
            number("highest_wave_m", "Highest waves", "m", 2),
        ],
        reader.rows("environment", "water"),
    )

    areas = list(dict.fromkeys(row["area"] for row in data.rows))

    def chart(title: str, column: str, unit: str, digits: int) -> Chart:
        shape = axes(f"{title}, {unit}")
        shape["yaxis"]["rangemode"] = "normal"
        traces = split(
            data.rows, "area", line, "month", column, order=areas, colours=(*PALETTE, OTHERS)
        )
        said = f"Monthly means by area. {_seasons(data.rows, column, unit, digits)}"
        return Chart(title, said, [data], traces, shape)

    return [
        chart("Sea temperature", "temperature_c", "°C", 1),
        chart("Oxygen", "oxygen_mg_l", "mg/L", 1),
        chart("Salinity", "salinity_psu", "PSU", 1),
        chart("Significant wave height", "wave_m", "m", 2),
    ]


def _seasons(rows: Sequence[Row], column: str, unit: str, digits: int) -> str:
    """Return the months of the highest and the lowest mean, and how far apart they are by area."""
    areas = [row["area"] for row in rows]
    whole = {area: [row for row in rows if row["area"] == area] for area in dict.fromkeys(areas)}
    found = {area: season(own, "month", column) for area, own in whole.items()}
    known = {area: one for area, one in found.items() if one}
    every = season(rows, "month", column)
    if every is None or not known:
        return "Less than a year is known."
    said = (
        f"Highest in {every.high} ({every.highest:.{digits}f} {unit} on average), lowest in"
        f" {every.low} ({every.lowest:.{digits}f})"
    )
    swing = {area: one.highest - one.lowest for area, one in known.items()}
    most, least = max(swing, key=lambda a: swing[a]), min(swing, key=lambda a: swing[a])
    if most == least:
        return f"{said}."
    return (
        f"{said}; the year swings by {swing[most]:.{digits}f} {unit} in {most} and by"
        f" {swing[least]:.{digits}f} in {least}."
    )


def _halls(reader: Reader) -> Chart:
    data = Data(
        "halls",
        [
            columns.MONTH,
            text("stage", "Stage"),
            number("temperature_c", "Temperature", "°C", 2),
            number("oxygen_mg_l", "Oxygen", "mg/L", 2),
            number("ph", "pH", "", 2),
        ],
        reader.rows("environment", "halls"),
    )
    shape = axes("Temperature, °C")
    shape["yaxis"]["rangemode"] = "normal"
    return Chart(
        "Temperature of the water that runs into the halls",
        _held(data.rows),
        [data],
        split(
            data.rows, "stage", line, "month", "temperature_c", order=STAGES, colours=STAGE_COLOURS
        ),
        shape,
    )


def _held(rows: Sequence[Row]) -> str:
    said = []
    for stage in STAGES:
        own = [row["temperature_c"] for row in rows if row["stage"] == stage]
        if own:
            said.append(f"{stage.lower()} {min(own):.1f} to {max(own):.1f}")
    return f"Monthly means, °C: {', '.join(said)}."


def _events(reader: Reader) -> list[Chart | Table]:
    years = Data(
        "events",
        [
            columns.YEAR,
            text("kind", "Kind"),
            number("events", "Events"),
            number("severity", "Mean severity", "0 to 1", 2),
            number("fasting_days", "Days without feed"),
            columns.DEATHS,
        ],
        reader.rows("environment", "events"),
    )
    return [
        Chart(
            "Events by year",
            f"Counted by site: one storm over ten sites is ten. {_deadly(years.rows)}",
            [years],
            split(years.rows, "kind", bars, "year", "events"),
            by_year("Events", barmode="stack"),
        ),
        Table(
            "The forty events that took the most fish",
            "",
            Data(
                "worst_events",
                [
                    columns.PLACE,
                    columns.NAME,
                    text("kind", "Kind"),
                    text("start_date", "From"),
                    text("end_date", "Until"),
                    number("severity", "Severity", "0 to 1", 2),
                    number("fasting_days", "Days without feed"),
                    columns.DEATHS,
                ],
                reader.rows("environment", "worst"),
            ),
            "No event took any fish.",
        ),
    ]


def _deadly(rows: Sequence[Row]) -> str:
    events, deaths = totals(rows, "kind", "events"), totals(rows, "kind", "deaths")
    if not any(deaths.values()):
        return "None took any fish."
    often, deadly = next(iter(events)), next(iter(deaths))
    share = 100 * deaths[deadly] / sum(deaths.values())
    return (
        f"Most often: {often} ({events[often]:,.0f}); most deadly: {deadly}, with {share:.0f} % of"
        f" the {short(sum(deaths.values()))} fish that events took."
    )
