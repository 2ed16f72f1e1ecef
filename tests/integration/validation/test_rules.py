"""Rules about what follows what: a day less than the rule is an offence, the rule itself is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.integration.validation.finished_farm import CHECKS, Finished, failed

pytestmark = pytest.mark.services

_EMPTIED = date(2016, 3, 1)


def offences(finished: Finished, check: str, *changes: str) -> set[str]:
    return failed(finished.asked([CHECKS[check]], *changes))


def containers(kind: str, geography: str) -> str:
    """Add containers 1 and 2, both of a kind, to a hall or site of their own in a geography."""
    at_sea = kind == "pen"
    area = (
        "(SELECT min(a.id) FROM area a JOIN geography g ON g.id = a.geography_id"
        f" WHERE g.code = '{geography}')"
    )
    place = (
        f"INSERT INTO site SELECT 1, {area}, 'new', 'new', 60, -6, 1000, 'sheltered'"
        if at_sea
        else f"INSERT INTO station SELECT 1, {area}, 'new', 'new', 'nursery', 60, -6, 'ras';"
        " INSERT INTO hall VALUES (1, 1, 'new', 'new', 2)"
    )
    where = "NULL, 1" if at_sea else "1, NULL"
    return f"""{place};
        INSERT INTO container (id, hall_id, site_id, code, kind, volume_m3, max_density_kg_m3,
                               capacity_fish)
        SELECT n, {where}, 'new' || n, '{kind}', 100, 20, 1000 FROM generate_series(1, 2) AS n"""


def stay(number: int, container: int, start: date, end: date | None) -> str:
    """Let a batch of its own live in a container."""
    until = f"'{end}'" if end else "NULL"
    return f"""INSERT INTO batch SELECT {number}, geography_id, 'new{number}', species, strain_id,
        egg_source, egg_supplier_id, broodstock_id, eggs, start_date, expected_harvest, 'active',
        NULL FROM batch WHERE id = 1000001;
        INSERT INTO assignment VALUES ({number}, {number}, {container}, 6, '{start}', {until},
        10, 5, NULL, NULL)"""


@pytest.mark.parametrize(("kind", "days"), [("tray", 7), ("tank", 14), ("raceway", 21)])
def test_cleaning_takes_its_days(finished: Finished, kind: str, days: int) -> None:
    place = containers(kind, "FO")
    before = stay(1, 1, _EMPTIED - timedelta(60), _EMPTIED)
    for gap, offenders in ((days - 1, {"cleaning_days"}), (days, set())):
        after = stay(2, 1, _EMPTIED + timedelta(gap), None)
        assert offences(finished, "cleaning_days", place, before, after) == offenders


@pytest.mark.parametrize(("geography", "days"), [("FO", 60), ("SC", 30)])
def test_a_site_lies_fallow_as_the_law_says(finished: Finished, geography: str, days: int) -> None:
    place = containers("pen", geography)
    # Given a generation that leaves its pens one after another
    before = stay(1, 1, _EMPTIED - timedelta(400), _EMPTIED - timedelta(50))
    last = f"INSERT INTO assignment VALUES (9, 1, 2, 6, '2015-03-01', '{_EMPTIED}', 10, 5)"
    for gap, offenders in ((days - 1, {"fallow_days"}), (days, set())):
        # When the next comes, into the pen that was empty for longer
        after = stay(2, 1, _EMPTIED + timedelta(gap), None)
        # Then the days count from the last pen's
        assert offences(finished, "fallow_days", place, before, last, after) == offenders


def test_a_second_generation_waits_for_the_first_to_leave(finished: Finished) -> None:
    place = containers("pen", "SC")
    before = stay(1, 1, _EMPTIED - timedelta(400), _EMPTIED)
    for gap, offenders in ((-1, {"one_generation_per_site"}), (0, set())):
        after = stay(2, 2, _EMPTIED + timedelta(gap), None)
        assert offences(finished, "one_generation_per_site", place, before, after) == offenders


def test_pens_of_one_batch_may_be_stocked_on_different_days(finished: Finished) -> None:
    place = containers("pen", "SC")
    own = stay(1, 1, _EMPTIED, None)
    more = "INSERT INTO assignment VALUES (9, 1, 2, 6, '2016-03-09', NULL, 10, 5)"
    for check in ("one_generation_per_site", "fallow_days"):
        assert offences(finished, check, place, own, more) == set()
