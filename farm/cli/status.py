"""`farm status`: where every session stands, from the database's own counts."""

from __future__ import annotations

import json

import click
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from farm.bootstrap import Farm
from farm.cli.choice import require_session, scenario_to_show
from farm.cli.markdown import markdown
from farm.cli.opened import opened
from farm.cli.options import json_option, session_argument
from farm.cli.status_view import StatusView
from farm.cli.stopping import stop_flag
from farm.cli.terminal import human_console
from farm.db.metrics import count_missing, read_metrics
from farm.db.progress import Progress
from farm.errors import DatabaseLost
from farm.reports import observe
from farm.reports.session_look import look
from farm.reports.standing import standing
from farm.settings.settings import load_settings
from farm.settings.yardsticks import load_yardsticks

#: Seconds between two looks of --watch.
WATCH_EVERY_S = 1.0


@click.command("status")
@session_argument
@click.option("--watch", is_flag=True, help="Look again every second until Ctrl-C.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print all tables as Markdown.")
@json_option
def status(session: int | None, *, watch: bool, as_markdown: bool, as_json: bool) -> None:
    """Show the sessions; with N, also its matrix of batches and months and its figures."""
    if watch + as_markdown + as_json > 1:
        raise click.UsageError("--watch, --markdown and --json do not go together")
    with opened(load_settings()) as farm:
        scenario = scenario_to_show(farm)
        if session is not None:
            require_session(scenario, session)
        if watch:
            _watch(farm, session)
            return
        # Where nobody drives, nobody has counted what the workers completed.
        count_missing(farm.database, load_yardsticks(farm.settings.config_dir).answers)
        progress = Progress(farm.database)
        if as_json:
            seen = observe.status(progress, scenario)
            click.echo(json.dumps(seen.as_json(read_metrics(farm.database)), indent=2))
        elif as_markdown:
            click.echo(markdown(standing(farm.database, scenario)), nl=False)
        else:
            metrics = read_metrics(farm.database) if session is not None else ()
            human_console().print(StatusView(look(progress, scenario, session), metrics))


def _watch(farm: Farm, session: int | None) -> None:
    """Show looks one after another; during an outage the last one, with what is wrong."""
    progress = Progress(farm.database)
    seen: RenderableType = Text()
    with stop_flag() as stop, Live(console=human_console(), auto_refresh=False) as live:
        while not stop.is_set():
            try:
                # Asked anew each time: a first session, or a reset, may have come meanwhile.
                seen = StatusView(look(progress, scenario_to_show(farm), session), fit=True)
                live.update(seen, refresh=True)
            except DatabaseLost as error:
                live.update(Group(seen, Text(f"waiting: {error}", style="yellow")), refresh=True)
            stop.wait(WATCH_EVERY_S)
