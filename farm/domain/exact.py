"""Exact quantities: grams and cents as whole numbers, and as the decimals that people read."""

from __future__ import annotations

from decimal import Decimal

#: Grams to a kilogram, cents to a unit of money.
GRAMS, CENTS = 1000, 100

#: Prices per kilogram are whole numbers of the ten-thousandth part of the currency.
PRICE_UNIT = 10_000


def kilograms(grams: int) -> str:
    """Return whole grams in kilograms, as a decimal of three digits."""
    return str(Decimal(int(grams)).scaleb(-3))


def money(cents: int) -> str:
    """Return whole cents as a decimal of two digits."""
    return str(Decimal(int(cents)).scaleb(-2))


def cents(amount: str) -> int:
    """Return a decimal of two digits in whole cents; the inverse of `money`."""
    return int(Decimal(amount).scaleb(2))


def price(per_kg: float) -> str:
    """Return a price per kilogram as it is quoted: a decimal of four digits."""
    return f"{per_kg:.4f}"
