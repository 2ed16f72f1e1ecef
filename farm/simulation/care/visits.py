"""Visits: a veterinarian looks at the fish of every stocked place; sites report what befalls them.

What is noted is what can be seen: the dead of the last week, appetite, gills, wounds, lice as they
were last counted, adhesions in fish that are opened, and the diseases that people know of.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.simulation.care import words
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks
from farm.simulation.care.means import mean_per_fish
from farm.simulation.care.memory import Memory
from farm.simulation.cells import cells
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning
from farm.simulation.state import FED, Own
from farm.simulation.streams import Decision

#: A visit comes so many days early or late.
_EARLY_OR_LATE = 6

#: Lice counted longer ago are no news.
_NEWS = 28

#: The first day of the weekend, as in `date.weekday`.
_SATURDAY = 5


class Visits:
    """The veterinarians' rounds. ``next``: the day of the next visit to each place."""

    name = "visits"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice, memory: Memory) -> None:
        self._interval = biology.laboratory.visits.interval
        self._names = [biology.diseases[code].name for code in biology.disease_codes]
        self._frame, self._dice, self._memory = frame, dice, memory
        self._kinds = list(SiteEventKind)

    def begin(self) -> Own:
        """Return rounds on which nobody has been."""
        return {"next": np.zeros(len(self._frame.places), dtype=np.int64)}

    def work(self, morning: Morning, outbreaks: OpenOutbreaks) -> list[Note]:
        """Return what was seen on today's visits, and what sites report."""
        own, today, frame = morning.state.own[self.name], morning.today, self._frame
        stocked = morning.state.population > 0
        fish = np.bincount(frame.place_of[stocked], minlength=len(frame.places)) > 0
        new = fish & (own["next"] == 0)
        own["next"][~fish] = 0
        due = fish & (own["next"] > 0) & (own["next"] <= today.ordinal)
        if today.date.weekday() >= _SATURDAY:
            due[:] = False
        week = None
        notes = []
        if due.any() or morning.events.closes.any() or morning.events.opens.any():
            week = self._memory.week_per_mille(morning.state)
            notes = [self._visit(p, week, morning, outbreaks) for p in np.flatnonzero(due).tolist()]
            notes += self._events(week, morning)
        for place in np.flatnonzero(new | due).tolist():
            where = frame.places[place]
            stream = self._dice.streams.at(
                Decision.VISITS, int(where.kind), where.id, today.ordinal
            )
            wait = int(stream.integers(-_EARLY_OR_LATE, _EARLY_OR_LATE + 1))
            # The first visit is anywhere within the interval.
            interval = self._interval if due[place] else self._interval // 2
            own["next"][place] = today.ordinal + max(interval + wait, 1)
        return notes

    def _visit(self, place: int, week: Floats, morning: Morning, outbreaks: OpenOutbreaks) -> Note:
        state, signs, frame = morning.state, morning.signs, self._frame
        members = frame.places[place].members
        here = members[state.population[members] > 0]
        fish = state.population[here]
        worst = int(here[np.argmax(week[here])])

        def mean(values: Floats) -> float:
            return mean_per_fish(values[here], fish)

        known = (outbreaks.id[:, place] > 0) & (outbreaks.onset[:, place] > 0)
        confirmed = outbreaks.diagnosed[:, place] > 0
        facts: Facts = {
            "containers": int(here.size),
            "fish": int(fish.sum()),
            "temperature_c": mean(morning.water.temperature_c),
            "per_mille": mean(week),
            "worst": frame.containers[worst].code,
            "worst_per_mille": float(week[worst]),
            "appetite": self._appetite(place, morning),
            "adult_female": self._lice(place, morning),
            "gill_score": mean(signs.gill_score),
            "wounded": 100.0 * mean(signs.wounded),
            "score": mean(signs.side_effects),
            "confirmed": self._listed(known & confirmed),
            "suspected": self._listed(known & ~confirmed),
        }
        return Note(NoteKind.VISIT, place, None, None, facts)

    def _listed(self, diseases: np.ndarray) -> str:
        return words.listed([words.lower(self._names[d]) for d in np.flatnonzero(diseases)])

    def _appetite(self, place: int, morning: Morning) -> float:
        """Return the appetite of a place in per cent; -1 where no fish are of an age to be fed."""
        state, rates = morning.state, morning.rates
        members = self._frame.places[place].members
        fed = members[(state.population[members] > 0) & FED[state.stage[members]]]
        eating = fed[~rates.fasting[fed]]
        if not fed.size:
            return -1.0
        if not eating.size:
            return 0.0
        return 100.0 * mean_per_fish(rates.appetite[eating], state.population[eating])

    def _lice(self, place: int, morning: Morning) -> float:
        """Return the adult females per fish as last counted; -1 if that is long ago."""
        state, memory = morning.state, morning.state.own[self._memory.name]
        members = self._frame.places[place].members
        lately = memory["counted"][members] > max(morning.today.ordinal - _NEWS, 0)
        counted = members[(state.population[members] > 0) & lately]
        if not counted.size:
            return -1.0
        return mean_per_fish(memory["adult_female"][counted], state.population[counted])

    def _events(self, week: Floats, morning: Morning) -> list[Note]:
        """Return what the sites with fish report of the weather and the sea."""
        events, state, today = morning.events, morning.state, morning.today.ordinal
        notes = []
        for phase, when in (("begins", events.opens & ~events.closes), ("ends", events.closes)):
            for kind, site in cells(when):
                members = self._frame.places[site].members
                here = members[state.population[members] > 0]
                if not here.size:
                    continue
                last = int(events.end[kind, site]) if phase == "ends" else today
                facts: Facts = {
                    "event": self._kinds[kind].value,
                    "phase": phase,
                    "days": max(last - int(events.start[kind, site]), 1),
                    "per_mille": mean_per_fish(week[here], state.population[here]),
                }
                notes.append(Note(NoteKind.EVENT, site, None, None, facts))
        return notes
