"""Figures of sessions as people read them: in an order that makes sense, under a title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farm.db.metrics import Metric, Scope

#: What people call a figure, in the order in which figures are shown. `outbreaks.pd` are those of
#: one disease, and follow `outbreaks`.
TITLES: Mapping[str, str] = {
    "batches_created": "batches created",
    "active_batches": "active batches at the end",
    "fish_alive": "fish alive at the end",
    "biomass": "biomass at the end",
    "fish_harvested": "fish harvested",
    "harvested_live": "harvested, live weight",
    "harvested_gutted": "harvested, gutted weight",
    "deaths": "deaths",
    "mortality": "mortality",
    "mortality_at_sea": "mortality at sea",
    "feed": "feed eaten",
    "fcr_biological": "FCR, biological",
    "fcr_economic": "FCR, economic",
    "outbreaks": "outbreaks",
    "treatments": "treatments",
    "treatments_measured": "treatments whose effect was measured",
    "treatment_success": "treatments that succeeded",
    "utilisation": "facility utilisation",
    "utilisation_on_land": "utilisation of tanks and trays",
    "utilisation_at_sea": "utilisation of pens",
    "records_generated": "records generated",
    "readings": "readings",
    "feeding_events": "feeding events",
    "mortality_events": "mortality events",
    "memory_peak": "memory peak",
    "execution_time": "execution time",
}
_ORDER = {name: place for place, name in enumerate(TITLES)}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of all sessions that have it, by session."""

    name: str
    title: str
    unit: str
    values: Mapping[int, float]


def figures_of(metrics: Iterable[Metric], scope: Scope) -> list[Figure]:
    """Return the figures of a scope in the order of `TITLES`."""
    units: dict[str, str] = {}
    values: dict[str, dict[int, float]] = defaultdict(dict)
    for one in metrics:
        if one.scope == scope:
            units[one.name] = one.unit
            values[one.name][one.session] = one.value
    return [Figure(name, title(name), units[name], values[name]) for name in in_order(values)]


def in_order(names: Iterable[str]) -> list[str]:
    """Return names of figures in the order in which they are shown."""
    return sorted(names, key=_at)


def title(name: str) -> str:
    """Return what people call a figure."""
    kind, _, subject = name.partition(".")
    known = TITLES.get(kind, kind.replace("_", " "))
    return f"{known}: {subject.replace('_', ' ')}" if subject else known


def as_json(metrics: Sequence[Metric], session: int) -> dict[str, Any]:
    """Return the figures of a session as `farm status --json` has them, by scope and name."""
    found: dict[str, dict[str, float]] = {"session": {}, "cumulative": {}}
    for one in metrics:
        if one.session == session:
            found[one.scope][one.name] = one.value
    return found


def _at(name: str) -> tuple[int, str]:
    return _ORDER.get(name.partition(".")[0], len(_ORDER)), name
