"""A place over time: its weeks, and what was in each container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from farm.reports.site.chart import PALETTE, Chart, dots, line, steps, with_gaps
from farm.reports.site.data import Data, Row
from farm.reports.site.findings import top
from farm.reports.site.gantt import gantt, spans
from farm.reports.site.pages.programme import by_stage
from farm.reports.site.panels import Panel, panels
from farm.reports.site.wording import day, several

#: After so many days without fish or count a line breaks.
_GAP = 45


def timeline(own: Mapping[str, Data], *, at_sea: bool) -> Chart:
    """Return the weeks of a place, panels below each other, from the rows of `place.sql`."""
    weeks = with_gaps(own["weeks"].rows, "date", _GAP)
    filled = with_gaps(own["weeks"].rows, "date", _GAP, empty=0)
    counts = with_gaps(own["counts"].rows, "date", _GAP)
    treated = [row for row in own["treatments"].rows if row["reason"] != "preventive"]
    limit = {"color": "--bad", "dash": "dash", "width": 1, "shape": "hv"}
    shown_panels = [
        Panel("Biomass, t", [line(filled, "date", "biomass_t", "biomass", "--c1", fill="tozeroy")]),
        Panel(
            "Highest density, % of what is allowed",
            [line(weeks, "date", "density_percent", "density", "--c6")],
        ),
        Panel("Mortality, % a week", [steps(filled, "date", "mortality", "mortality", "--bad")]),
        Panel(
            "Temperature, °C",
            [line(weeks, "date", "temperature_c", "temperature", "--c10")],
            layout={"rangemode": "normal"},
        ),
    ]
    if any(row["feed_t"] for row in own["weeks"].rows):
        fed = [steps(filled, "date", "feed_t", "feed", "--c2")]
        shown_panels.append(Panel("Feed, t a week", fed))
    names = ["weeks"]
    if at_sea:
        names += ["counts", "treatments"]
        shown_panels += [
            Panel(
                "Female lice per fish",
                [
                    line(counts, "date", "adult_female", "count", "--c4", mode="lines+markers"),
                    line(counts, "date", "treat_from", "limit", "--bad", line=limit),
                ],
                1.2,
                key={"counts": "--c4", "limit": "--bad"},
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
        says=_told(own["weeks"].rows),
        data=[own[name] for name in names],
        **panels(shown_panels, 105),
    )


def _told(weeks: Sequence[Row]) -> str:
    """Return how often the place was empty, and its worst week."""
    gaps = [(after["date"] - before["date"]).days for before, after in pairwise(weeks)]
    empty = [gap for gap in gaps if gap > _GAP]
    said = "It was never empty for long."
    if empty:
        said = f"Empty {several(len(empty), 'time')} between its first and last fish, for"
        said += f" {sum(empty):,} days in all."
    worst = top(weeks, "mortality")
    if worst and worst["mortality"]:
        said += f" Worst week: {worst['mortality']:.1f} % died in the days to {day(worst['date'])}."
    return said


def _span(stays: Sequence[Row]) -> tuple[date, date] | None:
    if not stays:
        return None
    return min(row["first"] for row in stays), max(row["last"] for row in stays)


def containers(stays: Data, *, at_sea: bool) -> Chart:
    """Return the Gantt chart of a place's containers."""
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
                PALETTE[turn % len(PALETTE)],
                "batch",
            )
            for turn, batch in enumerate(batches)
        ]
    else:
        traces = by_stage(stays.rows, "container")
    return Chart(
        title="What was in each container",
        says=f"{several(len(lanes), 'container')} had fish, {several(len(stays.rows), 'time')} in"
        " all; between two bars one is cleaned, or waits.",
        data=[stays],
        traces=list(traces),
        **gantt(lanes, _span(stays.rows), 15 if len(lanes) > 20 else 22),
    )
