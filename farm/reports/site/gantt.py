"""Gantt charts: what was where, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from farm.reports.site.chart import Trace
from farm.reports.site.data import Row
from farm.reports.site.packing import DAY_MS


def spans(
    rows: Iterable[Row], lane: str, first: str, last: str, name: str, colour: str, label: str
) -> Trace:
    """Return bars from a day to a day, each in its lane: a part of a Gantt chart."""
    kept = list(rows)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [row[lane] for row in kept],
        "base": [row[first] for row in kept],
        "x": [max((row[last] - row[first]).days, 1) * DAY_MS for row in kept],
        "text": [row[label] for row in kept],
        "textposition": "none",
        "hovertemplate": "%{y}: %{text}<br>%{base|%Y-%m-%d} to %{x|%Y-%m-%d}<extra></extra>",
        "marker": {"color": colour, "line": {"width": 0.5, "color": "--paper"}},
    }


def gantt(
    lanes: Sequence[str], span: tuple[date, date] | None = None, height_of_lane: int = 18
) -> dict[str, Any]:
    """Return layout and height of a Gantt chart with lanes from above to below.

    ``span``: the first and the last day, if not those of the bars.
    """
    drawn = {"range": list(span)} if span else {}
    size = {"tickfont": {"size": 10}} if len(lanes) > 40 else {}
    return {
        "layout": {
            "barmode": "overlay",
            "bargap": 0.25,
            "xaxis": {"type": "date", "side": "top", **drawn},
            "yaxis": {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": list(lanes),
                "range": [len(lanes) - 0.5, -0.5],
                "dtick": 1,
                **size,
            },
            "hovermode": "closest",
            "margin": {"t": 28, "b": 6},
        },
        "height": 36 + height_of_lane * max(len(lanes), 1),
    }
