"""Compliance: lice, density, losses to be notified, medicines, withdrawal; by site and month."""

from __future__ import annotations

from farm.reports.site.blocks import Fact, Page, Section, Table, Text
from farm.reports.site.chart import Chart
from farm.reports.site.data import Column, Data, Row, number, text
from farm.reports.site.heatmap import heat, lanes_layout
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import shown

#: The figures of a site's month, also on the site's own page.
FIGURES: tuple[Column, ...] = (
    columns.MONTH,
    number("counts", "Lice counts"),
    number("lice_highest", "Highest count", "adult females per fish", 2),
    number("lice_percent", "Highest count", "% of limit", 0),
    number("lice_above", "Counts at or above"),
    number("lice_treatments", "Lice treatments", "days"),
    number("density_percent", "Highest density", "% of what is allowed", 0),
    number("mortality", "Mortality", "%", 2),
    number("notices", "Mortality notices due"),
    number("medicines", "Medicine courses", "pens"),
    number("antibiotics_kg", "Antibiotics", "kg", 2),
    number("harvests", "Harvests"),
    number("harvests_inside", "Harvests inside withholding"),
)


def page(reader: Reader) -> Page:
    """Return the page."""
    rows = reader.rows("compliance", "months")
    data = Data("months", (columns.PLACE, columns.NAME, columns.GEOGRAPHY, *FIGURES), rows)
    return Page(
        path="compliance.html",
        title="Compliance",
        lead="What the authorities look at, for every site and month with fish. Each site's page"
        " has its own months; all of them are in the CSV.",
        facts=_facts(rows),
        sections=[
            Section("By site and month", [_map(data), _density(data)]),
            Section("By year", [_years(reader)]),
            Section("Mortality to be notified", [_rule(reader), _worst(reader)]),
        ],
    )


def _facts(rows: list[Row]) -> list[Fact]:
    def months(name: str) -> int:
        return sum(row[name] > 0 for row in rows)

    whole = max(len(rows), 1)
    densest = max((row["density_percent"] for row in rows), default=0)
    return [
        Fact("Site-months with fish", shown(len(rows), 0)),
        Fact(
            "Lice at or above the limit", f"{100 * months('lice_above') / whole:.1f} %", "of months"
        ),
        Fact("Highest density", shown(densest, 0), "% of what is allowed"),
        Fact("Mortality notices due", f"{100 * months('notices') / whole:.1f} %", "of months"),
        Fact("Medicines used", f"{100 * months('medicines') / whole:.1f} %", "of months"),
        Fact("Harvests inside withholding", shown(sum(row["harvests_inside"] for row in rows), 0)),
    ]


def _map(data: Data) -> Chart:
    sites = len(set(data.values("place")))
    return Chart(
        title="Remarks by site and month",
        says="How many of four rules led to a remark: lice limit, density, mortality, withdrawal.",
        data=[data],
        traces=heat(data, "month", "place", "remarks", "remarks", top=3),
        **lanes_layout(sites, 15 if sites > 20 else 24),
    )


def _density(data: Data) -> Chart:
    sites = len(set(data.values("place")))
    return Chart(
        title="Highest density of each month, in per cent of what is allowed",
        says="Pens fill up as the fish grow; the first harvests thin them before the limit.",
        data=[data],
        traces=heat(data, "month", "place", "density_percent", "% of limit", top=100),
        **lanes_layout(sites, 15 if sites > 20 else 24),
    )


def _years(reader: Reader) -> Table:
    return Table(
        "By year and geography",
        "",
        Data(
            "years",
            [
                columns.YEAR,
                columns.GEOGRAPHY,
                number("site_months", "Site-months with fish"),
                number("counts", "Lice counts"),
                number("lice_above", "At or above the limit"),
                number("density_percent", "Highest density", "% of what is allowed", 0),
                number("too_dense", "Months too dense"),
                number("notices", "Mortality notices"),
                number("notice_percent", "Months with one", "%", 1),
                number("medicines", "Medicine courses", "pens"),
                number("antibiotics_kg", "Antibiotics", "kg", 1),
                number("harvests", "Harvests"),
                number("harvests_inside", "Inside withholding"),
            ],
            reader.rows("compliance", "years"),
        ),
    )


def _rule(reader: Reader) -> Text:
    rule = reader.yardsticks.mortality_notice
    said = (
        f"A notice is due when a site loses {rule.week_small:g} % of its fish in a week or"
        f" {rule.five_weeks_small:g} % in five while they weigh less than"
        f" {rule.small_below_g:g} g, {rule.week_large:g} % or {rule.five_weeks_large:g} % when"
        " they weigh more: what the Scottish producers agreed on with the Fish Health"
        " Inspectorate. The Faroese sites are measured by it as well."
    )
    return Text([said])


def _worst(reader: Reader) -> Table:
    return Table(
        "The forty months with the heaviest losses",
        "With the cause that took the most fish.",
        Data(
            "notices",
            [
                columns.PLACE,
                columns.NAME,
                columns.MONTH,
                number("mortality", "Mortality", "%", 1),
                number("notices", "Notices"),
                text("cause", "Main cause"),
                number("share", "Its share", "% of deaths", 0),
            ],
            reader.rows("compliance", "worst"),
        ),
        "No notice was ever due.",
    )
