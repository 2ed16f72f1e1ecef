"""Heat maps: places below each other, months along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from farm.reports.site.chart import Trace
from farm.reports.site.data import Data

#: Colour scales of heat maps: from little to much; and from well below a limit to above it.
SCALES: Mapping[str, Sequence[tuple[float, str]]] = {
    "calm": ((0.0, "--heat-0"), (0.5, "--heat-1"), (1.0, "--heat-2")),
    "limit": (
        (0.0, "--heat-0"),
        (0.499, "--heat-1"),
        (0.5, "--warn"),
        (0.75, "--bad"),
        (1.0, "--bad"),
    ),
}


def heat(
    data: Data, x: str, y: str, z: str, unit: str, *, scale: str = "calm", top: float | None = None
) -> list[Trace]:
    """Return a heat map of a column over two others; ``scale`` is one of SCALES."""
    columns = sorted(set(data.values(x)))
    lanes = list(dict.fromkeys(data.values(y)))
    place_x = {value: n for n, value in enumerate(columns)}
    place_y = {value: n for n, value in enumerate(lanes)}
    grid: list[list[Any]] = [[None] * len(columns) for _ in lanes]
    for row in data.rows:
        grid[place_y[row[y]]][place_x[row[x]]] = row[z]
    found = [value for value in data.values(z) if value is not None]
    return [
        {
            "type": "heatmap",
            "x": columns,
            "y": lanes,
            "z": grid,
            "zmin": 0,
            "zmax": top or max(found, default=1) or 1,
            "xgap": 0.5,
            "ygap": 1,
            "colorscale": [[at, colour] for at, colour in SCALES[scale]],
            "colorbar": {
                "title": {"text": unit, "side": "right"},
                "thickness": 10,
                "len": 0.96,
                "outlinewidth": 0,
            },
            "hovertemplate": f"%{{y}}, %{{x|%b %Y}}: %{{z}} {unit}<extra></extra>",
        }
    ]


def kinds(data: Data, x: str, y: str, kind: str, colours: Mapping[str, str]) -> list[Trace]:
    """Return a heat map whose cells are of a few kinds, each with its colour."""
    names = list(colours)
    top = len(names)
    codes = {name: code + 0.5 for code, name in enumerate(names)}
    rows = [{**row, kind: codes[row[kind]]} for row in data.rows]
    steps = [
        (edge / top, colours[name])
        for place, name in enumerate(names)
        for edge in (place, place + 1)
    ]
    (trace,) = heat(Data(data.name, data.columns, rows), x, y, kind, "", top=top)
    return [
        {
            **trace,
            "colorscale": [[at, colour] for at, colour in steps],
            "showscale": False,
            "hovertemplate": "%{y}, %{x|%b %Y}<extra></extra>",
            "meta": {"key": dict(colours)},
        }
    ]


def lanes_layout(count: int, height_of_lane: int = 15) -> dict[str, Any]:
    """Return layout and height of a heat map with so many lanes, the first one on top."""
    return {
        "layout": {
            "xaxis": {"type": "date", "side": "top"},
            "yaxis": {"autorange": "reversed", "type": "category", "dtick": 1},
            "hovermode": "closest",
            "margin": {"t": 28, "b": 6},
        },
        "height": 36 + height_of_lane * max(count, 1),
    }
