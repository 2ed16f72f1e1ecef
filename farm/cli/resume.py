"""`farm resume`: put back what is missing, and nothing else."""

from __future__ import annotations

import click

from farm.cli import figures
from farm.cli.choice import submitted_sessions
from farm.cli.opened import opened, require_redis
from farm.cli.options import session_argument
from farm.orchestration.decide import Action, PublishMonth, PublishSimulations
from farm.orchestration.resume import Resumed
from farm.orchestration.states import SessionState
from farm.settings.settings import load_settings


@click.command("resume")
@session_argument
def resume(session: int | None) -> None:
    """Put back what is missing of one session, or of all that are not completed.

    A paused session goes on; what is committed is never made again. Workers do the work: `farm run`
    has its own, `farm worker` starts some.
    """
    settings = load_settings()
    with opened(settings) as farm:
        require_redis(farm)
        for number in submitted_sessions(farm, session):
            click.echo(told(farm.resume(number)))


def told(resumed: Resumed) -> str:
    """Return the line for what resuming a session did."""
    state = resumed.state
    if state is SessionState.COMPLETED:
        did = "is completed: nothing to do"
    elif state is SessionState.FAILED:
        did = f"has failed: `farm retry {resumed.session}` tries the failed chunks again"
    else:
        chunks = sum(_published(action) for action in resumed.actions)
        did = f"is {state.value}: {figures.several(chunks, 'chunk')} published"
    healed = "; ledger in Redis rebuilt from PostgreSQL" if resumed.healed_cache else ""
    return f"session {resumed.session} {did}{healed}"


def _published(action: Action) -> int:
    match action:
        case PublishSimulations(chunks) | PublishMonth(_, chunks):
            return len(chunks)
    return 0
