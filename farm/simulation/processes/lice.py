"""Lice: how many sit on the fish of each pen, and what that does to the fish.

Larvae come from the wild, from the site's own females and from those of neighbouring sites; they
settle, moult, moult again, and the females lay eggs: faster in warm water. Lice are means per fish.
"""

from __future__ import annotations

import numpy as np

from farm.domain import lice
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.lice import STEPS
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame
from farm.simulation.lice_on_fish import FEMALE, MALE, ROWS, show
from farm.simulation.lice_treatments import LiceTreatments
from farm.simulation.process import Arrival, Morning, Process, Therapy
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class Lice(Process):
    """Contributes a loss of appetite, and the signs of lice."""

    name = "lice"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._lice = biology.lice
        self._frame = frame
        self._dice = dice
        self._connections = lice.connections(biology.lice, frame.site_distance_km)
        self._first_pen = np.asarray([place.members[0] for place in frame.places], dtype=np.int64)[
            : len(frame.sites)
        ]
        deaths = biology.lice.mortality
        groups = [deaths.attached] * STEPS + [deaths.mobile] * STEPS
        self._survival = 1.0 - np.asarray([*groups, deaths.adult_male, deaths.adult_female])
        self._days = np.asarray(
            (biology.lice.larva_days, biology.lice.attached_days, biology.lice.mobile_days)
        )[:, np.newaxis]
        self._wild = lice.from_the_wild(biology.lice, frame.geography.code, np.arange(367))
        self._treatments = LiceTreatments(biology, frame, dice)
        self._today = 0
        self._site_chances: Floats = np.zeros((0, len(frame.sites)))
        self._pen_chances: Floats = np.zeros((0, frame.size))

    def begin(self) -> Own:
        """Return the lice of a farm without fish.

        ``lice`` of shape (ROWS, containers), ``larvae`` (STEPS, sites) as `shed`, by step; beside
        them the arrays of `LiceTreatments`.
        """
        dice, sites, size = self._dice, len(self._frame.sites), self._frame.size
        return {
            "lice": np.zeros((ROWS, size)),
            "larvae": np.zeros((STEPS, sites)),
            **self._treatments.none_at_work(),
            "place": dice.once_by_site(Decision.LICE_PLACE),
            "site": dice.once_by_site(Decision.LICE_SITE),
            "pen": dice.once_by_container(Decision.LICE_PEN),
            **self._treatments.no_campaign(),
        }

    def turn_month(self, month: Month) -> None:
        """Draw how the infection pressure moves in a month."""
        self._site_chances = self._dice.by_site(Decision.LICE_SITE, month, normal)
        self._pen_chances = self._dice.by_container(Decision.LICE_PEN, month, normal)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Let lice die, moult and settle, and write what they cost."""
        parameters, signs = self._lice, morning.signs
        self._today = morning.today.ordinal
        stocked = (morning.state.population > 0) & self._frame.at_sea
        found: Floats = own["lice"]
        found *= stocked
        # The water of a site is that of all its pens.
        speed = lice.speed(parameters, morning.water.temperature_c[self._first_pen])
        passing = lice.passing(self._days, speed)
        settling = self._settling(morning, own, found, speed, passing[0]) * stocked
        found *= self._survival[:, np.newaxis]
        self._treatments.go_on(found, own)
        self._moult(found, passing[1:])
        found[0] += settling
        show(signs, found, slice(None))
        burden = signs.lice_mobile + signs.lice_adult_female
        morning.rates.eat(lice.appetite(parameters, burden))

    def treat(self, therapy: Therapy, own: Own) -> None:
        """Let today's treatments kill lice."""
        where = self._treatments.start(therapy, self._today, own)
        show(therapy.signs, own["lice"], where)

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Give fish that came what they bring: from fresh water none."""
        where = arrival.container
        # Fish do not go back to fresh water, where there are none.
        if not np.count_nonzero(self._frame.at_sea[where]):
            return
        own["lice"][:, where] = arrival.mixed(own["lice"])
        self._treatments.forget(where[arrival.before == 0], own)
        show(arrival.signs, own["lice"], where)

    def _settling(
        self, morning: Morning, own: Own, found: Floats, speed: Floats, drifting: Floats
    ) -> Floats:
        """Return the lice that settle on each fish today; the larvae drift on."""
        parameters, frame, row = self._lice, self._frame, morning.today.row
        water = morning.water.salinity_psu[self._first_pen]
        own["site"] = persist(own["site"], parameters.site_persistence, self._site_chances[row])
        own["pen"] = persist(own["pen"], parameters.pen_persistence, self._pen_chances[row])
        population = morning.state.population.astype(np.float64)
        females = frame.at_sites(found[FEMALE] * population)
        larvae = lice.shed(parameters, females, frame.at_sites(population)) * speed
        ready = self._drift(larvae, drifting, own)
        wild = self._wild[morning.today.day_of_year]
        # Not as a matrix product: libraries for these add up in an order of the machine's own.
        pressure = wild * speed + np.add.reduce(self._connections * ready, axis=1)
        of_site = parameters.place_log_sd * own["place"] + parameters.site_log_sd * own["site"]
        pressure *= np.exp(of_site)
        of_pen = np.exp(parameters.pen_log_sd * own["pen"])
        settle = frame.spread(lice.settling(parameters, water), 0.0)
        return np.asarray(frame.spread(pressure, 0.0) * of_pen * settle)

    def _drift(self, fresh: Floats, passing: Floats, own: Own) -> Floats:
        """Let larvae live another day; return those that are ready to settle, by site."""
        larvae: Floats = own["larvae"] * (1.0 - self._lice.mortality.larva)
        gone = larvae * passing
        larvae -= gone
        larvae[1:] += gone[:-1]
        larvae[0] += fresh
        own["larvae"] = larvae
        return np.asarray(gone[-1], dtype=np.float64)

    def _moult(self, found: Floats, of_groups: Floats) -> None:
        """Let lice go on to the next step.

        Args:
            found: on the fish.
            of_groups: share of each step of the attached and of the mobile that does, by site.
        """
        young, females = found[:MALE], self._lice.females
        rates = self._frame.spread(of_groups, 0.0)[:, np.newaxis]
        moving = (young.reshape(2, STEPS, -1) * rates).reshape(young.shape)
        young -= moving
        young[1:] += moving[:-1]
        found[MALE] += (1.0 - females) * moving[-1]
        found[FEMALE] += females * moving[-1]
