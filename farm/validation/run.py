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

#: Tables that a reader fills for itself: the first sums up the readings, the second the fish and
#: their feed. Whatever else there is to ask, they take in turn.
_PORTIONS = (
    (summary.READING_MONTH,),
    (
        summary.PEN_WEEK,
        summary.NAMED_DEATH,
        summary.LOT_USE,
        summary.STOCK_DAY,
        summary.HERD_DAY,
    ),
)

_Answers = dict[str, list[Verdict | Skipped]]


def validate(
    database_url: str, checks: Sequence[Check], scope: Scope, bands: Mapping[str, Band]
) -> Validation:
    """Ask the checks of everything in scope. Reads one moment, writes nothing.

    Raises:
        DatabaseLost: the connection broke.
    """
    began = time.monotonic()
    portions, of_the_rest = divided(checks)
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
    number = len(portions)
    with ThreadPoolExecutor(number) as pool, readers(database_url, number) as opened:
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
    for table in summary.TABLES:
        if any(check.uses(table) for check in checks):
            summary.fill(connection, table, scope)
    return {check.id: list(ask(connection, check, scope.facts, bands)) for check in checks}


def divided(checks: Sequence[Check]) -> tuple[list[list[Check]], list[Check]]:
    """Return the checks that need the tables of each reader, and the others.

    Raises:
        ValueError: a check needs tables of both.
    """
    portions: list[list[Check]] = [[] for _ in _PORTIONS]
    others: list[Check] = []
    for check in checks:
        readers_of = [i for i, tables in enumerate(_PORTIONS) if any(map(check.uses, tables))]
        if len(readers_of) > 1:
            raise ValueError(f"{check.id} needs tables of several readers")
        (portions[readers_of[0]] if readers_of else others).append(check)
    return portions, others


def _taken(waiting: SimpleQueue[Check]) -> Iterator[Check]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return
