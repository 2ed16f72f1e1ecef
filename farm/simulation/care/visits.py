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
from farm.simulation.care.means import mean_per_fish, means_per_fish
from farm.simulation.care.memory import Memory
from farm.simulation.cells import cells
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
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

    def begin(self) -> Own:
        """Return rounds on which nobody has been."""
        return {"next": np.zeros(len(self._frame.places), dtype=np.int64)}

    def work(self, morning: Morning, week: Floats, outbreaks: OpenOutbreaks) -> list[Note]:
        """Return what was seen on today's visits, and what sites report.

        Args:
            morning: today, with the signs of the fish.
            week: deaths of the last week, per mille, by container.
            outbreaks: those that go on.
        """
        own, today, frame = morning.state.own[self.name], morning.today.ordinal, self._frame
        stocked = morning.state.population > 0
        fish = np.bincount(frame.place_of, stocked, len(frame.places)) > 0
        own["next"][~fish] = 0
        new = fish & (own["next"] == 0)
        due = fish & ~new & (own["next"] <= today)
        if morning.today.date.weekday() >= _SATURDAY:
            due[:] = False
        visited = due.nonzero()[0].tolist()
        notes = self._seen(visited, week, morning, outbreaks) if visited else []
        notes += self._events(week, morning)
        self._plan(visited, self._interval, today, own)
        # The first visit is anywhere within the interval.
        self._plan(new.nonzero()[0].tolist(), self._interval // 2, today, own)
        return notes

    def _plan(self, places: list[int], interval: int, today: int, own: Own) -> None:
        """Set the days of the next visits, so many days from today on, more or less."""
        if not places:
            return
        at = [self._frame.places[place] for place in places]
        addresses = [(place.kind, place.id, today) for place in at]
        streams = self._dice.streams.along(Decision.VISITS, addresses)
        for place, stream in zip(places, streams, strict=True):
            wait = int(stream.integers(-_EARLY_OR_LATE, _EARLY_OR_LATE + 1))
            own["next"][place] = today + max(interval + wait, 1)

    def _seen(
        self, places: list[int], week: Floats, morning: Morning, outbreaks: OpenOutbreaks
    ) -> list[Note]:
        """Return what veterinarians see at places."""
        signs, water = morning.signs, morning.water
        seen = (water.temperature_c, week, signs.gill_score, signs.wounded, signs.side_effects)
        of_all = np.array(seen)
        confirmed, suspected = self._known(outbreaks)
        return [
            self._visit(place, of_all, confirmed.get(place, []), suspected.get(place, []), morning)
            for place in places
        ]

    def _visit(
        self, place: int, seen: Floats, confirmed: list[str], suspected: list[str], morning: Morning
    ) -> Note:
        state, frame = morning.state, self._frame
        members = frame.places[place].members
        here = members[state.population[members] > 0]
        fish = state.population[here]
        seen_here = seen.take(here, axis=1)
        celsius, deaths, gills, wounded, score = means_per_fish(seen_here, fish)
        worst = int(seen_here[1].argmax())
        facts: Facts = {
            "containers": len(here),
            "fish": int(np.add.reduce(fish)),
            "temperature_c": celsius,
            "per_mille": deaths,
            "worst": frame.containers[here[worst]].code,
            "worst_per_mille": float(seen_here[1, worst]),
            "appetite": self._appetite(here, morning),
            "adult_female": self._lice(here, morning),
            "gill_score": gills,
            "wounded": 100.0 * wounded,
            "score": score,
            "confirmed": words.listed(confirmed),
            "suspected": words.listed(suspected),
        }
        return Note(NoteKind.VISIT, place, None, None, facts)

    def _known(self, outbreaks: OpenOutbreaks) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
        """Return the diseases that people know of, by place: confirmed ones and others."""
        confirmed: dict[int, list[str]] = {}
        suspected: dict[int, list[str]] = {}
        for disease, place in cells((outbreaks.id > 0) & (outbreaks.onset > 0)):
            known = confirmed if outbreaks.diagnosed[disease, place] else suspected
            known.setdefault(place, []).append(self._names[disease])
        return confirmed, suspected

    def _appetite(self, here: Integers, morning: Morning) -> float:
        """Return the appetite of fish in per cent; -1 where none are of an age to be fed."""
        state, rates = morning.state, morning.rates
        fed = here[FED[state.stage[here]]]
        if not fed.size:
            return -1.0
        eating = fed[~rates.fasting[fed]]
        if not eating.size:
            return 0.0
        return 100.0 * mean_per_fish(rates.appetite[eating], state.population[eating])

    def _lice(self, here: Integers, morning: Morning) -> float:
        """Return the adult females per fish as last counted; -1 if that is long ago."""
        memory = morning.state.own[self._memory.name]
        counted = here[memory["counted"][here] > max(morning.today.ordinal - _NEWS, 0)]
        if not counted.size:
            return -1.0
        return mean_per_fish(memory["adult_female"][counted], morning.state.population[counted])

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
