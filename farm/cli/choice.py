"""Which scenario and which session a command means."""

from __future__ import annotations

from farm.bootstrap import VERSIONS, Farm
from farm.cli.options import DEFAULT_SCENARIO
from farm.domain.scenario import Scenario
from farm.errors import SessionRefused
from farm.orchestration.submit import check_unchanged, restored_scenario
from farm.settings.scenarios import load_scenario
from farm.settings.settings import Settings


def named_scenario(settings: Settings, name: str | None, seed: int | None) -> Scenario | None:
    """Return the scenario that a command line names; None when it names none.

    Raises:
        ScenarioInvalid: there is no such scenario, or its files are wrong.
    """
    return None if name is None else load_scenario(name, settings.config_dir, seed)


def default_scenario(settings: Settings, seed: int | None) -> Scenario:
    """Return the scenario that is made where a command names none and the database holds none."""
    return load_scenario(DEFAULT_SCENARIO, settings.config_dir, seed)


def held_scenario(farm: Farm) -> Scenario | None:
    """Return the scenario that the database holds; None when nothing was submitted yet.

    Raises SessionRefused when another version of the generator wrote one that cannot be read.
    """
    rows = farm.ledger.sessions()
    return restored_scenario(farm.ledger, rows[0]) if rows else None


def scenario_to_make(farm: Farm, named: Scenario | None, seed: int | None) -> Scenario:
    """Return the named scenario; else the one the database holds; else the default.

    Raises:
        SessionRefused: the database holds another scenario, seed or version.
    """
    chosen = named or held_scenario(farm)
    if chosen is None:
        return default_scenario(farm.settings, seed)
    if seed is not None and seed != chosen.seed:
        outline = chosen.outline.model_copy(update={"seed": seed})
        chosen = chosen.model_copy(update={"outline": outline})
    check_unchanged(farm.ledger.sessions(), chosen, VERSIONS)
    return chosen


def scenario_to_show(farm: Farm) -> Scenario:
    """Return the scenario the database holds, else the default that `farm run` would make."""
    return held_scenario(farm) or default_scenario(farm.settings, None)


def submitted_sessions(farm: Farm, session: int | None) -> list[int]:
    """Return the session asked for, or all that were submitted.

    Raises:
        SessionRefused: that session, or any, was never submitted.
    """
    if session is not None:
        require_session(scenario_to_show(farm), session)
    numbers = [row.session for row in farm.ledger.sessions()]
    if session is None and numbers:
        return numbers
    if session is not None and session in numbers:
        return [session]
    what = "nothing was" if session is None else f"session {session} was never"
    raise SessionRefused(
        f"{what} submitted: `farm run` does all, `farm submit-session {session or 1}` this one"
    )


def require_session(scenario: Scenario, session: int) -> None:
    """Raise SessionRefused when the scenario has no such session."""
    numbers = scenario.session_numbers
    if session not in numbers:
        listed = f"{numbers[0]} to {numbers[-1]}"
        raise SessionRefused(f"scenario {scenario.name} has sessions {listed}, not {session}")
