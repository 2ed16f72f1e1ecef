"""A page for every sea site and station: its containers, fish, lice, outbreaks and compliance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from farm.reports.site.blocks import Block, Fact, Page, Section, Table
from farm.reports.site.data import SIGNIFICANT, Column, Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.pages.compliance import FIGURES
from farm.reports.site.pages.place_timeline import containers, timeline
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
        number("density_percent", "Density", "% of limit", 0),
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
            "Before and after: adult female lice per fish, or deaths per thousand fish and week.",
            own["treatments"],
            "Nothing was treated here.",
            most=_TREATMENTS,
        ),
    ]
    sections = [
        Section("Over time", [timeline(own, at_sea=at_sea)]),
        Section("Containers", [containers(own["stays"], at_sea=at_sea)]),
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


_EXPOSURE = {
    "sheltered": "sheltered from the open sea",
    "moderate": "moderately exposed to the open sea",
    "exposed": "exposed to the open sea",
}


def _lead(about: Row) -> str:
    kind = "A sea site" if about["kind"] == "site" else f"A {about['kind_name']}"
    said = f"{kind} in {about['area']}, {about['geography']}"
    if about["exposure"]:
        said += f", {_EXPOSURE.get(about['exposure'], about['exposure'])}"
    holds = "pen" if about["kind"] == "site" else "container"
    return (
        f"{said}: {several(about['containers'], holds)},"
        f" {several(about['batches'], 'batch', 'batches')} from {day(about['first_fish'])} to"
        f" {day(about['last_fish'])}."
    )


def _facts(about: Row, own: Mapping[str, Data]) -> list[Fact]:
    facts = [Fact("Most biomass", shown(about["most_t"], SIGNIFICANT), "t")]
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
