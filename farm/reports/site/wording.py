"""Values as people read them, the same on every page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

#: In the order of `date.month`.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def shown(value: Any, digits: int | None = None) -> str:
    """Return a cell's text: ``1,234.5`` with so many digits, a day as 2024-03-01.

    ``digits`` below zero: three significant ones, but no more than three after the point.
    """
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and digits is not None:
        if digits < 0:
            digits = _needed(value)
        text = f"{value:,.{digits}f}"
        if not float(text.replace(",", "")):
            return text.removeprefix("-")
        return text.replace("-", MINUS)
    return str(value)


def _needed(value: float) -> int:
    if value == int(value):
        return 0
    return min(max(2 - math.floor(math.log10(abs(value))), 0), 3)


def day(value: date) -> str:
    """Return a day as ``1 Mar 2024``."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def month(value: date) -> str:
    """Return a month as ``March 2024``."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def quarter(value: date) -> str:
    """Return a quarter as ``the third quarter of 2024``."""
    name = ("first", "second", "third", "fourth")[(value.month - 1) // 3]
    return f"the {name} quarter of {value.year}"


def short(value: float) -> str:
    """Return a number in a few places: ``812``, ``45,300``, ``1.24 M``."""
    for size, letter in ((1e9, "bn"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:,.2f} {letter}"
    return shown(value, 0)


def several(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 site``, ``12 sites``, ``2 batches``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def change(before: float, after: float) -> str:
    """Return how a figure moved: ``up 12 %``, ``down 8 %``, ``unchanged``."""
    if before == 0:
        return "unchanged" if after == 0 else "new"
    percent = 100 * (after - before) / abs(before)
    if abs(percent) < 0.5:
        return "unchanged"
    return f"{'up' if percent > 0 else 'down'} {abs(percent):.0f} %"


def signed(value: float) -> str:
    """Return a difference with its sign: ``+0.25``."""
    return f"{'+' if value >= 0 else MINUS}{abs(value):.2f}"
