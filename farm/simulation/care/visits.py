"""Visits: a veterinarian looks at the fish of every stocked place; sites report what befalls them.

What is noted is what can be seen: the dead of the last week, appetite, gills, wounds, lice as they
were last counted, adhesions in fish that are opened, and the diseases that people know of.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.simulation.care import words
from farm.simulation.care.facts import Facts, Listens, Note, NoteKind, OpenOutbreaks, all_ears
from farm.simulation.care.means import mean_of_some, mean_per_fish, means_per_fish
from farm.simulation.care.memory import Memory
from farm.simulation.cells import cells
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Floats, Frame, Integers
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
        names = [biology.diseases[code].name for code in biology.disease_codes]
        self._names = [words.lower(name) for name in names]
        self._frame, self._dice, self._memory = frame, dice, memory
        self._kinds = list(SiteEventKind)
        # By how many days the next visit is late, by place and day of the one before.
        self._late: dict[tuple[int, int], int] = {}

    def begin(self) -> Own:
        """Return rounds on which nobody has been."""
        return {"next": np.zeros(len(self._frame.places), dtype=np.int64)}

    def work(
        self,
        morning: Morning,
        week: Floats,
        outbreaks: OpenOutbreaks,
        listens: Listens = all_ears,
    ) -> list[Note]:
        """Return what was seen on today's visits, and what sites report.

        Args:
            morning: today, with the signs of the fish.
            week: deaths of the last week, per mille, by container.
            outbreaks: those that go on.
            listens: says which notes anybody wants.
        """
        days, today = morning.state.own[self.name]["next"], morning.today
        places, stocked = self._frame.places, morning.state.population > 0
        there = np.bincount(self._frame.place_of, stocked, len(places)) > 0
        days *= there
        due = (there & (days <= today.ordinal)).nonzero()[0].tolist()
        new = [place for place in due if not days[place]]
        visited = [place for place in due if days[place]]
        if today.date.weekday() >= _SATURDAY:
            visited = []
        notes = self._seen(visited, week, morning, outbreaks) if visited else []
        notes += self._events(week, morning, listens)
        self._plan(visited, new, today.ordinal, days)
        return notes

    def _plan(self, visited: list[int], new: list[int], today: int, days: Integers) -> None:
        """Set the days of the next visits to places that were visited today, and to new ones."""
        if not all((place, today) in self._late for place in visited):
            self._foresee(today, days)
        for place in visited:
            days[place] = today + max(self._interval + self._late.pop((place, today)), 1)
        # The first visit is anywhere within the interval.
        for place, late in zip(new, self._drawn([(place, today) for place in new]), strict=True):
            days[place] = today + max(self._interval // 2 + late, 1)

    def _foresee(self, today: int, days: Integers) -> None:
        """Draw how late visits will be that follow the planned ones: all at once cost less."""
        planned = [(place, max(day, today)) for place, day in enumerate(days.tolist()) if day]
        visits = [(place, _on_weekday(day)) for place, day in planned]
        unknown = [visit for visit in visits if visit not in self._late]
        self._late |= zip(unknown, self._drawn(unknown), strict=True)

    def _drawn(self, visits: list[tuple[int, int]]) -> list[int]:
        """Return by how many days visits are late, by place and day of the visit before."""
        if not visits:
            return []
        at = [(self._frame.places[place], day) for place, day in visits]
        addresses = [(place.kind, place.id, day) for place, day in at]
        streams = self._dice.streams.along(Decision.VISITS, addresses)
        early, late = -_EARLY_OR_LATE, _EARLY_OR_LATE + 1
        return [int(stream.integers(early, late)) for stream in streams]

    def _seen(
        self, places: list[int], week: Floats, morning: Morning, outbreaks: OpenOutbreaks
    ) -> list[Note]:
        """Return what veterinarians see at places."""
        signs, memory = morning.signs, morning.state.own[self._memory.name]
        of_all = np.array(
            (
                morning.water.temperature_c,
                week,
                signs.gill_score,
                signs.wounded,
                signs.side_effects,
                morning.rates.appetite,
                memory["adult_female"],
            )
        )
        return [self._visit(place, of_all, morning, outbreaks) for place in places]

    def _visit(self, place: int, seen: Floats, morning: Morning, outbreaks: OpenOutbreaks) -> Note:
        state, frame = morning.state, self._frame
        members = frame.places[place].members
        here = members[state.population[members] > 0]
        fish, seen_here = state.population[here], seen.take(here, axis=1)
        celsius, deaths, gills, wounded, score, appetite, lice = means_per_fish(seen_here, fish)
        worst = int(seen_here[1].argmax())
        confirmed, suspected = self._known(place, outbreaks)
        fed, counted = FED[state.stage[here]], self._lately_counted(here, morning)
        eating = fed & ~morning.rates.fasting[here]
        facts: Facts = {
            "containers": len(here),
            "fish": int(np.add.reduce(fish)),
            "temperature_c": celsius,
            "per_mille": deaths,
            "worst": frame.containers[here[worst]].code,
            "worst_per_mille": float(seen_here[1, worst]),
            "appetite": 100.0 * mean_of_some(eating, seen_here[5], fish, appetite)
            if np.count_nonzero(fed)
            else -1.0,
            "adult_female": mean_of_some(counted, seen_here[6], fish, lice, none=-1.0),
            "gill_score": gills,
            "wounded": 100.0 * wounded,
            "score": score,
            "confirmed": words.listed(confirmed),
            "suspected": words.listed(suspected),
        }
        return Note(NoteKind.VISIT, place, None, None, facts)

    def _known(self, place: int, outbreaks: OpenOutbreaks) -> tuple[list[str], list[str]]:
        """Return the diseases that people know of at a place: confirmed ones and others."""
        confirmed: list[str] = []
        suspected: list[str] = []
        noticed = (outbreaks.id[:, place] > 0) & (outbreaks.onset[:, place] > 0)
        for disease in noticed.nonzero()[0].tolist():
            known = confirmed if outbreaks.diagnosed[disease, place] else suspected
            known.append(self._names[disease])
        return confirmed, suspected

    def _lately_counted(self, here: Integers, morning: Morning) -> Bools:
        """Return in which containers lice were counted not long ago."""
        counted: Integers = morning.state.own[self._memory.name]["counted"][here]
        return counted > max(morning.today.ordinal - _NEWS, 0)

    def _events(self, week: Floats, morning: Morning, listens: Listens) -> list[Note]:
        """Return what the sites with fish report of the weather and the sea."""
        events, state, today = morning.events, morning.state, morning.today.ordinal
        notes = []
        known = cells(events.opens | events.closes)
        # What begins first.
        for kind, site in sorted(known, key=lambda at: bool(events.closes[at])):
            if not listens(NoteKind.EVENT, site):
                continue
            members = self._frame.places[site].members
            here = members[state.population[members] > 0]
            if not here.size:
                continue
            ends = bool(events.closes[kind, site])
            last = int(events.end[kind, site]) if ends else today
            facts: Facts = {
                "event": self._kinds[kind].value,
                "phase": "ends" if ends else "begins",
                "days": max(last - int(events.start[kind, site]), 1),
                "per_mille": mean_per_fish(week[here], state.population[here]),
            }
            notes.append(Note(NoteKind.EVENT, site, None, None, facts))
        return notes


def _on_weekday(day: int) -> int:
    """Return a day, as an ordinal, or the Monday after it if it is at a weekend."""
    weekday = (day - 1) % 7
    return day if weekday < _SATURDAY else day + 7 - weekday
