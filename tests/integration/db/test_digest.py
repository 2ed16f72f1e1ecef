"""Equal content, equal digest; one changed cell, another digest."""

from __future__ import annotations

import pytest

from farm.db.digest import Digest, digest
from farm.db.tables import DATA_TABLES
from tests.integration.db.tiny_farm import JANUARY, Worker

pytestmark = pytest.mark.services


def _digest(worker: Worker) -> Digest:
    with worker.database.snapshot() as connection:
        return digest(connection)


@pytest.fixture
def filled(worker: Worker) -> Worker:
    """A worker on a database with one closed month."""
    worker.expanded()
    worker.commit()
    worker.ledger.close_month(1, JANUARY)
    return worker


def test_every_table_of_data_is_in_the_digest(filled: Worker) -> None:
    found = _digest(filled)
    assert set(found.tables) == set(DATA_TABLES)
    assert found.tables["environmental_reading"].rows == 31
    assert found.tables["growth_sample"].rows == 0
    assert found.as_json()["tables"]["container"]["rows"] == 2
    assert len(found.sha256) == 64


def test_the_digest_does_not_depend_on_the_order_of_rows(filled: Worker) -> None:
    before = _digest(filled)
    filled.run("CREATE TEMPORARY TABLE kept AS TABLE environmental_reading_2016_01")
    filled.run("DELETE FROM environmental_reading")
    filled.run("INSERT INTO environmental_reading SELECT * FROM kept ORDER BY value DESC")
    assert _digest(filled) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE environmental_reading SET value = value + 1e-12 WHERE sensor_id = 1",
        "UPDATE environmental_reading SET assignment_id = NULL WHERE assignment_id = 1",
        "UPDATE daily_state SET deaths_by_cause[2] = 7 WHERE date = '2016-01-09'",
        "UPDATE container SET code = 'FO-T9' WHERE id = 2",
        "DELETE FROM mortality_event",
    ],
)
def test_the_digest_sees_every_change(filled: Worker, change: str) -> None:
    before = _digest(filled)
    filled.run(change)
    after = _digest(filled)
    assert after.sha256 != before.sha256
    changed = {name for name in DATA_TABLES if after.tables[name] != before.tables[name]}
    assert len(changed) == 1


def test_values_swapped_between_rows_are_seen(filled: Worker) -> None:
    before = _digest(filled)
    filled.run(
        "UPDATE environmental_reading SET value = CASE value WHEN 8.0 THEN 9.0 ELSE 8.0 END"
        " WHERE value IN (8.0, 9.0)"
    )
    assert _digest(filled).sha256 != before.sha256


def test_the_same_value_written_differently_is_the_same(filled: Worker) -> None:
    before = _digest(filled)
    filled.run("UPDATE feeding_event SET amount_kg = 1.1250")
    assert _digest(filled) == before
