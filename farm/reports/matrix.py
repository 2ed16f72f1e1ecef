"""Batches and areas by months: where each chunk of a session stands, fitted into a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from farm.domain.address import ChunkAddress, SubjectKind, kind_of_code
from farm.domain.calendar import Month
from farm.orchestration.states import ChunkState

_T = TypeVar("_T")


class Mark(StrEnum):
    """The letter of a cell. Letters differ, so that the matrix reads without colours."""

    NONE = " "  #: no chunk: the batch has not begun or is harvested
    PLANNED = "·"
    PUBLISHED = "o"
    RUNNING = "▸"
    PARTLY = "□"  #: only where several chunks share a cell: some are committed, the rest planned
    COMMITTED = "■"
    FAILED = "x"


_MARKS = {
    ChunkState.PLANNED: Mark.PLANNED,
    ChunkState.PUBLISHED: Mark.PUBLISHED,
    ChunkState.RUNNING: Mark.RUNNING,
    ChunkState.COMMITTED: Mark.COMMITTED,
    ChunkState.FAILED: Mark.FAILED,
}

#: What a cell shared by several chunks shows: the first of these that any of them is.
_LOUDEST = (Mark.FAILED, Mark.RUNNING, Mark.PUBLISHED)


def mark(states: Iterable[ChunkState]) -> Mark:
    """Return the letter for the chunks of one cell: failed and running show through."""
    marks = {_MARKS[s] for s in states}
    for loud in _LOUDEST:
        if loud in marks:
            return loud
    if len(marks) > 1:
        return Mark.PARTLY
    return marks.pop() if marks else Mark.NONE


@dataclass(frozen=True, slots=True)
class Matrix:
    """The chunks of one session by subject and month. Simulations are not in it.

    Batches come first, areas after them, each sorted; so are the months.
    """

    subjects: tuple[str, ...]
    months: tuple[Month, ...]
    states: Mapping[tuple[str, Month], ChunkState]

    @classmethod
    def of(cls, chunks: Mapping[ChunkAddress, ChunkState]) -> Matrix:
        """Return the matrix of a session's chunks."""
        states = {(a.subject, a.month): s for a, s in chunks.items() if a.month is not None}
        subjects = sorted({code for code, _ in states}, key=_batches_first)
        months = sorted({month for _, month in states})
        return cls(tuple(subjects), tuple(months), states)

    def fitted(self, *, height: int, width: int) -> FittedMatrix:
        """Return the matrix with at most ``height`` rows and ``width`` columns.

        Neighbouring subjects and months share a row or column where there are more of them. Both
        limits count cells, without labels and header, and are at least one.
        """
        rows = _grouped(self.subjects, max(height, 1))
        columns = _grouped(self.months, max(width, 1))
        lines = tuple(
            "".join(
                mark(
                    self.states[subject, month]
                    for subject in subjects
                    for month in months
                    if (subject, month) in self.states
                )
                for months in columns
            )
            for subjects in rows
        )
        full_size = (len(self.subjects), len(self.months))
        labels = tuple(s[0] if len(s) == 1 else f"{s[0]} +{len(s) - 1}" for s in rows)
        return FittedMatrix(labels, tuple(months[0] for months in columns), lines, full_size)


@dataclass(frozen=True, slots=True)
class FittedMatrix:
    """A matrix ready to print: a label and a line of letters per row, the first month per column.

    ``full_size`` is the number of subjects and months that the rows and columns stand for.
    """

    labels: tuple[str, ...]
    columns: tuple[Month, ...]
    lines: tuple[str, ...]
    full_size: tuple[int, int]

    @property
    def is_shared(self) -> bool:
        """Whether any cell stands for more than one chunk."""
        return self.full_size != (len(self.labels), len(self.columns))


def _batches_first(code: str) -> tuple[bool, str]:
    return kind_of_code(code) is SubjectKind.AREA, code


def _grouped(items: tuple[_T, ...], most: int) -> list[tuple[_T, ...]]:
    """Cut items into at most ``most`` consecutive groups of one size (the last may be smaller)."""
    size = max(1, -(-len(items) // most))
    return [items[i : i + size] for i in range(0, len(items), size)]
