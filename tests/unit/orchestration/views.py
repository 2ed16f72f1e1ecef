"""Readings of the ledger, written short: a letter per chunk."""

from __future__ import annotations

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.ports import ChunkView, MonthView, SessionView
from farm.orchestration.states import ChunkState, MonthState, SessionState

#: p planned, s sent, R running and held, l running and its worker lost, c committed, f failed.
LETTERS = {
    "p": (ChunkState.PLANNED, False),
    "s": (ChunkState.PUBLISHED, False),
    "R": (ChunkState.RUNNING, True),
    "l": (ChunkState.RUNNING, False),
    "c": (ChunkState.COMMITTED, False),
    "f": (ChunkState.FAILED, False),
}
JANUARY = Month(2015, 1)


def month(number: int) -> Month:
    return Month(2015, number)


def chunk(which: Month | int, place: int) -> ChunkAddress:
    """Return the address of the chunk at a place (from 1) of a month."""
    return ChunkAddress(1, f"FO-{place}", month(which) if isinstance(which, int) else which)


def simulation(place: int) -> ChunkAddress:
    return ChunkAddress.simulation(1, f"G{place}")


def months(*given: tuple[MonthState, str]) -> tuple[MonthView, ...]:
    """Return consecutive months from January, each with a letter per chunk."""
    views = []
    for number, (state, letters) in enumerate(given, start=1):
        its = tuple(
            ChunkView(chunk(number, place), *LETTERS[letter], attempts=0)
            for place, letter in enumerate(letters, start=1)
        )
        views.append(MonthView(month(number), state, () if state is MonthState.CLOSED else its))
    return tuple(views)


def running(
    *given: tuple[MonthState, str], waiting: int | None = 0, quiet_s: float = 0.0
) -> SessionView:
    return view(SessionState.RUNNING, "cc", months(*given), waiting=waiting, quiet_s=quiet_s)


def planning(letters: str, *, waiting: int | None = 0, quiet_s: float = 0.0) -> SessionView:
    return view(SessionState.PLANNING, letters, (), waiting=waiting, quiet_s=quiet_s)


def view(
    state: SessionState,
    simulations: str,
    given: tuple[MonthView, ...],
    *,
    waiting: int | None = 0,
    quiet_s: float = 0.0,
    before: SessionState | None = None,
    founded: tuple[int, ...] = (1, 2, 3, 4),
) -> SessionView:
    return SessionView(
        session=1,
        state=state,
        before=before,
        founded=frozenset(f"G{place}" for place in founded),
        epoch=1,
        simulations=tuple(
            ChunkView(simulation(place), *LETTERS[letter], attempts=0)
            for place, letter in enumerate(simulations, start=1)
        ),
        expanded=bool(given),
        months=given,
        quiet_s=quiet_s,
        waiting=waiting,
    )
