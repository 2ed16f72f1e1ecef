"""Makes the data of charts short: each list once, days as steps, repeated texts by number.

`unpacked` of assets/site.js reads it again. A page of a batch is half as large for it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

#: Significant digits that are drawn: no eye sees more.
_DRAWN = 4

#: What a trace has one of for each of its points.
_POINTS = ("x", "y", "text", "base")

#: A day as plotly counts time.
DAY_MS = 86_400_000


def packed(traces: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Return traces with their lists of points by place, ``#0``, and those lists, each once."""
    places: dict[str, int] = {}
    lists: list[Any] = []
    made = []
    for trace in traces:
        own = {key: drawn(value) for key, value in trace.items() if key not in _POINTS}
        for key in _POINTS:
            if key not in trace:
                continue
            short = _short(trace[key])
            name = json.dumps(short)
            if name not in places:
                places[name] = len(lists)
                lists.append(short)
            own[key] = f"#{places[name]}"
        made.append(own)
    return made, lists


def drawn(value: Any) -> Any:
    """Return data as JSON has it: days as text, numbers in few digits, nothing for NaN."""
    if isinstance(value, Mapping):
        return {key: drawn(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [drawn(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.days * DAY_MS
    if isinstance(value, float):
        return _rounded(value)
    return value


def _short(values: Sequence[Any]) -> Any:
    """Return a list, or what stands for it.

    ``{"from": first day, "steps": [days, times, days, times, …]}`` for days, or
    ``{"of": different texts, "at": their places}``.
    """
    if len(values) > 2 and all(type(one) is date for one in values):
        return _steps(values)
    if len(values) > 2 and all(isinstance(one, str) for one in values):
        different = {one: place for place, one in enumerate(dict.fromkeys(values))}
        if 2 * len(different) <= len(values):
            return {"of": list(different), "at": [different[one] for one in values]}
    return drawn(values)


def _steps(days: Sequence[date]) -> dict[str, Any]:
    gaps = [(after - before).days for before, after in pairwise(days)]
    runs = [(gap, sum(1 for _ in run)) for gap, run in groupby(gaps)]
    return {"from": days[0].isoformat(), "steps": [number for run in runs for number in run]}


def _rounded(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    if value == 0:
        return 0
    rounded = round(value, _DRAWN - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded.is_integer() else rounded
