"""The simulated sea, its weather and its events look like those of the Faroes and of Scotland."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.domain.calendar import Month, Period
from farm.domain.events import SiteEventKind
from farm.domain.water import oxygen_saturation
from farm.domain.weather import distances_km
from farm.domain.world import Cause
from farm.settings.scenarios import load_scenario
from farm.simulation.dice import Dice
from farm.simulation.environment.environment import Environment
from farm.simulation.frame import Frame
from farm.simulation.history import SiteEventRecord
from farm.simulation.process import Rates, Today
from farm.simulation.site_log import SiteLog
from farm.simulation.state import State
from farm.simulation.streams import Streams
from farm.simulation.world import build_world

YEARS = Period(Month(2015, 1), Month(2019, 12))

#: Month means of the sea, low and high. Faroe coastal stations; W Scotland: Szewczyk et al. 2023.
BANDS = {
    "FO": (
        (6.0, 5.5, 5.3, 5.6, 6.5, 7.8, 8.9, 9.7, 9.6, 8.7, 7.7, 6.8),
        (8.2, 7.7, 7.5, 7.8, 8.7, 10.0, 11.1, 11.9, 11.8, 10.9, 9.9, 9.0),
    ),
    "SC": (
        (7.3, 6.6, 6.4, 7.1, 8.7, 10.5, 11.9, 12.6, 12.3, 11.2, 9.8, 8.4),
        (9.7, 9.2, 9.2, 9.3, 11.0, 12.5, 14.2, 14.6, 14.2, 13.1, 11.6, 10.3),
    ),
}


@dataclass
class Lived:
    """Five years at the sites and halls of the largest scenario, without fish."""

    frame: Frame
    days: NDArray[np.datetime64]
    sea: dict[str, NDArray[np.float64]]
    halls: NDArray[np.float64]
    events: tuple[SiteEventRecord, ...]

    def sites(self, *exposures: str) -> NDArray[np.bool_]:
        return np.array([site.exposure in exposures for site in self.frame.sites])

    @property
    def latitude(self) -> NDArray[np.float64]:
        return np.array([site.latitude for site in self.frame.sites])

    @property
    def month(self) -> NDArray[np.int64]:
        return self.days.astype("datetime64[M]").astype(np.int64) % 12

    @property
    def anomaly(self) -> NDArray[np.float64]:
        """Temperature less the mean of the month over all years, site by site."""
        temperature, month = self.sea["temperature_c"], self.month
        doy = (self.days - self.days.astype("datetime64[Y]")).astype(np.int64)
        # Five years are too few for means by day: three harmonics of the site's own year.
        turn = 2 * np.pi * doy / 365.25
        waves = [f(k * turn) for k in (1, 2, 3) for f in (np.cos, np.sin)]
        basis = np.stack([np.ones(month.size), *waves], axis=1)
        fitted = np.linalg.lstsq(basis, temperature, rcond=None)[0]
        return np.asarray(temperature - basis @ fitted)

    def count(self, kind: SiteEventKind) -> Counter[int]:
        """Events of a kind by the month of their beginning, from 0."""
        return Counter(e.start_date.month - 1 for e in self.events if e.kind == kind)

    def per_site_year(self, kind: SiteEventKind, *exposures: str) -> float:
        chosen = self.sites(*exposures)
        ids = {s.id for s, wanted in zip(self.frame.sites, chosen, strict=True) if wanted}
        found = sum(e.kind == kind and e.site_id in ids for e in self.events)
        return found / len(ids) / 5


@pytest.fixture(scope="module", params=["FO", "SC"])
def lived(request) -> Lived:
    scenario = load_scenario("full", Path(__file__).parents[3] / "config")
    frame = Frame.of(build_world(scenario), request.param)
    environment = Environment(scenario.biology, frame, Dice(Streams(11), frame))
    state, own, log = State.empty(frame), environment.begin(), SiteLog(frame)
    nobody = np.zeros((len(Cause), frame.size), dtype=np.int64)
    book, rates = log.begin(), Rates(frame.size, 0)
    sea, halls, days = [], [], []
    for month in YEARS.months():
        environment.turn_month(month, own)
        for offset in range(month.days):
            today = Today.of(month.first + timedelta(days=offset))
            around = environment.surroundings(today, state, own)
            log.note(around.events, rates, state, nobody, book)
            sea.append(around.sea)
            halls.append(around.halls.temperature_c)
            days.append(today.date)
    columns = {f.name: np.array([getattr(day, f.name) for day in sea]) for f in fields(sea[0])}
    found = log.records(book)
    return Lived(frame, np.array(days, dtype="datetime64[D]"), columns, np.array(halls), found)


def test_month_means_lie_in_the_bands_of_the_coast(lived):
    low, high = BANDS[lived.frame.geography.code]
    coast = lived.latitude < (59 if lived.frame.geography.code == "SC" else 90)
    for month in range(12):
        mean = lived.sea["temperature_c"][lived.month == month][:, coast].mean()
        assert low[month] <= mean <= high[month], month


def test_orkney_and_shetland_are_a_degree_colder_than_the_west_coast(lived):
    if lived.frame.geography.code == "SC":
        by_site = lived.sea["temperature_c"].mean(axis=0)
        north = lived.latitude > 59
        assert -1.3 <= by_site[north].mean() - by_site[~north].mean() <= -0.6


def test_the_sea_remembers_yesterday(lived):
    anomaly = lived.anomaly
    found = [np.corrcoef(site[:-1], site[1:])[0, 1] for site in anomaly.T]
    assert min(found) >= 0.82
    assert max(found) <= 0.98


def test_neighbours_are_more_alike_than_far_sites(lived):
    together = np.corrcoef(lived.anomaly.T)
    longitude = np.array([site.longitude for site in lived.frame.sites])
    apart = distances_km(lived.latitude, longitude)
    pairs = np.triu(np.ones_like(apart, dtype=bool), 1)
    near = together[pairs & (apart < 15)].mean()
    far = together[pairs & (apart > 0.6 * apart.max())].mean()
    assert near > far + 0.05
    assert 0.6 <= near <= 0.98


def test_no_year_is_like_the_other(lived):
    anomaly = lived.anomaly.mean(axis=1)
    months = lived.days.astype("datetime64[M]")
    means = np.array([anomaly[months == month].mean() for month in np.unique(months)])
    assert 0.3 <= means.reshape(-1, 12).std(axis=0, ddof=1).mean() <= 0.9


def test_open_water_is_nearly_saturated_and_never_far_above(lived):
    sea = lived.sea
    full = oxygen_saturation(sea["temperature_c"], sea["salinity_psu"])
    saturation = 100 * sea["oxygen_mg_l"] / full
    assert saturation.max() <= 115.0 + 1e-9
    assert 95 <= np.median(saturation) <= 101
    assert saturation.min() > 30


def test_lochs_are_brackish_after_rain_and_the_open_sea_is_not(lived):
    salinity = lived.sea["salinity_psu"]
    sheltered, exposed = salinity[:, lived.sites("sheltered")], salinity[:, lived.sites("exposed")]
    if lived.frame.geography.code == "SC":
        assert 28 <= np.percentile(sheltered, 1) <= 31
        assert 32 <= np.median(sheltered) <= 34.2
        assert salinity.max() <= 35.0
    else:
        assert np.percentile(salinity, 1) >= 33.5
        assert salinity.max() <= 35.3
        assert 34.5 <= np.median(salinity) <= 35.2
    assert np.median(exposed) > np.median(sheltered)


def test_currents_swell_from_spring_tide_to_spring_tide(lived):
    current = lived.sea["current_m_s"].mean(axis=1)
    fortnight, week = (np.corrcoef(current[:-k], current[k:])[0, 1] for k in (15, 7))
    assert fortnight > 0.3
    assert week < 0
    assert lived.sea["current_m_s"].min() > 0.02
    assert lived.sea["current_m_s"].max() < 1.0


def test_a_gale_blows_over_the_whole_geography_and_raises_the_sea(lived):
    wind, wave = lived.sea["wind_m_s"], lived.sea["wave_height_m"]
    together = np.corrcoef(wind.T)
    assert together.min() > 0.2
    assert np.corrcoef(wind[:, 0], wave[:, 0])[0, 1] > 0.7
    winter = np.isin(lived.month, (11, 0, 1))
    assert wind[winter].mean() > 1.2 * wind[np.isin(lived.month, (5, 6, 7))].mean()
    heights = [wave[:, lived.sites(e)].mean() for e in ("sheltered", "moderate", "exposed")]
    assert heights == sorted(heights)
    assert 2.0 <= wave.max() <= 9.0


def test_air_is_colder_than_the_sea_in_winter_and_of_these_islands(lived):
    air = lived.sea["air_temperature_c"]
    winter = np.isin(lived.month, (11, 0, 1))
    assert air[winter].mean() < lived.sea["temperature_c"][winter].mean()
    assert air.min() > -10
    assert air.max() < 25


def test_events_of_a_kind_never_overlap_at_a_site(lived):
    assert len({event.id for event in lived.events}) == len(lived.events)
    by_place: dict[tuple[str, int], list[SiteEventRecord]] = {}
    for event in lived.events:
        assert 0 < event.severity <= 1
        assert event.id // 10_000 == event.site_id
        by_place.setdefault((event.kind, event.site_id), []).append(event)
    for events in by_place.values():
        for event, later in pairwise(events):
            assert event.end_date is not None
            assert event.start_date < event.end_date <= later.start_date


def test_heat_waves_and_cold_spells_last_five_days_at_least(lived):
    for event in lived.events:
        if event.kind in {"heat_wave", "cold_spell"} and event.end_date is not None:
            assert (event.end_date - event.start_date).days >= 5
    found = sum(lived.per_site_year(SiteEventKind(kind), "sheltered", "moderate", "exposed")
                for kind in ("heat_wave", "cold_spell"))  # fmt: skip
    assert 1.5 <= found <= 7


def test_storms_are_winter_s_and_hit_open_sites_most(lived):
    by_month = lived.count(SiteEventKind.STORM)
    assert sum(by_month[m] for m in (9, 10, 11, 0, 1, 2)) > 0.8 * by_month.total()
    rates = [
        lived.per_site_year(SiteEventKind.STORM, e) for e in ("sheltered", "moderate", "exposed")
    ]
    assert rates == sorted(rates)
    assert 1 <= rates[-1] <= 10


@pytest.mark.parametrize(
    ("kind", "season"),
    [
        (SiteEventKind.ALGAL_BLOOM, range(2, 10)),
        (SiteEventKind.JELLYFISH, range(6, 12)),
        (SiteEventKind.HYPOXIA, range(6, 12)),
    ],
)
def test_spells_have_their_season(lived, kind, season):
    by_month = lived.count(kind)
    assert by_month.total() > 0
    assert sum(by_month[m] for m in season) >= 0.9 * by_month.total()
    assert 0.01 <= lived.per_site_year(kind, "sheltered", "moderate", "exposed") <= 1.5


def test_halls_keep_their_set_points_and_what_flows_through_follows_the_season(lived):
    swing = lived.halls[lived.month == 7].mean(axis=0) - lived.halls[lived.month == 1].mean(axis=0)
    flows = lived.frame.flow_through
    if flows.any():
        assert swing[flows].min() > 1
        assert swing[~flows].max() < 1.5
    assert lived.halls.min() > 2
    assert lived.halls.max() < 18
