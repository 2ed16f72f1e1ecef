"""Charts as plain data for plotly.js: traces, axes, and the rows they were drawn from.

Colours are names of the style sheet (``--c1``), so that a chart follows light, dark and paper.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from farm.reports.site.data import Data, Row

Trace = Mapping[str, Any]

#: Colours in the order in which a chart uses them.
PALETTE = tuple(f"--c{n}" for n in range(1, 13))

#: Of the stages of life, from egg to adult.
STAGE_COLOURS = tuple(f"--s{n}" for n in range(1, 7))

#: Significant digits that are drawn: no eye sees more.
_DRAWN = 5

#: What a trace has one of for each of its points.
_POINTS = ("x", "y", "text", "base")

#: A day as plotly counts time.
DAY_MS = 86_400_000

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
        traces, lists = _shared([_drawn(trace) for trace in self.traces])
        layout = _drawn({**self.layout, "height": self.height})
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


def area(rows: Iterable[Row], x: str, y: str, name: str, colour: str, **how: Any) -> Trace:
    """Return an area stacked on those before it."""
    stacked = {"stackgroup": "one", "fillcolor": colour, "line": {"color": colour, "width": 0.5}}
    return {**line(rows, x, y, name, colour), **stacked, **how}


def with_gaps(rows: Sequence[Row], x: str, days: int) -> list[Row]:
    """Return rows with an empty one wherever the next is more than some days later.

    A line breaks there.
    """
    made: list[Row] = []
    for row in rows:
        if made and (row[x] - made[-1][x]).days > days:
            made.append({**dict.fromkeys(row), x: made[-1][x] + timedelta(days=1)})
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
    """Return a trace for each value of a column, in a given order or that of the alphabet."""
    names = list(order) or sorted({str(row[by]) for row in rows})
    made = []
    for number, name in enumerate(names):
        own = [row for row in rows if str(row[by]) == name]
        if own:
            made.append(make(own, x, y, name, colours[number % len(colours)], **how))
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


def _shared(traces: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """Return traces with their lists of points by place, ``#0``, and those lists, each once."""
    places: dict[str, int] = {}
    lists: list[list[Any]] = []
    made = []
    for trace in traces:
        own = dict(trace)
        for key in _POINTS:
            if key not in trace:
                continue
            name = json.dumps(trace[key])
            if name not in places:
                places[name] = len(lists)
                lists.append(trace[key])
            own[key] = f"#{places[name]}"
        made.append(own)
    return made, lists


def _drawn(value: Any) -> Any:
    """Return data as JSON has it: days as text, numbers in few digits, nothing for NaN."""
    if isinstance(value, Mapping):
        return {key: _drawn(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawn(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.days * DAY_MS
    if isinstance(value, float):
        return _rounded(value)
    return value


def _rounded(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    if value == 0:
        return 0
    rounded = round(value, _DRAWN - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded.is_integer() else rounded
