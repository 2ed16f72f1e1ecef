"""Tasks that move a session on: bodies and errbacks of chords. They only ask the ledger."""

from __future__ import annotations

from farm.bootstrap import Farm
from farm.domain.calendar import Month
from farm.orchestration.canvas import ADVANCE_TASK, CLOSE_MONTH_TASK
from farm.tasks.app import app, process
from farm.tasks.task import FarmTask


class ControlTask(FarmTask):
    """A task whose result nobody reads."""

    abstract = True
    ignore_result = True
    process = process


@app.task(base=ControlTask, bind=True, shared=False, name=ADVANCE_TASK)
def advance(self: ControlTask, session: str) -> None:
    """Do everything that follows from the ledger for a session.

    As an errback it must take one argument only: Celery would call one with more in the process of
    the failed task instead of sending it.
    """
    self.move(int(session), "advance", lambda farm: _advance(farm, int(session)))


@app.task(base=ControlTask, bind=True, shared=False, name=CLOSE_MONTH_TASK)
def close_month(self: ControlTask, session: str, month: str) -> None:
    """Close a month if all its chunks are committed, then move the session on."""

    def close(farm: Farm) -> str:
        closed = farm.ledger.close_month(int(session), Month.parse(month))
        return f"{month} {'closed' if closed else 'not closed now'}; {_advance(farm, int(session))}"

    self.move(int(session), "close month", close)


def _advance(farm: Farm, session: int) -> str:
    actions = farm.advance(session, hold_back=process.is_short_of_memory())
    return ", ".join(type(action).__name__ for action in actions) or "nothing to do"
