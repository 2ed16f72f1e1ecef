"""The ratios that growth and feed are judged by; None where there is nothing to divide by."""

from __future__ import annotations

import math

#: Digits of what is published: kilograms and degree-days, and everything else.
KG_DIGITS, RATIO_DIGITS = 3, 4


def kilograms(value: float) -> float:
    """Return kilograms as they are published."""
    return round(float(value), KG_DIGITS)


def ratio(value: float) -> float:
    """Return a ratio, a density or a weight in grams as it is published."""
    return round(float(value), RATIO_DIGITS)


def fcr(feed_kg: float, growth_kg: float) -> float | None:
    """Return the feed conversion ratio; None where nothing was fed or nothing grew."""
    return ratio(feed_kg / growth_kg) if feed_kg > 0 and growth_kg > 0 else None


def sgr(before_g: float, after_g: float, days: int) -> float | None:
    """Return the specific growth rate in per cent a day: 100 (ln W1 - ln W0) / days."""
    if before_g <= 0 or after_g <= 0 or days <= 0:
        return None
    return ratio(100.0 * math.log(after_g / before_g) / days)


def tgc(before_g: float, after_g: float, degree_days: float) -> float | None:
    """Return the thermal growth coefficient: 1000 (W1^(1/3) - W0^(1/3)) / degree-days."""
    if before_g <= 0 or after_g <= 0 or degree_days <= 0:
        return None
    return ratio(1000.0 * (math.cbrt(after_g) - math.cbrt(before_g)) / degree_days)


def percent(part: float, whole: float) -> float:
    """Return a share in per cent; 0 of nothing."""
    return ratio(100.0 * part / whole) if whole > 0 else 0.0


def per_fish(found: int, fish: int) -> float | None:
    """Return lice per fish; None where no fish were counted."""
    return ratio(found / fish) if fish > 0 else None
