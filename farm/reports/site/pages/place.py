"""A page for every sea site and station: its containers, fish, lice, outbreaks and compliance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from farm.reports.site.blocks import Block, Fact, Page, Section, Table
from farm.reports.site.chart import Chart, bars, dots, line, with_gaps
from farm.reports.site.data import Column, Data, Row, number, text
from farm.reports.site.gantt import gantt, spans
from farm.reports.site.pages import columns
from farm.reports.site.pages.compliance import FIGURES
from farm.reports.site.pages.production import by_stage
from farm.reports.site.panels import Panel, panels
from farm.reports.site.reader import Reader
from farm.reports.site.wording import day, several, shown

_COLUMNS: Mapping[str, Sequence[Column]] = {
    "stays": (
        text("container", "Container"),
        columns.BATCH,
        text("stage", "Stage"),
        text("first", "From"),
        text("last", "To"),
        columns.FISH,
        number("start_weight_g", "Weight at first", "g", 2),
    ),
    "weeks": (
        text("date", "Week's end"),
        columns.FISH,
        columns.BIOMASS,
        number("mortality", "Mortality", "% a week", 3),
        number("feed_t", "Feed", "t", 2),
        number("density_percent", "Density", "% of what is allowed", 0),
        number("temperature_c", "Temperature", "°C", 1),
    ),
    "counts": (
        text("date", "Counted"),
        number("pens", "Pens"),
        number("n", "Fish"),
        number("adult_female", "Adult female", "per fish", 3),
        number("mobile", "Mobile", "per fish", 3),
        number("attached", "Attached", "per fish", 3),
        number("treat_from", "Limit", "per fish", 1),
    ),
    "treatments": (
        text("date", "Day"),
        columns.BATCH,
        text("treatment", "Treatment"),
        text("reason", "Reason"),
        number("containers", "Containers"),
        columns.FISH,
        number("before_value", "Before", "", 2),
        number("after_value", "After", "", 2),
        columns.DEATHS,
    ),
    "outbreaks": (
        text("disease", "Disease"),
        text("first_case_date", "First case"),
        text("onset_date", "Noticed"),
        text("diagnosed_date", "Diagnosed"),
        text("peak_date", "Peak"),
        text("end_date", "Over"),
        number("assignments_affected", "Containers"),
        columns.DEATHS,
    ),
    "journal": (
        text("date", "Day"),
        text("kind", "Kind"),
        text("author", "Author"),
        text("text", "Entry"),
    ),
}


#: So many treatments and entries of the journal are shown.
_TREATMENTS = 120
_ENTRIES = 40

#: After so many days without fish or count a line breaks.
_GAP = 45


def pages(reader: Reader) -> Iterator[Page]:
    """Yield a page for every place; each question is asked once, of all of them."""
    answers = {name: _by_place(reader.rows("place", name), "at") for name in _COLUMNS}
    months = _by_place(reader.rows("compliance", "months"), "place")
    for about in reader.rows("place", "places"):
        at = about["place"]
        own = {name: Data(name, shape, answers[name][at]) for name, shape in _COLUMNS.items()}
        own["compliance"] = Data("compliance", FIGURES, months[about["code"]])
        yield _page(about, own)


def _by_place(rows: Sequence[Row], key: str) -> Mapping[object, list[Row]]:
    found: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _page(about: Row, own: Mapping[str, Data]) -> Page:
    at_sea = about["kind"] == "site"
    health: list[Block] = [
        Table("Outbreaks", "", own["outbreaks"], "It never had a known outbreak."),
        Table(
            "Treatments",
            "Before and after: adult female lice per fish, or deaths in per mille and week.",
            own["treatments"],
            "Nothing was treated here.",
            most=_TREATMENTS,
        ),
    ]
    sections = [
        Section("Over time", [_timeline(own, at_sea=at_sea)]),
        Section("Containers", [_containers(own["stays"], at_sea=at_sea)]),
        Section("Health", health),
    ]
    if at_sea:
        table = Table("Every month with fish", "", own["compliance"], "It never had fish.")
        sections.append(Section("Compliance", [table]))
    sections.append(
        Section(
            "Journal of the last year",
            [Table("Entries", "Newest first.", own["journal"], most=_ENTRIES)],
        )
    )
    return Page(
        path=f"places/{about['code']}.html",
        title=f"{about['name']} ({about['code']})",
        above="Facilities",
        lead=_lead(about),
        facts=_facts(about, own),
        sections=sections,
    )


def _lead(about: Row) -> str:
    kind = "A sea site" if about["kind"] == "site" else f"A {about['kind_name']}"
    said = f"{kind} in {about['area']}, {about['geography']}"
    if about["exposure"]:
        said += f", {about['exposure']}"
    return (
        f"{said}: {several(about['containers'], 'container')},"
        f" {several(about['batches'], 'batch', 'batches')} from {day(about['first_fish'])} to"
        f" {day(about['last_fish'])}."
    )


def _facts(about: Row, own: Mapping[str, Data]) -> list[Fact]:
    facts = [Fact("Most biomass", shown(about["most_t"], 0), "t")]
    if about["max_biomass_t"]:
        share = 100 * about["most_t"] / about["max_biomass_t"]
        facts.append(
            Fact("Licence", shown(about["max_biomass_t"], 0), "t", f"{share:.0f} % used at most")
        )
    counts = own["counts"].rows
    if counts:
        above = sum(1 for r in counts if r["treat_from"] and r["adult_female"] >= r["treat_from"])
        facts.append(Fact("Lice counts at or above the limit", str(above), f"of {len(counts)}"))
    facts.append(Fact("Outbreaks", str(len(own["outbreaks"].rows))))
    facts.append(
        Fact("Days with treatments", str(len({r["date"] for r in own["treatments"].rows})))
    )
    return facts


def _timeline(own: Mapping[str, Data], *, at_sea: bool) -> Chart:
    weeks = with_gaps(own["weeks"].rows, "date", _GAP)
    counts = with_gaps(own["counts"].rows, "date", _GAP)
    treated = [row for row in own["treatments"].rows if row["reason"] != "preventive"]
    limit = {"color": "--bad", "dash": "dash", "width": 1, "shape": "hv"}
    shown_panels = [
        Panel("Biomass, t", [line(weeks, "date", "biomass_t", "biomass", "--c1", fill="tozeroy")]),
        Panel(
            "Highest density, % of what is allowed",
            [line(weeks, "date", "density_percent", "density", "--c5")],
        ),
        Panel("Mortality, % a week", [bars(weeks, "date", "mortality", "mortality", "--bad")]),
        Panel(
            "Temperature, °C",
            [line(weeks, "date", "temperature_c", "temperature", "--c10")],
            layout={"rangemode": "normal"},
        ),
        Panel("Feed, t a week", [bars(weeks, "date", "feed_t", "feed", "--c6")]),
    ]
    names = ["weeks"]
    if at_sea:
        names += ["counts", "treatments"]
        shown_panels += [
            Panel(
                "Adult female lice per fish",
                [
                    line(counts, "date", "adult_female", "count", "--c4", mode="lines+markers"),
                    line(counts, "date", "treat_from", "limit", "--bad", line=limit),
                ],
                1.2,
            ),
            Panel(
                "Treatments",
                [dots(treated, "date", "reason", "treatment", "--c2", size=7, label="treatment")],
                0.6,
                {"type": "category", "rangemode": "normal"},
            ),
        ]
    return Chart(
        title="Week by week",
        says="Gaps are fallow: nothing is in the water."
        + (" Dashed is the limit of lice." if at_sea else ""),
        data=[own[name] for name in names],
        **panels(shown_panels, 105),
    )


def _containers(stays: Data, *, at_sea: bool) -> Chart:
    lanes = sorted({row["container"] for row in stays.rows})
    if at_sea:
        batches = list(dict.fromkeys(row["batch"] for row in stays.rows))
        traces = [
            spans(
                [row for row in stays.rows if row["batch"] == batch],
                "container",
                "first",
                "last",
                batch,
                f"--c{turn % 8 + 1}",
                "batch",
            )
            for turn, batch in enumerate(batches)
        ]
    else:
        traces = by_stage(stays.rows, "container")
    return Chart(
        title="What was in each container",
        says="Between two bars a container is cleaned, or waits.",
        data=[stays],
        traces=list(traces),
        **gantt(lanes, 15 if len(lanes) > 20 else 22),
    )
