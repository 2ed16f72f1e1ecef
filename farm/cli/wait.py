"""Waiting for a session that workers elsewhere make."""

from __future__ import annotations

import time
from threading import Event

from farm.bootstrap import Farm
from farm.cli.drive import Drive, Ending
from farm.cli.farm_work import FarmWork
from farm.cli.screen import PlainScreen
from farm.cli.summary import show_summary
from farm.cli.terminal import human_console
from farm.db.progress import Progress
from farm.domain.scenario import Scenario
from farm.reports.observe import Observer
from farm.reports.run_view import RunView
from farm.services.embedded import Services


def wait_for(
    farm: Farm, services: Services, scenario: Scenario, session: int, stop: Event
) -> Ending:
    """Move a session on and print what happens until it ends; return how it ended."""
    observer = Observer(Progress(farm.database), scenario, {}, (session,))
    began = time.monotonic()

    def look(number: int, notes: tuple[str, ...]) -> RunView:
        now = time.monotonic()
        return observer.look(number, now_s=now, elapsed_s=now - began, memory=None, notes=notes)

    drive = Drive(
        work=FarmWork(farm, scenario, farm.reconciler(), services),
        revive=lambda: None,
        look=look,
        screen=PlainScreen(),
        stop=stop,
        clock=time.monotonic,
        step_every_s=farm.settings.reconcile_s,
    )
    ending = drive.run((session,))
    show_summary(human_console(), farm, scenario)
    return ending
