"""The response to outbreaks: treat what can be treated, harvest early what cannot be saved.

People go by what they see and by what the laboratory told them: the share of sick fish in each
container, and the dead of the week. Of the treatments that a disease's profile names they take the
first that fits; when an outbreak goes on, the next one in turn. Harvests wait for sick fish to be
treated.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from farm.domain.biology import Biology
from farm.domain.world import CAUSES, Stage
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks, Order, Possible, Toll
from farm.simulation.care.notes import by_place, decision
from farm.simulation.cells import cells
from farm.simulation.frame import Frame
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
        self._pens = np.asarray([place.members.size for place in frame.places])
        self._rules, self._harvest_from = care.answering, care.harvest_early_from
        self._specs = biology.treatments
        self._names = [profile.name for profile in profiles]
        self._answers = [
            tuple(index[each] for each in profile.treatments.get(code, ())) for profile in profiles
        ]
        # Columns: whether there is an answer to a disease, and whether people give it at sight.
        treatable = np.asarray([bool(answers) for answers in self._answers])
        at_sight = np.asarray([p.kind in care.answering.at_sight for p in profiles])
        self._treatable = treatable[:, np.newaxis]
        self._at_sight = self._treatable & at_sight[:, np.newaxis]
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
        own, today = morning.state.own[self.name], morning.today.ordinal
        notes = self._harvest_early(morning, outbreaks, own)
        orders: list[Order] = []
        answerable = outbreaks.diagnosed * self._treatable + outbreaks.onset * self._at_sight
        ready = (answerable > 0) & (today - own["considered"] >= self._rules.reconsidered)
        cases = cells(ready)
        if not cases:
            return orders, notes
        times, answered = own["times"], own["answered"]
        for disease, place, wanted in self._wanted(cases, morning, own):
            own["considered"][disease, place] = today
            outbreak = outbreaks.id.item(disease, place)
            if answered.item(disease, place) != outbreak:
                times[disease, place] = 0
            if not wanted:
                continue
            answers = self._answers[disease]
            turn = times.item(disease, place) % len(answers)
            in_turn = (*answers[turn:], *answers[:turn])
            order = self._order(in_turn, outbreak, place, wanted, morning)
            if order is not None:
                answered[disease, place] = outbreak
                times[disease, place] += 1
                own["treated"][disease, order.containers] = today
                orders.append(order)
                notes.append(decision(order, self._specs[order.kind].name, self._names[disease]))
        return orders, notes

    def note(self, today: Today, state: State, toll: Toll) -> None:
        """Remember how bad the day was."""
        own, ill = state.own[self.name], toll.ill
        losses, row = own["losses"], today.ordinal % self._rules.harvest_early_after
        new = (state.arrived == today.ordinal).nonzero()[0]
        if new.size:
            losses[:, new] = 0.0
        losses[row] = 0.0
        if not ill.size:
            return
        there = np.maximum(state.population[ill] + toll.dead[ill], 1)
        over = toll.deaths[CAUSES:].take(ill, axis=1) / there / self._bearable[:, np.newaxis]
        losses[row, ill] = np.maximum.reduce(over)
        own["worst"][ill] = over.argmax(axis=0)

    def _wanted(
        self, cases: list[tuple[int, int]], morning: Morning, own: Own
    ) -> Iterator[tuple[int, int, list[int]]]:
        """Yield disease, place and the containers to treat of cases with sick fish.

        They are the sick, or all that can fall sick where many did. Those that were treated for the
        disease a short while ago are left alone.

        Args:
            cases: disease and place of each.
            morning: today.
            own: the own arrays.
        """
        state, today = morning.state, morning.today.ordinal
        diseases, places = np.asarray(cases).T
        case = np.arange(len(cases)).repeat(self._pens[places])
        at = np.concatenate([self._frame.places[place].members for _, place in cases])
        disease = diseases[case]
        alive = state.population[at] > 0
        sick = (morning.signs.sick[disease, at] >= self._rules.sick_from) & alive
        exposed = self._susceptible[disease, state.stage[at]] & alive
        sick_exposed = sick & exposed
        many = np.bincount(case, sick_exposed) >= self._rules.all_from * np.bincount(case, exposed)
        treated = own["treated"][disease, at]
        # Fish that came after the treatment were not treated.
        rested = (today - treated >= self._rules.pause) | (state.arrived[at] > treated)
        wanted = np.where(many[case], exposed, sick_exposed) & rested
        for number in np.bincount(case, sick).nonzero()[0].tolist():
            yield *cases[number], at[wanted & (case == number)].tolist()

    def _order(
        self,
        kinds: tuple[int, ...],
        outbreak: int,
        place: int,
        wanted: list[int],
        morning: Morning,
    ) -> Order | None:
        """Return an order of the first treatment that fits any of the fish, None if none does."""
        today, state = morning.today, morning.state
        warmth, weight = morning.water.temperature_c.item, state.weight_g.item
        for kind in kinds:
            spec = self._specs[kind]
            if not spec.is_allowed(self._frame.geography.code, today.date.year):
                continue
            fits = [
                at
                for at in wanted
                if spec.coldest <= warmth(at) <= spec.warmest and weight(at) >= spec.least_weight
            ]
            chosen = self._possible(kind, fits, today, state, urgent=True)
            if chosen:
                day = today.ordinal + self._rules.preparation
                return Order(kind, place, tuple(chosen), "outbreak", outbreak, day)
        return None

    def _harvest_early(self, morning: Morning, outbreaks: OpenOutbreaks, own: Own) -> list[Note]:
        """Mark fish that die too fast and are large enough; return a note for each place."""
        state = morning.state
        over = np.add.reduce(own["losses"]) / self._rules.harvest_early_after
        dying = (over >= 1.0).nonzero()[0]
        if not dying.size:
            return []
        worst = own["worst"][dying]
        stay = state.early[dying] | state.withheld[dying] | state.leaves[dying]
        marked = (stay == 0) & (state.stage[dying] == Stage.ADULT.id)
        marked &= (state.weight_g[dying] >= self._harvest_from) & (state.population[dying] > 0)
        marked &= outbreaks.onset[worst, self._frame.place_of[dying]] > 0
        chosen = dying[marked]
        state.early[chosen] = 1
        of_pens = zip(chosen.tolist(), worst[marked].tolist(), strict=True)
        cases = [(at, disease, at) for at, disease in of_pens]
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
