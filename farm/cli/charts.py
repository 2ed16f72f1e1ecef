"""Small charts made of letters: bars and sparklines. Width and content only, no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

_STEPS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"


def condensed(values: Sequence[float], width: int) -> list[float]:
    """Return at most ``width`` values: means of consecutive groups of one size."""
    return [sum(group) / len(group) for group in _groups(values, width)]


def years_above(months: Sequence[str], width: int) -> str:
    """Return the years over a sparkline of these months (``2016-03``) as wide as it will be.

    A year stands where it begins, as far as it does not touch the one before.
    """
    columns = _groups(months, width)
    text = [" "] * len(columns)
    free_from = 0
    previous = ""
    for place, group in enumerate(columns):
        year = group[0][:4]
        if year != previous and place >= free_from and place + 4 <= len(text):
            text[place : place + 4] = year
            free_from = place + 5
        previous = year
    return "".join(text).rstrip()


def sparkline(values: Sequence[float], *, width: int, top: float | None = None) -> str:
    """Return one letter per value, ``top`` (default: the largest) being the tallest.

    Zero is a space, so that a month in which nothing lives cannot be taken for a little.
    """
    shown = condensed(values, width)
    highest = top if top is not None else max(shown, default=0.0)
    if highest <= 0:
        return " " * len(shown)
    return "".join(
        " " if v <= 0 else _STEPS[min(int(v / highest * len(_STEPS)), len(_STEPS) - 1)]
        for v in shown
    )


def bar(share: float, *, width: int) -> str:
    """Return a bar of exactly ``width`` letters, filled to ``share`` (0 to 1) in eighths."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    full, rest = divmod(eighths, 8)
    text = "█" * full + (_EIGHTHS[rest] if rest else "")
    return text.ljust(width)


def _groups(values: Sequence[_T], width: int) -> list[Sequence[_T]]:
    size = max(1, -(-len(values) // max(width, 1)))
    return [values[at : at + size] for at in range(0, len(values), size)]
