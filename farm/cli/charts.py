"""Small charts made of letters: bars and sparklines. Width and content only, no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_STEPS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"


def condensed(values: Sequence[float], width: int) -> list[float]:
    """Return at most ``width`` values: means of consecutive, nearly equal groups."""
    size = len(values)
    if size <= width:
        return list(values)
    edges = [round(i * size / width) for i in range(width + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]


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
