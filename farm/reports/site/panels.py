"""Several panels below each other over one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from farm.reports.site.chart import Trace

#: Height of the line above a panel that says what it shows, pixels.
_PANEL_TITLE = 22


@dataclass(frozen=True, slots=True)
class Panel:
    """One of several panels over a common time: what it shows, in which unit, and how tall.

    ``key``: what its colours mean, where it has more than one.
    """

    title: str
    traces: Sequence[Trace]
    share: float = 1.0
    layout: Mapping[str, Any] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)


def panels(shown: Sequence[Panel], height: int = 110) -> dict[str, Any]:
    """Return traces, layout and height of panels below each other over a common time."""
    total = sum(panel.share for panel in shown)
    whole = round(height * total) + _PANEL_TITLE * len(shown)
    gap = _PANEL_TITLE / whole
    free = 1 - gap * len(shown)
    top = 1.0 - gap
    traces: list[Trace] = []
    layout: dict[str, Any] = {
        "annotations": [],
        "hovermode": "x",
        "hoversubplots": "axis",
        "showlegend": False,
        "margin": {"t": 4, "b": 24},
    }
    for number, panel in enumerate(shown, start=1):
        bottom = top - free * panel.share / total
        key = "" if number == 1 else str(number)
        layout[f"yaxis{key}"] = {
            "domain": [max(bottom, 0.0), top],
            "rangemode": "tozero",
            "nticks": 5,
            **panel.layout,
        }
        layout["annotations"].append(_panel_title(panel, top))
        traces += [{**trace, "yaxis": f"y{key}", "xaxis": "x"} for trace in panel.traces]
        top = bottom - gap
    layout["xaxis"] = {
        "type": "date",
        "anchor": "free",
        "position": 0,
        "hoverformat": "%-d %b %Y",
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikedash": "dot",
    }
    return {"traces": traces, "layout": layout, "height": whole + 28}


def _panel_title(panel: Panel, top: float) -> dict[str, Any]:
    key = "".join(
        f'  <span style="color:{colour}">\N{BLACK SQUARE} {name}</span>'
        for name, colour in panel.key.items()
    )
    return {
        "text": f"<b>{panel.title}</b>{key}",
        "x": 0,
        "y": top,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11},
    }
