"""How many rows a history promises, by formula: what every chunk is held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.feeding import feeding_rows
from farm.rendering.layout import Layout
from farm.rendering.mortality import mortality_rows
from farm.rendering.readings import reading_rows
from farm.rendering.sampling import sample_sizes
from farm.simulation.history import Columns


def expected_rows(layout: Layout, daily: Columns) -> dict[tuple[int, Month], dict[str, int]]:
    """Return for each (batch id, month) of a history the rows of each chunk table, in that order.

    Nothing is rendered; `render_chunk` gives exactly these numbers. ``daily`` has the columns of
    DAILY_COLUMNS in any order of rows.

    Raises ContractBroken for an assignment that the plan does not have.
    """
    stage, day = daily["lifecycle_stage_id"], daily["date"].astype("datetime64[D]").astype(np.int64)
    assignments, of_row = np.unique(daily["assignment_id"], return_inverse=True)
    container = layout.container_rows(assignments)[of_row]
    sizes = sample_sizes(layout, day, daily["assignment_id"], stage, daily["population"])
    rows: dict[str, NDArray[np.int64]] = {
        "environmental_reading": reading_rows(layout, container),
        "feeding_event": feeding_rows(layout, stage, np.maximum(daily["feed_g"], 0)),
        "mortality_event": mortality_rows(daily["deaths_by_cause"]),
        "growth_sample": (sizes > 0).astype(np.int64),
        "fish_observation": sizes,
    }
    month = daily["date"].astype("datetime64[M]").astype(np.int64)
    batches, batch = np.unique(daily["batch_id"], return_inverse=True)
    start = int(month.min()) if len(month) else 0
    months = int(month.max()) - start + 1 if len(month) else 0
    key = batch * months + (month - start)
    size = len(batches) * months
    present = np.flatnonzero(np.bincount(key, minlength=size))
    # Sums of whole numbers below 2**53 are exact in the floats that bincount adds up.
    sums = [
        np.bincount(key, weights=rows[name], minlength=size)[present].astype(np.int64).tolist()
        for name in CHUNK_TABLES
    ]
    chunks = (
        (int(batches[at // months]), _month(start + at % months)) for at in present.tolist()
    )
    return {
        chunk: dict(zip(CHUNK_TABLES, counts, strict=True))
        for chunk, *counts in zip(chunks, *sums, strict=True)
    }


def _month(since_1970: int) -> Month:
    return Month(1970 + since_1970 // 12, since_1970 % 12 + 1)
