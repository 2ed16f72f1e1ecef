"""Lice: how many sit on the fish of each pen, and what that does to the fish.

Larvae come from the wild, from the site's own females and from those of neighbouring sites; they
settle, moult, moult again, and the females lay eggs: faster in warm water. Lice are means per fish.
"""

from __future__ import annotations

import math

import numpy as np

from farm.domain import lice
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.lice import STEPS
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Arrival, Morning, Process, Signs, Therapy
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: The rows of ``lice``: the steps of attached and of mobile lice, adult males, adult females.
ATTACHED, MOBILE = slice(0, STEPS), slice(STEPS, 2 * STEPS)
MALE, FEMALE = 2 * STEPS, 2 * STEPS + 1
ROWS = 2 * STEPS + 2

#: The row of `LiceEffect` that each row of ``lice`` follows: attached, mobile, adult female.
GROUP = np.asarray([0] * STEPS + [1] * (STEPS + 1) + [2])


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
        effects = [spec.lice for spec in biology.treatments]
        self._effective = np.asarray([effect is not None for effect in effects], dtype=np.bool_)
        self._killed = np.asarray(
            [(e.attached, e.mobile, e.adult_female) if e else (0.0, 0.0, 0.0) for e in effects]
        )
        self._logit_sd = np.asarray([effect.logit_sd if effect else 0.0 for effect in effects])
        quick = [e is not None and e.over_days <= biology.lice.unseen_within for e in effects]
        self._unseen = np.where(quick, biology.lice.unseen_logit, 0.0)
        self._over = np.asarray([math.ceil(e.over_days) if e else 1 for e in effects])
        self._today = 0
        self._site_chances: Floats = np.zeros((0, len(frame.sites)))
        self._pen_chances: Floats = np.zeros((0, frame.size))

    def begin(self) -> Own:
        """Return the lice of a farm without fish.

        ``lice`` of shape (ROWS, containers), ``larvae`` (STEPS, sites) as `shed`, by
        step. ``dying``: what treatments of each type kill in a day, as a rate, of shape (types,
        groups, containers), for the next ``dying_days``, (types, containers). The campaign of a
        site: the kind of its latest treatment and the first and last day on which it was given, 0
        where there was none.
        """
        dice, sites, size = self._dice, len(self._frame.sites), self._frame.size
        return {
            "lice": np.zeros((ROWS, size)),
            "larvae": np.zeros((STEPS, sites)),
            "dying": np.zeros((len(self._over), 3, size)),
            "dying_days": np.zeros((len(self._over), size), dtype=np.int64),
            "place": dice.once_by_site(Decision.LICE_PLACE),
            "site": dice.once_by_site(Decision.LICE_SITE),
            "pen": dice.once_by_container(Decision.LICE_PEN),
            "campaign_kind": np.zeros(sites, dtype=np.int64),
            "campaign_first": np.zeros(sites, dtype=np.int64),
            "campaign_last": np.zeros(sites, dtype=np.int64),
        }

    def turn_month(self, month: Month) -> None:
        """Draw how the infection pressure moves in a month."""
        self._site_chances = self._dice.by_site(Decision.LICE_SITE, month, normal)
        self._pen_chances = self._dice.by_container(Decision.LICE_PEN, month, normal)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Let lice die, moult and settle, and write what they cost."""
        parameters, state, water = self._lice, morning.state, morning.water
        self._today = morning.today.ordinal
        stocked = (state.population > 0) & self._frame.at_sea
        found: Floats = np.where(stocked, own["lice"], 0.0)
        speed = lice.speed(parameters, water.temperature_c)
        settling = self._settling(morning, own, found, speed) * stocked
        found *= self._survival[:, np.newaxis]
        if own["dying_days"].any():
            self._go_on_dying(found, own)
        self._moult(found, speed)
        found[0] += settling
        own["lice"] = found
        _write(morning.signs, found)
        burden = found[MOBILE].sum(axis=0) + found[MALE] + found[FEMALE]
        morning.rates.eat(lice.appetite(parameters, burden))

    def treat(self, therapy: Therapy, own: Own) -> None:
        """Let today's treatments kill lice, from today on and over the days that they take.

        Each at its own pace: a bath kills at once where cleaner fish eat for months. What is left
        of an earlier treatment of the same type is spread over the days of the new one.
        """
        chosen = self._effective[therapy.kind]
        if not chosen.any():
            return
        where, kind = therapy.container[chosen], therapy.kind[chosen]
        share = self._lice.campaign_share
        score = math.sqrt(share) * self._campaign_scores(where, kind, own) + math.sqrt(
            1.0 - share
        ) * np.asarray(self._dice.scores(Decision.LICE_KILLED, therapy.treatment[chosen]))
        killed = lice.share_killed(
            self._killed[kind].T,
            self._unseen[kind][np.newaxis],
            self._logit_sd[kind][np.newaxis],
            score[np.newaxis],
        )
        at = kind, slice(None), where
        days = self._over[kind][:, np.newaxis]
        left = own["dying"][at] * own["dying_days"][kind, where][:, np.newaxis]
        own["dying"][at] = rates = (left - np.log1p(-killed).T) / days
        own["dying_days"][kind, where] = self._over[kind] - 1
        own["lice"][:, where] *= np.exp(-rates.T)[GROUP]
        _write(therapy.signs, own["lice"])

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Give fish that came what they bring: from fresh water none."""
        where = arrival.container
        own["lice"][:, where] = arrival.mixed(own["lice"])
        fresh = where[arrival.before == 0]
        own["dying_days"][:, fresh] = 0
        _write(arrival.signs, own["lice"])

    def _settling(self, morning: Morning, own: Own, found: Floats, speed: Floats) -> Floats:
        """Return the lice that settle on each fish today; the larvae drift on."""
        parameters, frame, row = self._lice, self._frame, morning.today.row
        own["site"] = persist(own["site"], parameters.site_persistence, self._site_chances[row])
        own["pen"] = persist(own["pen"], parameters.pen_persistence, self._pen_chances[row])
        at_site = speed[self._first_pen]
        population = morning.state.population.astype(np.float64)
        females = frame.at_sites(found[FEMALE] * population)
        larvae = lice.shed(parameters, females, frame.at_sites(population)) * at_site
        ready = self._drift(larvae, at_site, own)
        wild = lice.from_the_wild(parameters, frame.geography.code, morning.today.day_of_year)
        # Not as a matrix product: libraries for these add up in an order of the machine's own.
        pressure = wild * at_site + (self._connections * ready).sum(axis=1)
        of_site = parameters.place_log_sd * own["place"] + parameters.site_log_sd * own["site"]
        pressure *= np.exp(of_site)
        of_pen = np.exp(parameters.pen_log_sd * own["pen"])
        salinity = np.where(frame.at_sea, morning.water.salinity_psu, 0.0)
        return np.asarray(
            frame.spread(pressure, 0.0) * of_pen * lice.settling(parameters, salinity)
        )

    def _drift(self, fresh: Floats, speed: Floats, own: Own) -> Floats:
        """Let larvae live another day; return those that are ready to settle, by site."""
        larvae: Floats = own["larvae"] * (1.0 - self._lice.mortality.larva)
        gone = larvae * lice.passing(self._lice.larva_days, speed)
        larvae -= gone
        larvae[1:] += gone[:-1]
        larvae[0] += fresh
        own["larvae"] = larvae
        return np.asarray(gone[-1], dtype=np.float64)

    def _moult(self, found: Floats, speed: Floats) -> None:
        parameters = self._lice
        attached = found[ATTACHED] * lice.passing(parameters.attached_days, speed)
        mobile = found[MOBILE] * lice.passing(parameters.mobile_days, speed)
        found[ATTACHED] -= attached
        found[MOBILE] -= mobile
        found[1:STEPS] += attached[:-1]
        found[STEPS] += attached[-1]
        found[STEPS + 1 : MALE] += mobile[:-1]
        found[MALE] += (1.0 - parameters.females) * mobile[-1]
        found[FEMALE] += parameters.females * mobile[-1]

    def _go_on_dying(self, found: Floats, own: Own) -> None:
        still: Bools = own["dying_days"] > 0
        at_work = np.flatnonzero(still.any(axis=1))
        rates = np.where(still[at_work, np.newaxis], own["dying"][at_work], 0.0).sum(axis=0)
        found *= np.exp(-rates)[GROUP]
        own["dying_days"] = own["dying_days"] - still

    def _campaign_scores(self, where: Integers, kind: Integers, own: Own) -> Floats:
        """Return what pens share that are treated alike, one after another, at one site."""
        sites = self._frame.place_of[where]
        for site, chosen in dict(zip(sites.tolist(), kind.tolist(), strict=True)).items():
            pause = self._today - own["campaign_last"][site]
            if own["campaign_kind"][site] != chosen + 1 or pause >= self._lice.campaign_gap:
                own["campaign_kind"][site] = chosen + 1
                own["campaign_first"][site] = self._today
            own["campaign_last"][site] = self._today
        ids = np.asarray([site.id for site in self._frame.sites], dtype=np.int64)
        scores = self._dice.scores(
            Decision.LICE_CAMPAIGN, ids[sites], kind, own["campaign_first"][sites]
        )
        return np.asarray(scores, dtype=np.float64)


def _write(signs: Signs, found: Floats) -> None:
    """Write the lice where people can see them."""
    signs.lice_attached[:] = found[ATTACHED].sum(axis=0)
    signs.lice_mobile[:] = found[MOBILE].sum(axis=0) + found[MALE]
    signs.lice_adult_female[:] = found[FEMALE]
