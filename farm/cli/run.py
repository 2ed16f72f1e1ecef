"""`farm run`: everything, in order, in the foreground."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from threading import Event

import click
from rich.console import Console

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.choice import named_scenario, require_session, scenario_to_make
from farm.cli.crew import Crew
from farm.cli.drive import Drive, Ending
from farm.cli.farm_work import FarmWork, own_memory_mb
from farm.cli.only_one import only_one_run
from farm.cli.opened import opened, require_redis
from farm.cli.options import SessionRange, scenario_option, seed_option
from farm.cli.screen import Screen, open_screen
from farm.cli.stopping import stop_flag
from farm.cli.summary import show_summary
from farm.cli.terminal import human_console
from farm.cli.validate import validate_and_print
from farm.db.progress import Progress
from farm.domain.scenario import Scenario
from farm.errors import FarmError
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.states import SessionState
from farm.reports.observe import Observer, status
from farm.reports.programme import expected_rows
from farm.reports.run_view import Memory, RunView
from farm.services.embedded import Services
from farm.services.endpoints import Endpoints
from farm.services.home import Home, last_words
from farm.services.workers import WorkerGroup
from farm.settings import logs
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
    database holds; an empty one gets `demo`. When the last session is completed the data are
    checked; exit code 1 when a check fails (`farm validate` shows them all).
    """
    settings = load_settings(workers=workers)
    logs.configure(settings, "coordinator")
    named = named_scenario(settings, scenario, seed)
    if named is not None:
        _sessions(named, sessions)
        Blueprint.of(named)  # an impossible programme is refused before anything is started
    is_new = False
    with stop_flag() as stop:
        try:
            ending, is_new = _run(settings, named, seed, sessions, stop)
        except FarmError:
            # A server that was being started when Ctrl-C came ends with an error of its own.
            if not stop.is_set():
                raise
            ending = Ending.INTERRUPTED
    if ending is Ending.INTERRUPTED:
        click.echo("farm: stopped; run it again to go on", err=True)
    if is_new and not _can_be_true(settings):
        ending = Ending.FAILED
    return ending.value


def _run(
    settings: Settings,
    named: Scenario | None,
    seed: int | None,
    sessions: tuple[int, int] | None,
    stop: Event,
) -> tuple[Ending, bool]:
    """Make the sessions; return how it ended, and whether it finished the last of all sessions."""
    console = human_console()
    with only_one_run(settings.home), opened(settings, role="coordinator") as farm:
        require_redis(farm)
        scenario = scenario_to_make(farm, named, seed)
        asked = _sessions(scenario, sessions)
        was_finished = _is_finished(farm, scenario)
        ending = _make(farm, Services(settings), scenario, asked, stop, console)
        show_summary(console, farm, scenario)
        return ending, not was_finished and _is_finished(farm, scenario)


def _is_finished(farm: Farm, scenario: Scenario) -> bool:
    rows = farm.ledger.sessions()
    completed = {row.session for row in rows if row.state is SessionState.COMPLETED}
    return completed.issuperset(scenario.session_numbers)


def _can_be_true(settings: Settings) -> bool:
    """Check the finished data and show what failed. Outside of the run, so that Ctrl-C ends it."""
    with opened(settings) as farm:
        return validate_and_print(human_console(), farm, brief=True)


def _sessions(scenario: Scenario, asked: tuple[int, int] | None) -> Sequence[int]:
    """Return the sessions to make, in order; raises SessionRefused for one that does not exist."""
    numbers = scenario.session_numbers
    first, last = asked or (numbers[0], numbers[-1])
    require_session(scenario, last)
    return range(first, last + 1)


def _make(
    farm: Farm,
    services: Services,
    scenario: Scenario,
    asked: Sequence[int],
    stop: Event,
    console: Console,
) -> Ending:
    """Make what is not completed yet, with workers of our own. Nothing to do starts nothing."""
    progress = Progress(farm.database)
    seen = status(progress, scenario)
    if all(seen.session(number).state is SessionState.COMPLETED for number in asked):
        return Ending.COMPLETED
    settings = farm.settings
    crew = _crew(settings)
    drawn = console.is_terminal
    observer = Observer(progress, scenario, _expected(scenario), asked, with_matrix=drawn)
    began = time.monotonic()

    def look(session: int, notes: tuple[str, ...]) -> RunView:
        memory = Memory(
            coordinator_mb=own_memory_mb(),
            workers_mb=crew.memory_mb(),
            workers=settings.workers,
            limit_mb=settings.memory_limit_mb,
        )
        now = time.monotonic()
        return observer.look(session, now_s=now, elapsed_s=now - began, memory=memory, notes=notes)

    reconciler = farm.reconciler(lambda: own_memory_mb() + crew.memory_mb())
    work = FarmWork(farm, scenario, reconciler, services)
    screen = open_screen(console)
    try:
        screen.say(_opening(scenario, asked, observer.expected, settings))
        crew.start(time.monotonic())
        drive = Drive(
            work=work,
            revive=lambda: crew.revive(time.monotonic()),
            look=look,
            screen=screen,
            stop=stop,
            clock=time.monotonic,
            step_every_s=settings.reconcile_s,
        )
        ending = drive.run(asked)
        _dismiss(crew, screen, ending)
        drive.settle()
    finally:
        screen.close()
        crew.kill()
    return ending


def _crew(settings: Settings) -> Crew:
    endpoints = Endpoints(str(settings.database_url), str(settings.redis_url))
    home = Home(settings.home)
    return Crew(
        WorkerGroup(settings, endpoints, settings.workers),
        lambda: last_words(home.log_of_this_start("worker")),
    )


def _expected(scenario: Scenario) -> dict[int, int]:
    blueprint = Blueprint.of(scenario)
    return {
        number: sum(expected_rows(blueprint, number).values())
        for number in scenario.session_numbers
    }


def _opening(
    scenario: Scenario, asked: Sequence[int], expected: Mapping[int, int], settings: Settings
) -> str:
    which = f"session {asked[0]}" if len(asked) == 1 else f"sessions {asked[0]} to {asked[-1]}"
    rows = figures.several(sum(expected[number] for number in asked), "row")
    workers = figures.several(settings.workers, "worker")
    return f"{scenario.name}: {which}, seed {scenario.seed}, about {rows}, {workers}"


def _dismiss(crew: Crew, screen: Screen, ending: Ending) -> None:
    """Let the workers finish what they hold; after Ctrl-C, say that this is what is waited for."""
    if ending is Ending.INTERRUPTED:
        screen.say("stopping: the workers finish their chunks (Ctrl-C again ends them at once)")
    crew.stop()
