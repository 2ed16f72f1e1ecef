"""A page for every batch: its life on one timeline, its losses, and what it cost and brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from farm.reports.site.blocks import Fact, Page, Section, Table
from farm.reports.site.chart import Chart, axes, bars
from farm.reports.site.data import Column, Data, Row, number, text
from farm.reports.site.gantt import gantt
from farm.reports.site.pages import columns
from farm.reports.site.pages.batch_timeline import timeline
from farm.reports.site.pages.production import by_stage
from farm.reports.site.reader import Reader
from farm.reports.site.wording import day, short, shown

#: The columns of each query of `batch.sql`, in the order of the page.
_COLUMNS: Mapping[str, Sequence[Column]] = {
    "weeks": (
        text("date", "Week's end"),
        columns.FISH,
        columns.BIOMASS,
        number("mean_weight_g", "Mean weight", "g", 2),
        columns.DEATHS,
        number("mortality", "Mortality", "% a week", 3),
        number("feed_kg", "Feed", "kg"),
        number("temperature_c", "Temperature", "°C", 1),
        number("oxygen_mg_l", "Oxygen", "mg/L", 1),
        number("density_share", "Density", "% of what is allowed", 0),
        number("lice", "Adult female lice", "per fish", 3),
    ),
    "samples": (
        text("date", "Sampled"),
        columns.PLACE,
        number("n", "Fish"),
        number("mean_weight_g", "Mean weight", "g", 2),
        number("lightest_g", "Lightest", "g", 2),
        number("heaviest_g", "Heaviest", "g", 2),
        number("condition_factor", "Condition factor", "", 2),
    ),
    "months": (
        columns.MONTH,
        text("stage", "Stage"),
        number("end_population", "Fish"),
        number("mean_weight_g", "Mean weight", "g", 1),
        number("mortality_percent", "Mortality", "%", 2),
        number("feed_kg", "Feed", "kg"),
        number("growth_kg", "Growth", "kg"),
        number("fcr_biological", "FCR biological", "kg/kg", 2),
        number("fcr_economic", "FCR economic", "kg/kg", 2),
        number("sgr_percent_day", "SGR", "%/day", 2),
        number("tgc", "TGC", "", 2),
        number("treatments", "Treatments"),
        number("harvested_kg", "Harvested", "kg"),
        number("cost", "Cost", "", 0),
        number("book_value", "Book value", "", 0),
    ),
    "stages": (
        text("stage", "Stage"),
        columns.PLACE,
        columns.NAME,
        number("containers", "Containers"),
        text("first", "From"),
        text("last", "To"),
        number("from_g", "Weight at first", "g", 2),
        number("to_g", "Weight at last", "g", 1),
    ),
    "lice": (
        text("date", "Counted"),
        columns.PLACE,
        number("n", "Fish"),
        number("adult_female", "Adult female", "per fish", 2),
        number("mobile", "Mobile", "per fish", 2),
        number("attached", "Attached", "per fish", 2),
        number("treat_from", "Limit", "per fish", 1),
    ),
    "outbreaks": (
        text("disease", "Disease"),
        columns.PLACE,
        text("first", "First sick"),
        text("onset_date", "Noticed"),
        text("diagnosed_date", "Diagnosed"),
        text("last", "Over"),
        number("containers", "Containers", "at once"),
        number("most_sick", "Most sick", "% of a container", 1),
        number("deaths_of_place", "Deaths at the place"),
    ),
    "treatments": (
        text("date", "Day"),
        text("treatment", "Treatment"),
        text("reason", "Reason"),
        columns.PLACE,
        number("containers", "Containers"),
        columns.FISH,
        number("before_value", "Before", "", 2),
        number("after_value", "After", "", 2),
        columns.DEATHS,
        number("cost", "Cost", "", 0),
        text("withheld_until", "Withheld until"),
    ),
    "harvests": (
        text("weight_class", "Weight class", "kg gutted"),
        text("quality", "Quality"),
        columns.FISH,
        columns.LIVE,
        number("gutted_t", "Gutted weight", "t", 1),
        number("revenue", "Revenue", "", 0),
    ),
    "causes": (
        text("cause", "Cause"),
        number("on_land", "On land"),
        number("at_sea", "At sea"),
        number("deaths", "Deaths"),
    ),
    "accounts": (
        text("item", "Item"),
        number("amount", "Amount", "", 0),
        number("per_kg", "Per kg gutted", "", 2),
        number("of_cost", "Of all costs", "%", 1),
    ),
}


def pages(reader: Reader) -> Iterator[Page]:
    """Yield a page for every batch; each question is asked once, of all of them."""
    answers = {name: _by_batch(reader.rows("batch", name)) for name in _COLUMNS}
    for about in reader.rows("batches", "batches"):
        own = {
            name: Data(name, _with_money(shape, about["currency"]), answers[name][about["batch"]])
            for name, shape in _COLUMNS.items()
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
        says="Stages overlap while the fish are moved and graded container by container.",
        data=[stages],
        traces=by_stage(rows, "lane"),
        **gantt(list(dict.fromkeys(row["lane"] for row in rows)), 24),
    )


def _health(own: Mapping[str, Data]) -> list[Chart | Table]:
    causes = own["causes"]
    top = list(reversed(causes.rows[:10]))
    return [
        Chart(
            "Deaths by cause",
            f"{causes.rows[0]['cause']} took the most fish." if causes.rows else "",
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
            "Before and after: adult female lice per fish, or deaths in per mille and week.",
            own["treatments"],
            "It was never treated.",
            most=_TREATMENTS,
        ),
    ]
