"""What site events do to fish, and that it does not matter when a session ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.domain.biology import Biology
from farm.domain.calendar import Month, Period
from farm.domain.events import SPELLS, SiteEventKind
from farm.domain.plan import Plan
from farm.domain.world import Cause, Stage
from farm.simulation.engine import simulate
from farm.simulation.history import HALL_DAY_COLUMNS, SITE_DAY_COLUMNS, History, SiteEventRecord
from tests.reference.small_farm import Nature, Sketch, biology, small_plan

PERIOD = Period(Month(2015, 1), Month(2016, 12))


def with_spells(per_year: float) -> Biology:
    """The project's biology with spells as often as this, at any time of the year."""
    given = biology()
    spells = {
        kind.value: given.events.spell(kind).model_copy(
            update={"per_year": dict.fromkeys(("FO", "SC"), per_year), "sharpness": 0.5}
        )
        for kind in SPELLS
    }
    return given.model_copy(update={"events": given.events.model_copy(update=spells)})


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Fish at two open sites from early in the first year on."""
    days = (15, 15, 15, 15, 15, 900)
    given = small_plan(
        Sketch(days=days, containers=(1, 1, 1, 1, 1, 4), eggs=200_000),
        Sketch(days=days, containers=(1, 1, 1, 1, 1, 2), eggs=80_000, site=2),
    )
    sites = tuple(replace(site, exposure="exposed") for site in given.world.site)
    return replace(given, world=replace(given.world, site=sites))


@pytest.fixture(scope="module")
def troubled(plan) -> History:
    return simulate(Nature(3, with_spells(15.0)), plan, "FO", PERIOD, None)


@pytest.fixture(scope="module")
def spared(plan) -> History:
    """The same world, the same chances, and no spells."""
    return simulate(Nature(3, with_spells(0.0)), plan, "FO", PERIOD, None)


def lasting(event: SiteEventRecord, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    end = event.end_date or PERIOD.last_day + timedelta(days=1)
    return np.asarray((days >= np.datetime64(event.start_date)) & (days < np.datetime64(end)))


def at_site(history: History, site_id: int) -> NDArray[np.bool_]:
    """Rows of the fish at a site: those of batch 1 live at the first one, of batch 2 at the other.

    Fish that came today are left out: they fast anyway.
    """
    daily = history.daily
    opened = {a.id: np.datetime64(a.start_date) for a in history.assignments}
    first = np.array([opened[a] for a in daily["assignment_id"].tolist()])
    at_sea = daily["lifecycle_stage_id"] == Stage.ADULT.id
    return np.asarray(at_sea & (daily["batch_id"] == site_id % 100) & (daily["date"] > first))


def test_nobody_feeds_in_a_storm(troubled):
    storms = [e for e in troubled.site_events if e.kind == "storm"]
    assert storms
    fed_somewhere = 0
    for event in storms:
        here = at_site(troubled, event.site_id)
        rows = here & lasting(event, troubled.daily["date"])
        assert troubled.daily["is_fasting"][rows].all()
        assert not troubled.daily["feed_g"][rows].any()
        if rows.any():
            pens = len(set(troubled.daily["assignment_id"][rows]))
            assert event.fasting_days >= rows.sum() / pens
        fed_somewhere += troubled.daily["feed_g"][here & ~rows].any()
    assert fed_somewhere


def test_events_of_sites_without_fish_do_nothing(troubled):
    opened = min(a.start_date for a in troubled.assignments if a.lifecycle_stage_id == 6)
    for event in troubled.site_events:
        if event.end_date is not None and event.end_date <= opened:
            assert event.fasting_days == 0


def test_a_bloom_is_seen_in_appetite_and_in_deaths(troubled, spared):
    blooms = [e for e in troubled.site_events if e.kind == "algal_bloom" and e.severity > 0.3]
    eaten, died = [], []
    for event in blooms:
        for history in (troubled, spared):
            rows = at_site(history, event.site_id) & lasting(event, history.daily["date"])
            fish = history.daily["population"][rows].sum()
            if fish:
                grams = (
                    history.daily["feed_g"][rows].sum() / history.daily["biomass_kg"][rows].sum()
                )
                eaten.append(grams)
                causes = history.daily["deaths_by_cause"][rows].sum(axis=0)
                died.append(causes[Cause.ENVIRONMENT.id - 1] / fish)
    assert len(eaten) >= 4
    assert np.mean(eaten[::2]) < 0.9 * np.mean(eaten[1::2])
    assert np.mean(died[::2]) > 2 * np.mean(died[1::2])


def test_events_account_for_no_more_deaths_than_there_were(troubled):
    found: dict[int, int] = {}
    for event in troubled.site_events:
        found[event.site_id] = found.get(event.site_id, 0) + event.deaths
    assert sum(found.values()) > 0
    for site_id, deaths in found.items():
        daily = troubled.daily
        here = (daily["batch_id"] == site_id % 100) & (daily["lifecycle_stage_id"] == 6)
        causes = daily["deaths_by_cause"][here].sum(axis=0)
        assert deaths <= causes[Cause.ENVIRONMENT.id - 1]


def test_hypoxia_takes_oxygen_out_of_pens_and_they_are_aerated(troubled):
    daily = troubled.daily
    spells = [e for e in troubled.site_events if e.kind == "hypoxia"]
    if spells:
        inside = np.any(
            [lasting(e, daily["date"]) & at_site(troubled, e.site_id) for e in spells], 0
        )
        sea = daily["lifecycle_stage_id"] == 6
        assert daily["oxygen_mg_l"][inside].mean() < daily["oxygen_mg_l"][sea & ~inside].mean()


def test_the_water_of_every_site_and_hall_is_told_for_every_day(troubled, plan):
    for columns, kinds, key, ids in (
        (troubled.site_days, SITE_DAY_COLUMNS, "site_id", [s.id for s in plan.world.site]),
        (troubled.hall_days, HALL_DAY_COLUMNS, "hall_id", range(11, 16)),
    ):
        assert {name: str(column.dtype) for name, column in columns.items()} == kinds
        assert list(columns) == list(kinds)
        told = list(zip(columns[key].tolist(), columns["date"].tolist(), strict=True))
        days = [PERIOD.first_day + timedelta(days=n) for n in range(PERIOD.days)]
        assert told == [(place, day) for place in ids for day in days]
        for name in list(kinds)[2:]:
            assert np.array_equal(columns[name], np.round(columns[name], 3))


def test_pens_have_the_temperature_of_their_site(troubled):
    daily, sites = troubled.daily, troubled.site_days
    row = {
        key: value
        for *key_parts, value in zip(
            sites["site_id"].tolist(), sites["date"].tolist(), sites["temperature_c"], strict=True
        )
        for key in [tuple(key_parts)]
    }
    for site_id in (101, 102):
        for index in np.flatnonzero(at_site(troubled, site_id))[::97]:
            day = daily["date"][index].item()
            assert daily["temperature_c"][index] == row[site_id, day]


def test_a_session_that_ends_in_the_middle_of_an_event_changes_nothing(plan, troubled):
    # Given sessions that end while a bloom and a heat wave last
    ends = set()
    for kind in (SiteEventKind.ALGAL_BLOOM, SiteEventKind.HEAT_WAVE):
        for event in troubled.site_events:
            month = Month.of(event.start_date)
            spans = event.end_date is not None and event.end_date > month.next().first
            if event.kind == kind and spans and PERIOD.first < month < PERIOD.last:
                ends.add(month)
                break
    assert len(ends) >= 1
    first = PERIOD.first
    parts: list[History] = []
    for end in [*sorted(ends), PERIOD.last]:
        before = parts[-1].snapshot if parts else None
        parts.append(simulate(Nature(3, with_spells(15.0)), plan, "FO", Period(first, end), before))
        first = end.next()
    # Then an event that lasts is told as open, and at the end all is as in one session
    assert all(any(e.end_date is None for e in part.site_events) for part in parts[:-1])
    known = {e.id: e for part in parts for e in part.site_events}
    assert sorted(known.values(), key=lambda e: e.id) == list(troubled.site_events)
    assert parts[-1].snapshot == troubled.snapshot
    for name in ("site_days", "hall_days"):
        whole = getattr(troubled, name)
        joined = {n: np.concatenate([getattr(p, name)[n] for p in parts]) for n in whole}
        order = np.lexsort((joined["date"], next(iter(joined.values()))))
        for column, expected in whole.items():
            assert np.array_equal(joined[column][order], expected)
