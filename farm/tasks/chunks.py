"""Tasks that make chunks. A message is an address; the result is a state and a count."""

from __future__ import annotations

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.canvas import RENDER_TASK, SIMULATE_TASK
from farm.orchestration.work import render_month, simulate_geography
from farm.tasks.app import app, process
from farm.tasks.process import give_back_memory
from farm.tasks.task import FarmTask


class ChunkTask(FarmTask):
    """A task of a chord's header."""

    abstract = True
    process = process


@app.task(base=ChunkTask, bind=True, shared=False, name=SIMULATE_TASK)
def simulate(self: ChunkTask, session: str, geography: str) -> str:
    """Simulate one geography's session. Safe to run twice: the second run changes nothing."""
    address = ChunkAddress.simulation(int(session), geography)
    try:
        return self.take_turn(address, simulate_geography)
    finally:
        give_back_memory()


@app.task(base=ChunkTask, bind=True, shared=False, name=RENDER_TASK)
def render(self: ChunkTask, session: str, subject: str, month: str) -> str:
    """Render a month of one batch or area. Safe to run twice: the second run changes nothing."""
    address = ChunkAddress(int(session), subject, Month.parse(month))
    return self.take_turn(address, render_month)
