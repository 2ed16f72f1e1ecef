"""The response to outbreaks: treat what can be treated, harvest early what cannot be saved.

People go by what they see and by what the laboratory told them: the share of sick fish in each
container, and the dead of the week. Of the treatments that a disease's profile names they take the
first that fits; when an outbreak goes on, the next one in turn. Harvests wait for sick fish to be
treated.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.world import CAUSES, Stage
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks, Order, Possible
from farm.simulation.care.notes import by_place, decision
from farm.simulation.cells import cells
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own, State


class Response:
    """The people who decide what is done about the outbreaks of one geography."""

    name = "response"

    def __init__(self, biology: Biology, frame: Frame, possible: Possible) -> None:
        code = frame.geography.code
        care = biology.care
        profiles = [biology.diseases[each] for each in biology.disease_codes]
        index = {spec.code: number for number, spec in enumerate(biology.treatments)}
        self._frame, self._possible = frame, possible
        self._rules, self._harvest_from = care.answering, care.harvest_early_from
        self._specs = biology.treatments
        self._names = [profile.name for profile in profiles]
        self._answers = [
            tuple(index[each] for each in profile.treatments.get(code, ())) for profile in profiles
        ]
        self._treatable = np.asarray([bool(answers) for answers in self._answers])
        self._at_sight = np.asarray([p.kind in care.answering.at_sight for p in profiles])
        self._susceptible = np.zeros((len(profiles), len(Stage) + 1), dtype=np.bool_)
        for number, profile in enumerate(profiles):
            stages = {stage for phase in profile.phases for stage in phase.stages}
            self._susceptible[number, [stage.id for stage in stages]] = True
        self._bearable = np.asarray(
            [
                np.inf if p.harvest_early_above is None else p.harvest_early_above / 100.0
                for p in profiles
            ]
        )

    def begin(self) -> Own:
        """Return that nobody decided anything yet, and nobody died.

        ``treated``, (diseases, containers): day on which fish were last to be treated for it;
        ``considered``, (diseases, places): day on which people last thought about it; ``answered``:
        the last outbreak that they ordered anything against, and ``times`` how often. ``losses``,
        (days, containers): deaths a day of the worst disease over what its profile says is
        bearable, in the rows of the ordinals modulo their number; ``worst``: which disease it was.
        """
        diseases, size = len(self._answers), self._frame.size
        return {
            "treated": np.zeros((diseases, size), dtype=np.int64),
            "considered": np.zeros((diseases, len(self._frame.places)), dtype=np.int64),
            "answered": np.zeros((diseases, len(self._frame.places)), dtype=np.int64),
            "times": np.zeros((diseases, len(self._frame.places)), dtype=np.int64),
            "losses": np.zeros((self._rules.harvest_early_after, size)),
            "worst": np.zeros(size, dtype=np.int64),
        }

    def decide(self, morning: Morning, outbreaks: OpenOutbreaks) -> tuple[list[Order], list[Note]]:
        """Return today's orders against outbreaks; mark the fish that are to be harvested early."""
        own, today, state = morning.state.own[self.name], morning.today.ordinal, morning.state
        notes = self._harvest_early(morning, outbreaks, own)
        ready = (outbreaks.diagnosed > 0) | ((outbreaks.onset > 0) & self._at_sight[:, np.newaxis])
        ready &= (outbreaks.id > 0) & self._treatable[:, np.newaxis]
        ready &= today - own["considered"] >= self._rules.reconsidered
        orders: list[Order] = []
        if not ready.any():
            return orders, notes
        sick = (morning.signs.sick >= self._rules.sick_from) & (state.population > 0)
        for disease, place in cells(ready):
            members = self._frame.places[place].members
            if not sick[disease, members].any():
                continue
            own["considered"][disease, place] = today
            wanted = self._wanted(disease, members, sick[disease], morning, own)
            outbreak = int(outbreaks.id[disease, place])
            if own["answered"][disease, place] != outbreak:
                own["times"][disease, place] = 0
            answers = self._answers[disease]
            turn = int(own["times"][disease, place]) % len(answers)
            in_turn = (*answers[turn:], *answers[:turn])
            order = self._order(in_turn, outbreak, place, wanted, morning)
            if order is not None:
                own["answered"][disease, place] = outbreak
                own["times"][disease, place] += 1
                own["treated"][disease, list(order.containers)] = today
                orders.append(order)
                notes.append(decision(order, self._specs[order.kind].name, self._names[disease]))
        return orders, notes

    def note(self, today: Today, state: State, deaths: Integers) -> None:
        """Remember how bad the day was; ``deaths`` of shape (causes, containers)."""
        own = state.own[self.name]
        died = deaths[CAUSES:]
        losses = own["losses"]
        losses[:, state.arrived == today.ordinal] = 0.0
        losses[today.ordinal % len(losses)] = 0.0
        if not died.any():
            return
        there = np.maximum(state.population + deaths.sum(axis=0), 1)
        over = died / there / self._bearable[:, np.newaxis]
        worst = over.argmax(axis=0)
        losses[today.ordinal % len(losses)] = over.max(axis=0)
        own["worst"] = np.where(died.any(axis=0), worst, own["worst"])

    def _wanted(
        self, disease: int, members: Integers, sick: Bools, morning: Morning, own: Own
    ) -> Integers:
        """Return the containers of a place to treat: the sick, or all that can fall sick.

        Those that were treated for the disease a short while ago are left alone.
        """
        state = morning.state
        exposed = self._susceptible[disease, state.stage[members]] & (state.population[members] > 0)
        is_sick = sick[members] & exposed
        many = is_sick.sum() >= self._rules.all_from * exposed.sum()
        treated = own["treated"][disease, members]
        rested = (treated == 0) | (morning.today.ordinal - treated >= self._rules.pause)
        # Fish that came after the treatment were not treated.
        rested |= state.arrived[members] > treated
        return np.asarray(members[(exposed if many else is_sick) & rested], dtype=np.int64)

    def _order(
        self,
        kinds: tuple[int, ...],
        outbreak: int,
        place: int,
        wanted: Integers,
        morning: Morning,
    ) -> Order | None:
        """Return an order of the first treatment that fits any of the fish, None if none does."""
        today, state = morning.today, morning.state
        temperature, weight = morning.water.temperature_c[wanted], state.weight_g[wanted]
        for kind in kinds if wanted.size else ():
            spec = self._specs[kind]
            if not spec.is_allowed(self._frame.geography.code, today.date.year):
                continue
            fits = (spec.coldest <= temperature) & (temperature <= spec.warmest)
            fits &= weight >= spec.least_weight
            if not fits.any():
                continue
            chosen = wanted[fits & self._possible(kind, today, state, urgent=True)[wanted]]
            if chosen.size:
                day = today.ordinal + self._rules.preparation
                return Order(kind, place, tuple(chosen.tolist()), "outbreak", outbreak, day)
        return None

    def _harvest_early(self, morning: Morning, outbreaks: OpenOutbreaks, own: Own) -> list[Note]:
        """Mark fish that die too fast and are large enough; return a note for each place."""
        state, worst = morning.state, own["worst"]
        over = own["losses"].mean(axis=0)
        if not (over >= 1.0).any():
            return []
        known = outbreaks.onset[worst, self._frame.place_of] > 0
        marked = (over >= 1.0) & known & (state.stage == Stage.ADULT.id) & (state.population > 0)
        marked &= (state.weight_g >= self._harvest_from) & (state.early == 0)
        marked &= (state.withheld == 0) & (state.leaves == 0)
        state.early[marked] = 1
        cases = [(at, int(worst[at]), at) for at in np.flatnonzero(marked).tolist()]
        notes = []
        for place, disease, members in by_place(self._frame, cases):
            pens = [at for at, _ in members]
            facts: Facts = {
                "disease": self._names[disease],
                "containers": len(pens),
                "percent_per_day": round(
                    100.0 * self._bearable[disease] * float(over[pens].max()), 3
                ),
                "weight_g": round(float(state.weight_g[pens].mean())),
            }
            outbreak = int(outbreaks.id[disease, place]) or None
            notes.append(Note(NoteKind.EARLY_HARVEST, place, None, outbreak, facts))
        return notes
