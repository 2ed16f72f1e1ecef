"""One month of the history as rows: of a batch, or of what belongs to none."""

from __future__ import annotations

from collections.abc import Sequence

from farm.rendering.area import render_area
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.days import Days
from farm.rendering.feeding import feedings
from farm.rendering.health import health_samples
from farm.rendering.layout import Layout
from farm.rendering.lice import lice_counts
from farm.rendering.mortality import mortalities
from farm.rendering.readings import readings
from farm.rendering.sampling import samples
from farm.rendering.stocked import stocked_lines
from farm.rendering.table import Table
from farm.simulation.history import AreaSlice, HistorySlice


def render(layout: Layout, history: HistorySlice | AreaSlice) -> RenderedChunk:
    """Return the rows of a batch-month or of an area-month; raises ContractBroken as these do."""
    if isinstance(history, AreaSlice):
        return render_area(layout, history)
    return render_chunk(layout, history)


def render_chunk(layout: Layout, history: HistorySlice) -> RenderedChunk:
    """Return the rows of a batch-month, the same bytes whenever, wherever and how often it is done.

    Readings are in order of sensor and time, every other table in order of its primary key.

    Raises:
        ContractBroken: the history does not fit the plan: an unknown assignment, eggs that were
            fed, a salinity sensor in fresh water.
    """
    none: dict[str, Sequence[Table]] = dict.fromkeys(CHUNK_TABLES, ())
    if not len(history.columns["date"]):
        return RenderedChunk(none)
    days = Days.of(layout, history)
    chance = layout.chances.of_batch(days.batch_id, days.month)
    sampled, fish = samples(layout, days, chance.fish_sample)
    counted, lice = lice_counts(layout, days, chance.lice_on_fish)
    lines, per_day = stocked_lines(layout, days), layout.observation.readings_per_day
    tables: dict[str, Table] = {
        "environmental_reading": readings(layout, lines, per_day, chance.readings),
        "feeding_event": feedings(layout, days, chance.meals),
        "mortality_event": mortalities(days),
        "growth_sample": sampled,
        "fish_observation": fish,
        "lice_count": counted,
        "lice_observation": lice,
        "health_sample": health_samples(layout, days, chance.health_sample),
    }
    return RenderedChunk(none | {name: (table,) for name, table in tables.items() if table})
