"""How `farm validate` looks to people: failed checks first, then every group, then one line."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from farm.cli import figures
from farm.cli.tables import table
from farm.validation.checks import Group
from farm.validation.verdict import Validation, Verdict

_GOOD, _BAD, _QUIET = "bright_green", "bold bright_red", "bright_black"


class ValidationView:
    """The verdicts of a run. ``brief``: only those that failed, and the line that sums up."""

    def __init__(self, found: Validation, *, brief: bool = False) -> None:
        self.found = found
        self.brief = brief

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the groups, failed checks first in each, and the line that sums up."""
        if not self.brief:
            yield from self._groups()
            yield from self._skipped()
        for verdict in self.found.failed:
            yield from _failure(verdict)
        yield self._summary()

    def _groups(self) -> Iterator[Text | Table]:
        for group in Group:
            of_group = [verdict for verdict in self.found.verdicts if verdict.group is group]
            if of_group:
                yield Text(group.value, style="bold")
                yield _table(sorted(of_group, key=lambda verdict: verdict.passed))
                yield Text()

    def _skipped(self) -> Iterator[Text]:
        for one in self.found.skipped:
            yield Text(f"skipped {one.id}: {one.reason}", style=_QUIET)
        if self.found.skipped:
            yield Text()

    def _summary(self) -> Text:
        found = self.found
        passed = len(found.verdicts) - len(found.failed)
        line = Text(f"{figures.several(passed, 'check')} passed, ", no_wrap=True, overflow="ignore")
        line.append(f"{len(found.failed)} failed", style=_BAD if found.failed else _GOOD)
        line.append(f", {len(found.skipped)} skipped, in {figures.duration(found.seconds)}")
        if found.failed:
            line.append(": " + ", ".join(verdict.id for verdict in found.failed))
        return line


def _table(verdicts: list[Verdict]) -> Table:
    made = table("", "check", "measured", "limits", "unit", right=("measured", "limits"))
    for verdict in verdicts:
        made.add_row(
            Text("ok", style=_GOOD) if verdict.passed else Text("FAILED", style=_BAD),
            verdict.title,
            *_measured(verdict),
        )
    return made


def _measured(verdict: Verdict) -> tuple[str, str, str]:
    """Return figure, limits and unit; only the words for it where there is no figure."""
    if verdict.problem is not None:
        return "", "", "could not be asked"
    return _number(verdict.measured), _limits(verdict), verdict.unit


def _failure(verdict: Verdict) -> Iterator[Text]:
    line = Text(f"FAILED {verdict.id}", style=_BAD)
    line.append(f": {verdict.title}", style="default")
    yield line
    if verdict.problem is not None:
        yield Text(f"  could not be asked: {verdict.problem}")
        return
    measured = f"{_number(verdict.measured)} {verdict.unit}"
    yield Text(f"  {measured}, must be {_limits(verdict)} ({verdict.source})")
    for offender in verdict.offenders:
        yield Text("  " + ", ".join(f"{name} {value}" for name, value in offender.items()))
    if len(verdict.offenders) < verdict.measured and verdict.offenders:
        more = round(verdict.measured) - len(verdict.offenders)
        yield Text(f"  … and {figures.count(more)} more")


def _limits(verdict: Verdict) -> str:
    if verdict.low == verdict.high:
        return _number(verdict.low)
    return f"{_number(verdict.low)} to {_number(verdict.high)}"


def _number(value: float) -> str:
    return figures.count(value) if value == round(value) else f"{value:.5g}"
