"""The checks: one named query each, in a file of its group's folder. Adding a query adds a check.

The comment above a query is all there is to say about it. Its first line is the title, then comes
the explanation; lines that begin with one of these words say more:

    Source:  what says that it must be so
    Unit:    the unit of what is measured, where no band gives it
    Needs:   the least data that makes the question fair, such as `3 years`
    By:      `year` where each offender lies in one day of `first` to `after`: the check is then
             asked of one year after the other, with other checks of the same year, so that what is
             large is read once for all of them

Most queries return offenders: one row for each, its columns say who and what. The check passes when
there are none. A query with a column `measured` returns one row for each figure:

    subject   whose figure it is, such as `FO-01`; null where there is only one
    measured  the figure; null where there is nothing to measure
    had       how much data it rests on, in the unit of `Needs`
    band      the published band it must lie in, see `bands`; or instead of it
    low, high the limits it must lie in, both included
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from psycopg import sql

from farm.db import queries

_FOLDER = Path(__file__).parent / "sql"
_WORD = re.compile(r"(Source|Unit|Needs|By): (.+)")
_NEEDS = re.compile(r"(\d+) (.+)")
_BAND = re.compile(r"\bband\b")
_MEASURES = re.compile(r"\bmeasured\b")


class Group(StrEnum):
    """What a check is about; a folder of queries for each."""

    INTEGRITY = "integrity"  #: the rows agree with each other
    BUSINESS = "business"  #: the farm keeps its rules
    STATISTICS = "statistics"  #: the numbers are those of real farms


@dataclass(frozen=True, slots=True)
class Needs:
    """The least data that a figure must rest on."""

    amount: int
    what: str

    def __str__(self) -> str:
        return f"{self.amount} {self.what}"


@dataclass(frozen=True, slots=True)
class Check:
    """A question to the data. ``by_year``: to be asked of each year by itself."""

    id: str
    group: Group
    title: str
    explanation: str
    source: str
    unit: str
    needs: Needs | None
    query: sql.SQL
    by_year: bool = False

    @property
    def measures(self) -> bool:
        """Whether the query returns figures, not offenders."""
        return _measures(self.query.as_string())

    def uses(self, table: str) -> bool:
        """Return whether the query reads a table."""
        return reads(self.query, table)


def reads(query: sql.SQL, table: str) -> bool:
    """Return whether a query names a table outside its comment."""
    return re.search(rf"\b{table}\b", _code(query.as_string())) is not None


def load_checks() -> tuple[Check, ...]:
    """Return all checks, in the order of the groups and of their files."""
    return tuple(
        check
        for group in Group
        for file in sorted((_FOLDER / group.value).glob("*.sql"))
        for check in parse(group, file.read_text(encoding="utf-8"))
    )


def parse(group: Group, text: str) -> list[Check]:
    """Return the checks of a file's text.

    Raises:
        ValueError: a query without a title or an explanation, or of a strange `Needs` or `By`; one
            that names neither a band nor a source.
    """
    return [_check(name, group, query) for name, query in queries.parse(text).items()]


def summary_queries() -> dict[str, sql.SQL]:
    """Return the queries that fill the tables which several checks share; see `summary`."""
    return queries.parse((_FOLDER / "summary.sql").read_text(encoding="utf-8"))


def _check(name: str, group: Group, query: sql.SQL) -> Check:
    title, prose, words = _header(query.as_string())
    for what, said in (("title", title), ("explanation", prose)):
        if not said:
            raise ValueError(f"{group}.{name} has no {what}")
    text = query.as_string()
    if "Source" not in words and not _BAND.search(_code(text)):
        raise ValueError(f"{group}.{name} has no source")
    return Check(
        id=name,
        group=group,
        title=title,
        explanation=prose,
        source=words.get("Source", ""),
        unit=words.get("Unit", "" if _measures(text) else "offenders"),
        needs=_needs(name, words.get("Needs")),
        query=query,
        by_year=_by_year(name, text, words.get("By")),
    )


def _measures(text: str) -> bool:
    return _MEASURES.search(_code(text)) is not None


def _code(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def _header(text: str) -> tuple[str, str, dict[str, str]]:
    """Return title, explanation and `Word: …` lines of the comment that a query begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        lines.append(line.removeprefix("-- ").strip())
    words = {found[1]: found[2] for line in lines if (found := _WORD.fullmatch(line))}
    prose = [line for line in lines if not _WORD.fullmatch(line)]
    return (prose[0].rstrip(".") if prose else ""), " ".join(prose[1:]), words


def _needs(name: str, said: str | None) -> Needs | None:
    if said is None:
        return None
    found = _NEEDS.fullmatch(said)
    if found is None:
        raise ValueError(f"{name}: Needs must read like `3 years`, not `{said}`")
    return Needs(int(found[1]), found[2])


def _by_year(name: str, text: str, said: str | None) -> bool:
    if said is None:
        return False
    if said != "year":
        raise ValueError(f"{name}: By must say `year`, not `{said}`")
    if _measures(text) or not all(place in _code(text) for place in ("%(first)s", "%(after)s")):
        raise ValueError(f"{name}: only offenders from `first` to `after` can be found by year")
    return True
