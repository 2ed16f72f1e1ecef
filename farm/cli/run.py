"""`farm run`: everything, in order, in the foreground."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import click
from rich.console import Console

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.choice import named_scenario, scenario_to_make
from farm.cli.crew import Crew
from farm.cli.drive import Drive, Ending
from farm.cli.opened import opened, require_redis
from farm.cli.options import SessionRange, scenario_option, seed_option
from farm.cli.own import own_memory_mb, own_peak_mb
from farm.cli.screen import Screen, open_screen
from farm.cli.stopping import stop_flag
from farm.cli.tables import SessionsTable
from farm.cli.terminal import human_console
from farm.db.progress import PostgresProgress
from farm.domain.scenario import Scenario
from farm.errors import FarmError, ServiceUnavailable, SessionRefused
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.reconcile import Reconciler, Step
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Submitted
from farm.reports.observe import Observer, status
from farm.reports.programme import expected_rows
from farm.reports.run_view import Memory, RunView
from farm.reports.status import Status
from farm.services.embedded import Services
from farm.services.endpoints import Endpoints
from farm.services.home import Home, last_words
from farm.services.workers import WorkerGroup
from farm.settings import logs
from farm.settings.secrets import mask
from farm.settings.settings import Settings, load_settings


@click.command("run")
@scenario_option
@seed_option
@click.option("--sessions", type=SessionRange(), help="Only these sessions, such as 2 or 1-3.")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes.")
def run(
    scenario: str | None,
    seed: int | None,
    sessions: tuple[int, int] | None,
    workers: int | None,
) -> int:
    """Generate everything: servers, workers, all sessions, one after another.

    Ctrl-C stops cleanly, and running it again goes on. Without --scenario it continues what the
    database holds; an empty one gets `demo`.
    """
    settings = load_settings(workers=workers)
    logs.configure(settings, "coordinator")
    named = named_scenario(settings, scenario, seed)
    if named is not None:
        Blueprint.of(named)  # an impossible programme is refused before anything is started
    console = human_console()
    with stop_flag() as stop:
        try:
            with opened(settings, role="coordinator") as farm:
                require_redis(farm)
                chosen = scenario_to_make(farm, named, seed)
                asked = _sessions(chosen, sessions)
                ending = _drive(farm, chosen, asked, stop, console)
                _report(farm, chosen, ending, console)
        except FarmError:
            # A server that was being started when Ctrl-C came ends with an error of its own.
            if not stop.is_set():
                raise
            ending = Ending.INTERRUPTED
    if ending is Ending.INTERRUPTED:
        click.echo("stopped; run it again to go on", err=True)
    return ending.value


def _sessions(scenario: Scenario, asked: tuple[int, int] | None) -> Sequence[int]:
    """Return the sessions to make, in order; raises SessionRefused for one that does not exist."""
    numbers = scenario.session_numbers
    first, last = asked or (numbers[0], numbers[-1])
    if last > numbers[-1]:
        listed = f"{numbers[0]} to {numbers[-1]}"
        raise SessionRefused(f"scenario {scenario.name} has sessions {listed}, not {last}")
    return range(first, last + 1)


def _drive(
    farm: Farm, scenario: Scenario, asked: Sequence[int], stop: Event, console: Console
) -> Ending:
    """Make what is not completed yet, with workers of our own. Nothing to do starts nothing."""
    progress = PostgresProgress(farm.database)
    seen = status(progress, scenario)
    if all(seen.session(number).state is SessionState.COMPLETED for number in asked):
        return Ending.COMPLETED
    settings = farm.settings
    group = WorkerGroup(
        settings,
        Endpoints(str(settings.database_url), str(settings.redis_url)),
        settings.workers,
    )
    crew = Crew(group, lambda: last_words(Home(settings.home).log_of_this_start("worker")))
    blueprint = Blueprint.of(scenario)
    expected = {
        number: sum(expected_rows(blueprint, number).values())
        for number in scenario.session_numbers
    }
    observer = Observer(progress, scenario, expected, asked)
    screen = open_screen(console)
    screen.say(
        f"{scenario.name}: sessions {asked[0]} to {asked[-1]}, about"
        f" {figures.several(sum(expected[n] for n in asked), 'row')},"
        f" {figures.several(settings.workers, 'worker')}"
    )
    began = time.monotonic()

    def look(session: int, notes: tuple[str, ...]) -> RunView:
        now = time.monotonic()
        memory = Memory(
            coordinator_mb=own_memory_mb(),
            workers_mb=crew.memory_mb(),
            workers=settings.workers,
            limit_mb=settings.memory_limit_mb,
        )
        return observer.look(
            session, now_s=now, elapsed_s=now - began, memory=memory, notes=notes
        )

    work = _FarmWork(
        farm, scenario, farm.reconciler(lambda: own_memory_mb() + crew.memory_mb()), settings
    )
    drive = Drive(work, crew, look, screen, stop, time.monotonic, settings.reconcile_s)
    try:
        crew.start(time.monotonic())
        ending = drive.run(asked)
        _dismiss(crew, screen, ending)
    finally:
        screen.close()
        crew.kill()
    return ending


def _dismiss(crew: Crew, screen: Screen, ending: Ending) -> None:
    """Let the workers finish what they hold; after Ctrl-C, say that this is what is waited for."""
    if ending is Ending.INTERRUPTED:
        screen.say("stopping: the workers finish their chunks (Ctrl-C again stops them at once)")
    crew.stop()


@dataclass(frozen=True, slots=True)
class _FarmWork:
    """Moves the sessions of a real farm, and starts embedded servers that have died again."""

    farm: Farm
    scenario: Scenario
    reconciler: Reconciler
    settings: Settings

    def submit(self, session: int) -> Submitted:
        """Open a session, or move on one that is open already."""
        return self.farm.submit(session, self.scenario)

    def resume(self, session: int) -> None:
        """Put back what is missing of a session that was left unfinished."""
        self.farm.resume(session)

    def step(self) -> Step:
        """Take one step of the reconciler."""
        return self.reconciler.step()

    def ended(self, session: int) -> None:
        """Add the coordinator's own memory peak to the session's."""
        self.farm.ledger.add_peak(session, own_peak_mb())


def _report(farm: Farm, scenario: Scenario, ending: Ending, console: Console) -> None:
    """Print how every session stands, what failed and why, and where the data is."""
    progress = PostgresProgress(farm.database)
    seen = status(progress, scenario)
    console.print(SessionsTable(seen.sessions))
