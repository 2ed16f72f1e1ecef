"""Production: batches over time, biomass, harvest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import STAGE_COLOURS, Chart, Trace, area, axes, bars, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.gantt import gantt, spans
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import several

STAGES = ("Egg and alevin", "Fry", "Parr", "Smolt", "Post-smolt", "Adult")

#: Neighbouring generations of a site differ; after so many the colours begin again.
_GENERATIONS = 4


def page(reader: Reader) -> Page:
    """Return the page."""
    return Page(
        path="production.html",
        title="Production",
        lead="Where every batch was, how the biomass grew, and what went to slaughter.",
        sections=[
            Section("Batches over time", [_batches(reader), _sites(reader)]),
            Section("Biomass", [_biomass(reader)]),
            Section("Harvest", _harvest(reader)),
        ],
    )


def _batches(reader: Reader) -> Chart:
    rows = reader.rows("production", "stages")
    lanes = list(dict.fromkeys(row["batch"] for row in rows))
    data = Data(
        "stages",
        [
            columns.BATCH,
            columns.GEOGRAPHY,
            text("stage", "Stage"),
            text("first", "First day"),
            text("last", "Left on"),
        ],
        rows,
    )
    return Chart(
        title="Batches by stage of life",
        says=f"{several(len(lanes), 'batch', 'batches')}, one below the other; each spends about a"
        " year on land (light to blue) before its time at sea (dark).",
        data=[data],
        traces=by_stage(rows, "batch"),
        **gantt(lanes, 14 if len(lanes) > 40 else 20),
    )


def by_stage(rows: Sequence[Row], lane: str) -> list[Trace]:
    """Return the bars of a Gantt chart, a trace for each stage."""
    return [
        spans(
            [r for r in rows if r["stage"] == stage], lane, "first", "last", stage, colour, "stage"
        )
        for stage, colour in zip(STAGES, STAGE_COLOURS, strict=True)
        if any(row["stage"] == stage for row in rows)
    ]


def _sites(reader: Reader) -> Chart:
    rows = reader.rows("production", "sites")
    lanes = list(dict.fromkeys(row["place"] for row in rows))
    turns: dict[str, int] = defaultdict(int)
    traces: list[Trace] = []
    by_turn: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_turn[turns[row["place"]] % _GENERATIONS].append(row)
        turns[row["place"]] += 1
    for turn, own in sorted(by_turn.items()):
        trace = spans(own, "place", "first", "last", "", f"--c{turn + 1}", "batch")
        traces.append({**trace, "showlegend": False})
    shape = gantt(lanes, 14 if len(lanes) > 40 else 22)
    return Chart(
        title="Generations at the sea sites",
        says="One generation at a time: between two bars of a site it lies fallow.",
        data=[
            Data(
                "sites",
                [
                    columns.PLACE,
                    columns.GEOGRAPHY,
                    columns.BATCH,
                    text("first", "First day"),
                    text("last", "Empty on"),
                    number("pens", "Pens"),
                    number("peak_t", "Peak biomass", "t", 1),
                ],
                rows,
            )
        ],
        traces=traces,
        **shape,
    )


def _biomass(reader: Reader) -> Chart:
    rows = reader.rows("production", "biomass")
    data = Data(
        "biomass",
        [text("date", "Month's end"), text("stage", "Stage"), columns.BIOMASS, columns.FISH],
        rows,
    )
    at_sea = [row for row in rows if row["stage"] == "Adult"]
    top = max(at_sea, key=lambda row: row["biomass_t"], default=None)
    says = "Nearly all of the weight is at sea"
    if top:
        says += f"; the most was {top['biomass_t']:,.0f} t at the end of {top['date']:%B %Y}"
    return Chart(
        "Biomass by stage",
        f"{says}.",
        [data],
        split(rows, "stage", area, "date", "biomass_t", order=STAGES, colours=STAGE_COLOURS),
        axes("Biomass, t"),
    )


def _harvest(reader: Reader) -> list[Chart | Table]:
    months = Data(
        "harvest_by_month",
        [columns.MONTH, columns.GEOGRAPHY, columns.FISH, columns.LIVE, columns.WEIGHT],
        reader.rows("production", "harvest_by_month"),
    )
    lots = Data(
        "harvest_lots",
        [
            columns.MONTH,
            text("weight_class", "Weight class", "kg gutted"),
            text("quality", "Quality"),
            columns.FISH,
            columns.LIVE,
            number("gutted_t", "Gutted weight", "t", 1),
        ],
        reader.rows("production", "lots"),
    )
    classes = sorted({row["weight_class"] for row in lots.rows})
    grades = Data(
        "grades",
        [
            columns.YEAR,
            columns.GEOGRAPHY,
            columns.LIVE,
            number("gutted_t", "Gutted weight", "t", 1),
            columns.WEIGHT,
            number("superior", "Superior", "%", 1),
            number("ordinary", "Ordinary", "%", 1),
            number("production", "Production", "%", 1),
        ],
        reader.rows("production", "grades"),
    )
    quarters = _quarters(lots.rows)
    return [
        Chart(
            "Harvest by month",
            "Batches come ready in waves; the slaughter line sets the pace within them.",
            [months],
            split(months.rows, "geography", bars, "month", "live_t"),
            axes("Live weight, t", barmode="stack"),
        ),
        Chart(
            "Harvest by weight class",
            f"Gutted tonnes by quarter; {_middle(lots.rows)}.",
            [lots],
            split(quarters, "weight_class", bars, "quarter", "gutted_t", order=classes),
            axes("Gutted weight, t", barmode="stack"),
        ),
        Table(
            "Harvest by year and grade",
            "Production grade: wounds, deformities and what else may not be sold whole.",
            grades,
            "Nothing was harvested yet.",
        ),
    ]


def _quarters(lots: Sequence[Row]) -> list[Row]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in lots:
        month = row["month"]
        quarter = f"{month.year}-{(month.month - 1) // 3 * 3 + 1:02d}-01"
        sums[quarter, row["weight_class"]] += row["gutted_t"]
    return [
        {"quarter": quarter, "weight_class": name, "gutted_t": gutted}
        for (quarter, name), gutted in sorted(sums.items())
    ]


def _middle(lots: Sequence[Row]) -> str:
    """Return the weight class with the most fish, in words."""
    sums: dict[str, float] = defaultdict(float)
    for row in lots:
        sums[row["weight_class"]] += row["gutted_t"]
    if not sums:
        return "nothing was harvested yet"
    most = max(sums, key=lambda name: sums[name])
    return f"{most} kg is the largest class with {100 * sums[most] / sum(sums.values()):.0f} %"
