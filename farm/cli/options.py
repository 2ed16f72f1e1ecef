"""Options that several commands share, and how their text becomes a value."""

from __future__ import annotations

from typing import Any

import click

from farm.domain.calendar import Month

#: The scenario of a command that was given none, on a database that holds none.
DEFAULT_SCENARIO = "demo"


class MonthType(click.ParamType[Month]):
    """A calendar month, written YYYY-MM."""

    name = "YYYY-MM"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        """Return the month; fails like every other click type for anything else."""
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class SessionRange(click.ParamType[tuple[int, int]]):
    """One session or consecutive ones: ``2`` or ``1-4``."""

    name = "N or N-M"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return first and last session."""
        if isinstance(value, tuple):
            return value
        first, dash, last = value.partition("-")
        numbers = (first, last if dash else first)
        if not all(n.isascii() and n.isdigit() for n in numbers):
            self.fail(f"{value!r} is not a session (2) or a range of sessions (1-4)", param, ctx)
        low, high = int(numbers[0]), int(numbers[1])
        if not 1 <= low <= high:
            self.fail(f"{value!r} must count up from 1 or more", param, ctx)
        return low, high


scenario_option = click.option(
    "--scenario", metavar="NAME", help="A scenario of config/scenarios, such as smoke, demo, full."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Another seed than the scenario's."
)
session_argument = click.argument("session", metavar="[N]", type=click.IntRange(1), required=False)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout.")
