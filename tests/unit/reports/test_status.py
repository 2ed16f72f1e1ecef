"""The answer of `farm status --json`, key by key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from farm.db.metrics import Metric
from farm.orchestration.states import SessionState
from farm.reports.status import ChunkCounts, SessionStatus, Status

STATUS = Status(
    scenario="demo",
    seed=42,
    fingerprint="abc",
    sessions=(
        SessionStatus(
            session=1,
            years="1-3",
            state=SessionState.FAILED,
            started=datetime(2026, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1))),
            completed=datetime(2026, 1, 2, 3, 6, 10, 999_999, tzinfo=UTC),
            runtime_s=125.123456,
            memory_peak_mb=1234.5678,
            rows=31_234_567,
            planned_rows=40_000_000,
            chunks=ChunkCounts(planned=1500, committed=1499, failed=1),
            reason="1 chunk failed",
        ),
        SessionStatus(session=2, years="10", state=SessionState.NOT_STARTED),
    ),
)


def test_the_json_is_the_documented_one_with_an_entry_for_every_session():
    assert STATUS.as_json([Metric(1, "session", "readings", 12.0, "rows")]) == {
        "scenario": "demo",
        "seed": 42,
        "fingerprint": "abc",
        "sessions": [
            {
                "session": 1,
                "years": "1-3",
                "status": "failed",
                "started": "2026-01-02T03:04:05+00:00",
                "completed": "2026-01-02T03:06:10+00:00",
                "runtime_s": 125.123,
                "memory_peak_mb": 1234.6,
                "rows": 31_234_567,
                "chunks": {"planned": 1500, "committed": 1499, "failed": 1},
                "metrics": {"session": {"readings": 12.0}, "cumulative": {}},
            },
            {
                "session": 2,
                "years": "10",
                "status": "not_started",
                "started": None,
                "completed": None,
                "runtime_s": 0.0,
                "memory_peak_mb": 0.0,
                "rows": 0,
                "chunks": {"planned": 0, "committed": 0, "failed": 0},
                "metrics": {"session": {}, "cumulative": {}},
            },
        ],
    }


def test_rows_add_up_over_the_sessions():
    assert STATUS.rows == 31_234_567


def test_a_session_is_found_by_its_number():
    assert STATUS.session(2).years == "10"
    with pytest.raises(KeyError):
        STATUS.session(5)
