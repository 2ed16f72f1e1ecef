"""Environment: the water, the weather, and what went wrong with them."""

from __future__ import annotations

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import STAGE_COLOURS, Chart, axes, bars, by_year, line, split
from farm.reports.site.data import Data, number, text
from farm.reports.site.pages import columns
from farm.reports.site.pages.production import STAGES
from farm.reports.site.reader import Reader


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

    def chart(title: str, says: str, column: str, unit: str) -> Chart:
        shape = axes(unit)
        shape["yaxis"]["rangemode"] = "normal"
        traces = split(data.rows, "area", line, "month", column)
        return Chart(title, says, [data], traces, shape)

    return [
        chart(
            "Sea temperature",
            "Monthly means by area: the Faroes swing less than the Scottish lochs.",
            "temperature_c",
            "°C",
        ),
        chart("Oxygen", "Cold water holds more: lowest in late summer.", "oxygen_mg_l", "mg/L"),
        chart(
            "Salinity",
            "Rain and rivers freshen the lochs in winter; the open coast hardly changes.",
            "salinity_psu",
            "PSU",
        ),
        chart(
            "Waves",
            "Significant wave height: winter storms decide when boats can work.",
            "wave_m",
            "m",
        ),
    ]


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
    return Chart(
        "Temperature of the water that runs into the halls",
        "Eggs are kept cold; recirculated halls are held steady, others follow the season.",
        [data],
        split(
            data.rows, "stage", line, "month", "temperature_c", order=STAGES, colours=STAGE_COLOURS
        ),
        axes("°C"),
    )


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
            "Counted by site: one storm over ten sites is ten.",
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
