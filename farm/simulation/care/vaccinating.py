"""Vaccination: all fish of a tank on a day, after two days without feed, before they go to sea.

Mean values go with fish that are moved: what was given, the degree-days since, the Speilberg score,
what is left of the loss of appetite and of the deaths to come; all of them mix linearly.
"""

from __future__ import annotations

import math

import numpy as np

from farm.domain.biology import Biology
from farm.domain.vaccine import developed, fading, price, side_effect_score
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care.campaigns import Campaigns
from farm.simulation.care.facts import Facts, Note, NoteKind
from farm.simulation.care.immunity import Immunity
from farm.simulation.care.means import mean_per_fish
from farm.simulation.care.numbering import record_id
from farm.simulation.care.vaccination_days import ALL, VaccinationDays
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.health_records import VaccinationRecord
from farm.simulation.process import Arrival, Morning
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: Digits kept of a mean weight in grams, and of a score.
WEIGHT_DIGITS, SCORE_DIGITS = 2, 2

#: No group of fish loses more appetite than this to a vaccine.
_MOST_LOST = 0.9

#: What is less than this is over.
_LEAST_LOSS, _LEAST_TOLL = 1e-6, 1e-9

#: The arrays that describe the fish of a container.
_OF_FISH = ("share", "given", "degree_days", "score", "loss", "toll")

#: Those of them whose values are means over all fish.
_MIXED = ("share", "score", "toll", "given", "loss")


