"""Why the mature years differ from the early ones: sentences from figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from farm.reports.site.data import Row
from farm.reports.site.decompose import difference
from farm.reports.site.wording import MINUS, change, joined


def reasons(figures: Mapping[str, Row], sizes: Sequence[Row], causes: Sequence[Row]) -> list[str]:
    """Return a statement for each topic that both times have figures for."""
    early, mature = figures["early"], figures["mature"]
    return [
        *_mortality(sizes),
        *_causes(causes),
        *_feed(early, mature),
        *_growth(early, mature),
        *_use(early, mature),
        *_lice(early, mature),
    ]


def _cells(sizes: Sequence[Row], span: str) -> dict[str, tuple[float, float]]:
    return {
        row["size"]: (row["fish_months"], 100 * row["deaths"])
        for row in sizes
        if row["span"] == span
    }


def _mortality(sizes: Sequence[Row]) -> Iterator[str]:
    before, after = _cells(sizes, "early"), _cells(sizes, "mature")
    if not before or not after:
        return
    found = difference(before, after)
    yield (
        f"Mortality at sea went {_way(found.before, found.after)} from {found.before:.2f} to"
        f" {found.after:.2f} % a month. {_signed(found.mix)} points come from the fish being of"
        f" other sizes (a young company has few large ones), {_signed(found.rates)} from fish of"
        f" the same size dying {'more' if found.rates > 0 else 'less'} often."
    )


def _causes(causes: Sequence[Row]) -> Iterator[str]:
    moved = [(row["cause"], (row["mature"] or 0) - (row["early"] or 0)) for row in causes]
    more = sorted((m for m in moved if m[1] > 0), key=lambda m: -m[1])[:3]
    less = sorted((m for m in moved if m[1] < 0), key=lambda m: m[1])[:3]
    said = [
        f"{what} {joined([f'{cause.lower()} ({_signed(by)})' for cause, by in found])}"
        for what, found in (("more of", more), ("fewer of", less))
        if found
    ]
    if said:
        yield f"Of a thousand fish and month, {', '.join(said)} died."


def _feed(early: Row, mature: Row) -> Iterator[str]:
    if not early["fcr"] or not mature["fcr"]:
        return
    yield (
        f"A kilogram of growth took {early['fcr']:.2f} kg of feed in the early years and"
        f" {mature['fcr']:.2f} in the mature ones ({change(early['fcr'], mature['fcr'])}): fish at"
        f" sea weighed {early['weight_g']:,.0f} and {mature['weight_g']:,.0f} g on average, and"
        f" large fish turn feed into less growth; {mature['dead_of_growth']:.1f} % of the growth"
        f" was lost with fish that died ({early['dead_of_growth']:.1f} % before)."
    )


def _growth(early: Row, mature: Row) -> Iterator[str]:
    if not early["tgc"] or not mature["tgc"]:
        return
    yield (
        f"The thermal growth coefficient at sea went {_way(early['tgc'], mature['tgc'])} from"
        f" {early['tgc']:.2f} to {mature['tgc']:.2f}, in water of {early['temperature_c']:.1f} and"
        f" {mature['temperature_c']:.1f} °C; sickness, handling and days without feed cost growth,"
        " warmth by itself does not count in it."
    )


def _use(early: Row, mature: Row) -> Iterator[str]:
    if early["utilisation"] is None or mature["utilisation"] is None:
        return
    yield (
        f"Containers had fish on {early['utilisation']:.0f} % of all days in the early years and on"
        f" {mature['utilisation']:.0f} % in the mature ones: {early['batches']:.1f} and"
        f" {mature['batches']:.1f} batches were active on average, and the pens wait for the first"
        " smolts for more than a year."
    )


def _lice(early: Row, mature: Row) -> Iterator[str]:
    if early["lice"] is None or mature["lice"] is None:
        return
    yield (
        f"Counts found {early['lice']:.2f} and {mature['lice']:.2f} adult female lice per fish. A"
        f" site was treated on {early['lice_treatments'] or 0:.1f} and"
        f" {mature['lice_treatments'] or 0:.1f} days a year; every one costs some fish and some"
        " days of feed."
    )


def _way(before: float, after: float) -> str:
    return "up" if after > before else "down"


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else MINUS}{abs(value):.2f}"
