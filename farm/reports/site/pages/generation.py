"""How the data was generated: seed, fingerprint, timings, memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from farm.reports.site.blocks import Fact, Page, Section, Table, Text
from farm.reports.site.chart import Chart, axes, dots, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.findings import middle
from farm.reports.site.reader import Reader
from farm.reports.site.wording import several, shown

_FINGERPRINT = "Of scenario, generator and numpy: equal fingerprint and seed, equal data."


def page(reader: Reader) -> Page:
    """Return the page."""
    sessions = reader.scope.sessions
    first = sessions[0]
    rows = sum(one.rows or 0 for one in sessions)
    ends = [one.completed for one in sessions if one.completed]
    wall = (max(ends) - min(one.started for one in sessions)).total_seconds() if ends else 0
    return Page(
        path="generation.html",
        title="How it was generated",
        lead="The same scenario and seed give the same bytes, on any number of workers.",
        facts=[
            Fact("Scenario", first.scenario_name),
            Fact("Seed", str(first.seed)),
            Fact("Rows", shown(rows, 0), "", several(len(sessions), "session")),
            Fact("From start to end", shown(wall, 0), "s"),
            Fact("Memory peak", shown(max(one.memory_peak_mb or 0 for one in sessions), 0), "MB"),
            Fact(
                "Generator",
                f"version {first.generator_version}",
                "",
                f"numpy {first.numpy_version}",
            ),
        ],
        sections=[
            Section(
                "Fingerprint",
                [
                    Text([first.fingerprint]),
                    Text([_FINGERPRINT]),
                ],
            ),
            Section("Sessions", [_sessions(reader), _workers(reader), _pace(reader)]),
            Section("Rows by table", [_tables(reader)]),
            Section("What went wrong on the way", [_attempts(reader)]),
        ],
    )


def _sessions(reader: Reader) -> Table:
    rows = [
        {
            "session": one.session,
            "years": one.years,
            "first_day": one.first_day,
            "last_day": one.last_day,
            "status": one.status,
            "started": one.started,
            "completed": one.completed,
            "runtime_s": one.runtime_s,
            "memory_peak_mb": one.memory_peak_mb,
            "rows": one.rows,
        }
        for one in reader.scope.sessions
    ]
    return Table(
        "Sessions",
        "A session's simulation begins while the one before it is still being written.",
        Data(
            "sessions",
            [
                text("session", "Session"),
                text("years", "Years"),
                text("first_day", "First day"),
                text("last_day", "Last day"),
                text("status", "Status"),
                text("started", "Started", "UTC"),
                text("completed", "Completed", "UTC"),
                number("runtime_s", "Runtime", "s", 1),
                number("memory_peak_mb", "Memory peak", "MB"),
                number("rows", "Rows"),
            ],
            rows,
        ),
    )


def _workers(reader: Reader) -> Table:
    return Table(
        "What the workers did",
        "Seconds of all workers together: reading the history, making rows, encoding them,"
        " copying them into PostgreSQL, committing.",
        Data(
            "workers",
            [
                text("session", "Session"),
                number("chunks", "Chunks"),
                number("rows", "Rows"),
                number("workers", "Workers"),
                number("read_s", "Read", "s", 1),
                number("make_s", "Make", "s", 1),
                number("encode_s", "Encode", "s", 1),
                number("copy_s", "Copy", "s", 1),
                number("commit_s", "Commit", "s", 1),
                number("peak_mb", "Peak of a worker", "MB"),
                number("rows_per_s", "Rows per second"),
            ],
            reader.rows("generation", "chunks"),
        ),
    )


def _pace(reader: Reader) -> Chart:
    rows = [
        {**row, "of": f"session {row['session']}"} for row in reader.rows("generation", "months")
    ]
    data = Data(
        "months",
        [
            text("session", "Session"),
            text("month", "Month", monthly=True),
            number("closed_after_s", "Closed after", "s", 2),
            number("close_s", "Closing took", "s", 2),
        ],
        rows,
    )
    return Chart(
        "Months of the farm against seconds of the clock",
        _steady(rows),
        [data],
        split(rows, "of", dots, "closed_after_s", "month"),
        {**axes("Month of the farm"), "xaxis": {"title": {"text": "Seconds since the start"}}},
    )


def _steady(rows: Sequence[Row]) -> str:
    """Return how far apart two months became visible."""
    closed = sorted(row["closed_after_s"] for row in rows)
    steps = [after - before for before, after in pairwise(closed)]
    said = "Every dot is a month of the farm that was finished"
    if not steps:
        return f"{said}."
    return f"{said}, half of them within {middle(steps):.2f} s of the one before."


def _tables(reader: Reader) -> Table:
    own = [
        number(f"session_{one.session}", f"Session {one.session}")
        for one in reader.scope.sessions
        if one.session <= 4
    ]
    return Table(
        "Rows that were written",
        "Largest first; only what workers wrote.",
        Data(
            "tables",
            [text("table_name", "Table"), number("rows", "Rows"), *own],
            reader.rows("generation", "tables"),
        ),
    )


def _attempts(reader: Reader) -> Table:
    return Table(
        "Chunks that were tried more than once",
        "A chunk is a month of one batch or area; one whose worker was lost is made again.",
        Data(
            "attempts",
            [
                text("session", "Session"),
                text("chunk", "Chunk"),
                number("attempts", "Attempts"),
                text("worker", "Worker"),
                text("error", "Last error"),
            ],
            reader.rows("generation", "attempts"),
        ),
        "Every chunk was made at the first attempt.",
    )
