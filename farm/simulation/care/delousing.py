"""Delousing: what people do about a lice count, and what they do in advance.

After a count the mean of adult females over a site's fish is held against the limit of the day, of
which people wait for a share only. Then they choose a way to delouse: as was usual in that year and
geography, among those that fit the water, the fish and the time that is left before harvest; and
not the same medicine again and again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from farm.domain.biology import Biology
from farm.domain.delousing import Programme, in_year, is_in_season
from farm.domain.world import LiceLimit
from farm.simulation.care.facts import Counts, Facts, Note, NoteKind, Order, Possible
from farm.simulation.care.notes import decision
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Floats, Frame, Integers
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
        self._least_weight = np.asarray([spec.least_weight for spec in biology.treatments])
        methods = [spec.method for spec in biology.treatments]
        self._rough = np.asarray([method in _ROUGH for method in methods], dtype=np.bool_)
        index = {spec.code: number for number, spec in enumerate(biology.treatments)}
        self._act_at = self._care.act_at[code]
        self._methods = sorted((index[m], w) for m, w in self._care.methods[code].items())
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
        new = stocked & (own["stocked"] == 0)
        own["stocked"] = np.where(new, morning.today.ordinal, own["stocked"]) * stocked
        orders = self._in_advance(morning, own)
        notes = [self._decision(order) for order in orders]
        if not np.count_nonzero(counts.fish):
            return orders, notes
        limit = treatment_limit(self._frame.lice_limits, morning.today.date)
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
        members = self._frame.places[site].members
        pens = members[state.population[members] > 0]
        leaves = np.where(state.leaves[pens] > 0, state.leaves[pens], state.empty_by[pens])
        harvest_within = self._care.harvest_at_once if must else self._care.harvest_instead
        staying = pens[leaves - today.ordinal > harvest_within]
        if not staying.size:
            return None, "harvest"
        usual = {
            kind: weight
            for kind, weights in self._methods
            if (weight := in_year(self._care.years, weights, today.date)) > 0
        }
        enough = max(self._care.fits_at_least * staying.size, 1)
        options = [
            (kind, usual[kind] * chosen.size / staying.size, chosen)
            for kind, chosen in self._fitting(usual, site, staying, morning, own, must=must)
            if chosen.size >= enough
        ]
        if not options:
            return None, "nothing fits"
        stream = self._dice.streams.at(
            Decision.LICE_METHOD, self._frame.sites[site].id, today.ordinal
        )
        bounds = np.cumsum([weight for _, weight, _ in options])
        turn = int(np.searchsorted(bounds, stream.random() * bounds[-1], side="right"))
        kind, _, chosen = options[min(turn, len(options) - 1)]
        own["decided"][site] = today.ordinal
        return self._order(kind, site, chosen, "lice", morning, own), "treat"

    def _in_advance(self, morning: Morning, own: Own) -> list[Order]:
        """Return the orders of programmes whose day it is."""
        today, orders = morning.today, []
        for kind, programme in self._programmes:
            due = own["stocked"] == today.ordinal - programme.after
            for site in due.nonzero()[0].tolist():
                if not self._is_chosen(kind, programme, site, today, own):
                    continue
                members = self._frame.places[site].members
                pens = members[morning.state.population[members] > 0]
                for _, chosen in self._fitting((kind,), site, pens, morning, own, must=False):
                    if chosen.size:
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
        pens: Integers,
        morning: Morning,
        own: Own,
        *,
        must: bool,
    ) -> list[tuple[int, Integers]]:
        """Return the ways, of some, that fit a site today, and the pens that can be treated so."""
        suitable = [k for k in kinds if self._is_allowed(k, site, morning.today, own)]
        if not pens.size or not suitable:
            return []
        state, temperature = morning.state, morning.water.temperature_c[pens]
        coldest, warmest = np.minimum.reduce(temperature), np.maximum.reduce(temperature)
        suitable = [
            kind
            for kind in suitable
            if self._specs[kind].coldest <= coldest and warmest <= self._specs[kind].warmest
        ]
        fits = self._possible(suitable, pens, morning.today, state, urgent=must)
        fits &= state.weight_g[pens] >= self._least_weight[suitable, np.newaxis]
        if not must:
            fits &= ~self._rough[suitable, np.newaxis] | self._robust(morning, pens)
        return [(kind, pens[row]) for kind, row in zip(suitable, fits, strict=True)]

    def _is_allowed(self, kind: int, site: int, today: Today, own: Own) -> bool:
        """Return whether law and habit allow a way at a site: no medicine again and again."""
        spec, last = self._specs[kind], int(own["ordered"][kind, site])
        rests = spec.is_medicine and last and today.ordinal - last < self._care.medicine_rest
        return not rests and spec.is_allowed(self._frame.geography.code, today.date.year)

    def _robust(self, morning: Morning, pens: Integers) -> Bools:
        """Return the pens whose fish stand heat and pumps."""
        signs = morning.signs
        sick = np.add.reduce(signs.sick[:, pens])
        robust = (signs.gill_score[pens] < self._care.sore_gills) & (sick < self._care.sick_from)
        return np.asarray(robust, dtype=np.bool_)

    def _order(
        self, kind: int, site: int, pens: Integers, reason: str, morning: Morning, own: Own
    ) -> Order:
        own["ordered"][kind, site] = morning.today.ordinal
        day = morning.today.ordinal + self._care.preparation
        return Order(kind, site, tuple(pens.tolist()), reason, 0, day)

    def _decision(self, order: Order) -> Note:
        return decision(order, self._specs[order.kind].name)

    def _site_means(self, found: Integers, counts: Counts, state: State) -> Floats:
        """Return lice per fish of each site, weighted by the fish of its pens; -1 without count."""
        counted = counts.fish.nonzero()[0]
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
