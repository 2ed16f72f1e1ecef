"""What a vaccine does to the fish of one tank, in plain numbers: a day after the other.

Written from the description of the model, not from its code; the fast simulation must agree with it
day by day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: What is left of something on the day on which it counts as over.
OVER = 0.05


@dataclass(frozen=True)
class PlainVaccine:
    """What a vaccine does: as configured, and as ``score`` and ``depth`` fell out."""

    depth: float
    days: float
    score: float
    onset: float
    protects: Mapping[str, float]


@dataclass
class PlainVaccination:
    """Fish of one tank from the day on which they were vaccinated; ``toll`` is the first hazard."""

    vaccines: Sequence[PlainVaccine]
    toll: float
    dying_days: float
    half: float
    degree_days: float = 0.0
    day: int = field(default=0)

    def appetite(self) -> float:
        """Today's appetite."""
        product = 1.0
        for vaccine in self.vaccines:
            product *= 1.0 - vaccine.depth * math.pow(OVER, self.day / vaccine.days)
        return product

    def hazard(self) -> float:
        """The share that dies of it today."""
        return self.toll * math.pow(OVER, self.day / self.dying_days)

    def seen(self) -> float:
        """The mean Speilberg score that is there."""
        total = sum(vaccine.score for vaccine in self.vaccines)
        return total * (1.0 - math.pow(0.5, self.degree_days / self.half))

    def protection(self, disease: str) -> float:
        """The share of the risk of a disease that is taken away."""
        left = 1.0
        for vaccine in self.vaccines:
            if self.degree_days >= vaccine.onset:
                left *= 1.0 - vaccine.protects.get(disease, 0.0)
        return 1.0 - left

    def pass_day(self, celsius: float) -> None:
        """Let a day go by in water of a temperature."""
        self.degree_days += max(celsius, 0.0)
        self.day += 1
