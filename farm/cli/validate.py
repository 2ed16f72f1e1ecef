"""`farm validate`: whether the data can be true."""

from __future__ import annotations

import json

import click
from rich.console import Console

from farm.bootstrap import Farm
from farm.cli.choice import require_session, submitted_sessions
from farm.cli.opened import opened
from farm.cli.options import json_option, session_argument
from farm.cli.terminal import human_console
from farm.cli.validation_view import ValidationView
from farm.db import verdicts
from farm.errors import SessionRefused
from farm.orchestration.states import SessionState
from farm.orchestration.submit import restored_scenario
from farm.settings.settings import load_settings
from farm.settings.yardsticks import load_yardsticks
from farm.validation.bands import load_bands
from farm.validation.checks import load_checks
from farm.validation.run import validate as run_checks
from farm.validation.scope import Scope
from farm.validation.verdict import Validation

#: What the command exits with when a check fails.
FAILED = 1


@click.command("validate")
@session_argument
@json_option
def validate(session: int | None, *, as_json: bool) -> int:
    """Check whether the data can be true: integrity, the farm's rules, published figures.

    With N, what is kept by month is looked at in that session's months alone. Exit code 1 when a
    check fails.
    """
    with opened(load_settings()) as farm:
        if as_json:
            found = validated(farm, session)
            click.echo(json.dumps(found.as_json(), indent=2))
            return FAILED if found.failed else 0
        return 0 if validate_and_print(human_console(), farm, session) else FAILED


def validate_and_print(
    console: Console, farm: Farm, session: int | None = None, *, brief: bool = False
) -> bool:
    """Run and show all checks of the completed sessions; return whether every one passed.

    ``brief``: show only what failed, and a line. Raises as `validated`.
    """
    with console.status("checking the data"):
        found = validated(farm, session)
    console.print(ValidationView(found, brief=brief), crop=False)
    return not found.failed


def validated(farm: Farm, session: int | None) -> Validation:
    """Run all checks and keep what they found in `ops.check_result`.

    Raises:
        SessionRefused: nothing was submitted, or a session is not completed.
        ScenarioInvalid: the file of bands or that of yardsticks is wrong.
    """
    scope = _scope(farm, session)
    bands = load_bands(farm.settings.config_dir)
    found = run_checks(str(farm.settings.database_url), load_checks(), scope, bands)
    verdicts.record(farm.database, session, found.as_json()["checks"])
    return found


def _scope(farm: Farm, session: int | None) -> Scope:
    submitted_sessions(farm, session)
    rows = farm.ledger.sessions()
    for row in rows:
        if row.state is not SessionState.COMPLETED:
            raise SessionRefused(
                f"session {row.session} is {row.state.value}: only completed sessions can be"
                " validated; `farm status` says where it stands"
            )
    scenario = restored_scenario(farm.ledger, rows[0])
    if session is not None:
        require_session(scenario, session)
    answers = load_yardsticks(farm.settings.config_dir).answers
    return Scope(scenario, [row.session for row in rows], session, answers)
