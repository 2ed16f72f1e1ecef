"""Numbers as people read them: thousands separators, durations, sizes, instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

_SIZES = ("B", "kB", "MB", "GB", "TB")


def count(number: float) -> str:
    """Return a number without decimals: 1234567.8 is ``1,234,568``."""
    return f"{number:,.0f}"


def short(number: float) -> str:
    """Return a number in at most four places: ``812``, ``9.8k``, ``45k``, ``1.2M``, ``118M``."""
    for letter in ("", "k", "M", "G"):
        if letter and number < 9.95:
            return f"{number:.1f}{letter}"
        if number < 999.5:
            return f"{number:.0f}{letter}"
        number /= 1000.0
    return f"{number:.1f}T"


def duration(seconds: float) -> str:
    """Return a length of time: ``0.4 s``, ``42 s``, ``3 min 05 s``, ``2 h 07 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {left:02d} s"
    return f"{minutes // 60:,} h {minutes % 60:02d} min"


def size(number: float) -> str:
    """Return a number of bytes with a decimal prefix: ``512 B``, ``1.2 GB``."""
    step = 0
    while number >= 999.95 and step < len(_SIZES) - 1:
        number /= 1000
        step += 1
    return f"{number:.0f} B" if step == 0 else f"{number:,.1f} {_SIZES[step]}"


def megabytes(number: float | None) -> str:
    """Return megabytes as ``1,234 MB``, a dash when nothing was measured."""
    return "-" if number is None else f"{number:,.0f} MB"


def instant(moment: datetime | None) -> str:
    """Return a moment as ``2026-03-01 12:30:05`` in UTC, a dash when there is none."""
    return "-" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def time_of_day(moment: datetime | None) -> str:
    """Return a moment as ``12:30:05`` in UTC, for where a date does not fit; a dash for none."""
    return "-" if moment is None else moment.astimezone(UTC).strftime("%H:%M:%S")


def several(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 chunk``, ``1,200 chunks``, ``2 batches``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def measured(value: float, unit: str) -> str:
    """Return a figure without its unit: counts whole, others in the digits that mean something."""
    if unit == "s":
        return f"{value:,.1f}"
    if unit in {"%", "kg/kg"}:
        return f"{value:.2f}"
    return f"{value:,.1f}" if unit == "t" and abs(value) < 100 else count(value)
