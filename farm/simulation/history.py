"""The history: the daily truth of the farm, and what a session's simulation hands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from farm.domain.calendar import Month, Period
from farm.simulation import columns
from farm.simulation.feed_records import FeedRecords
from farm.simulation.figure_records import FigureRecords
from farm.simulation.health_records import HealthRecords

#: One array per column, all of one length.
Columns = columns.Columns

#: Columns of the daily state, in table order. Every array has one element per assignment and day,
#: sorted by (assignment_id, date); `deaths_by_cause` has one more axis: the elements of Cause, then
#: the diseases. Units are in the names; `feed_g` is whole grams, `feed_cents` what they cost.
#: `appetite` is the share of what the fish would need to grow as well as they can, 0 on days
#: without feed. Lice are means per fish.
#: `disease_id` is the disease that most fish are sick of, 0 (NULL in the database) when none, and
#: `sick_percent` how many are. The columns `lice_..._counted` are of the lice count of the day:
#: fish looked at, and lice found on all of them; 0 on days without a count. `feed_type_id` is 0
#: (NULL in the database) on days without feed.
DAILY_COLUMNS: dict[str, str] = {
    "assignment_id": "int32",
    "batch_id": "int32",
    "date": "datetime64[D]",
    "lifecycle_stage_id": "int16",
    "population": "int32",
    "mean_weight_g": "float64",
    "biomass_kg": "float64",
    "deaths": "int32",
    "deaths_by_cause": "int32",
    "feed_g": "int64",
    "temperature_c": "float64",
    "oxygen_mg_l": "float64",
    "salinity_psu": "float64",
    "ph": "float64",
    "density_kg_m3": "float64",
    "is_fasting": "bool",
    "weight_cv": "float64",
    "appetite": "float64",
    "lice_adult_female": "float64",
    "lice_mobile": "float64",
    "lice_attached": "float64",
    "gill_score": "float64",
    "wounded_percent": "float64",
    "side_effect_score": "float64",
    "disease_id": "int16",
    "sick_percent": "float64",
    "is_withheld": "bool",
    "lice_fish_counted": "int32",
    "lice_adult_female_counted": "int32",
    "lice_mobile_counted": "int32",
    "lice_attached_counted": "int32",
    "feed_type_id": "int16",
    "feed_cents": "int64",
}

#: Columns of the feed draws, in table order: what each assignment ate of each lot on a day, in
#: grams and in cents of the geography's currency. Sorted by (date, feed_lot_id, assignment_id).
DRAW_COLUMNS: dict[str, str] = {
    "date": "datetime64[D]",
    "feed_lot_id": "int32",
    "assignment_id": "int32",
    "quantity_g": "int64",
    "cost_cents": "int64",
}

#: Columns of the harvest lots, in table order: fish of one weight class and quality out of a
#: harvest event. Those of an event add up to its count and, live, to its biomass; what they bring
#: is in cents of the geography's currency. Sorted by date, assignment, weight class and quality.
HARVEST_LOT_COLUMNS: dict[str, str] = {
    "assignment_id": "int32",
    "date": "datetime64[D]",
    "weight_class": "str",
    "quality": "str",
    "count": "int32",
    "mean_weight_g": "float64",
    "live_kg": "float64",
    "gutted_kg": "float64",
    "revenue_cents": "int64",
}

#: Columns of the daily state that chunks are rendered from, in table order.
SLICE_COLUMNS: dict[str, str] = {
    name: kind
    for name, kind in DAILY_COLUMNS.items()
    if name
    not in {
        "deaths",
        "lice_adult_female",
        "lice_mobile",
        "lice_attached",
        "disease_id",
        "is_withheld",
    }
}

#: Columns of the daily state that have no value in fresh water: NaN here, NULL in the database.
SEA_ONLY = frozenset({"salinity_psu", "lice_adult_female", "lice_mobile", "lice_attached"})


#: Columns of the daily water and weather of sea sites, in table order; one element per site and
#: day, sorted by (site_id, date). The water is that outside the pens: no fish have breathed in it.
SITE_DAY_COLUMNS: dict[str, str] = {
    "site_id": "int32",
    "date": "datetime64[D]",
    "temperature_c": "float64",
    "salinity_psu": "float64",
    "oxygen_mg_l": "float64",
    "ph": "float64",
    "current_m_s": "float64",
    "wind_m_s": "float64",
    "wave_height_m": "float64",
    "air_temperature_c": "float64",
}

#: The same for the water that runs into the containers of a hall.
HALL_DAY_COLUMNS: dict[str, str] = {
    "hall_id": "int32",
    "date": "datetime64[D]",
    "temperature_c": "float64",
    "oxygen_mg_l": "float64",
    "ph": "float64",
}

#: Columns of stays: a container held fish of an assignment from `start` to before `end`, which is
#: no date (NaT) where it still does.
STAY_COLUMNS: dict[str, str] = {
    "container_id": "int32",
    "start": "datetime64[D]",
    "end": "datetime64[D]",
}


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A row of `batch` as it stands at the end of the session. Status: active or harvested."""

    id: int
    geography_id: int
    code: str
    species: str
    strain_id: int
    egg_source: str
    egg_supplier_id: int | None
    broodstock_id: int | None
    eggs: int
    start_date: date
    expected_harvest: date
    status: str
    end_date: date | None


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """A row of `assignment` as it stands at the end of the session.

    ``end_date`` is the day the fish left (no daily state on that day); None while they are there.
    ``start_count`` are the fish present when it opened, those that came by transfer included.
    """

    id: int
    batch_id: int
    container_id: int
    lifecycle_stage_id: int
    start_date: date
    end_date: date | None
    start_count: int
    start_weight_g: float
    end_count: int | None
    end_weight_g: float | None


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """A row of `transfer`: ``count`` fish left one assignment for another.

    ``mortality_count`` of them died of the handling on arrival; they are among the receiving
    assignment's deaths of that day. Kind: stage, split, grading or sea, see `TransferKind`.
    """

    date: date
    from_assignment_id: int
    to_assignment_id: int
    count: int
    mean_weight_g: float
    biomass_kg: float
    mortality_count: int
    kind: str


