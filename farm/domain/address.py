"""The address of a chunk: the smallest thing generated, committed, retried and verified alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from farm.domain.calendar import Month

#: Stands where the month stands in the address of a simulation chunk.
_SIMULATE = "simulate"


@dataclass(frozen=True, order=True, slots=True)
class ChunkAddress:
    """One batch-month (``1/FO-2015-07/2016-03``) or one geography's simulation (``1/FO/simulate``).

    ``subject`` is a batch code for a batch-month and a geography code for a simulation;
    ``month`` is None for a simulation.
    """

    session: int
    subject: str
    month: Month | None

    def __str__(self) -> str:
        return f"{self.session}/{self.subject}/{self.month or _SIMULATE}"

    @classmethod
    @lru_cache(maxsize=20_000)  # the ledger is read again and again, a session's chunks at a time
    def parse(cls, text: str) -> ChunkAddress:
        """Return the address written in ``text``; raises ValueError for anything else."""
        parts = text.split("/")
        if len(parts) != 3 or not parts[0].isdigit() or not parts[1]:
            raise ValueError(f"not a chunk address (session/batch/YYYY-MM): {text!r}")
        month = None if parts[2] == _SIMULATE else Month.parse(parts[2])
        return cls(int(parts[0]), parts[1], month)

    @classmethod
    def simulation(cls, session: int, geography: str) -> ChunkAddress:
        """Return the address of one geography's simulation in a session."""
        return cls(session, geography, None)
