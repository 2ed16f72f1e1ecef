"""`farm run`: everything, in order, in the foreground."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Event

import click
from rich.console import Console

from farm.bootstrap import Farm
from farm.cli import figures
from farm.cli.choice import default_scenario, named_scenario, require_session, scenario_to_make
from farm.cli.crew import Crew
from farm.cli.drive import Drive, Ending
from farm.cli.due import Finish, due
from farm.cli.farm_work import FarmWork, own_memory_mb
from farm.cli.only_one import only_one_run
from farm.cli.opened import opened, require_redis
from farm.cli.options import SessionRange, scenario_option, seed_option
from farm.cli.record import Record
from farm.cli.screen import Screen, open_screen
from farm.cli.stopping import stop_flag
from farm.cli.summary import show_summary
from farm.cli.terminal import human_console
from farm.db.progress import Progress
from farm.domain.scenario import Scenario
from farm.errors import FarmError
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.states import SessionState
from farm.reports.observe import Observer, status
from farm.reports.programme import expected_rows
from farm.reports.run_view import Memory, RunView
from farm.services.announced import announce
from farm.services.embedded import Services
from farm.services.home import Home, last_words
from farm.services.workers import WorkerGroup
from farm.settings import logs
from farm.settings.settings import Settings, load_settings


@click.command("run")
@scenario_option
@seed_option
@click.option("--sessions", type=SessionRange(), help="Only these sessions, such as 2 or 1-3.")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes.")
@click.option("--no-validate", is_flag=True, help="Do not check the data at the end.")
@click.option("--no-report", is_flag=True, help="Do not write the report at the end.")
@click.option("--validate-only", is_flag=True, help="Make nothing, check what there is.")
def run(
    scenario: str | None,
    seed: int | None,
    sessions: tuple[int, int] | None,
    workers: int | None,
    *,
    no_validate: bool,
    no_report: bool,
    validate_only: bool,
) -> int:
    """Generate everything: servers, workers, all sessions, one after another.

    Ctrl-C stops cleanly, and running it again goes on. Without --scenario it continues what the
    database holds; an empty one gets `demo`. When the sessions asked for are completed the data are
    checked, and the report is written to FARM_HOME/report; exit code 1 when a check fails (`farm
    validate` shows them all).
    """
    if validate_only and no_validate:
        raise click.UsageError("--validate-only and --no-validate do not go together")
    settings = load_settings(workers=workers)
    logs.configure(settings, "coordinator")
    named = named_scenario(settings, scenario, seed)
    if named is not None:
        _sessions(named, sessions)
        Blueprint.of(named)  # an impossible programme is refused before anything is started
    if validate_only:
        return _check(settings, named, seed, sessions).value
    left = wanted = Finish(validate=not no_validate, report=not no_report)
    with stop_flag() as stop:
        try:
            ending, left = _run(settings, named, seed, sessions, wanted, stop)
        except FarmError:
            # A server that was being started when Ctrl-C came ends with an error of its own.
            if not stop.is_set():
                raise
            ending = Ending.INTERRUPTED
    if ending is Ending.INTERRUPTED:
        click.echo("farm: stopped; run it again to go on", err=True)
    # Outside of the run, so that Ctrl-C ends it at once.
    if ending is Ending.COMPLETED and not left.is_nothing and not _finish(settings, left):
        ending = Ending.FAILED
    return ending.value


def _finish(settings: Settings, what: Finish) -> bool:
    """Check and report; return whether every check passed."""
    from farm.cli.finish import finish  # noqa: PLC0415 - a run with nothing to do is over sooner

    return finish(settings, what)


def _run(
    settings: Settings,
    named: Scenario | None,
    seed: int | None,
    sessions: tuple[int, int] | None,
    wanted: Finish,
    stop: Event,
) -> tuple[Ending, Finish]:
    """Make the sessions; return how it ended, and what is left to do if they are completed."""
    console = human_console()
    services = Services(settings)
    with only_one_run(settings.home), _crew(settings, services) as crew:
        if services.is_new():
            first = named or default_scenario(settings, seed)
            announce(settings, first.dump())
            crew.stand_by()  # they import and plan while the servers are set up
        with opened(settings, role="coordinator") as farm:
            require_redis(farm)
            scenario = scenario_to_make(farm, named, seed)
            asked = _sessions(scenario, sessions)
            ending = _make(farm, crew, services, scenario, asked, stop, console)
            show_summary(console, farm, scenario)
            is_done = ending is Ending.COMPLETED
            return ending, due(console, farm, wanted) if is_done else wanted


def _check(
    settings: Settings,
    named: Scenario | None,
    seed: int | None,
    sessions: tuple[int, int] | None,
) -> Ending:
    """Check what there is, of one session or of all, and make nothing."""
    with opened(settings) as farm:
        scenario = scenario_to_make(farm, named, seed)
        asked = _sessions(scenario, sessions)
        is_all = len(asked) == len(scenario.session_numbers)
        if not is_all and len(asked) > 1:
            raise click.UsageError("--validate-only looks at one session or at all of them")
        from farm.cli.finish import check  # noqa: PLC0415 - as above

        is_true = check(human_console(), farm, None if is_all else asked[0])
    return Ending.COMPLETED if is_true else Ending.FAILED


def _sessions(scenario: Scenario, asked: tuple[int, int] | None) -> Sequence[int]:
    """Return the sessions to make, in order; raises SessionRefused for one that does not exist."""
    numbers = scenario.session_numbers
    first, last = asked or (numbers[0], numbers[-1])
    require_session(scenario, last)
    return range(first, last + 1)


def _make(
    farm: Farm,
    crew: Crew,
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
    drawn = console.is_terminal
    began = time.monotonic()
    screen = open_screen(console)
    try:
        announce(settings, scenario.dump())
        crew.start(began)  # they import and plan while this process does
        observer = Observer(progress, scenario, _expected(scenario), asked, with_matrix=drawn)
        screen.say(_opening(scenario, asked, observer.expected, settings))

        def look(session: int, notes: tuple[str, ...]) -> RunView:
            memory = Memory(
                coordinator_mb=own_memory_mb(),
                workers_mb=crew.memory_mb(),
                workers=settings.workers,
                limit_mb=settings.memory_limit_mb,
            )
            now = time.monotonic()
            return observer.look(
                session, now_s=now, elapsed_s=now - began, memory=memory, notes=notes
            )

        reconciler = farm.reconciler(lambda: own_memory_mb() + crew.memory_mb())
        record = Record(farm, time.monotonic)
        drive = Drive(
            work=FarmWork(farm, scenario, reconciler, services, record),
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
    return ending


@contextmanager
def _crew(settings: Settings, services: Services) -> Iterator[Crew]:
    """Yield the workers of a run, not started yet; however it ends, they do."""
    home = Home(settings.home)
    crew = Crew(
        WorkerGroup(settings, cache(services.endpoints), settings.workers),
        lambda: last_words(home.log_of_this_start("worker")),
    )
    try:
        yield crew
    finally:
        crew.kill()


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
