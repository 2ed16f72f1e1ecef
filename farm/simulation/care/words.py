"""Numbers and lists as people write them, and the choice between ways to say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import cycle

_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)

#: Plurals of what is not made by adding an s.
_PLURALS = {"fish": "fish", "louse": "lice"}


class Chooser:
    """Chooses between phrasings, by chances in [0, 1) that were drawn for one text."""

    def __init__(self, chances: Sequence[float]) -> None:
        self._chances = cycle(chances)

    def pick(self, *options: str) -> str:
        """Return one of the options; after the last chance, the first chance counts again."""
        return options[int(next(self._chances) * len(options))]


def count(number: int, noun: str) -> str:
    """Return a small number with its noun: ``three pens``, ``one pen``, ``27 pens``."""
    word = _SMALL[number] if number < len(_SMALL) else str(number)
    return f"{word} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"


def fish(number: int) -> str:
    """Return a number of fish as people say it: three digits at most."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:.2f} million fish"
    if number >= 10_000:
        return f"{round(number, -3):,} fish"
    if number >= 1_000:
        return f"{round(number, -2):,} fish"
    return count(number, "fish")


def dead(number: int) -> str:
    """Return a number of dead fish with two digits that count."""
    if number < 100:
        return str(number)
    step = 1 - len(str(number)) + 1
    return f"{round(number, step):,}"


def grams(weight: float) -> str:
    """Return a weight: grams of small fish, kilograms of large ones."""
    if weight >= 1000:
        return f"{weight / 1000:.1f} kg"
    return f"{weight:.0f} g" if weight >= 10 else f"{weight:.1f} g"


def per_mille(value: float) -> str:
    """Return a rate of deaths: one digit after the point below ten."""
    if value < 0.05:
        return "less than 0.1 per mille"
    return f"{value:.1f} per mille" if value < 10 else f"{value:.0f} per mille"


def percent(value: float) -> str:
    """Return a share that is given in per cent, rounded to what people estimate."""
    if value > 0 and value < 1:
        return "less than 1 %"
    return f"{value:.0f} %" if value < 20 else f"{5 * round(value / 5)} %"


def degrees(celsius: float) -> str:
    """Return a temperature."""
    return f"{celsius:.1f} °C"


def degree_days(value: float) -> str:
    """Return degree-days, to the nearest ten."""
    return f"{10 * round(value / 10)} degree-days"


def lice(per_fish: float) -> str:
    """Return a mean number of lice on a fish."""
    return f"{per_fish:.2f}" if per_fish < 1 else f"{per_fish:.1f}"


def score(value: float) -> str:
    """Return a mean score."""
    return f"{value:.1f}"


def listed(names: Sequence[str]) -> str:
    """Return names with commas and an "and"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def day(iso: str) -> str:
    """Return an ISO date as ``4 May``."""
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%B}"


@cache
def lower(name: str) -> str:
    """Return a name for the middle of a sentence; abbreviations stay as they are."""
    first = name.split(" ", 1)[0]
    return (
        name
        if first.isupper() or any(c.isupper() for c in first[1:])
        else (name[:1].lower() + name[1:])
    )


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
