"""What chunks start from comes back exactly as it was simulated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.orchestration.ports import PlannedChunk
from farm.simulation.history import (
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    SLICE_COLUMNS,
    STAY_COLUMNS,
    AreaSlice,
    Columns,
    HistorySlice,
    Snapshot,
)
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import (
    BATCH,
    FEBRUARY,
    JANUARY,
    SIMULATION,
    TIMINGS,
    Worker,
    address,
)
from tests.reference.stays import Stay, columns_of

pytestmark = pytest.mark.services

AREA = "FO-A"


@pytest.mark.parametrize("month", [JANUARY, FEBRUARY])
def test_a_slice_is_what_the_history_would_have_given(worker: Worker, month: Month) -> None:
    worker.simulated()
    read = worker.store.slice(address(month))
    expected = tiny_farm.history().slice(1, BATCH, month)
    assert isinstance(read, HistorySlice)
    assert (read.batch, read.month) == (BATCH, month)
    assert_same_columns(read.columns, expected.columns, SLICE_COLUMNS)
    assert len(read.columns["date"]) in (31, 29)


def test_a_claim_brings_along_what_is_planned_and_what_it_is_rendered_from(worker: Worker) -> None:
    worker.expanded()
    claim = worker.claim(address())
    assert claim.planned == tiny_farm.chunk_of(JANUARY).rows()
    assert claim.kept is not None
    read, brought = worker.store.slice(address()), worker.store.slice(address(), claim.kept)
    assert isinstance(read, HistorySlice)
    assert isinstance(brought, HistorySlice)
    assert_same_columns(brought.columns, read.columns, SLICE_COLUMNS)
    # A claim taken over from a worker that is gone has the rows as well, and reads the slice
    again = worker.claim(address())
    assert (again.attempt, again.planned, again.kept) == (2, claim.planned, None)


def test_the_slice_of_an_area_is_what_the_history_would_have_given(worker: Worker) -> None:
    # Given an area with water, with a stay that has ended and with one that has not
    lived = tiny_farm.history()
    given = AreaSlice(
        AREA,
        JANUARY,
        lived.site_days,
        lived.hall_days,
        columns_of(Stay(1, date(2015, 12, 3), date(2016, 1, 9)), Stay(2, date(2016, 1, 9), None)),
    )
    # When a chunk of it is planned
    load(worker, [PlannedChunk(ChunkAddress(1, AREA, JANUARY), {})], [given])
    # Then it comes back as it was
    read = worker.store.slice(ChunkAddress(1, AREA, JANUARY))
    assert isinstance(read, AreaSlice)
    assert (read.area, read.month) == (AREA, JANUARY)
    assert_same_columns(read.sites, given.sites, SITE_DAY_COLUMNS)
    assert_same_columns(read.halls, given.halls, HALL_DAY_COLUMNS)
    assert_same_columns(read.stays, given.stays, STAY_COLUMNS)


def assert_same_columns(found: Columns, given: Columns, kinds: Mapping[str, str]) -> None:
    assert list(found) == list(kinds)
    for name, kind in kinds.items():
        assert found[name].dtype == np.dtype(kind), name
        np.testing.assert_array_equal(found[name], given[name], name)


def test_a_slice_stays_as_it_is_when_the_days_in_the_database_change(worker: Worker) -> None:
    worker.simulated()
    before = worker.store.slice(address())
    worker.run("UPDATE daily_state_2016_01 SET population = 0")
    worker.run("UPDATE assignment SET end_date = '2016-02-11' WHERE id = 1")
    after = worker.store.slice(address())
    assert isinstance(before, HistorySlice)
    assert isinstance(after, HistorySlice)
    assert_same_columns(after.columns, before.columns, SLICE_COLUMNS)


def test_only_what_chunks_are_planned_for_is_kept(worker: Worker) -> None:
    lived = tiny_farm.history()
    load(worker, tiny_farm.planned()[:1], tiny_farm.slices(lived))
    assert worker.rows("SELECT session, chunk FROM ops.slice") == [(1, str(address()))]


def test_a_chunk_with_nothing_to_be_rendered_from_is_not_planned(worker: Worker) -> None:
    lived = tiny_farm.history()
    with pytest.raises(ContractBroken, match="nothing to render 1/FO-2016-01/2016-02 from"):
        load(worker, tiny_farm.planned(), tiny_farm.slices(lived)[:1])
    assert worker.one("SELECT count(*) FROM ops.slice") == 0
    assert worker.one("SELECT count(*) FROM ops.chunk WHERE month IS NOT NULL") == 0


def load(
    worker: Worker, chunks: list[PlannedChunk], slices: Sequence[HistorySlice | AreaSlice]
) -> None:
    worker.ledger.open_session(tiny_farm.new_session(), tiny_farm.plan(), ["FO"])
    claim = worker.claim(SIMULATION)
    worker.loader.load_history(claim, tiny_farm.history(), chunks, slices, TIMINGS)


def test_a_slice_that_is_not_there_is_said_so(worker: Worker) -> None:
    worker.simulated()
    with pytest.raises(ContractBroken, match="has no history slice"):
        worker.store.slice(address(Month(2019, 1)))
    with pytest.raises(ContractBroken, match="is a simulation"):
        worker.store.slice(SIMULATION)


@pytest.mark.parametrize(
    "damage",
    [
        "''",
        "substr(data, 1, 20)",
        "substr(data, 1, length(data) - 1)",
        "set_byte(data, 5, get_byte(data, 5) + 1)",  # a row more than there are
        "set_byte(data, 9, get_byte(data, 9) - 1)",  # a cause of death less
    ],
)
def test_bytes_that_are_no_slice_are_refused(worker: Worker, damage: str) -> None:
    worker.simulated()
    worker.run(f"UPDATE ops.slice SET data = {damage}")
    with pytest.raises(ContractBroken, match="is damaged"):
        worker.store.slice(address())


def test_a_snapshot_comes_back_to_the_last_bit_and_in_its_order(worker: Worker) -> None:
    worker.simulated()
    read = worker.store.snapshot(1, "FO")
    written = tiny_farm.history().snapshot
    assert read == written
    assert read is not None
    assert json.dumps(read.state) == json.dumps(written.state)


def test_before_the_first_session_there_is_no_snapshot(worker: Worker) -> None:
    assert worker.store.snapshot(0, "FO") is None


def test_a_missing_or_changed_snapshot_is_refused(worker: Worker) -> None:
    worker.simulated()
    with pytest.raises(ContractBroken, match="left no snapshot of SC"):
        worker.store.snapshot(1, "SC")
    worker.run("UPDATE ops.snapshot SET state = '{}'")
    with pytest.raises(ContractBroken, match="was changed"):
        worker.store.snapshot(1, "FO")


def test_a_snapshot_that_is_no_json_is_refused(worker: Worker) -> None:
    odd = replace(tiny_farm.history().snapshot, state={"weight": float("nan")})
    assert isinstance(odd, Snapshot)
    with pytest.raises(ContractBroken, match="not plain JSON"):
        worker.simulated(snapshot=odd)
