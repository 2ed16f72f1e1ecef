"""What chunks start from comes back exactly as it was simulated."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.simulation.history import HALL_DAY_COLUMNS, SITE_DAY_COLUMNS, SLICE_COLUMNS, Snapshot
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import BATCH, FEBRUARY, JANUARY, SIMULATION, Worker, address

pytestmark = pytest.mark.services


@pytest.mark.parametrize("month", [JANUARY, FEBRUARY])
def test_a_slice_is_what_the_history_would_have_given(worker: Worker, month: Month) -> None:
    worker.expanded()
    read = worker.store.slice(address(month))
    expected = tiny_farm.history().slice(1, BATCH, month)
    assert (read.batch, read.month) == (BATCH, month)
    assert list(read.columns) == list(SLICE_COLUMNS)
    for name, kind in SLICE_COLUMNS.items():
        assert read.columns[name].dtype == np.dtype(kind), name
        np.testing.assert_array_equal(read.columns[name], expected.columns[name], name)
    assert len(read.columns["date"]) in (31, 29)


def test_a_slice_of_a_batch_without_days_in_the_month_is_empty(worker: Worker) -> None:
    worker.expanded()
    read = worker.store.slice(ChunkAddress(1, "FO-2099-01", JANUARY))
    assert {len(column) for column in read.columns.values()} == {0}
    assert {n: c.dtype for n, c in read.columns.items()} == {
        n: np.dtype(k) for n, k in SLICE_COLUMNS.items()
    }


def test_a_slice_that_cannot_be_is_said_so(worker: Worker) -> None:
    worker.expanded()
    with pytest.raises(ContractBroken, match="the month has no history"):
        worker.store.slice(address(Month(2019, 1)))
    with pytest.raises(ContractBroken, match="is a simulation"):
        worker.store.slice(SIMULATION)


def test_days_with_another_number_of_causes_are_refused(worker: Worker) -> None:
    worker.expanded()
    worker.run("UPDATE daily_state SET deaths_by_cause = '{1}' WHERE date = '2016-01-20'")
    with pytest.raises(ContractBroken, match="causes of death"):
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


@pytest.mark.parametrize("month", [JANUARY, FEBRUARY])
def test_an_area_slice_is_what_the_history_would_have_given(worker: Worker, month: Month) -> None:
    worker.expanded()
    history = tiny_farm.history()
    code = tiny_farm.plan().world.area[0].code

    read = worker.store.area_slice(ChunkAddress(1, code, month))

    assert (read.area, read.month) == (code, month)
    for found, given, kinds in (
        (read.sites, history.site_days, SITE_DAY_COLUMNS),
        (read.halls, history.hall_days, HALL_DAY_COLUMNS),
    ):
        inside = given["date"].astype("datetime64[M]") == np.datetime64(str(month))
        assert list(found) == list(kinds)
        for name, kind in kinds.items():
            assert found[name].dtype == np.dtype(kind), name
            np.testing.assert_array_equal(found[name], given[name][inside], name)
        assert len(found["date"]) > 0
    assert [(stay.container_id, stay.start, stay.end) for stay in read.stays] == [
        (one.container_id, one.start_date, one.end_date)
        for one in history.assignments
        if one.start_date <= month.last and (one.end_date is None or one.end_date > month.first)
    ]


def test_an_area_that_is_not_there_has_neither_water_nor_stays(worker: Worker) -> None:
    worker.expanded()
    read = worker.store.area_slice(ChunkAddress(1, "FO-X", JANUARY))
    assert {len(column) for column in (*read.sites.values(), *read.halls.values())} == {0}
    assert read.stays == ()


def test_an_area_slice_of_a_month_without_history_is_said_so(worker: Worker) -> None:
    worker.expanded()
    with pytest.raises(ContractBroken, match="the month has no history"):
        worker.store.area_slice(ChunkAddress(1, "FO-N", Month(2019, 1)))
