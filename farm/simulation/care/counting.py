"""Counting: lice on a few fish of each pen, as often as the rules say and after treatments.

A count is what people know; how many lice there are they never learn. All pens of a site are
counted on one day. Nobody counts in a storm; the next calm day will do.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.delousing import CountingRule
from farm.domain.events import SiteEventKind
from farm.simulation.care.facts import Counts
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision, streams_of


class Counting:
    """The people who count lice at one geography's sites."""

    name = "counting"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        rules = biology.care.counting[frame.geography.code]
        self._rules = sorted(rules, key=lambda rule: rule.since)
        self._since = [date.fromisoformat(rule.since) for rule in self._rules]
        self._gather = biology.care.gather
        self._lice = biology.lice
        self._frame = frame
        self._dice = dice
        self._site_ids = np.asarray([site.id for site in frame.sites], dtype=np.int64)
        # Those of the month, by day and site: thousands cost little more than a few.
        self._month: Month | None = None
        self._seeds: NDArray[np.uint64] = np.zeros((0, len(frame.sites), 4), dtype=np.uint64)

    def begin(self) -> Own:
        """Return that nothing was ever counted.

        By site, as ordinals: ``counted``, the day of the latest count, or on which fish came;
        ``wanted``, the day from which a count is missed, 0 where none is.
        """
        sites = len(self._frame.sites)
        return {
            "counted": np.zeros(sites, dtype=np.int64),
            "wanted": np.zeros(sites, dtype=np.int64),
        }

    def count(self, morning: Morning, wanted: Integers) -> Counts:
        """Return the lice that people find today.

        Args:
            morning: today, with the lice that there are.
            wanted: containers whose lice must be counted to learn what a treatment did. Their
                sites are counted within ``gather`` days, so that one count serves all pens.
        """
        today, state, frame = morning.today, morning.state, self._frame
        own = state.own[self.name]
        settled = (state.population > 0) & frame.at_sea & (state.arrived < today.ordinal)
        sites = self._due(morning, settled, wanted, own)
        counts = Counts.none(frame.size)
        if not sites:
            return counts
        members = [frame.places[site].members for site in sites]
        pens = np.concatenate(members)
        fish = np.minimum(state.population[pens], self._rule(today.date).fish_per_pen)
        fish *= settled[pens]
        streams = list(streams_of(self._seeds_of(today)[sites]))
        sizes = [each.size for each in members]
        found = lice_found(streams, sizes, fish, self._means(morning, pens), self._lice.aggregation)
        counts.fish[pens] = fish
        counts.adult_female[pens], counts.mobile[pens], counts.attached[pens] = found
        own["counted"][sites] = today.ordinal
        own["wanted"][sites] = 0
        return counts

    def _due(self, morning: Morning, settled: Bools, wanted: Integers, own: Own) -> list[int]:
        """Return the sites at which lice are counted today."""
        day, frame = morning.today.ordinal, self._frame
        stocked = frame.at_sites(settled) > 0
        own["counted"] = np.where(own["counted"], own["counted"], day) * stocked
        missed = np.zeros_like(own["wanted"])
        sites = frame.place_of[wanted[settled[wanted]]]
        missed[sites] = np.where(own["wanted"], own["wanted"], day)[sites]
        own["wanted"] = missed
        interval = self._rule(morning.today.date).days_between(morning.today.date.month)
        due = day - own["counted"] >= interval
        due |= (missed > 0) & (day - missed >= self._gather)
        due &= stocked & ~morning.events.active[SiteEventKind.STORM.row]
        found: list[int] = due.nonzero()[0].tolist()
        return found

    def _seeds_of(self, today: Today) -> NDArray[np.uint64]:
        """Return the seed of each site's stream of today: that of its id and the day."""
        month = Month.of(today.date)
        if month != self._month:
            days = month.first.toordinal() + np.arange(month.days)
            addresses = np.empty((days.size, self._site_ids.size, 2), dtype=np.int64)
            addresses[..., 0], addresses[..., 1] = self._site_ids, days[:, np.newaxis]
            seeds = self._dice.streams.seeds(Decision.LICE_COUNT, addresses.reshape(-1, 2))
            self._month, self._seeds = month, seeds.reshape(days.size, self._site_ids.size, -1)
        of_today: NDArray[np.uint64] = self._seeds[today.row]
        return of_today

    def _rule(self, day: date) -> CountingRule:
        """Return the latest rule in force; before the first one, that."""
        return self._rules[max(bisect(self._since, day) - 1, 0)]

    def _means(self, morning: Morning, pens: Integers) -> Floats:
        """Return the lice per fish that people would find: adult females, mobiles, attached."""
        signs = morning.signs
        seen = signs.lice_attached[pens] * self._lice.attached_seen
        return np.array([signs.lice_adult_female[pens], signs.lice_mobile[pens], seen])


def lice_found(
    chances: Sequence[Generator],
    sizes: Sequence[int],
    fish: Integers,
    means: Floats,
    aggregation: float,
) -> Integers:
    """Return lice on all fish of samples, by group and sample: each negative binomial.

    Lice on single fish have the variance mean + mean^2 / aggregation, so those on n fish are
    Poisson distributed around a mean that is gamma distributed with the shape n * aggregation. That
    is drawn once for all groups: fish that attract lice have many of each.

    Args:
        chances: a stream for each site.
        sizes: how many of the samples are from each site; they come site by site.
        fish: looked at in each sample; none find no lice.
        means: lice per fish, shape (groups, samples).
        aggregation: see above.
    """
    ends = [0, *accumulate(sizes)]
    sites = [slice(*each) for each in pairwise(ends)]
    shape = np.maximum(fish, 1) * aggregation
    lousy = np.empty(shape.shape)
    for chance, site in zip(chances, sites, strict=True):
        chance.standard_gamma(shape[site], out=lousy[site])
    expected = means * (lousy / shape * fish)
    found = np.empty(expected.shape, dtype=np.int64)
    for chance, site in zip(chances, sites, strict=True):
        found[:, site] = chance.poisson(expected[:, site])
    return found
