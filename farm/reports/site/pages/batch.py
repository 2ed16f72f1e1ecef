"""A page for every batch: its life on one timeline, its losses, and what it cost and brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from farm.reports.site.blocks import Fact, Page, Section, Table
from farm.reports.site.chart import Chart, axes, bars
from farm.reports.site.data import Column, Data, Row
from farm.reports.site.findings import top
from farm.reports.site.gantt import gantt
from farm.reports.site.pages.batch_columns import COLUMNS
from farm.reports.site.pages.batch_timeline import timeline
from farm.reports.site.pages.programme import by_stage
from farm.reports.site.reader import Reader
from farm.reports.site.wording import day, joined, several, short, shown


def pages(reader: Reader) -> Iterator[Page]:
    """Yield a page for every batch; each question is asked once, of all of them."""
    answers = {name: _by_batch(reader.rows("batch", name)) for name in COLUMNS}
    for about in reader.rows("batches", "batches"):
        own = {
            name: Data(name, _with_money(shape, about["currency"]), answers[name][about["batch"]])
            for name, shape in COLUMNS.items()
        }
        yield _page(about, own, reader.scope.last_day)


def _by_batch(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["batch"]].append(row)
    return found


#: So many treatments are shown.
_TREATMENTS = 150

_MONEY = frozenset({"cost", "book_value", "revenue", "amount", "per_kg"})


def _with_money(shape: Sequence[Column], currency: str) -> list[Column]:
    """Return columns with the geography's currency as the unit of money."""
    return [
        Column(c.name, c.title, currency, c.digits, c.link) if c.name in _MONEY else c
        for c in shape
    ]


def _page(about: Row, own: Mapping[str, Data], today: date) -> Page:
    return Page(
        path=f"batches/{about['batch']}.html",
        title=f"Batch {about['batch']}",
        above="Batches",
        lead=_lead(about),
        facts=_facts(about),
        sections=[
            Section("Its life", [timeline(own), _places(own["stages"], today)]),
            Section("Month by month", [Table("Figures of each month", "", own["months"])]),
            Section("Health", _health(own)),
            Section(
                "Harvest and result",
                [
                    Table(
                        "Harvest by weight class and quality",
                        "",
                        own["harvests"],
                        "Nothing was harvested yet.",
                    ),
                    Table(
                        "What it cost and brought",
                        "",
                        own["accounts"],
                        "The account is made when the last fish is harvested.",
                    ),
                ],
            ),
        ],
    )


def _lead(about: Row) -> str:
    said = (
        f"{short(about['eggs'])} eggs of {about['strain']}"
        f" ({about['egg_source']}, {about['origin']})"
        f" were laid down in {about['geography']} on {day(about['start_date'])}."
    )
    if about["to_sea"]:
        smolts = f"{short(about['smolts'])} smolts of {about['smolt_g']:.0f} g"
        said += f" {smolts} went to sea from {day(about['to_sea'])}."
    if about["last_harvest"]:
        said += f" The last were harvested on {day(about['last_harvest'])}."
    return said


def _facts(about: Row) -> list[Fact]:
    facts = [
        Fact("Dead on land", shown(about["loss_on_land"], 1), "% of eggs"),
        Fact("Dead at sea", shown(about["loss_at_sea"], 1), "% of smolts"),
        Fact("Harvested", shown(about["live_t"], 0), "t", f"{shown(about['harvested'], 0)} fish"),
        Fact("Mean weight at harvest", shown(about["harvest_g"], 0), "g"),
        Fact("FCR biological", shown(about["fcr_biological"], 2), "kg/kg"),
        Fact("Cost", shown(about["cost_per_kg"], 2), f"{about['currency']}/kg gutted"),
    ]
    if about["status"] != "harvested":
        facts.append(Fact("In water now", short(about["fish"]), "fish"))
    return facts


def _places(stages: Data, today: date) -> Chart:
    rows = [
        {**row, "lane": f"{row['place']} · {row['stage']}", "last": row["last"] or today}
        for row in stages.rows
    ]
    return Chart(
        title="Where it lived",
        says=_moved(rows),
        data=[stages],
        traces=by_stage(rows, "lane"),
        **gantt(list(dict.fromkeys(row["lane"] for row in rows)), height_of_lane=24),
    )


def _moved(rows: Sequence[Row]) -> str:
    days: dict[str, int] = {}
    for stage in dict.fromkeys(row["stage"] for row in rows):
        own = [row for row in rows if row["stage"] == stage]
        days[stage] = (max(r["last"] for r in own) - min(r["first"] for r in own)).days
    spent = joined([f"{stage.lower()} {length}" for stage, length in days.items()])
    places = len({row["place"] for row in rows})
    return f"{several(places, 'place')}; days from the first to the last fish: {spent}."


def _health(own: Mapping[str, Data]) -> list[Chart | Table]:
    causes = own["causes"]
    top = list(reversed(causes.rows[:10]))
    return [
        Chart(
            "Deaths by cause",
            _deadliest(causes.rows),
            [causes],
            [
                bars(top, "on_land", "cause", "on land", "--c3", orientation="h"),
                bars(top, "at_sea", "cause", "at sea", "--c1", orientation="h"),
            ],
            axes("", x="Deaths", barmode="stack"),
            height=120 + 22 * len(top),
        ),
        Table("Outbreaks", "", own["outbreaks"], "It was never part of a known outbreak."),
        Table(
            "Vaccinations and treatments",
            "Before and after: adult female lice per fish, or deaths per thousand fish and week.",
            own["treatments"],
            "It was never treated.",
            most=_TREATMENTS,
        ),
    ]


def _deadliest(causes: Sequence[Row]) -> str:
    deaths = sum(row["deaths"] for row in causes)
    at_sea = top(causes, "at_sea")
    if not deaths:
        return "No fish died."
    worst = causes[0]
    said = f"{worst['cause']} took the most fish: {100 * worst['deaths'] / deaths:.0f} % of"
    said += f" {shown(deaths, 0)}"
    if at_sea and at_sea["cause"] != worst["cause"]:
        said += f"; at sea it was {at_sea['cause'].lower()}"
    return f"{said}."
