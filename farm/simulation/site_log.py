"""The site log: writes down site events, what they kept from being fed and whom they killed."""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.calendar import day_of
from farm.domain.events import SiteEventKind
from farm.domain.world import Cause
from farm.simulation.cells import cells
from farm.simulation.frame import Frame, Integers
from farm.simulation.history import SiteEventRecord
from farm.simulation.process import EventsDay, Rates
from farm.simulation.state import Own, State

#: Ids of a site's events follow its own; the log counts them from 1.
EVENTS_OF_A_SITE = 10_000

#: Digits kept of a severity, and the least that is written: an event has one.
SEVERITY_DIGITS, LEAST_SEVERITY = 3, 0.001

_ENVIRONMENT = Cause.ENVIRONMENT.id - 1


class SiteLog:
    """Follows the latest event of each kind at each site; arrays have the shape (kinds, sites).

    What an event did may outlast it (wounds take time to heal), so it stays open for deaths until
    the next one of its kind begins there.
    """

    name = "site_log"

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kinds = list(SiteEventKind)
        self._done: list[SiteEventRecord] = []

    def begin(self) -> Own:
        """Return an empty log."""
        shape = (len(self._kinds), len(self._frame.sites))
        whole = {
            name: np.zeros(shape, dtype=np.int64) for name in ("id", "start", "end", "fasting_days")
        }
        return {
            **whole,
            "severity": np.zeros(shape),
            "deaths": np.zeros(shape),
            "count": np.zeros(len(self._frame.sites), dtype=np.int64),
        }

    def note(
        self,
        events: EventsDay,
        rates: Rates,
        state: State,
        deaths: Integers,
        own: Own,
    ) -> None:
        """Write down one day.

        Args:
            events: today's events.
            rates: today's board, with what is to blame for its hazards.
            state: the farm this evening.
            deaths: of shape (causes, containers).
            own: the log.
        """
        if np.count_nonzero(events.closes):
            own["end"] = np.where(events.closes, events.end, own["end"])
        for kind, site in cells(events.opens):
            self._open(kind, site, int(events.start[kind, site]), own)
        if np.count_nonzero(events.active):
            own["severity"] = np.maximum(own["severity"], events.intensity)
        for kind in rates.hindering:
            hungry = self._frame.at_sites(rates.kept_hungry[kind] & (state.population > 0)) > 0
            own["fasting_days"][kind] += hungry
        frame, died = self._frame, deaths[_ENVIRONMENT]
        pens = ((died > 0) & frame.at_sea).nonzero()[0]
        sites, died = frame.place_of.take(pens), died.take(pens)
        hazard = rates.hazard[_ENVIRONMENT].take(pens)
        for kind in rates.striking:
            share = rates.blame[kind].take(pens) / hazard
            own["deaths"][kind] += np.bincount(sites, share * died, len(frame.sites))

    def records(self, own: Own) -> tuple[SiteEventRecord, ...]:
        """Return the events of the period and the last one of each kind before it, by id."""
        latest = [self._record(kind, site, own) for kind, site in cells(own["id"] > 0)]
        return tuple(sorted(self._done + latest, key=lambda event: event.id))

    def _open(self, kind: int, site: int, start: int, own: Own) -> None:
        if own["id"][kind, site]:
            self._done.append(self._record(kind, site, own))
        own["count"][site] += 1
        own["id"][kind, site] = self._frame.sites[site].id * EVENTS_OF_A_SITE + own["count"][site]
        own["start"][kind, site] = start
        for name in ("end", "fasting_days", "severity", "deaths"):
            own[name][kind, site] = 0

    def _record(self, kind: int, site: int, own: Own) -> SiteEventRecord:
        severity = float(own["severity"][kind, site])
        return SiteEventRecord(
            id=int(own["id"][kind, site]),
            site_id=self._frame.sites[site].id,
            kind=self._kinds[kind].value,
            start_date=date.fromordinal(int(own["start"][kind, site])),
            end_date=day_of(int(own["end"][kind, site])),
            severity=max(round(severity, SEVERITY_DIGITS), LEAST_SEVERITY),
            fasting_days=int(own["fasting_days"][kind, site]),
            deaths=int(own["deaths"][kind, site]),
        )
