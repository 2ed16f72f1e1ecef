"""Compliance: lice, density, losses to be notified, medicines, withdrawal; by site and month."""

from __future__ import annotations

from farm.reports.site.blocks import Fact, Page, Section, Table, Text
from farm.reports.site.chart import Chart
from farm.reports.site.data import Column, Data, Row, number, text
from farm.reports.site.findings import top
from farm.reports.site.heatmap import heat, kinds, lanes_layout
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import joined, month, shown

#: The figures of a site's month, also on the site's own page.
FIGURES: tuple[Column, ...] = (
    columns.MONTH,
    number("counts", "Lice counts"),
    number("lice_highest", "Highest count", "females per fish", 2),
    number("lice_percent", "Highest count", "% of limit", 0),
    number("lice_above", "Counts at or above"),
    number("lice_treatments", "Lice treatments", "days"),
    number("density_percent", "Highest density", "% of limit", 0),
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
    places = (columns.PLACE, columns.NAME, columns.GEOGRAPHY)
    data = Data("months", (*places, *FIGURES, text("remark", "Remark")), rows)
    return Page(
        path="compliance.html",
        title="Compliance",
        lead="What the authorities look at, for every site and month with fish. Each site's page"
        " has its own months; all of them are in the CSV.",
        facts=_facts(rows),
        sections=[
            Section("By site and month", [_map(data), _density(data)]),
            Section("By year and by site", [_years(reader), _sites(reader)]),
            Section("Mortality to be notified", [_rule(reader), _worst(reader)]),
        ],
    )


def _facts(rows: list[Row]) -> list[Fact]:
    def months(name: str) -> int:
        return sum(row[name] > 0 for row in rows)

    whole = max(len(rows), 1)
    densest = max((row["density_percent"] for row in rows), default=0)
    return [
        Fact("Months with fish, all sites", shown(len(rows), 0)),
        Fact(
            "Lice at or above the limit", f"{100 * months('lice_above') / whole:.1f} %", "of months"
        ),
        Fact("Highest density", f"{densest:.0f} %", "of what is allowed"),
        Fact("Mortality notices due", f"{100 * months('notices') / whole:.1f} %", "of months"),
        Fact("Medicines used", f"{100 * months('medicines') / whole:.1f} %", "of months"),
        Fact("Harvests inside withholding", shown(sum(row["harvests_inside"] for row in rows), 0)),
    ]


#: What a month of a site can be remarked for, and its colour.
_REMARKS = {
    "nothing": "--heat-0",
    "nothing, medicine used": "--heat-1",
    "lice at or above the limit": "--c2",
    "mortality to be notified": "--c4",
    "too dense": "--c6",
    "harvest inside withholding": "--c8",
    "several rules": "--bad",
}


def _map(data: Data) -> Chart:
    sites = len(set(data.values("place")))
    remarked = [row for row in data.rows if row["remarks"]]
    found = set(data.values("remark"))
    said = "No month of any site broke a rule."
    if remarked:
        counts = {
            "a mortality to be notified": sum(row["notices"] > 0 for row in remarked),
            "lice at or above the limit": sum(row["lice_above"] > 0 for row in remarked),
            "too high a density": sum(row["density_percent"] > 100 for row in remarked),
            "a harvest inside withholding": sum(row["harvests_inside"] > 0 for row in remarked),
        }
        named = [f"{count:,} for {name}" for name, count in counts.items() if count]
        none = [name for name, count in counts.items() if not count]
        said = f"{len(remarked):,} of {len(data.rows):,} months of sites: {joined(named)}"
        said += f"; none for {' or '.join(none)}." if none else "."
    return Chart(
        title="What the authorities would remark on, by site and month",
        says=said,
        data=[data],
        traces=kinds(
            data,
            "month",
            "place",
            "remark",
            {name: colour for name, colour in _REMARKS.items() if name in found},
        ),
        **lanes_layout(sites, 15 if sites > 20 else 24),
    )


def _density(data: Data) -> Chart:
    sites = len(set(data.values("place")))
    densest = top(data.rows, "density_percent")
    above = sum(row["density_percent"] > 100 for row in data.rows)
    said = "No fish."
    if densest:
        limit = f"in {above:,} months above" if above else "never above"
        said = (
            f"{densest['density_percent']:.0f} % at most ({densest['name']},"
            f" {month(densest['month'])}), {limit} what is allowed."
        )
    return Chart(
        title="Highest density of each month, in per cent of what is allowed",
        says=said,
        data=[data],
        traces=heat(data, "month", "place", "density_percent", "% of limit", top=100),
        **lanes_layout(sites, 15 if sites > 20 else 24),
    )


def _sites(reader: Reader) -> Table:
    return Table(
        "By site",
        "All years together, the most often remarked on first. A site's page has its months.",
        Data(
            "sites",
            [
                columns.PLACE,
                columns.NAME,
                columns.GEOGRAPHY,
                number("months", "Months with fish"),
                number("remarked_percent", "Remarked on", "% of months", 1),
                number("counts", "Lice counts"),
                number("lice_above", "At or above the limit"),
                number("density_percent", "Highest density", "% of limit", 0),
                number("notices", "Mortality notices"),
                number("medicines", "Medicine courses", "pens"),
                number("antibiotics_kg", "Antibiotics", "kg", 1),
                number("harvests", "Harvests"),
                number("harvests_inside", "Inside withholding"),
            ],
            reader.rows("compliance", "sites"),
        ),
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
                number("density_percent", "Highest density", "% of limit", 0),
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
