"""Lice in plain loops: one pen after the other, one group after the other, no arrays.

What the process of `farm.simulation.processes.lice` must agree with. The chances are given; the
formulas are written out again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from farm.domain.lice import LiceParameters
from farm.domain.treatment import LiceEffect

STEPS = 4


@dataclass
class Pen:
    """The lice per fish of a pen, oldest last in each group, and the treatments that still work."""

    site: int
    attached: list[float] = field(default_factory=lambda: [0.0] * STEPS)
    mobile: list[float] = field(default_factory=lambda: [0.0] * STEPS)
    males: float = 0.0
    females: float = 0.0
    #: By code of the treatment: (rate of attached, of mobiles, of adult females) a day, days left.
    dying: dict[str, tuple[list[float], int]] = field(default_factory=dict)
    deviation: float = 0.0

    def totals(self) -> tuple[float, float, float]:
        """Attached, mobile and adult female lice per fish."""
        return sum(self.attached), sum(self.mobile) + self.males, self.females


@dataclass
class Site:
    """The larvae of a site, and how its infection pressure deviates: for good and for a while."""

    place: float
    deviation: float
    larvae: list[float] = field(default_factory=lambda: [0.0] * STEPS)


class PlainLice:
    """The lice of a few sites."""

    def __init__(
        self,
        parameters: LiceParameters,
        geography: str,
        sites: list[Site],
        pens: list[Pen],
        distance_km: list[list[float]],
    ) -> None:
        self.p, self.geography = parameters, geography
        self.sites, self.pens, self.distance = sites, pens, distance_km

    def live(
        self,
        day_of_year: int,
        fish: list[int],
        warmth: list[float],
        salinity: list[float],
        site_chances: list[float],
        pen_chances: list[float],
    ) -> None:
        """A day: ``fish`` and ``pen_chances`` of each pen, the other lists of each site."""
        p = self.p
        speed = [math.exp(p.faster_per_degree * (t - 10.0)) for t in warmth]
        for number, pen in enumerate(self.pens):
            if fish[number] == 0:
                pen.attached, pen.mobile = [0.0] * STEPS, [0.0] * STEPS
                pen.males = pen.females = 0.0
        ready = []
        for number, site in enumerate(self.sites):
            site.deviation = ar1(site.deviation, p.site_persistence, site_chances[number])
            its = [i for i, pen in enumerate(self.pens) if pen.site == number]
            held = sum(fish[i] for i in its)
            mean = sum(self.pens[i].females * fish[i] for i in its) / max(held, 1)
            eggs = mean * (held / p.reference_fish) ** p.crowding
            site.larvae = [n * (1.0 - p.mortality.larva) for n in site.larvae]
            ready.append(pass_on(site.larvae, p.larva_days, speed[number]))
            site.larvae[0] += eggs * speed[number]
        turn = 2.0 * math.pi * (day_of_year - p.season.peak) / 365.25
        wild = p.external[self.geography] * max(1.0 + p.season.amplitude * math.cos(turn), 0.0)
        for number, pen in enumerate(self.pens):
            here = pen.site
            pen.deviation = ar1(pen.deviation, p.pen_persistence, pen_chances[number])
            pressure = wild * speed[here]
            for there, larvae in enumerate(ready):
                across = p.neighbours * math.exp(-self.distance[here][there] / p.reach)
                pressure += larvae * (p.own if there == here else across)
            site = self.sites[here]
            pressure *= math.exp(p.place_log_sd * site.place + p.site_log_sd * site.deviation)
            pressure *= math.exp(p.pen_log_sd * pen.deviation)
            fresh, salty = p.salinity
            pressure *= min(max((salinity[here] - fresh) / (salty - fresh), 0.0), 1.0)
            self._age(pen, speed[here])
            if fish[number] > 0:
                pen.attached[0] += pressure

    def treat(self, pen: Pen, code: str, effect: LiceEffect, score: float) -> None:
        """A treatment begins, better than usual by a standard score."""
        days = math.ceil(effect.over_days)
        before, left = pen.dying.get(code, ([0.0, 0.0, 0.0], 0))
        medians = (effect.attached, effect.mobile, effect.adult_female)
        rates = []
        for median, rate in zip(medians, before, strict=True):
            logit = math.log(median / (1.0 - median)) + effect.logit_sd * score
            logit += self.p.unseen_logit if effect.over_days <= self.p.unseen_within else 0.0
            killed = 1.0 / (1.0 + math.exp(-logit))
            rates.append((rate * left - math.log(1.0 - killed)) / days)
        die(pen, rates)
        pen.dying[code] = rates, days - 1

    def _age(self, pen: Pen, speed: float) -> None:
        dies, p = self.p.mortality, self.p
        pen.attached = [n * (1.0 - dies.attached) for n in pen.attached]
        pen.mobile = [n * (1.0 - dies.mobile) for n in pen.mobile]
        pen.males *= 1.0 - dies.adult_male
        pen.females *= 1.0 - dies.adult_female
        for code, (rates, days) in pen.dying.items():
            if days:
                die(pen, rates)
                pen.dying[code] = rates, days - 1
        moulted = pass_on(pen.attached, p.attached_days, speed)
        adult = pass_on(pen.mobile, p.mobile_days, speed)
        pen.mobile[0] += moulted
        pen.females += p.females * adult
        pen.males += (1.0 - p.females) * adult


def die(pen: Pen, rates: list[float]) -> None:
    """A day of a treatment that works."""
    attached, mobile, female = (math.exp(-rate) for rate in rates)
    pen.attached = [n * attached for n in pen.attached]
    pen.mobile = [n * mobile for n in pen.mobile]
    pen.males *= mobile
    pen.females *= female


def pass_on(steps: list[float], days: float, speed: float) -> float:
    """Move lice to the next step, oldest first; return those that leave the last one."""
    share = 1.0 - math.exp(-STEPS * speed / days)
    gone = [n * share for n in steps]
    for i in range(STEPS):
        steps[i] += (gone[i - 1] if i else 0.0) - gone[i]
    return gone[-1]


def ar1(score: float, persistence: float, chance: float) -> float:
    """The next score of a series that keeps its variance."""
    return persistence * score + math.sqrt(1.0 - persistence * persistence) * chance
