"""Where the batches were: stages of life, generations of the sites, containers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from farm.domain.calendar import YEAR
from farm.reports.site.blocks import Section, Table
from farm.reports.site.chart import STAGE_COLOURS, Chart, Trace
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import middle
from farm.reports.site.gantt import gantt, spans
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import several

STAGES = ("Egg and alevin", "Fry", "Parr", "Smolt", "Post-smolt", "Adult")

#: Neighbouring generations of a site differ; after so many the colours begin again.
_GENERATIONS = 4

#: Days.
MONTH = YEAR / 12


def programme(reader: Reader) -> list[Section]:
    """Return the sections."""
    return [
        Section("Batches over time", [_batches(reader), _sites(reader)]),
        Section("Containers", [_containers(reader)]),
    ]


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
        says=_lives(rows, len(lanes), reader.scope.last_day),
        data=[data],
        traces=by_stage(rows, "batch"),
        **gantt(lanes, reader.scope.span, 14 if len(lanes) > 40 else 20),
    )


def _lives(rows: Sequence[Row], batches: int, today: date) -> str:
    said = f"{several(batches, 'batch', 'batches')}, one below the other."
    ends: dict[str, dict[str, date]] = defaultdict(dict)
    for row in rows:
        place = "sea" if row["stage"] == STAGES[-1] else "land"
        own = ends[row["batch"]]
        own.setdefault(place, row["first"])
        own["last"] = row["last"]
    whole = [own for own in ends.values() if own["last"] <= today and {"land", "sea"} <= set(own)]
    on_land = middle([(own["sea"] - own["land"]).days / MONTH for own in whole])
    at_sea = middle([(own["last"] - own["sea"]).days / MONTH for own in whole])
    if on_land is None or at_sea is None:
        return said
    return (
        f"{said} Half of those harvested were on land for less than {on_land:.0f} months"
        f" (light to blue) and at sea for less than {at_sea:.0f} (dark)."
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
    shape = gantt(lanes, reader.scope.span, 14 if len(lanes) > 40 else 22)
    return Chart(
        title="Generations at the sea sites",
        says=_fallow(rows),
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


def _fallow(rows: Sequence[Row]) -> str:
    gaps = [
        (after["first"] - before["last"]).days
        for before, after in pairwise(rows)
        if before["place"] == after["place"]
    ]
    said = "A bar is a generation; its colour says nothing."
    if not gaps:
        return said
    return (
        f"{said} Between two of them a site lay fallow for {min(gaps)} days at least, half of the"
        f" times for more than {middle(gaps):.0f}."
    )


def _containers(reader: Reader) -> Table:
    return Table(
        "Trays, tanks and pens by place",
        "A place's page draws what was in each of its containers, from when to when.",
        Data(
            "containers",
            [
                columns.PLACE,
                columns.NAME,
                text("kind", "Kind"),
                columns.GEOGRAPHY,
                number("containers", "Containers"),
                number("used", "Ever used"),
                number("stays", "Fillings"),
                number("mean_days", "Mean stay", "days"),
                number("occupied", "With fish", "on the last day"),
            ],
            reader.rows("production", "containers"),
        ),
        most=500,
    )