@dataclass(frozen=True, slots=True)
class HarvestRecord:
    """A row of `harvest_event`: fish taken out of one pen on one day."""

    assignment_id: int
    date: date
    count: int
    mean_weight_g: float
    biomass_kg: float


@dataclass(frozen=True, slots=True)
class SiteEventRecord:
    """A row of `site_event` as it stands at the end of the session.

    ``end_date`` is the first day after it, None while it lasts. ``severity`` is in (0, 1].
    ``fasting_days``: days on which it kept the site's fish from being fed. ``deaths``: deaths of
    cause environment at the site that its hazards account for.
    """

    id: int
    site_id: int
    kind: str
    start_date: date
    end_date: date | None
    severity: float
    fasting_days: int
    deaths: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of one geography at the end of a day, from which the next day can start.

    ``state`` is plain JSON data; floats survive the round trip exactly.
    """

    geography: str
    day: date
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HistorySlice:
    """The daily state of one batch in one month, as a chunk needs it.

    ``columns`` has every column of SLICE_COLUMNS, sorted by (assignment_id, date). Empty for a
    batch that was already harvested.
    """

    batch: str
    month: Month
    columns: Columns


@dataclass(frozen=True, slots=True)
class AreaSlice:
    """One month of an area, as the chunk of everything that belongs to no batch needs it.

    ``sites`` and ``halls`` have the columns of SITE_DAY_COLUMNS and HALL_DAY_COLUMNS for the sites
    and halls of the area, sorted by id and date. ``stays``, with those of STAY_COLUMNS, are the
    ones that touch the month, in order of container and start: on all other days a container is
    empty.
    """

    area: str
    month: Month
    sites: Columns
    halls: Columns
    stays: Columns


@dataclass(frozen=True, slots=True)
class History:
    """What one geography lived through in one session."""

    geography: str
    period: Period
    daily: Columns
    batches: tuple[BatchRecord, ...]
    assignments: tuple[AssignmentRecord, ...]
    transfers: tuple[TransferRecord, ...]
    harvests: tuple[HarvestRecord, ...]
    harvest_lots: Columns
    health: HealthRecords
    feed: FeedRecords
    feed_draws: Columns
    figures: FigureRecords
    site_days: Columns
    hall_days: Columns
    site_events: tuple[SiteEventRecord, ...]
    snapshot: Snapshot

    def months_of_batches(self) -> list[tuple[int, Month]]:
        """Return each (batch id, month) with at least one day of history, sorted."""
        months = list(self.period.months())
        firsts = np.asarray([month.first for month in months], dtype="datetime64[D]")
        batch = self.daily["batch_id"].astype(np.int64)
        least = int(batch.min()) if batch.size else 0
        month = np.searchsorted(firsts, self.daily["date"], side="right") - 1
        lived = np.bincount((batch - least) * len(months) + month)
        cells = (divmod(cell, len(months)) for cell in np.flatnonzero(lived).tolist())
        return [(least + number, months[month]) for number, month in cells]

    def slice(self, batch_id: int, code: str, month: Month) -> HistorySlice:
        """Return the daily state of one batch in one month."""
        days = self.daily["date"]
        chosen = (
            (self.daily["batch_id"] == batch_id)
            & (days >= np.datetime64(month.first))
            & (days <= np.datetime64(month.last))
        )
        return HistorySlice(code, month, {name: self.daily[name][chosen] for name in SLICE_COLUMNS})
