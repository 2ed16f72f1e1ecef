"""`farm submit-session`: one session for the workers there are."""

from __future__ import annotations

import click

from farm.cli.choice import named_scenario, require_session, scenario_to_make
from farm.cli.opened import opened, require_redis
from farm.cli.options import scenario_option
from farm.cli.stopping import stop_flag
from farm.cli.wait import wait_for
from farm.orchestration.submit import Submitted
from farm.services.embedded import Services
from farm.settings.settings import load_settings

_OUTCOME = {
    Submitted.OPENED: "submitted",
    Submitted.CONTINUED: "was open already; moved on",
    Submitted.ALREADY_COMPLETED: "is completed already; nothing to do",
    Submitted.WAITS: "has stopped: `farm status` says why and what to do",
}


@click.command("submit-session")
@click.argument("session", metavar="N", type=click.IntRange(1))
@scenario_option
@click.option("--wait", is_flag=True, help="Wait until the session ends; exit 0 if completed.")
def submit_session(session: int, scenario: str | None, *, wait: bool) -> int:
    """Submit one session to whatever workers are there.

    The scenario is the one the database holds; an empty one takes --scenario, or `demo`.
    """
    settings = load_settings()
    named = named_scenario(settings, scenario, None)
    with opened(settings) as farm:
        require_redis(farm)
        chosen = scenario_to_make(farm, named, None)
        require_session(chosen, session)
        submitted = farm.submit(session, chosen)
        click.echo(f"session {session} of {chosen.name} {_OUTCOME[submitted]}")
        if not wait:
            return 0
        with stop_flag() as stop:
            return wait_for(farm, Services(settings), chosen, session, stop).value
