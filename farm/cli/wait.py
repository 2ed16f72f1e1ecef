"""Waiting for a session that workers elsewhere make."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from farm.bootstrap import Farm
from farm.cli.drive import Drive, Ending
from farm.cli.farm_work import FarmWork
from farm.cli.record import Record
from farm.cli.screen import PlainScreen
from farm.cli.summary import show_summary
from farm.cli.terminal import human_console
from farm.db.progress import Progress
from farm.domain.scenario import Scenario
from farm.reports.observe import Observer
from farm.reports.run_view import RunView
from farm.services.embedded import Services

#: Looks in a row without anybody at work, while messages wait, after which it is said: about 5 s.
PATIENCE = 25


@dataclass(slots=True)
class Hands:
    """Says once that messages wait and nobody works, which a session without workers looks like."""

    waiting: Callable[[], int | None]
    anybody_at_work: Callable[[], bool]
    _idle: int = 0

    def __call__(self) -> str | None:
        """Return the hint when it is time for it, None otherwise."""
        if self._idle > PATIENCE:
            return None
        idle = bool(self.waiting()) and not self.anybody_at_work()
        self._idle = self._idle + 1 if idle else 0
        if self._idle <= PATIENCE:
            return None
        return "messages wait and nobody takes them up: `farm worker` starts a worker"


def wait_for(
    farm: Farm, services: Services, scenario: Scenario, session: int, stop: Event
) -> Ending:
    """Move a session on and print what happens until it ends; return how it ended."""
    progress = Progress(farm.database)
    observer = Observer(progress, scenario, {}, (session,), with_matrix=False)
    began = time.monotonic()

    def look(number: int, notes: tuple[str, ...]) -> RunView:
        now = time.monotonic()
        return observer.look(number, now_s=now, elapsed_s=now - began, memory=None, notes=notes)

    record = Record(farm, time.monotonic)
    drive = Drive(
        work=FarmWork(farm, scenario, farm.reconciler(), services, record),
        revive=Hands(farm.broker.waiting, lambda: bool(progress.at_work())),
        look=look,
        screen=PlainScreen(),
        stop=stop,
        clock=time.monotonic,
        step_every_s=farm.settings.reconcile_s,
    )
    ending = drive.run((session,))
    show_summary(human_console(), farm, scenario)
    return ending
