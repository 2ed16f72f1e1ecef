"""The address of a chunk: the smallest thing generated, committed, retried and verified alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from farm.domain.calendar import Month

#: Stands where the month stands in the address of a simulation chunk.
_SIMULATE = "simulate"

#: Codes of batches end in year and number, ``FO-2015-07``; codes of areas never do: ``FO-N``.
_BATCH_CODE = re.compile(r"-[0-9]{4}-[0-9]{2,}$")


class SubjectKind(StrEnum):
    """What the subject of a chunk is."""

    GEOGRAPHY = "geography"
    BATCH = "batch"
    AREA = "area"


def kind_of_code(code: str) -> SubjectKind:
    """Return what a month's chunk is about, going by the look of the code of its subject."""
    return SubjectKind.BATCH if _BATCH_CODE.search(code) else SubjectKind.AREA


@dataclass(frozen=True, order=True, slots=True)
class ChunkAddress:
    """One batch-month, one area-month or one geography's simulation.

    Written ``1/FO-2015-07/2016-03``, ``1/FO-N/2016-03`` and ``1/FO/simulate``: ``subject`` is the
    code of the batch, area or geography; ``month`` is None for a simulation. An area-month is
    everything in a month of an area that belongs to no batch.
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
            raise ValueError(f"not a chunk address (session/batch or area/YYYY-MM): {text!r}")
        month = None if parts[2] == _SIMULATE else Month.parse(parts[2])
        return cls(int(parts[0]), parts[1], month)

    @classmethod
    def simulation(cls, session: int, geography: str) -> ChunkAddress:
        """Return the address of one geography's simulation in a session."""
        return cls(session, geography, None)
