"""Runs the checks: two readers of one snapshot share the questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue

from farm.db.connection import Connection
from farm.validation import summary
from farm.validation.ask import ask
from farm.validation.bands import Band
from farm.validation.checks import Check
from farm.validation.readers import readers
from farm.validation.scope import Scope
from farm.validation.verdict import Skipped, Validation, Verdict

#: Connections that ask at the same time: one reads the readings, the other everything else.
READERS = 2

_Answers = dict[str, list[Verdict | Skipped]]


def validate(
    database_url: str, checks: Sequence[Check], scope: Scope, bands: Mapping[str, Band]
) -> Validation:
    """Ask the checks of everything in scope. Reads one moment, writes nothing.

    Raises:
        DatabaseLost: the connection broke.
    """
    began = time.monotonic()
    of_readings, of_the_rest = _divided(checks)
    waiting: SimpleQueue[Check] = SimpleQueue()
    for check in of_the_rest:
        waiting.put(check)

    def work(connection: Connection, own: Sequence[Check]) -> _Answers:
        answers = judge(connection, own, scope, bands)
        for check in _taken(waiting):
            answers[check.id] = list(ask(connection, check, scope.facts, bands))
        connection.execute("COMMIT")
        return answers

    # The readers inside: what goes wrong in one thread, or Ctrl-C, ends the queries of the others.
    with ThreadPoolExecutor(READERS) as pool, readers(database_url, READERS) as opened:
        portions = [of_readings, *[()] * (READERS - 1)]
        running = [
            pool.submit(work, connection, own)
            for connection, own in zip(opened, portions, strict=True)
        ]
        found: _Answers = {}
        for one in wait(running, return_when=FIRST_EXCEPTION).done:
            found |= one.result()
    answers = [answer for check in checks for answer in found[check.id]]
    return Validation(
        session=scope.session,
        verdicts=tuple(a for a in answers if isinstance(a, Verdict)),
        skipped=tuple(a for a in answers if isinstance(a, Skipped)),
        seconds=time.monotonic() - began,
    )


def judge(
    connection: Connection, checks: Sequence[Check], scope: Scope, bands: Mapping[str, Band]
) -> _Answers:
    """Return the answers of checks asked one after another on a connection `summary` prepared."""
    if any(check.uses(summary.READING_MONTH) for check in checks):
        summary.fill(connection, scope.period)
    return {check.id: list(ask(connection, check, scope.facts, bands)) for check in checks}


def _divided(checks: Sequence[Check]) -> tuple[list[Check], list[Check]]:
    """Return the checks that read the readings' summary, and the others."""
    of_readings = [check for check in checks if check.uses(summary.READING_MONTH)]
    return of_readings, [check for check in checks if check not in of_readings]


def _taken(waiting: SimpleQueue[Check]) -> Iterator[Check]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return
