"""What a report is about: which sessions, until which day, in which geographies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from farm.domain.calendar import YEAR
from farm.reports.site.data import Row
from farm.reports.site.wording import day

#: The sessions that are compared: the years of the ramp, and the first ones of a mature company.
EARLY, MATURE = 1, 3


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as `ops.session` has it, and the days that it covers."""

    session: int
    years: str
    status: str
    scenario_name: str
    seed: int
    fingerprint: str
    generator_version: int
    numpy_version: str
    started: datetime
    completed: datetime | None
    runtime_s: float | None
    memory_peak_mb: float | None
    rows: int | None
    first_day: date
    last_day: date

    @property
    def title(self) -> str:
        """``session 1 (years 1-3)``."""
        return f"session {self.session} ({'years' if '-' in self.years else 'year'} {self.years})"


@dataclass(frozen=True, slots=True)
class Scope:
    """The completed sessions and the geographies; ``batch_id`` of the only batch, if one.

    ``unfinished``: how many sessions were begun and are not completed.
    """

    sessions: Sequence[SessionFacts]
    geographies: Sequence[Row]
    batch_id: int | None = None
    unfinished: int = 0

    @property
    def first_day(self) -> date:
        """The first day reported."""
        return self.sessions[0].first_day

    @property
    def last_day(self) -> date:
        """The last day reported."""
        return self.sessions[-1].last_day

    @property
    def span(self) -> tuple[date, date]:
        """Both."""
        return self.first_day, self.last_day

    @property
    def period(self) -> str:
        """``1 Jan 2015 to 31 Dec 2024``."""
        return f"{day(self.first_day)} to {day(self.last_day)}"

    @property
    def years(self) -> float:
        """How long it is."""
        return ((self.last_day - self.first_day).days + 1) / YEAR

    def session(self, number: int) -> SessionFacts | None:
        """Return a session if it is completed."""
        return next((one for one in self.sessions if one.session == number), None)

    @property
    def facts(self) -> Mapping[str, Any]:
        """Values for the queries' places."""
        early, mature = self.session(EARLY), self.session(MATURE)
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "batch": self.batch_id,
            "last_session": self.sessions[-1].session,
            "early_first": early and early.first_day,
            "early_last": early and early.last_day,
            "mature_first": mature and mature.first_day,
            "mature_last": mature and mature.last_day,
        }
