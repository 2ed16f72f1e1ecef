"""Prepared statements asked together: one message, one round trip, no cursors.

psycopg's own pipeline does the same with a cursor for each statement, which takes several times as
long as the server's answer. Only what every chunk says is said this way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import errors, sql, waiting
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that a connection parses once, and the names of its parameters in order."""

    name: bytes
    text: bytes
    parameters: tuple[str, ...]
    binary: bool = False

    @classmethod
    def of(cls, name: str, query: sql.SQL, *, binary: bool = False) -> Prepared:
        """Return a query with ``%(name)s`` places; ``binary``: its answer comes as binary values.

        The server finds the types of the parameters from where they stand.
        """
        text = query.as_string()
        parameters = tuple(dict.fromkeys(_PLACE.findall(text)))
        numbered = _PLACE.sub(lambda place: f"${parameters.index(place[1]) + 1}", text)
        return cls(name.encode(), numbered.encode(), parameters, binary)

    def of_values(self, values: Mapping[str, object]) -> Question:
        """Return the statement with a value for each of its parameters, at least."""
        return Question(self, [_wire(values[name]) for name in self.parameters])


@dataclass(frozen=True, slots=True)
class Question:
    """A prepared statement, and its parameters as the server reads them."""

    prepared: Prepared
    parameters: Sequence[bytes | None]


#: A statement without parameters that need not be kept: the server knows it from its first word.
Word = bytes

BEGIN, COMMIT = b"BEGIN", b"COMMIT"


def asked(
    pgconn: PGconn, questions: Sequence[Question | Word], known: set[bytes]
) -> PQGen[list[PGresult]]:
    """Ask all at once and return the answer to each; run it by ``Connection.wait``.

    ``known`` are the names of what this connection has prepared; what it lacks is prepared on the
    way. Outside a transaction the questions are one; a statement sees what was committed before it.

    Raises:
        psycopg.Error: the server refused one; none after it was carried out.
    """
    asked_of = [question.prepared for question in questions if isinstance(question, Question)]
    missing = {kept.name: kept for kept in asked_of if kept.name not in known}
    pgconn.enter_pipeline_mode()
    for name, kept in missing.items():
        pgconn.send_prepare(name, kept.text)
    for question in questions:
        if isinstance(question, Question):
            kept = question.prepared
            form = Format.BINARY if kept.binary else Format.TEXT
            pgconn.send_query_prepared(kept.name, question.parameters, result_format=form)
        else:
            pgconn.send_query_params(question, None)
    pgconn.pipeline_sync()
    yield from flushed(pgconn)
    answers = yield from _answers(pgconn)
    pgconn.exit_pipeline_mode()
    # What was prepared stays so when a question after it is refused.
    prepared = zip(missing, answers, strict=False)
    known.update(name for name, answer in prepared if answer.status == ExecStatus.COMMAND_OK)
    for answer in answers:
        if answer.status == ExecStatus.FATAL_ERROR:
            raise error_of(answer)
    return answers[len(missing) :]


def _answers(pgconn: PGconn) -> PQGen[list[PGresult]]:
    """Return what the server says to each statement up to the end of the message."""
    answers: list[PGresult] = []
    between = False
    while True:
        answer = yield from next_result(pgconn)
        if answer is None:
            if between:
                raise errors.OperationalError("the connection ended in the middle of an answer")
            between = True
        elif answer.status == ExecStatus.PIPELINE_SYNC:
            return answers
        else:
            between = False
            answers.append(answer)


def flushed(pgconn: PGconn) -> PQGen[None]:
    """Wait until all that was given to libpq is sent. A server in trouble may talk meanwhile."""
    while pgconn.flush():
        if (yield waiting.Wait.RW) & waiting.Ready.R:
            pgconn.consume_input()


def next_result(pgconn: PGconn) -> PQGen[PGresult | None]:
    """Return the next result of what was sent, None where a statement has no other."""
    while pgconn.is_busy():
        if (yield waiting.Wait.R):
            pgconn.consume_input()
    return pgconn.get_result()


def error_of(result: PGresult) -> errors.Error:
    """Return the error of a result; without a code of the server's the connection is lost."""
    error = errors.error_from_result(result)
    return error if error.sqlstate else errors.OperationalError(str(error))


def _wire(value: object) -> bytes | None:
    """Return a value as text that PostgreSQL reads; a mapping as JSON."""
    if value is None:
        return None
    # Most are texts and numbers; whether something is a Mapping takes longest to find out.
    if not isinstance(value, (str, int, float)) and isinstance(value, Mapping):
        return json.dumps(dict(value)).encode()
    return str(value).encode()
