"""A sea as published lies inside the bands of its figures, and each notices what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.db.connection import Connection
from farm.validation.verdict import Skipped
from tests.integration.validation.finished_farm import (
    BANDS,
    CHECKS,
    Answers,
    Finished,
    failed,
    ten_years,
)

pytestmark = pytest.mark.services

FIRST, DAYS = date(2015, 1, 1), 3653

#: Sites of each geography: three neighbours, and three far from them and from each other.
PLACES = [(0.0, 0.0), (0.1, 0.1), (0.2, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]
CORNER = {"FO": (61.0, -7.0), "SC": (56.0, -6.0)}

#: Checks of the open water alone.
SEA = [
    check
    for check in CHECKS.values()
    if check.measures
    and check.uses("site_day")
    and not check.uses("daily_state")
    and not check.uses("outbreak")
]


def persistent(rng: np.random.Generator, persistence: float, number: int) -> NDArray[np.float64]:
    """Return AR(1) series, one a column, with standard deviation 1."""
    made = rng.standard_normal((DAYS, number))
    for day in range(1, DAYS):
        made[day] = persistence * made[day - 1] + np.sqrt(1 - persistence**2) * made[day]
    return made


def fill(connection: Connection) -> None:
    """Put a sea in the place of the farm's: seasons, years, weather that neighbours share."""
    connection.execute("TRUNCATE site_day")
    connection.execute("CREATE TABLE site_day_of_all PARTITION OF site_day DEFAULT")
    rng = np.random.default_rng(1)
    days = (np.datetime64(FIRST) + np.arange(DAYS)).astype(object).tolist()
    year = np.array([day.year for day in days]) - FIRST.year
    month = np.array([day.month for day in days])
    rows = []
    for number, (geography, (south, west)) in enumerate(CORNER.items()):
        middle = [BANDS[f"EN{12 * number + m:02d}"].typical for m in range(1, 13)]
        season = np.array(middle, dtype=float)[month - 1]
        shared, own = persistent(rng, 0.95, 4), persistent(rng, 0.9, len(PLACES))
        season += 0.5 * rng.standard_normal(10)[year]
        for place, (north, east) in enumerate(PLACES):
            site = 1 + 10 * number + place
            connection.execute(
                "INSERT INTO site SELECT %s, (SELECT min(a.id) FROM area a JOIN geography g"
                " ON g.id = a.geography_id WHERE g.code = %s), %s, 'x', %s, %s, 1, 'sheltered'",
                (site, geography, f"x{site}", south + north, west + east),
            )
            temperature = season + 0.5 * shared[:, max(place - 2, 0)] + 0.2 * own[:, place]
            salinity = 34.5 if geography == "FO" else 33.0
            rows += [
                (site, day, t, salinity, 9.0, 8.05, 0.1, 5.0, 1.0, 8.0)
                for day, t in zip(days, temperature.round(3).tolist(), strict=True)
            ]
    with connection.cursor().copy(
        "COPY site_day (site_id, date, temperature_c, salinity_psu, oxygen_mg_l, ph, current_m_s,"
        " wind_m_s, wave_height_m, air_temperature_c) FROM STDIN"
    ) as copy:
        for row in rows:
            copy.write_row(row)


Ask = Callable[..., Answers]


@pytest.fixture(scope="module")
def sea(finished: Finished) -> Iterator[Ask]:
    """Asks the checks of the sea, after some changes."""
    scope = ten_years(finished.scenario)
    with finished.connection.transaction(force_rollback=True):
        fill(finished.connection)
        yield lambda *changes: finished.asked(SEA, *changes, scope=scope)


def test_a_sea_as_it_is_passes(sea: Ask) -> None:
    answers = sea()
    assert failed(answers) == set()
    assert not any(isinstance(one, Skipped) for one in answers.values())
    assert len(answers) == 24 + 2 + 2 + 2 + 2 + 4


@pytest.mark.parametrize(
    ("value", "where", "expected"),
    [
        (
            "temperature_c = temperature_c + 2",
            "site_id < 10 AND extract(month FROM date) = 3",
            {"sea_temperature.FO-03"},
        ),
        (
            "temperature_c = temperature_c + 6",
            "site_id > 10 AND extract(month FROM date) = 7",
            {"sea_temperature.SC-07", "weekly_sea_temperature.p95"},
        ),
        (
            "temperature_c = temperature_c + (extract(year FROM date)::int % 2) * 2 - 1",
            "site_id < 10",
            # what jumps from year to year stays for a year
            {"sea_temperature_between_years.FO", "sea_temperature_persistence.FO"},
        ),
        (
            "temperature_c = temperature_c + hashtext(site_id || ' ' || date) / 1073741824.0",
            "site_id < 10",
            {"sea_temperature_persistence.FO"},
        ),
        ("salinity_psu = 30", "site_id = 3", {"salinity.FO p5"}),
    ],
)
def test_a_sea_that_is_not_is_found_out(
    sea: Ask, value: str, where: str, expected: set[str]
) -> None:
    assert failed(sea(f"UPDATE site_day SET {value} WHERE {where}")) == expected


def test_neighbours_that_go_their_own_way_are_found_out(sea: Ask) -> None:
    # When far sites share their weather and neighbours do not
    positions = {1: 0.0, 2: 2.0, 3: 4.0, 4: 0.1, 5: 2.1, 6: 4.1}
    moves = [
        f"UPDATE site SET latitude = 61 + {north}, longitude = -7 WHERE id = {site}"
        for site, north in positions.items()
    ]
    assert failed(sea(*moves)) == {"neighbouring_sites.FO"}
