"""Charts as plain data for plotly.js: traces, axes, and the rows they were drawn from.

Colours are names of the style sheet (``--c1``), so that a chart follows light, dark and paper.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from farm.reports.site.data import Data, Row
from farm.reports.site.packing import drawn, packed

Trace = Mapping[str, Any]

#: Colours in the order in which a chart uses them; told apart by colour-blind eyes too. What is
#: left of many is drawn together, in `OTHERS`.
PALETTE = tuple(f"--c{n}" for n in range(1, 9))
OTHERS = "--c9"

#: What the small ones of many are called together.
REST = "Others"

#: Of ordered classes, from the smallest to the largest.
RAMP = tuple(f"--r{n}" for n in range(1, 11))

#: Of the stages of life, from egg to adult.
STAGE_COLOURS = tuple(f"--s{n}" for n in range(1, 7))

_LABELLED = "%{text}<br>%{x} · %{y}<extra></extra>"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure: what it is called, one sentence on what to see, its rows, how it is drawn."""

    title: str
    says: str
    data: Sequence[Data]
    traces: Sequence[Trace]
    layout: Mapping[str, Any] = field(default_factory=dict)
    height: int = 340

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(one.rows for one in self.data)

    @property
    def spec(self) -> str:
        """The figure as JSON, safe inside a script element."""
        traces, lists = packed(self.traces)
        layout = drawn({**self.layout, "height": self.height})
        spec = {"traces": traces, "layout": layout, "lists": lists}
        return json.dumps(spec, separators=(",", ":")).replace("<", "\\u003c")


def line(rows: Iterable[Row], x: str, y: str, name: str, colour: str, **how: Any) -> Trace:
    """Return a line. ``how`` goes to plotly as it is."""
    kept = list(rows)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [row[x] for row in kept],
        "y": [row[y] for row in kept],
        "line": {"color": colour, "width": 1.8},
        **how,
    }


def dots(
    rows: Iterable[Row],
    x: str,
    y: str,
    name: str,
    colour: str,
    *,
    size: int = 5,
    label: str = "",
    **how: Any,
) -> Trace:
    """Return single points; ``label``: the column whose value is shown with a point."""
    kept = list(rows)
    marker = {"color": colour, "size": size, "opacity": 0.75}
    said = {"text": [row[label] for row in kept], "hovertemplate": _LABELLED} if label else {}
    return {**line(kept, x, y, name, colour), "mode": "markers", "marker": marker, **said, **how}


def bars(rows: Iterable[Row], x: str, y: str, name: str, colour: str, **how: Any) -> Trace:
    """Return bars."""
    made = {**line(rows, x, y, name, colour), "type": "bar", "marker": {"color": colour}, **how}
    del made["mode"], made["line"]
    return made


def steps(rows: Iterable[Row], x: str, y: str, name: str, colour: str) -> Trace:
    """Return bars that touch, drawn as one filled line: for more of them than a screen has room."""
    drawn_as = {"color": colour, "width": 0.5, "shape": "hvh"}
    return line(rows, x, y, name, colour, line=drawn_as, fill="tozeroy", fillcolor=colour)


def area(rows: Iterable[Row], x: str, y: str, name: str, colour: str, **how: Any) -> Trace:
    """Return an area stacked on those before it."""
    stacked = {"stackgroup": "one", "fillcolor": colour, "line": {"color": colour, "width": 0.5}}
    return {**line(rows, x, y, name, colour), **stacked, **how}


def with_gaps(rows: Sequence[Row], x: str, days: int, empty: float | None = None) -> list[Row]:
    """Return rows with an empty one wherever the next is more than some days later.

    A line breaks there. With a number as ``empty`` it falls to that from the day after the last
    row to the day before the next, which a filled line needs: it is filled across breaks.
    """
    made: list[Row] = []
    for row in rows:
        if made and (row[x] - made[-1][x]).days > days:
            nothing = dict.fromkeys(row, empty)
            ends = [made[-1][x] + timedelta(days=1), row[x] - timedelta(days=1)]
            made += [{**nothing, x: end} for end in (ends[:1] if empty is None else ends)]
        made.append(row)
    return made


def split(
    rows: Sequence[Row],
    by: str,
    make: Callable[..., Trace],
    x: str,
    y: str,
    *,
    order: Sequence[str] = (),
    colours: Sequence[str] = PALETTE,
    **how: Any,
) -> list[Trace]:
    """Return a trace for each value of a column, in a given order or that of the alphabet.

    `REST` has a colour of its own.
    """
    names = list(order) or sorted({str(row[by]) for row in rows})
    made = []
    for number, name in enumerate(names):
        own = [row for row in rows if str(row[by]) == name]
        if own:
            colour = OTHERS if name == REST else colours[number % len(colours)]
            made.append(make(own, x, y, name, colour, **how))
    return made


#: An axis of years.
YEARS: Mapping[str, Any] = {"tickformat": "d", "dtick": 1}


def by_year(y: str, **more: Any) -> dict[str, Any]:
    """Return a layout over years with the title of the other axis."""
    return {"xaxis": {**YEARS}, "yaxis": _titled(y), **more}


def axes(y: str, *, x: str = "", **more: Any) -> dict[str, Any]:
    """Return a layout with titles (and so units) of the axes."""
    return {"xaxis": {"title": {"text": x}} if x else {}, "yaxis": _titled(y), **more}


def _titled(text: str) -> dict[str, Any]:
    return {"title": {"text": text}, "rangemode": "tozero"}
