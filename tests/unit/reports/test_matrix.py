"""The matrix of batches and months, and how it fits into a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.orchestration.states import ChunkState
from farm.reports.matrix import Mark, Matrix, mark

PLANNED, PUBLISHED = ChunkState.PLANNED, ChunkState.PUBLISHED
RUNNING, COMMITTED, FAILED = ChunkState.RUNNING, ChunkState.COMMITTED, ChunkState.FAILED


def session(states: dict[tuple[str, str], ChunkState]) -> Matrix:
    return Matrix.of({ChunkAddress(1, b, Month.parse(m)): s for (b, m), s in states.items()})


def field(batches: int, months: int, state: ChunkState = COMMITTED) -> Matrix:
    period = Period(Month(2015, 1), Month(2015 + (months - 1) // 12, (months - 1) % 12 + 1))
    return Matrix.of(
        {
            ChunkAddress(1, f"FO-{b:03d}", month): state
            for b in range(batches)
            for month in period.months()
        }
    )


def test_a_small_session_is_drawn_chunk_by_chunk():
    # Given two batches of which one begins later, in all five states
    matrix = session(
        {
            ("FO-1", "2015-01"): COMMITTED,
            ("FO-1", "2015-02"): RUNNING,
            ("FO-1", "2015-03"): PLANNED,
            ("SC-1", "2015-02"): FAILED,
            ("SC-1", "2015-03"): PUBLISHED,
        }
    )

    fitted = matrix.fitted(height=10, width=40)

    assert fitted.labels == ("FO-1", "SC-1")
    assert fitted.lines == ("■▸·", " xo")
    assert not fitted.is_shared


def test_areas_come_after_the_batches():
    codes = ("FO-N", "FO-2015-01", "SC-W", "SC-2015-02")

    matrix = session({(code, "2015-01"): COMMITTED for code in codes})

    assert matrix.subjects == ("FO-2015-01", "SC-2015-02", "FO-N", "SC-W")


def test_simulations_have_no_cell():
    matrix = Matrix.of({ChunkAddress.simulation(1, "FO"): COMMITTED})
    assert matrix.subjects == ()
    assert matrix.fitted(height=5, width=5).lines == ()


@pytest.mark.parametrize(
    ("states", "letter"),
    [
        ([], Mark.NONE),
        ([COMMITTED, COMMITTED], Mark.COMMITTED),
        ([PLANNED, PLANNED], Mark.PLANNED),
        ([COMMITTED, PLANNED], Mark.PARTLY),
        ([COMMITTED, PLANNED, PUBLISHED], Mark.PUBLISHED),
        ([COMMITTED, RUNNING, PUBLISHED], Mark.RUNNING),
        ([COMMITTED, RUNNING, FAILED], Mark.FAILED),
    ],
)
def test_failed_and_running_show_through_in_a_shared_cell(states, letter):
    assert mark(states) is letter


def test_neighbours_share_rows_and_columns_where_there_are_too_many():
    fitted = field(batches=46, months=36).fitted(height=10, width=20)

    assert fitted.is_shared
    assert fitted.full_size == (46, 36)
    assert len(fitted.lines) == 10
    assert fitted.labels[0] == "FO-000 +4"
    assert fitted.labels[-1] == "FO-045"
    assert set(fitted.lines) == {"■" * 18}


@given(
    batches=st.integers(1, 60),
    months=st.integers(1, 60),
    height=st.integers(0, 40),
    width=st.integers(0, 80),
)
def test_a_fitted_matrix_never_exceeds_its_window(batches, months, height, width):
    fitted = field(batches, months).fitted(height=height, width=width)

    assert 1 <= len(fitted.lines) <= max(height, 1)
    assert {len(line) for line in fitted.lines} == {len(fitted.columns)}
    assert len(fitted.columns) <= max(width, 1)


def test_one_failed_chunk_is_seen_however_small_the_window():
    matrix = field(batches=50, months=60)
    states = dict(matrix.states)
    states["FO-031", Month(2017, 7)] = FAILED

    fitted = Matrix(matrix.subjects, matrix.months, states).fitted(height=1, width=1)

    assert fitted.lines == ("x",)
