"""A generator that makes three days and seven readings, and counts how often it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

import numpy as np

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.layout import Layout
from farm.rendering.table import Table
from farm.simulation.feed_records import FeedRecords
from farm.simulation.figure_records import FigureRecords
from farm.simulation.health_records import HealthRecords
from farm.simulation.history import (
    DRAW_COLUMNS,
    HALL_DAY_COLUMNS,
    HARVEST_LOT_COLUMNS,
    SITE_DAY_COLUMNS,
    STAY_COLUMNS,
    AreaSlice,
    Columns,
    History,
    HistorySlice,
    Snapshot,
)

READINGS = 7
#: The batch that the history of every geography is about, and the area that lies in it.
BATCH_ID, AREA = 1, "FO-N"


class CountingGenerator:
    """`work.Generator`. It promises and renders ``READINGS``."""

    def __init__(self) -> None:
        self.simulated: list[tuple[str, Period, Snapshot | None]] = []
        self.rendered: list[HistorySlice | AreaSlice] = []

    def simulate(
        self,
        scenario: Scenario,
        plan: Plan,
        geography: str,
        period: Period,
        snapshot: Snapshot | None,
    ) -> History:
        del scenario, plan
        self.simulated.append((geography, period, snapshot))
        end = Snapshot(geography, period.last_day, {})
        return History(
            geography,
            period,
            three_days(period.first),
            *((), (), (), ()),
            no_days(HARVEST_LOT_COLUMNS),
            HealthRecords(),
            FeedRecords(),
            no_days(DRAW_COLUMNS),
            FigureRecords(),
            *(no_days(SITE_DAY_COLUMNS), no_days(HALL_DAY_COLUMNS)),
            (),
            end,
        )

    def render(self, layout: Layout, history: HistorySlice | AreaSlice) -> RenderedChunk:
        del layout
        self.rendered.append(history)
        rows: Table = {"value": np.arange(READINGS)}
        return RenderedChunk(dict.fromkeys(CHUNK_TABLES, ()) | {CHUNK_TABLES[0]: (rows,)})

    def expected_rows(
        self, layout: Layout, daily: Columns
    ) -> Mapping[tuple[int, Month], Mapping[str, int]]:
        del layout
        first = cast("date", daily["date"][0].item())
        return {(BATCH_ID, Month.of(first)): {CHUNK_TABLES[0]: READINGS}}

    def expected_area_rows(
        self, layout: Layout, history: History
    ) -> Mapping[tuple[str, Month], Mapping[str, int]]:
        del layout
        return {(AREA, history.period.first): {CHUNK_TABLES[0]: READINGS}}

    def slices(self, layout: Layout, history: History) -> Iterator[HistorySlice | AreaSlice]:
        month = history.period.first
        codes = {batch.id: batch.code for batch in layout.plan.batches}
        yield HistorySlice(codes[BATCH_ID], month, three_days(month))
        yield area_slice(AREA, month)


class MemoryStore:
    """`ports.HistoryStore`: three days for every chunk, and the snapshots it was given."""

    def __init__(self, *snapshots: tuple[int, Snapshot]) -> None:
        self._snapshots = {(session, s.geography): s for session, s in snapshots}

    def snapshot(self, session: int, geography: str) -> Snapshot | None:
        return self._snapshots.get((session, geography))

    def slice(self, address: ChunkAddress, kept: bytes | None = None) -> HistorySlice | AreaSlice:
        del kept
        assert address.month is not None
        if address.subject == AREA:
            return area_slice(AREA, address.month)
        return HistorySlice(address.subject, address.month, three_days(address.month))


def area_slice(code: str, month: Month) -> AreaSlice:
    """Return an area-month without places."""
    sites, halls, stays = map(no_days, (SITE_DAY_COLUMNS, HALL_DAY_COLUMNS, STAY_COLUMNS))
    return AreaSlice(code, month, sites, halls, stays)


def three_days(month: Month) -> Columns:
    """Return the daily state of the batch on the first three days of a month."""
    days = np.datetime64(month.first) + np.arange(3)
    return {"batch_id": np.full(3, BATCH_ID, dtype=np.int32), "date": days}


def no_days(kinds: Mapping[str, str]) -> Columns:
    """Return columns without rows."""
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}
