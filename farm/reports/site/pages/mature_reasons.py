"""Why the mature years differ from the early ones: sentences from figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from farm.domain.calendar import YEAR
from farm.reports.site.data import Row
from farm.reports.site.decompose import difference
from farm.reports.site.reader import one
from farm.reports.site.wording import change, joined, signed


def reasons(
    figures: Mapping[str, Row], sizes: Sequence[Row], causes: Sequence[Row], first_day: date
) -> list[str]:
    """Return a statement for each topic that both times have figures for."""
    early, mature = figures["early"], figures["mature"]
    return [
        *_mortality(sizes),
        *_causes(causes),
        *_feed(early, mature),
        *_growth(early, mature),
        *_use(early, mature, first_day),
        *_lice(early, mature, causes),
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
    large = [100 * _large(cells) for cells in (before, after)]
    yield (
        f"Mortality at sea went {_way(found.before, found.after)} from {found.before:.2f} to"
        f" {found.after:.2f} % a month. {signed(found.rates)} points come from fish of the same"
        f" size dying {'more' if found.rates > 0 else 'less'} often, {signed(found.mix)} from the"
        f" fish being of other sizes: {large[0]:.0f} % of them weighed 3 kg or more in the early"
        f" years, {large[1]:.0f} % in the mature ones."
    )


def _large(cells: Mapping[str, tuple[float, float]]) -> float:
    """Return the share of the largest size in the fish."""
    return cells.get("3 kg and more", (0.0, 0.0))[0] / sum(fish for fish, _ in cells.values())


def _causes(causes: Sequence[Row]) -> Iterator[str]:
    moved = [(row["cause"], (row["mature"] or 0) - (row["early"] or 0)) for row in causes]
    more = sorted((m for m in moved if m[1] > 0), key=lambda m: -m[1])[:3]
    less = sorted((m for m in moved if m[1] < 0), key=lambda m: m[1])[:3]
    said = [
        f"{joined([f'{cause.lower()} ({signed(by)})' for cause, by in found])} took {what}"
        for what, found in (("more", more), ("fewer", less))
        if found
    ]
    if said:
        yield f"Of a thousand fish and month, {'; '.join(said)}."


def _feed(early: Row, mature: Row) -> Iterator[str]:
    if not early["fcr"] or not mature["fcr"]:
        return
    heavier = mature["weight_g"] > early["weight_g"]
    expected = heavier == (mature["fcr"] > early["fcr"])
    yield (
        f"A kilogram of growth took {early['fcr']:.2f} kg of feed in the early years and"
        f" {mature['fcr']:.2f} in the mature ones ({change(early['fcr'], mature['fcr'])}),"
        f" {'as' if expected else 'although'} fish at sea weighed {early['weight_g']:,.0f} and"
        f" {mature['weight_g']:,.0f} g on average and large fish turn feed into less growth."
        f" {mature['dead_of_growth']:.1f} % of the growth was lost with fish that died"
        f" ({early['dead_of_growth']:.1f} % before)."
    )


def _growth(early: Row, mature: Row) -> Iterator[str]:
    if not early["tgc"] or not mature["tgc"]:
        return
    yield (
        f"The thermal growth coefficient at sea went {_way(early['tgc'], mature['tgc'])} from"
        f" {early['tgc']:.2f} to {mature['tgc']:.2f}. The water's warmth is taken out of it"
        f" ({early['temperature_c']:.1f} and {mature['temperature_c']:.1f} °C); sickness, handling"
        " and days without feed lower it."
    )


def _use(early: Row, mature: Row, first_day: date) -> Iterator[str]:
    if early["utilisation"] is None or mature["utilisation"] is None:
        return
    said = (
        f"Containers had fish on {early['utilisation']:.0f} % of all days in the early years and on"
        f" {mature['utilisation']:.0f} % in the mature ones; {early['batches']:.1f} and"
        f" {mature['batches']:.1f} batches were active on average."
    )
    if mature["first_at_sea"]:
        months = (mature["first_at_sea"] - first_day).days / (YEAR / 12)
        said += f" The pens were empty until the first smolts came, after {months:.0f} months."
    yield said


def _lice(early: Row, mature: Row, causes: Sequence[Row]) -> Iterator[str]:
    if early["lice"] is None or mature["lice"] is None:
        return
    said = (
        f"Counts found {early['lice']:.2f} and {mature['lice']:.2f} adult female lice per fish. A"
        f" site was treated on {early['lice_treatments'] or 0:.1f} and"
        f" {mature['lice_treatments'] or 0:.1f} days a year"
    )
    dead = one(causes, cause="Treatment")
    if dead:
        said += (
            f"; treatments of all kinds killed {dead['early'] or 0:.1f} and"
            f" {dead['mature'] or 0:.1f} of a thousand fish and month"
        )
    yield f"{said}."


def _way(before: float, after: float) -> str:
    return "up" if after > before else "down"
