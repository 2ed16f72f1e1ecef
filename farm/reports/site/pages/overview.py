"""The first page: the sessions, headline figures, and where the company stands at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from farm.domain.calendar import YEAR
from farm.reports import metrics
from farm.reports.site.blocks import Fact, Page, Section, Table
from farm.reports.site.chart import Chart, area, axes, bars, split
from farm.reports.site.data import SIGNIFICANT, Data, Row, number, text
from farm.reports.site.findings import summed, top
from farm.reports.site.pages.standing import standing
from farm.reports.site.reader import Reader
from farm.reports.site.wording import day, joined, month, quarter, several, short, shown


def page(reader: Reader) -> Page:
    """Return the page."""
    scope = reader.scope
    geographies = reader.rows("overview", "geographies")
    names = joined([row["geography"] for row in geographies])
    lead = f"A salmon-farming company in {names}, {scope.period}."
    if scope.unfinished:
        lead += f" {several(scope.unfinished, 'session')} not finished yet and not in here."
    return Page(
        path="index.html",
        title="Overview",
        lead=lead,
        facts=_headlines(reader, geographies),
        sections=[
            Section(
                "Ten years at a glance" if scope.years > 9.9 else "At a glance", _years(reader)
            ),
            Section("Sessions", [_sessions(reader), *_metrics(reader)]),
            Section(f"Where the company stands on {day(scope.last_day)}", standing(reader)),
        ],
    )


def _headlines(reader: Reader, geographies: list[Row]) -> list[Fact]:
    def total(name: str) -> float:
        return sum(row[name] or 0 for row in geographies)

    checks = reader.row("overview", "checks")
    facts = [
        Fact(
            "Batches started",
            shown(total("started"), 0),
            "",
            f"{total('batches'):.0f} in water now",
        ),
        Fact(
            "Fish in water",
            short(total("fish")),
            "",
            f"on {several(int(total('sites')), 'sea site')} and on land",
        ),
        Fact("Biomass", shown(total("biomass_t"), 0), "t"),
        Fact("Harvested", shown(total("harvested_t"), 0), "t", f"{short(total('harvested'))} fish"),
        Fact("Feed", shown(total("feed_t"), 0), "t"),
    ]
    for row in reader.rows("overview", "accounts"):
        money, batches = row["currency"], several(row["batches"], "batch", "batches")
        profit = f"profit {short(row['profit'])} {money} on {batches}"
        facts.append(
            Fact(
                f"Cost, {row['geography']}",
                shown(row["cost_per_kg"], 2),
                f"{money}/kg gutted",
                profit,
            )
        )
    if checks["checks"]:
        whole = f"of {checks['checks']}"
        facts.append(Fact("Checks passed", shown(checks["passed"], 0), whole, "see data quality"))
    return facts


def _years(reader: Reader) -> list[Chart]:
    months = Data(
        "biomass",
        [
            text("date", "Month's end"),
            text("geography", "Geography"),
            number("fish", "Fish"),
            number("biomass_t", "Biomass", "t", 1),
            number("batches", "Batches"),
        ],
        reader.rows("overview", "months"),
    )
    harvest = Data(
        "harvest",
        [
            text("quarter", "Quarter"),
            text("geography", "Geography"),
            number("live_t", "Live weight", "t", 1),
        ],
        reader.rows("overview", "harvest"),
    )
    return [
        Chart(
            "Standing biomass",
            _standing_biomass(months.rows),
            [months],
            split(months.rows, "geography", area, "date", "biomass_t"),
            axes("Biomass, t"),
        ),
        Chart(
            "Harvest by quarter",
            _first_harvest(harvest.rows, reader.scope.first_day),
            [harvest],
            split(harvest.rows, "geography", bars, "quarter", "live_t"),
            axes("Live weight, t", barmode="stack"),
        ),
    ]


def _standing_biomass(rows: Sequence[Row]) -> str:
    whole = summed(rows, "date", "biomass_t")
    peak = top(whole, "biomass_t")
    if peak is None:
        return "No fish."
    half = next(row for row in whole if 2 * row["biomass_t"] >= peak["biomass_t"])
    return (
        f"At most {peak['biomass_t']:,.0f} t at the end of {month(peak['date'])}; half of that was"
        f" reached in {month(half['date'])}, and {whole[-1]['biomass_t']:,.0f} t are left on the"
        " last day."
    )


def _first_harvest(rows: Sequence[Row], first_day: date) -> str:
    whole = summed(rows, "quarter", "live_t")
    best = top(whole, "live_t")
    if best is None:
        return "Nothing was harvested yet."
    years = (whole[0]["quarter"] - first_day).days / YEAR
    return (
        f"The first fish were harvested in {quarter(whole[0]['quarter'])}, {years:.1f} years after"
        f" the first eggs; the most, {best['live_t']:,.0f} t, in {quarter(best['quarter'])}."
    )


def _sessions(reader: Reader) -> Table:
    return Table(
        "What was generated",
        "One row for each session: how long it took, and what came to be in it.",
        Data(
            "sessions",
            [
                number("session", "Session"),
                text("years", "Years"),
                text("status", "Status", good=frozenset({"completed"}), bad=frozenset({"failed"})),
                text("started", "Started", "UTC"),
                text("completed", "Completed", "UTC"),
                number("runtime_s", "Runtime", "s", 1),
                number("memory_peak_mb", "Memory", "MB"),
                number("batches", "Batches created"),
                number("outbreaks", "Outbreaks"),
                number("treatments", "Treatments"),
                number("harvested_t", "Harvest", "t"),
                number("rows", "Rows"),
                number("readings", "Readings"),
                number("feedings", "Feedings"),
                number("mortality_events", "Deaths", "rows"),
            ],
            reader.rows("overview", "sessions"),
        ),
    )


def _metrics(reader: Reader) -> list[Table]:
    found = reader.rows("overview", "metrics")
    names = {row["code"]: row["name"].lower() for row in reader.rows("overview", "diseases")}
    return [
        _figures(found, names, "session", "Figures of each session", "What happened in it."),
        _figures(
            found,
            names,
            "cumulative",
            "Figures up to each session's end",
            "From the first day on.",
        ),
    ]


def _figures(
    found: list[Row], names: Mapping[str, str], scope: str, title: str, says: str
) -> Table:
    own = [row for row in found if row["scope"] == scope]
    sessions = sorted({row["session"] for row in own})
    values = {(row["name"], row["session"]): row["value"] for row in own}
    units = {row["name"]: row["unit"] for row in own}
    rows = [
        {
            "figure": _title(name, names),
            "unit": units[name],
            **{f"session_{one}": values.get((name, one)) for one in sessions},
        }
        for name in metrics.in_order(units)
    ]
    shape = [
        text("figure", "Figure"),
        text("unit", "Unit"),
        *(number(f"session_{one}", f"Session {one}", "", SIGNIFICANT) for one in sessions),
    ]
    return Table(title, says, Data(f"figures_{scope}", shape, rows), "Nothing was counted.")


def _title(name: str, diseases: Mapping[str, str]) -> str:
    """Return what people call a figure, a disease by its name."""
    title = metrics.title(name)
    _, _, code = name.partition(".")
    title = title.replace(f": {code.replace('_', ' ')}", f": {diseases.get(code, code)}")
    return title[0].upper() + title[1:]
