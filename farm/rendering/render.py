"""One batch-month of the history as rows."""

from __future__ import annotations

from farm.rendering.arrow import Table, record_batches
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.days import Days
from farm.rendering.feeding import feedings
from farm.rendering.layout import Layout
from farm.rendering.mortality import mortalities
from farm.rendering.readings import readings
from farm.rendering.sampling import samples
from farm.simulation.history import HistorySlice
from farm.simulation.streams import Decision


def render_chunk(layout: Layout, history: HistorySlice) -> RenderedChunk:
    """Return the rows of a batch-month, the same bytes whenever, wherever and how often it is done.

    Readings are in order of sensor and time, every other table in order of its primary key.

    Raises:
        ContractBroken: the history does not fit the plan: an unknown assignment, eggs that were
            fed, a salinity sensor in fresh water.
    """
    if not len(history.columns["date"]):
        return RenderedChunk({name: [] for name in CHUNK_TABLES})
    days = Days.of(layout, history)
    address = days.batch_id, days.month.index
    at = layout.streams.at
    sampled, fish = samples(layout, days, at(Decision.FISH_SAMPLE, *address))
    tables: dict[str, Table] = {
        "environmental_reading": readings(layout, days, at(Decision.READINGS, *address)),
        "feeding_event": feedings(layout, days, at(Decision.MEALS, *address)),
        "mortality_event": mortalities(days),
        "growth_sample": sampled,
        "fish_observation": fish,
    }
    return RenderedChunk({name: record_batches(name, tables[name]) for name in CHUNK_TABLES})
