"""Where the generation stands, as Markdown: for a document, an issue, a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from farm.cli import figures
from farm.db.metrics import Metric, Scope
from farm.db.verdicts import CheckRun
from farm.orchestration.states import SessionState
from farm.reports.metrics import Figure, figures_of
from farm.reports.standing import Standing
from farm.reports.status import SessionStatus

_SCOPES: tuple[tuple[Scope, str], ...] = (
    ("session", "Each session"),
    ("cumulative", "Everything up to the end of each session"),
)


def markdown(standing: Standing) -> str:
    """Return sessions, months, checks and figures as one Markdown document."""
    return "\n".join(_lines(standing)) + "\n"


def _lines(standing: Standing) -> Iterator[str]:
    status = standing.status
    yield f"# {status.scenario}, seed {status.seed}"
    yield ""
    yield f"As of {figures.instant(standing.at)} UTC. Fingerprint `{status.fingerprint[:16]}`."
    yield ""
    yield from _table(
        ("session", "years", "status", "started", "completed", "runtime", "memory peak"),
        [_seed(one) for one in status.sessions],
        numbers=2,
    )
    yield from ("", "## Progress", "")
    yield from _table(
        ("session", "months closed", "chunks", "rows"),
        [_progress(one, standing.months.get(one.session)) for one in status.sessions],
        numbers=3,
    )
    yield from ("", _checks(standing.checked))
    for scope, heading in _SCOPES:
        yield from _figures(heading, figures_of(standing.metrics, scope), standing.metrics)


def _seed(one: SessionStatus) -> tuple[str, ...]:
    begun = one.state is not SessionState.NOT_STARTED
    return (
        str(one.session),
        one.years,
        one.state.value.replace("_", " "),
        figures.instant(one.started),
        figures.instant(one.completed),
        figures.duration(one.runtime_s) if begun else "-",
        figures.megabytes(one.memory_peak_mb or None),
    )


def _progress(one: SessionStatus, months: tuple[int, int] | None) -> tuple[str, ...]:
    if one.state is SessionState.NOT_STARTED:
        return (str(one.session), "-", "-", "-")
    chunks = f"{figures.count(one.chunks.committed)} of {figures.count(one.chunks.planned)}"
    if one.chunks.failed:
        chunks += f", {figures.count(one.chunks.failed)} failed"
    closed = "-" if months is None else f"{months[0]} of {months[1]}"
    return (str(one.session), closed, chunks, figures.count(one.rows))


def _checks(run: CheckRun | None) -> str:
    if run is None:
        return "The data were not checked yet."
    verdict = f"{figures.several(run.passed, 'check')} passed, {len(run.failed)} failed"
    named = f": {', '.join(run.failed)}" if run.failed else ""
    since = "" if run.is_newest else " More was made since."
    return f"Checked at {figures.instant(run.run_time)}: {verdict}{named}.{since}"


def _figures(heading: str, found: Sequence[Figure], metrics: Sequence[Metric]) -> Iterator[str]:
    if not found:
        return
    sessions = sorted({one.session for one in metrics})
    yield from ("", f"## {heading}", "")
    yield from _table(
        ("figure", "unit", *(f"session {number}" for number in sessions)),
        [(f.title, f.unit, *(_value(f, number) for number in sessions)) for f in found],
        numbers=len(sessions),
    )


def _value(figure: Figure, session: int) -> str:
    value = figure.values.get(session)
    return "-" if value is None else figures.measured(value, figure.unit)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> Iterator[str]:
    """Yield the lines of a table; its last ``numbers`` columns are aligned to the right."""
    words = len(head) - numbers
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---'] * words + ['--:'] * numbers)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
