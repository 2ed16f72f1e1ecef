"""What PostgreSQL's errors mean to the farm. Decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from farm.errors import ContractBroken, DatabaseLost, DiskFull, ServiceUnavailable, Transient

#: Texts of a full disk where the server, or the system below it, has no code of its own.
_FULL = ("no space left on device", "disk quota exceeded", "file too large")

#: SQLSTATEs of a server or a connection that is gone, going or coming (08 is a whole class).
_LOST = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})

#: SQLSTATEs of an unlucky moment: deadlock, serialization, lock timeout, cancel, out of memory.
_UNLUCKY = frozenset({"40P01", "40001", "55P03", "57014", "53200", "53000"})

#: SQLSTATEs that a person must put right outside the farm, and how.
_UNUSABLE = {
    "28P01": "check user and password in FARM_DATABASE_URL",
    "28000": "check the user in FARM_DATABASE_URL and the server's pg_hba.conf",
    "3D000": "create the database first or correct FARM_DATABASE_URL",
    "42501": "grant the user CREATE on the database and on schema public, or make it the owner",
    "25006": "the server only reads: point FARM_DATABASE_URL at the primary",
    "42P01": "the farm's tables are not there or another version's; run `farm doctor`",
    "3F000": "the farm's tables are not there or another version's; run `farm doctor`",
    "42703": "the farm's tables are another version's; run `farm doctor`",
}

#: libpq gives no SQLSTATE for a refused login, only the server's words.
_LOGIN = (
    (re.compile("password authentication failed|no password supplied"), "28P01"),
    (
        re.compile("authentication failed|no pg_hba.conf entry|role .* (not exist|to log in)"),
        "28000",
    ),
    (re.compile("database .* does not exist"), "3D000"),
    (re.compile("permission denied for database"), "42501"),
)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise the farm's error for whatever psycopg raises inside.

    Args:
        where: host, port and database, for the message; never a password.

    Raises:
        DatabaseLost, Transient, DiskFull, ServiceUnavailable, ContractBroken: see the tables above.
            What is none of these is a defect of the farm and passes unchanged.
    """
    try:
        yield
    except psycopg.Error as error:
        meaning = meaning_of(error, where)
        if meaning is None:
            raise
        raise meaning from error


def meaning_of(error: psycopg.Error, where: str) -> Exception | None:
    """Return the farm's error for one of psycopg's, None for a defect of the farm itself."""
    state = error.sqlstate or ""
    said = first_line(error)
    found: Exception | None = None
    if state == "53100" or any(text in str(error).lower() for text in _FULL):
        found = DiskFull(f"PostgreSQL at {where} has no space left: {said}")
    elif state in _LOST or state.startswith("08"):
        found = DatabaseLost(f"lost PostgreSQL at {where}: {said}")
    elif state in _UNLUCKY:
        found = Transient(f"PostgreSQL at {where}: {said}")
    elif state in _UNUSABLE:
        found = ServiceUnavailable(f"PostgreSQL at {where}: {said}; {_UNUSABLE[state]}")
    elif isinstance(error, psycopg.IntegrityError | psycopg.DataError):
        found = ContractBroken(f"PostgreSQL refused the rows: {said}")
    elif not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        found = DatabaseLost(f"lost PostgreSQL at {where}: {said}")
    return found


def meaning_of_login(error: psycopg.OperationalError, where: str) -> Exception:
    """Return the farm's error for a connection that could not be made."""
    said = first_line(error)
    words = said.partition("FATAL:")[2].strip()
    for pattern, state in _LOGIN:
        if pattern.search(said):
            return ServiceUnavailable(f"PostgreSQL at {where}: {words or said}; {_UNUSABLE[state]}")
    return DatabaseLost(f"cannot reach PostgreSQL at {where}: {words or said}")


def first_line(error: psycopg.Error) -> str:
    """Return what an error says, without the lines that show where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
