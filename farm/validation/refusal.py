"""What PostgreSQL refuses to do for a check, kept apart from what ends the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from farm.db.connection import Connection
from farm.db.failures import first_line, meaning_of
from farm.errors import DiskFull, Transient


class Refused(Exception):
    """PostgreSQL cannot answer: a division by zero, a column that is not there, a bad cast.

    Control flow inside this package: it becomes the failure of a check.
    """


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """Run what is inside so that its failure leaves the transaction usable.

    Raises:
        Refused: PostgreSQL refused it, in PostgreSQL's words.
        psycopg.Error: the connection is lost, somebody cancelled, or the server ran out of memory
            or disk: nothing that the data could be blamed for.
    """
    try:
        with connection.transaction():
            yield
    except psycopg.Error as error:
        if isinstance(meaning_of(error, ""), Transient | DiskFull):
            raise
        raise Refused(first_line(error)) from error
