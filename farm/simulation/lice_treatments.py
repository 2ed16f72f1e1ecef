"""What treatments do to lice: how many they kill, and over which days."""

from __future__ import annotations

import math

import numpy as np

from farm.domain import lice
from farm.domain.biology import Biology
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.lice_on_fish import die
from farm.simulation.process import Therapy
from farm.simulation.serial_scores import SerialScores
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class LiceTreatments:
    """Treatments that work, each at its own pace: a bath kills at once, cleaner fish for months."""

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._lice = biology.lice
        self._frame = frame
        self._dice = dice
        effects = [spec.lice for spec in biology.treatments]
        self._effective = np.asarray([effect is not None for effect in effects], dtype=np.bool_)
        missing = np.asarray(
            [(e.attached, e.mobile, e.adult_female) if e else (0.0, 0.0, 0.0) for e in effects]
        )
        self._logit_sd = np.asarray([effect.logit_sd if effect else 0.0 for effect in effects])
        quick = [e is not None and e.over_days <= biology.lice.unseen_within for e in effects]
        unseen = np.where(quick, biology.lice.unseen_logit, 0.0)
        self._median = lice.median_logit(missing, unseen[:, np.newaxis])
        self._over = np.asarray([math.ceil(e.over_days) if e else 1 for e in effects])
        self._luck = SerialScores(dice.streams, Decision.LICE_KILLED)
        self._site_ids = np.asarray([site.id for site in frame.sites], dtype=np.int64)

    def none_at_work(self) -> Own:
        """Return that no treatment is at work.

        ``dying``: what treatments of each type kill in a day, as a rate, of shape (types, groups,
        containers), for the next ``dying_days``, (types, containers).
        """
        types, size = len(self._over), self._frame.size
        return {
            "dying": np.zeros((types, 3, size)),
            "dying_days": np.zeros((types, size), dtype=np.int64),
        }

    def no_campaign(self) -> Own:
        """Return that there was no campaign at any site.

        That of a site: the kind of its latest treatment and the first and last day on which it was
        given, 0 where there was none.
        """
        names = "campaign_kind", "campaign_first", "campaign_last"
        return {name: np.zeros(len(self._frame.sites), dtype=np.int64) for name in names}

    def start(self, therapy: Therapy, today: int, own: Own) -> Integers:
        """Let today's treatments kill lice, from today on and over the days that they take.

        What is left of an earlier treatment of the same type is spread over the days of the new
        one.

        Returns:
            the containers whose lice die.
        """
        chosen = self._effective[therapy.kind]
        where, kind = therapy.container[chosen], therapy.kind[chosen]
        if not where.size:
            return where
        share = self._lice.campaign_share
        score = math.sqrt(share) * self._campaign_scores(where, kind, today, own) + math.sqrt(
            1.0 - share
        ) * np.asarray(self._luck.of(therapy.treatment[chosen].tolist()))
        killed = lice.share_killed(self._median[kind].T, self._logit_sd[kind], score)
        at = kind, slice(None), where
        days = self._over[kind][:, np.newaxis]
        left = own["dying"][at] * own["dying_days"][kind, where][:, np.newaxis]
        own["dying"][at] = rates = (left - np.log1p(-killed).T) / days
        own["dying_days"][kind, where] = self._over[kind] - 1
        die(own["lice"], where, rates.T)
        return where

    def go_on(self, found: Floats, own: Own) -> None:
        """Let lice die of the treatments of days before."""
        days, size = own["dying_days"].reshape(-1), self._frame.size
        still = (days > 0).nonzero()[0]
        if not still.size:
            return
        days[still] -= 1
        kind, where = np.divmod(still, size)
        at = np.bincount(where).nonzero()[0]
        of_each = own["dying"][kind, :, where].T
        die(found, at, np.asarray([np.bincount(where, of_group)[at] for of_group in of_each]))

    def forget(self, containers: Integers, own: Own) -> None:
        """Let nothing go on in containers whose fish are new."""
        own["dying_days"][:, containers] = 0

    def _campaign_scores(self, where: Integers, kind: Integers, today: int, own: Own) -> Floats:
        """Return what pens share that are treated alike, one after another, at one site."""
        sites = self._frame.place_of[where]
        latest, first, last = own["campaign_kind"], own["campaign_first"], own["campaign_last"]
        for site, chosen in dict(zip(sites.tolist(), kind.tolist(), strict=True)).items():
            pause = today - last.item(site)
            if latest.item(site) != chosen + 1 or pause >= self._lice.campaign_gap:
                latest[site], first[site] = chosen + 1, today
            last[site] = today
        scores = self._dice.scores(
            Decision.LICE_CAMPAIGN, self._site_ids[sites], kind, first[sites]
        )
        return np.asarray(scores, dtype=np.float64)
