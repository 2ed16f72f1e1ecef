"""Making committed chunks again: which ones, from what, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken, DatabaseLost, SessionRefused
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.ports import SessionRow
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Versions
from farm.orchestration.verify import Marker, Verifier, require_reproducible, sample
from farm.simulation.history import AreaSlice, HistorySlice, Snapshot
from tests.fakes.generator import AREA, CountingGenerator, MemoryStore
from tests.unit.orchestration.sessions import batch_month
from tests.unit.orchestration.test_work import LAYOUT, PLAN, SCENARIO

HERE = Versions(generator=4, numpy="2.3.1")
SHA = "made"

ROW = SessionRow(
    session=1,
    years="1-3",
    state=SessionState.COMPLETED,
    epoch=1,
    fingerprint="f",
    scenario_name="smoke",
    seed=42,
    started=None,
    completed=None,
    reason=None,
    generator_version=HERE.generator,
    numpy_version=HERE.numpy,
)


class FailingStore(MemoryStore):
    """A store that cannot give what one chunk is made from."""

    def __init__(self, address: ChunkAddress, error: Exception) -> None:
        super().__init__()
        self._address, self._error = address, error

    def slice(self, address: ChunkAddress, kept: bytes | None = None) -> HistorySlice | AreaSlice:
        if address == self._address:
            raise self._error
        return super().slice(address, kept)


def blueprint_of(session: int, *, afresh: bool = False) -> Blueprint:
    del session, afresh
    return Blueprint(*cast("Any", (SCENARIO, PLAN, LAYOUT, "f")))


@dataclass
class Bench:
    """A verifier whose chunks all have the same bytes."""

    store: MemoryStore = field(default_factory=MemoryStore)
    generator: CountingGenerator = field(default_factory=CountingGenerator)

    def compare(self, *markers: Marker):
        verifier = Verifier(
            self.store,
            self.generator,
            blueprint_of,
            lambda _address, _made: SHA,
        )
        return list(verifier.compare(markers))


def marker(address: ChunkAddress, sha256: str = SHA) -> Marker:
    return Marker(address, sha256)


def test_months_are_rendered_from_the_stored_history():
    bench = Bench()
    found = bench.compare(
        marker(batch_month(1)), marker(replace(batch_month(1), subject=AREA), "x")
    )
    assert [one.agrees for one in found] == [True, False]
    assert [type(given) for given in bench.generator.rendered] == [HistorySlice, AreaSlice]


def test_a_simulation_starts_from_the_snapshot_of_the_session_before():
    before = Snapshot("FO", date(2015, 12, 31), {})
    bench = Bench(store=MemoryStore((1, before)))
    (found,) = bench.compare(marker(ChunkAddress.simulation(2, "FO")))
    assert found.agrees
    assert bench.generator.simulated == [("FO", SCENARIO.period(2), before)]


def test_a_simulation_whose_snapshot_is_gone_cannot_be_made_again():
    (found,) = Bench().compare(marker(ChunkAddress.simulation(2, "FO")))
    assert not found.agrees
    assert found.problem == "2/FO/simulate: session 1 left no snapshot"


def test_a_chunk_whose_history_is_damaged_differs_and_the_next_is_made_all_the_same():
    bench = Bench(store=FailingStore(batch_month(1), ContractBroken("damaged")))
    first, second = bench.compare(marker(batch_month(1)), marker(batch_month(2)))
    assert (first.agrees, first.made, first.problem) == (False, None, "damaged")
    assert second.agrees


def test_an_outage_is_no_difference():
    bench = Bench(store=FailingStore(batch_month(1), DatabaseLost("lost")))
    with pytest.raises(DatabaseLost):
        bench.compare(marker(batch_month(1)))


@given(many=st.integers(1, 500), size=st.integers(1, 600))
def test_a_sample_is_evenly_spread_and_always_the_same(many: int, size: int) -> None:
    markers = [marker(ChunkAddress.simulation(number, "FO")) for number in range(many)]
    chosen = [one.address.session for one in sample(markers, size)]
    assert chosen == [one.address.session for one in sample(markers, size)]
    assert len(chosen) == min(size, many)
    gaps = {after - before for before, after in pairwise(chosen)}
    assert len(gaps) <= 2
    assert all(gap > 0 for gap in gaps)
    if size < many:
        # as far from the ends as from each other, so that no end is left out
        assert max(chosen[0], many - 1 - chosen[-1]) <= many / size


@pytest.mark.parametrize("change", [{"generator_version": 3}, {"numpy_version": "1.26.4"}])
def test_what_another_version_made_is_refused_with_both_versions(change: dict[str, Any]):
    require_reproducible([ROW], HERE)
    with pytest.raises(SessionRefused) as refused:
        require_reproducible([ROW, replace(ROW, session=2, **change)], HERE)
    told = str(refused.value)
    assert "session 2" in told
    assert "generator version 4 with numpy 2.3.1" in told
    assert str(next(iter(change.values()))) in told
