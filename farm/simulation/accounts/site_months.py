"""What a site or a station was in each month: the rows of `site_month`."""

from __future__ import annotations

import numpy as np

from farm.domain import exact
from farm.domain.calendar import Month
from farm.simulation.accounts import ratios
from farm.simulation.accounts.events import Harvested, Treated, moved_in_kg
from farm.simulation.accounts.rows import Opening, Rows
from farm.simulation.accounts.tally import Tally
from farm.simulation.figure_records import SiteMonthRecord
from farm.simulation.frame import Floats, Integers, Place, PlaceKind

#: Ids of a month's rows follow the months of the calendar; those of stations follow the sites.
ROWS_OF_A_MONTH, ROWS_OF_SITES = 10_000, 5_000


def row_id(month: Month, place: Place) -> int:
    """Return the id of a place's row; it fits into 32 bits.

    Raises:
        ValueError: the place's id leaves no room for it.
    """
    if not 0 < place.id < ROWS_OF_SITES:
        raise ValueError(f"{place.kind.name} {place.id}: no id for its months")
    is_station = place.kind is PlaceKind.STATION
    return month.index * ROWS_OF_A_MONTH + is_station * ROWS_OF_SITES + place.id


def site_months(
    rows: Rows, opening: Opening, harvested: Harvested, treated: Treated
) -> tuple[SiteMonthRecord, ...]:
    """Return the rows of all places and months of the period, in order of their ids."""
    figures = _Figures(rows, opening, harvested, treated)
    found = [
        figures.record(place, month)
        for month in range(len(rows.months))
        for place in range(len(rows.frame.places))
    ]
    return tuple(sorted(found, key=lambda record: record.id))


class _Figures:
    """The figures of all places and months of a period: arrays of this shape."""

    def __init__(
        self, rows: Rows, opening: Opening, harvested: Harvested, treated: Treated
    ) -> None:
        daily, places = rows.daily, len(rows.frame.places)
        self._rows = rows
        self._days = [month.days for month in rows.months]
        tally = Tally(rows.place, rows.month, (places, len(rows.months)))
        self._occupied = tally.count()
        self._density = tally.largest(daily["density_kg_m3"], 0.0)
        self._deaths = tally.integers(daily["deaths"])
        self._feed_g = tally.integers(daily["feed_g"])
        self._feed_cents = tally.integers(daily["feed_cents"])
        self._lice = tally.integers(daily["lice_adult_female_counted"])
        self._looked_at = tally.integers(daily["lice_fish_counted"])
        self._by_day(rows, places)
        self._harvested_kg = harvested.live_kg_of_places
        self._growth_kg = self._growth(rows, opening, tally)
        self._treatments = treated.treatments_of_places

    def _by_day(self, rows: Rows, places: int) -> None:
        """Work out what follows from the sums of a place's fish on each of its days."""
        by_day = Tally(rows.place, rows.day, (places, rows.period.days))
        fish = by_day.integers(rows.daily["population"])
        held_kg = by_day.floats(rows.daily["biomass_kg"])
        firsts = rows.first_day
        self._stocked_days = np.add.reduceat((fish > 0).astype(np.int64), firsts, axis=1)
        self._fish_days = np.add.reduceat(fish, firsts, axis=1)
        self._max_kg = np.maximum.reduceat(held_kg, firsts, axis=1)
        self._end_fish: Integers = fish[:, rows.last_day]
        self._end_kg: Floats = held_kg[:, rows.last_day]

    def _growth(self, rows: Rows, opening: Opening, tally: Tally) -> Floats:
        """Return end + harvested + dead - start - eggs - moved in, of each place and month."""
        daily, shape = rows.daily, tally.shape
        place = rows.frame.place_of[opening.container]
        before = Tally(place, np.zeros_like(place), (shape[0], 1)).floats(opening.biomass_kg)
        start_kg = np.hstack((before, self._end_kg[:, :-1]))
        dead_kg = tally.floats(daily["deaths"] * daily["mean_weight_g"] / 1000.0)
        _, at, month, _, kg = rows.deliveries
        eggs_kg = Tally(at, month, shape).floats(kg)
        return self._end_kg + self._harvested_kg + dead_kg - start_kg - eggs_kg - moved_in_kg(rows)

    def record(self, place: int, month: int) -> SiteMonthRecord:
        """Return one row, by the indices of place and month."""
        at, here, when = (place, month), self._rows.frame.places[place], self._rows.months[month]
        days = self._days[month]
        occupied, stocked = int(self._occupied[at]), int(self._stocked_days[at])
        deaths, feed_g = int(self._deaths[at]), int(self._feed_g[at])
        growth, looked_at = float(self._growth_kg[at]), int(self._looked_at[at])
        is_site = here.kind is PlaceKind.SITE
        return SiteMonthRecord(
            id=row_id(when, here),
            site_id=here.id if is_site else None,
            station_id=None if is_site else here.id,
            month=when.first,
            containers=here.members.size,
            occupied_container_days=occupied,
            utilisation_percent=ratios.percent(occupied, here.members.size * days),
            fallow_days=days - stocked,
            end_population=int(self._end_fish[at]),
            end_biomass_kg=ratios.kilograms(self._end_kg[at]),
            max_biomass_kg=ratios.kilograms(self._max_kg[at]),
            max_density_kg_m3=ratios.ratio(self._density[at]),
            deaths=deaths,
            mortality_percent=ratios.percent(deaths * stocked, int(self._fish_days[at])),
            growth_kg=ratios.kilograms(growth),
            harvested_kg=ratios.kilograms(self._harvested_kg[at]),
            feed_kg=exact.kilograms(feed_g),
            feed_cost=exact.money(self._feed_cents[at]),
            fcr_biological=ratios.fcr(feed_g / exact.GRAMS, growth),
            lice_adult_female=ratios.per_fish(int(self._lice[at]), looked_at),
            lice_fish_counted=looked_at,
            treatments=int(self._treatments[at]),
        )
