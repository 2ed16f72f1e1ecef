"""The mature years against the early ones: what changed, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farm.reports.site.blocks import Page, Points, Section, Table, Text
from farm.reports.site.chart import Chart, axes, bars, by_year, line
from farm.reports.site.data import SIGNIFICANT, Data, Row, number, text
from farm.reports.site.findings import bottom, top
from farm.reports.site.pages import columns
from farm.reports.site.pages.mature_reasons import reasons
from farm.reports.site.reader import Reader
from farm.reports.site.scope import EARLY, MATURE
from farm.reports.site.wording import joined, signed

#: Column of `figures`, what it is called, its unit.
_FIGURES: Sequence[tuple[str, str, str]] = (
    ("mortality", "Mortality at sea", "% a month"),
    ("mortality_on_land", "Mortality on land", "% a month"),
    ("fcr", "FCR biological at sea", "kg/kg"),
    ("dead_of_growth", "Growth lost with dead fish", "% of growth"),
    ("tgc", "Growth at sea (TGC)", ""),
    ("temperature_c", "Water of the fish at sea", "°C"),
    ("weight_g", "Mean weight at sea", "g"),
    ("smolt_g", "Smolts put to sea", "g"),
    ("harvest_g", "Harvest weight", "g"),
    ("harvested_t", "Harvested", "t"),
    ("batches", "Active batches", ""),
    ("utilisation", "Utilisation, all places", "%"),
    ("utilisation_at_sea", "Utilisation at sea", "%"),
    ("lice", "Adult female lice, counted", "per fish"),
    ("lice_above", "Counts at or above the limit", "%"),
    ("lice_treatments", "Lice treatments", "days a site and year"),
    ("outbreaks", "Outbreaks at sea", "a site and year"),
    ("vaccinated_pd", "Batches vaccinated against PD", "%"),
)


def page(reader: Reader) -> Page:
    """Return the page; without a third session it only says so."""
    early, mature = reader.scope.session(EARLY), reader.scope.session(MATURE)
    years = _years(reader)
    title = "Early and mature years"
    if early is None or mature is None:
        return Page(
            path="mature.html",
            title=title,
            lead="The comparison needs the third session.",
            sections=[Section("Year by year", years)],
        )
    sizes = reader.rows("mature", "sizes")
    causes = reader.rows("mature", "causes")
    figures = {row["span"]: row for row in reader.rows("mature", "figures")}
    for span, row in figures.items():
        figures[span] = {**row, "mortality": _mortality(sizes, span)}
    why = reasons(figures, sizes, causes, reader.scope.first_day)
    return Page(
        path="mature.html",
        title=title,
        lead=f"Years {mature.years} against years {early.years}: a company that works at full size"
        " against one that is being built, and what made the difference.",
        sections=[
            Section(
                "What changed, and why",
                [Points(why)],
            ),
            Section("In figures", [_table(figures)]),
            Section("Mortality", [_by_size(sizes), _by_cause(causes)]),
            Section("Year by year", years),
        ],
    )


def _mortality(sizes: Sequence[Row], span: str) -> float | None:
    own = [row for row in sizes if row["span"] == span]
    months = sum(row["fish_months"] for row in own)
    return 100 * sum(row["deaths"] for row in own) / months if months else None


def _table(figures: Mapping[str, Row]) -> Table:
    early, mature = figures["early"], figures["mature"]
    rows = []
    for name, title, unit in _FIGURES:
        before, after = early[name], mature[name]
        known = before is not None and after is not None
        rows.append(
            {
                "figure": title,
                "unit": unit,
                "early": before,
                "mature": after,
                "change": 100 * (after / before - 1) if known and before else None,
            }
        )
    return Table(
        "Both times side by side",
        "",
        Data(
            "figures",
            [
                text("figure", "Figure"),
                number("early", "Early years", "", SIGNIFICANT),
                number("mature", "Mature years", "", SIGNIFICANT),
                text("unit", "Unit"),
                number("change", "Change", "%", 0),
            ],
            rows,
        ),
    )


def _by_size(sizes: Sequence[Row]) -> Chart:
    data = Data(
        "mortality_by_size",
        [
            text("span", "Years"),
            text("size", "Weight of the fish"),
            number("fish_months", "Fish-months"),
            columns.DEATHS,
            number("percent_month", "Mortality", "% a month", 3),
        ],
        sizes,
    )
    return Chart(
        "Mortality at sea by the weight of the fish",
        _sizes_said(sizes),
        [data],
        _pairs(sizes, "size", "percent_month"),
        axes("Mortality, % a month", barmode="group"),
    )


def _sizes_said(sizes: Sequence[Row]) -> str:
    """Return in which sizes fish died more, and in which less, than in the early years."""
    rates: dict[str, dict[str, float]] = {}
    for row in sizes:
        rates.setdefault(row["size"], {})[row["span"]] = row["percent_month"]
    both = {size: rate for size, rate in rates.items() if len(rate) > 1}
    less = [size for size, rate in both.items() if rate["mature"] < rate["early"]]
    more = [size for size in both if size not in less]
    said = [
        f"{word} at {joined(of)}"
        for word, of in (("lower in the mature years", less), ("higher", more))
        if of
    ]
    return f"Like with like, fish of the same size: {', '.join(said)}."


def _pairs(rows: Sequence[Row], x: str, y: str) -> list[Mapping[str, object]]:
    return [
        bars([row for row in rows if row["span"] == span], x, y, f"{span} years", colour)
        for span, colour in (("early", "--c9"), ("mature", "--c1"))
    ]


def _by_cause(causes: Sequence[Row]) -> Chart:
    data = Data(
        "mortality_by_cause",
        [
            text("cause", "Cause"),
            number("early", "Early years", "deaths per 1,000 fish and month", 3),
            number("mature", "Mature years", "deaths per 1,000 fish and month", 3),
        ],
        causes,
    )
    shown = list(reversed(causes[:12]))
    return Chart(
        "Deaths at sea by cause",
        _causes_said(causes),
        [data],
        [
            bars(shown, name, "cause", f"{name} years", colour, orientation="h")
            for name, colour in (("early", "--c9"), ("mature", "--c1"))
        ],
        axes("", x="Deaths per 1,000 fish and month", barmode="group"),
        height=120 + 30 * len(shown),
    )


def _causes_said(causes: Sequence[Row]) -> str:
    moved = {row["cause"]: (row["mature"] or 0) - (row["early"] or 0) for row in causes}
    if not moved:
        return "No fish died."
    less, more = min(moved, key=lambda c: moved[c]), max(moved, key=lambda c: moved[c])
    return (
        "For a thousand fish and month, so that the size of the company does not matter:"
        f" {less.lower()} changed by {signed(moved[less])}, {more.lower()} by"
        f" {signed(moved[more])}."
    )


def _years(reader: Reader) -> list[Chart | Text]:
    rows = reader.rows("mature", "years")
    data = Data(
        "years",
        [
            columns.YEAR,
            number("at_sea", "Mortality at sea", "% a month", 3),
            number("on_land", "Mortality on land", "% a month", 3),
            number("utilisation", "Utilisation", "%", 1),
            number("fcr", "FCR biological at sea", "kg/kg", 3),
            number("tgc", "TGC at sea", "", 3),
        ],
        rows,
    )

    def chart(title: str, what: str, column: str, unit: str, colour: str) -> Chart:
        known = [row for row in rows if row[column] is not None]
        trace = line(known, "year", column, title, colour, mode="lines+markers")
        shape = by_year(unit, showlegend=False)
        shape["yaxis"]["rangemode"] = "normal" if column in {"fcr", "tgc"} else "tozero"
        low, high = bottom(rows, column), top(rows, column)
        says = f"{what}."
        if low and high:
            says = (
                f"{what}: lowest in {low['year']} ({low[column]:.2f}), highest in {high['year']}"
                f" ({high[column]:.2f})."
            )
        return Chart(title, says, [data], [trace], shape, height=230)

    percent = "% a month"
    return [
        chart("Mortality at sea", "Deaths per hundred fish and month", "at_sea", percent, "--c4"),
        chart("Utilisation", "Containers with fish, of all days", "utilisation", "%", "--c1"),
        chart("Feed conversion at sea", "Feed over growth, biological", "fcr", "kg/kg", "--c3"),
        chart("Growth at sea", "Thermal growth coefficient, by biomass", "tgc", "TGC", "--c2"),
    ]