class Vaccinating:
    """Vaccinates, and contributes what vaccines do to fish.

    ``share``: of the fish that are vaccinated; ``given``: of those that have each vaccine, shape
    (vaccines, containers); ``degree_days`` since, on average of the vaccinated. ``score``: mean
    Speilberg score in the end; ``loss``: of appetite today; ``toll``: hazard today; ``due``: day on
    which a container is vaccinated, 0 for none. ``count``: records so far, by place.
    """

    name = "vaccinating"

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice) -> None:
        self._frame, self._dice = frame, dice
        self._agenda = agenda
        self._specs, self._practice = biology.vaccines.vaccines, biology.vaccines.practice
        self._campaigns = Campaigns(self._practice, agenda, dice)
        self._days = VaccinationDays(biology, frame, agenda, self._campaigns)
        self._immunity = Immunity(self._specs, biology.disease_codes, frame.size)
        self._dying = fading(self._practice.mortality_days)
        self._regain = np.asarray([fading(v.setback_days) for v in self._specs])[:, np.newaxis]
        self._done: list[VaccinationRecord] = []

    def begin(self) -> Own:
        """Return a farm in which nobody is vaccinated."""
        size = self._frame.size
        by_vaccine = (len(self._specs), size)
        return {
            "share": np.zeros(size),
            "given": np.zeros(by_vaccine),
            "degree_days": np.zeros(size),
            "score": np.zeros(size),
            "loss": np.zeros(by_vaccine),
            "toll": np.zeros(size),
            "due": np.zeros(size, dtype=np.int64),
            "count": np.zeros(len(self._frame.places), dtype=np.int64),
        }

    def protection(self, state: State) -> Floats:
        """Return the share of the risk of each disease that vaccines take away today."""
        own = state.own[self.name]
        return self._immunity.protection(own["given"], own["degree_days"])

    def work(self, morning: Morning) -> list[Note]:
        """Plan, starve and vaccinate; write to the boards what vaccines do to the fish today."""
        own, today = morning.state.own[self.name], morning.today.ordinal
        due, notes = own["due"], []
        if np.count_nonzero(due):
            due[morning.state.assignment == 0] = 0
        self._days.plan(morning, own)
        if np.count_nonzero(due):
            morning.rates.fast((due > 0) & (due - today <= self._practice.fasting))
            notes = self._vaccinate((due == today).nonzero()[0], morning, own)
        self._affect(morning, own)
        return notes

    def welcome(self, arrival: Arrival, state: State) -> None:
        """Mix what newcomers and the fish of before bring along."""
        own, at = state.own[self.name], arrival.container
        shares = own["share"]
        if not np.count_nonzero(shares[arrival.source]) and not np.count_nonzero(shares[at]):
            return
        # Each row is that of a container's fish: mixed, those of all of them.
        kept = [own[name].reshape(-1, self._frame.size) for name in _MIXED]
        mixed = arrival.mixed(np.concatenate([*kept, [own["degree_days"] * shares]]))
        row = 0
        for name, rows in zip(_MIXED, kept, strict=True):
            own[name][..., at] = mixed[row : row + len(rows)]
            row += len(rows)
        share = shares[at]
        own["degree_days"][at] = np.divide(mixed[-1], share, out=np.zeros(len(at)), where=share > 0)
        self._immunity.change(at)
        arrival.signs.side_effects[at] = self._seen(at, own)

    def records(self) -> list[VaccinationRecord]:
        """Return the vaccinations of the days lived through."""
        return list(self._done)

    def _vaccinate(self, containers: Integers, morning: Morning, own: Own) -> list[Note]:
        """Vaccinate all fish of containers; return a note where a batch is through."""
        used = self._days.used(morning.today.date.year)
        state, frame = morning.state, self._frame
        through = set()
        for container in containers.tolist():
            own["due"][container] = 0
            if state.population[container] == 0 or not used:
                continue
            self._inject(container, used, morning, own)
            through.add((int(frame.place_of[container]), int(state.batch[container])))
        notes = []
        for place, batch in sorted(through):
            members = frame.places[place].members
            here = members[(state.batch[members] == batch) & (state.population[members] > 0)]
            if (own["share"][here] >= ALL).all():
                notes.append(self._note(place, batch, here, used, morning, own))
        return notes

    def _inject(self, container: int, used: tuple[int, ...], morning: Morning, own: Own) -> None:
        state, today, practice = morning.state, morning.today, self._practice
        fish, weight = int(state.population[container]), float(state.weight_g[container])
        celsius = float(morning.water.temperature_c[container])
        assignment = int(state.assignment[container])
        stream = self._dice.streams.at(Decision.VACCINATION_GROUP, assignment, today.ordinal)
        luck, *groups = stream.standard_normal(1 + len(self._specs)).tolist()
        for name in _OF_FISH:
            own[name][..., container] = 0
        place = int(self._frame.place_of[container])
        harm = 0.0
        for vaccine in used:
            spec = self._specs[vaccine]
            score = side_effect_score(spec, practice, weight, celsius, groups[vaccine])
            own["given"][vaccine, container] = 1.0
            own["score"][container] += score
            # A group that the vaccine is hard on loses more of its appetite as well.
            severity = score / spec.side_effects if spec.side_effects > 0 else 1.0
            own["loss"][vaccine, container] = min(spec.setback_depth * severity, _MOST_LOST)
            harm += spec.mortality / 100.0
            own["count"][place] += 1
            self._done.append(
                VaccinationRecord(
                    id=record_id(self._frame.places[place], int(own["count"][place])),
                    vaccine_id=vaccine + 1,
                    assignment_id=assignment,
                    date=today.date,
                    count=fish,
                    mean_weight_g=round(weight, WEIGHT_DIGITS),
                    side_effect_score=round(score, SCORE_DIGITS),
                    cost=price(spec, self._frame.geography.code, fish),
                )
            )
        own["share"][container] = 1.0
        self._immunity.change([container])
        spread = practice.mortality_log_sd
        own["toll"][container] = harm * (1.0 - self._dying) * math.exp(spread * luck)

    def _affect(self, morning: Morning, own: Own) -> None:
        """Write what vaccines do today, and bring the arrays to this evening."""
        rates, practice = morning.rates, self._practice
        loss, toll = own["loss"], own["toll"]
        rates.eat(np.multiply.reduce(1.0 - loss))
        loss *= self._regain
        loss *= loss >= _LEAST_LOSS
        rates.kill(Cause.HANDLING, toll)
        toll *= self._dying
        toll *= toll >= _LEAST_TOLL
        marked = ((own["score"] > 0) & (morning.state.assignment > 0)).nonzero()[0]
        seen = self._seen(marked, own)
        morning.signs.side_effects[marked] += seen
        harmful = np.maximum(seen - practice.score_harmless, 0.0)
        growth = np.ones(self._frame.size)
        growth[marked] = 1.0 - practice.growth_lost_per_score * harmful
        rates.grow(growth)
        warmth = np.maximum(morning.water.temperature_c, 0.0)
        own["degree_days"] += warmth * (own["share"] > 0)

    def _seen(self, at: Integers, own: Own) -> Floats:
        """Return the mean Speilberg score that is there by now in some containers."""
        return np.asarray(own["score"][at] * developed(self._practice, own["degree_days"][at]))

    def _note(
        self,
        place: int,
        batch: int,
        here: Integers,
        used: tuple[int, ...],
        morning: Morning,
        own: Own,
    ) -> Note:
        state = morning.state
        fish = state.population[here]
        sea = self._campaigns.moves[batch].sea
        celsius = mean_per_fish(morning.water.temperature_c[here], fish)
        facts: Facts = {
            "batch": self._agenda.batches[batch].code,
            "fish": int(fish.sum()),
            "containers": int(here.size),
            "weight_g": mean_per_fish(state.weight_g[here], fish),
            "vaccines": " and ".join(self._specs[v].label for v in used),
            "temperature_c": celsius,
            "degree_days": max(sea - morning.today.ordinal, 0) * celsius,
            "score": mean_per_fish(own["score"][here], fish),
        }
        return Note(NoteKind.VACCINATION, place, None, None, facts)
