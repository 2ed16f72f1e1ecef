"""Runs the checks: readers of one snapshot share the work."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue

from farm.validation.bands import Band
from farm.validation.checks import Check, Group
from farm.validation.jobs import Job, Question, jobs
from farm.validation.readers import Reader, readers
from farm.validation.scope import Scope
from farm.validation.verdict import Skipped, Validation, Verdict

#: As many as there are processors on the smallest machine that makes a large farm.
_READERS = 2

#: Why a part of the years is not compared with published figures: by chance, some part of any true
#: company lies outside of what such companies do over many years.
_PART = "published figures are asked of all sessions together"

_Found = list[tuple[Question, Sequence[Verdict | Skipped]]]


def validate(
    database_url: str, checks: Sequence[Check], scope: Scope, bands: Mapping[str, Band]
) -> Validation:
    """Ask the checks of everything in scope. Reads one moment, writes nothing.

    A check that PostgreSQL refuses to answer has failed, and the others are asked all the same.
    Of a part of the sessions no statistics are asked.

    Raises:
        DatabaseLost: the connection broke.
        Transient, DiskFull: the server was out of memory or disk, or somebody cancelled.
    """
    began = time.monotonic()
    checks, unfair = _parted(checks, scope)
    waiting: SimpleQueue[Job] = SimpleQueue()
    for job in jobs(checks, scope):
        waiting.put(job)

    def work(reader: Reader) -> _Found:
        found = _done(reader, _taken(waiting), scope, bands)
        reader.connection.execute("COMMIT")
        return found

    # The readers inside: what goes wrong in one thread, or Ctrl-C, ends the queries of the others.
    with ThreadPoolExecutor(_READERS) as pool, readers(database_url, _READERS) as opened:
        running = [pool.submit(work, reader) for reader in opened]
        done = wait(running, return_when=FIRST_EXCEPTION).done
        answers = _answers(checks, [one for each in done for one in each.result()])
    return Validation(
        session=scope.session,
        verdicts=tuple(a for a in answers if isinstance(a, Verdict)),
        skipped=(*(a for a in answers if isinstance(a, Skipped)), *unfair),
        seconds=time.monotonic() - began,
    )


def judge(
    reader: Reader, checks: Sequence[Check], scope: Scope, bands: Mapping[str, Band]
) -> list[Verdict | Skipped]:
    """Return the answers of checks that one prepared reader asks, in the order of the checks."""
    return _answers(checks, _done(reader, jobs(checks, scope), scope, bands))


def _parted(checks: Sequence[Check], scope: Scope) -> tuple[list[Check], list[Skipped]]:
    """Return the checks that it is fair to ask of the scope, and the others as skipped."""
    fair, unfair = [], []
    for check in checks:
        if scope.is_whole or check.group is not Group.STATISTICS:
            fair.append(check)
        else:
            unfair.append(Skipped(check.id, check.group, check.title, _PART))
    return fair, unfair


def _done(reader: Reader, work: Iterable[Job], scope: Scope, bands: Mapping[str, Band]) -> _Found:
    found: _Found = []
    for job in work:
        for table in job.tables:
            reader.fill(table, scope)
        for question in job.questions:
            found.append((question, reader.ask(question.check, question.facts, bands)))
    return found


def _answers(checks: Sequence[Check], found: _Found) -> list[Verdict | Skipped]:
    """Return the answers in the order of the checks; those on years joined into one."""
    parts: dict[str, _Found] = defaultdict(list)
    for one in found:
        parts[one[0].check.id].append(one)
    answers: list[Verdict | Skipped] = []
    for check in checks:
        of_check = sorted(parts[check.id], key=lambda one: one[0].year or 0)
        said = [answer for _, given in of_check for answer in given]
        verdicts = [answer for answer in said if isinstance(answer, Verdict)]
        answers += [Verdict.joined(verdicts)] if check.by_year else said
    return answers


def _taken(waiting: SimpleQueue[Job]) -> Iterator[Job]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return
