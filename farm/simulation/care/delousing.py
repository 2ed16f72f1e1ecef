"""Delousing: what people do about a lice count, and what they do in advance.

After a count the mean of adult females over a site's fish is held against the limit of the day, of
which people wait for a share only. Then they choose a way to delouse: as was usual in that year and
geography, among those that fit the water, the fish and the time that is left before harvest; and
not the same medicine again and again.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from datetime import date
from itertools import accumulate, compress

import numpy as np

from farm.domain.biology import Biology
from farm.domain.delousing import Programme, in_year, is_in_season
from farm.domain.world import LiceLimit
from farm.simulation.care.facts import Counts, Facts, Note, NoteKind, Order, Possible
from farm.simulation.care.notes import decision
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: What only robust fish stand.
_ROUGH = frozenset({"thermal", "mechanical"})


class Delousing:
    """The people who decide about lice at one geography's sites."""

    name = "delousing"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice, possible: Possible) -> None:
        code = frame.geography.code
        self._care = biology.care.delousing
        self._specs = biology.treatments
        self._frame, self._dice, self._possible = frame, dice, possible
        self._limits = tuple(limit for limit in frame.lice_limits if limit.kind == "treat")
        self._pens = [place.members.tolist() for place in frame.places]
        index = {spec.code: number for number, spec in enumerate(biology.treatments)}
        self._act_at = self._care.act_at[code]
        self._methods = sorted((index[m], w) for m, w in self._care.methods[code].items())
        # What `_usual_on` said last, and of which day.
        self._usual: tuple[int, dict[int, float]] | None = None
        self._programmes = sorted(
            ((index[m], programme) for m, programme in self._care.programmes.get(code, {}).items()),
            key=lambda pair: pair[0],
        )

    def begin(self) -> Own:
        """Return that nothing was ever decided.

        By site, as ordinals, 0 for never: ``decided``, the day of the latest decision; ``stocked``,
        the day on which the fish of today came; ``ordered``, the day on which each type was ordered
        the last time, of shape (types, sites).
        """
        sites = len(self._frame.sites)
        return {
            "decided": np.zeros(sites, dtype=np.int64),
            "stocked": np.zeros(sites, dtype=np.int64),
            "ordered": np.zeros((len(self._specs), sites), dtype=np.int64),
        }

    def decide(self, morning: Morning, counts: Counts) -> tuple[list[Order], list[Note]]:
        """Return today's orders, against lice that were counted and in advance, with notes."""
        own = morning.state.own[self.name]
        stocked = self._frame.at_sites(morning.state.population > 0) > 0
        since = np.where(own["stocked"], own["stocked"], morning.today.ordinal)
        own["stocked"] = since * stocked
        orders = self._in_advance(morning, own)
        notes = [self._decision(order) for order in orders]
        if not np.count_nonzero(counts.fish):
            return orders, notes
        limit = treatment_limit(self._limits, morning.today.date)
        if limit is None:
            return orders, notes
        act_from = limit * in_year(self._care.years, self._act_at, morning.today.date)
        means = self._site_means(counts.adult_female, counts, morning.state)
        too_many = (means >= act_from).nonzero()[0].tolist()
        if not too_many:
            return orders, notes
        mobiles = self._site_means(counts.mobile, counts, morning.state)
        for site in too_many:
            order, answer = self._answer(site, morning, own, must=bool(means[site] >= limit))
            facts: Facts = {
                "adult_female": float(means[site]),
                "mobile": float(mobiles[site]),
                "pens": int(np.count_nonzero(counts.fish[self._frame.places[site].members])),
                "limit": limit,
                "act_from": act_from,
                "answer": answer,
            }
            notes.append(Note(NoteKind.LICE, site, None, None, facts))
            if order is not None:
                orders.append(order)
                notes.append(self._decision(order))
        return orders, notes

    def _answer(
        self, site: int, morning: Morning, own: Own, *, must: bool
    ) -> tuple[Order | None, str]:
        """Return what is done about too many lice at a site, and in a word, why.

        What the law demands (``must``) is done to weak fish as well, and to fish whose harvest is
        near: it waits for the end of a withholding period.
        """
        today, state = morning.today, morning.state
        if own["decided"][site] and today.ordinal - own["decided"][site] < self._care.pause:
            return None, "wait"
        harvest_within = self._care.harvest_at_once if must else self._care.harvest_instead
        staying = [
            pen
            for pen in self._stocked(site, state)
            if (state.leaves.item(pen) or state.empty_by.item(pen)) - today.ordinal > harvest_within
        ]
        if not staying:
            return None, "harvest"
        usual = self._usual_on(today)
        enough = max(self._care.fits_at_least * len(staying), 1)
        options = [
            (kind, usual[kind] * len(chosen) / len(staying), chosen)
            for kind, chosen in self._fitting(usual, site, staying, morning, own, must=must)
            if len(chosen) >= enough
        ]
        if not options:
            return None, "nothing fits"
        stream = self._dice.streams.at(
            Decision.LICE_METHOD, self._frame.sites[site].id, today.ordinal
        )
        bounds = list(accumulate(weight for _, weight, _ in options))
        turn = bisect(bounds, stream.random() * bounds[-1])
        kind, _, chosen = options[min(turn, len(options) - 1)]
        own["decided"][site] = today.ordinal
        return self._order(kind, site, chosen, "lice", morning, own), "treat"

    def _usual_on(self, today: Today) -> dict[int, float]:
        """Return the weights of choice between the ways that are usual on a day."""
        if self._usual is None or self._usual[0] != today.ordinal:
            years, methods = self._care.years, self._methods
            weights = {kind: in_year(years, series, today.date) for kind, series in methods}
            self._usual = today.ordinal, {kind: w for kind, w in weights.items() if w > 0}
        return self._usual[1]

    def _in_advance(self, morning: Morning, own: Own) -> list[Order]:
        """Return the orders of programmes whose day it is."""
        today, orders = morning.today, []
        for kind, programme in self._programmes:
            due = own["stocked"] == today.ordinal - programme.after
            for site in due.nonzero()[0].tolist():
                if not self._is_chosen(kind, programme, site, today, own):
                    continue
                pens = self._stocked(site, morning.state)
                for _, chosen in self._fitting((kind,), site, pens, morning, own, must=False):
                    if chosen:
                        orders.append(self._order(kind, site, chosen, "preventive", morning, own))
        return orders

    def _is_chosen(
        self, kind: int, programme: Programme, site: int, today: Today, own: Own
    ) -> bool:
        stream = self._dice.streams.at(
            Decision.LICE_PROGRAMME, self._frame.sites[site].id, int(own["stocked"][site]), kind
        )
        return stream.random() < in_year(self._care.years, programme.share, today.date)

    def _fitting(
        self,
        kinds: Iterable[int],
        site: int,
        pens: list[int],
        morning: Morning,
        own: Own,
        *,
        must: bool,
    ) -> list[tuple[int, list[int]]]:
        """Return the ways, of some, that fit a site today, and the pens that can be treated so."""
        suitable = [k for k in kinds if self._is_allowed(k, site, morning.today, own)]
        if not pens or not suitable:
            return []
        # The water of a site is that of all its pens.
        state, warmth = morning.state, morning.water.temperature_c.item(pens[0])
        robust = pens if must else self._robust(morning, pens)
        found = []
        for kind in suitable:
            spec = self._specs[kind]
            if spec.coldest <= warmth <= spec.warmest:
                bear_it = robust if spec.method in _ROUGH else pens
                large = [pen for pen in bear_it if state.weight_g.item(pen) >= spec.least_weight]
                chosen = self._possible(kind, large, morning.today, state, urgent=must)
                found.append((kind, chosen))
        return found

    def _is_allowed(self, kind: int, site: int, today: Today, own: Own) -> bool:
        """Return whether law and habit allow a way at a site: no medicine again and again."""
        spec, last = self._specs[kind], int(own["ordered"][kind, site])
        rests = spec.is_medicine and last and today.ordinal - last < self._care.medicine_rest
        return not rests and spec.is_allowed(self._frame.geography.code, today.date.year)

    def _robust(self, morning: Morning, pens: list[int]) -> list[int]:
        """Return those of some pens whose fish stand heat and pumps."""
        signs = morning.signs
        sick = np.add.reduce(signs.sick[:, pens])
        robust = (signs.gill_score[pens] < self._care.sore_gills) & (sick < self._care.sick_from)
        return list(compress(pens, robust.tolist()))

    def _order(
        self, kind: int, site: int, pens: list[int], reason: str, morning: Morning, own: Own
    ) -> Order:
        own["ordered"][kind, site] = morning.today.ordinal
        day = morning.today.ordinal + self._care.preparation
        return Order(kind, site, tuple(pens), reason, 0, day)

    def _stocked(self, site: int, state: State) -> list[int]:
        """Return the pens of a site that hold fish."""
        return [pen for pen in self._pens[site] if state.population.item(pen) > 0]

    def _decision(self, order: Order) -> Note:
        return decision(order, self._specs[order.kind].name)

    def _site_means(self, found: Integers, counts: Counts, state: State) -> Floats:
        """Return lice per fish of each site, weighted by the fish of its pens; -1 without count."""
        counted = (counts.fish > 0).nonzero()[0]
        site, sites = self._frame.place_of[counted], len(self._frame.sites)
        weight = state.population[counted]
        fish = np.bincount(site, weight, sites)
        lice = np.bincount(site, weight * found[counted] / counts.fish[counted], sites)
        return np.where(fish > 0, lice / np.maximum(fish, 1.0), -1.0)


def treatment_limit(limits: tuple[LiceLimit, ...], day: date) -> float | None:
    """Return from how many adult females per fish on the law wants treatment; None without one."""
    in_force = [
        limit.adult_female
        for limit in limits
        if limit.kind == "treat"
        and limit.from_date <= day
        and (limit.to_date is None or day <= limit.to_date)
        and is_in_season(day.month, limit.first_month, limit.last_month)
    ]
    return min(in_force, default=None)
