"""Records of sick fish: written once, and brought up to date while they live."""

from __future__ import annotations

from datetime import date

import pytest

from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.simulation.health_records import (
    HealthRecords,
    JournalRecord,
    LabSampleRecord,
    OutbreakRecord,
    TreatmentRecord,
    VaccinationRecord,
    WithholdingRecord,
)
from farm.simulation.history import (
    DRAW_COLUMNS,
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    HarvestRecord,
)
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import TIMINGS, Worker

pytestmark = pytest.mark.services

BEGAN = date(2016, 2, 20)
OUTBREAK = OutbreakRecord(
    *(200_000_001, 1, None, 1, date(2016, 2, 15), BEGAN, None, date(2016, 2, 24), None, 2, 310)
)
TREATMENT = TreatmentRecord(
    *(
        2001,
        1,
        2,
        200_000_001,
        "outbreak",
        date(2016, 2, 26),
        None,
        900,
        11.5,
        115.0,
        "g",
        "1250.75",
    ),
    *(3, BEGAN, 12.5, None, None, None, "running"),
)
WITHHOLDING = WithholdingRecord(20_011, 2001, 2, date(2016, 2, 26), None, 150.0, None, 0.1 + 0.2)
SAMPLE = LabSampleRecord(
    *(100_000_007, 1, 2, 200_000_001, "suspicion", date(2016, 2, 21), date(2016, 2, 22)),
    *(None, 30, None, None),
)
VACCINATION = VaccinationRecord(2, 1, 2, date(2016, 2, 12), 950, 35.25, 1.4, "180.00")
ENTRY = JournalRecord(
    *(
        1,
        BEGAN,
        None,
        1,
        2,
        200_000_001,
        "observation",
        "keeper",
        "Fish hang at the walls; “pale” gills.",
    )
)
SICK = HealthRecords((OUTBREAK,), (TREATMENT,), (WITHHOLDING,), (VACCINATION,), (SAMPLE,), (ENTRY,))


def test_every_kind_of_record_is_written_as_it_was_made(worker: Worker) -> None:
    worker.simulated(health=SICK)

    counted = worker.rows("SELECT rows FROM ops.chunk_commit")[0][0]
    assert [counted[name] for name in ("disease_outbreak", "treatment", "journal_entry")] == [1] * 3
    for name, record in (
        ("disease_outbreak", OUTBREAK),
        ("withholding_period", WITHHOLDING),
        ("lab_sample", SAMPLE),
        ("journal_entry", ENTRY),
    ):
        columns = ", ".join(record._fields)
        assert worker.rows(f"SELECT {columns} FROM {name}") == [
            tuple(getattr(record, field) for field in record._fields)
        ]
    assert worker.rows("SELECT cost::text, dose_total, end_date FROM treatment") == [
        ("1250.75", 115.0, None)
    ]
    assert worker.rows("SELECT cost::text, side_effect_score FROM vaccination") == [("180.00", 1.4)]


def test_living_records_of_an_earlier_session_are_brought_up_to_date(worker: Worker) -> None:
    # Given an outbreak, a treatment, a period and a sample that session 1 left open
    worker.simulated(health=SICK)
    worker.ledger.open_session(tiny_farm.new_session(2), tiny_farm.plan(), ["FO"])
    claim = worker.claim(ChunkAddress.simulation(2, "FO"))

    # When session 2 hands them on again as they ended, with new ones of its own, and a harvest
    over, day = date(2016, 3, 3), date(2016, 3, 4)
    health = HealthRecords(
        (OUTBREAK._replace(end_date=over, diagnosed_date=date(2016, 3, 1)),),
        (TREATMENT._replace(end_date=over, status="waiting"), TREATMENT._replace(id=2002)),
        (WITHHOLDING._replace(end_date=day, degree_days=151.0),),
        (),
        (SAMPLE._replace(received_on=date(2016, 3, 1), positive=12, result="positive"),),
        (ENTRY._replace(id=2, date=over),),
    )
    later = tiny_farm.history(
        daily=tiny_farm.daily(2, 1, date(2016, 3, 1), 4),
        site_days=tiny_farm.no_days(SITE_DAY_COLUMNS),
        hall_days=tiny_farm.no_days(HALL_DAY_COLUMNS),
        site_events=(),
        assignments=(tiny_farm.assignment(2, 2, start_date=date(2016, 2, 10)),),
        transfers=(),
        feed_draws=tiny_farm.no_days(DRAW_COLUMNS),
        health=health,
        harvests=(HarvestRecord(2, day, 100, 5000.0, 500.0),),
        harvest_lots=tiny_farm.lots(
            (2, day, "4-5", "superior", 60, 4500.0, 270.0, 225.5, 15785_00),
            (2, day, "5-6", "ordinary", 40, 5750.0, 230.0, 190.0, 12350_50),
        ),
    )
    done = worker.loader.load_history(claim, later, [], [], TIMINGS)

    # Then they stand as they are now, and only what is new counts
    assert done is not None
    new = {name: n for name, n in done.rows.items() if n and not name.endswith("_day")}
    assert new == {
        "treatment": 1,
        "journal_entry": 1,
        "harvest_event": 1,
        "harvest_lot": 2,
        "daily_state": 4,
    }
    assert worker.rows("SELECT end_date, diagnosed_date FROM disease_outbreak") == [
        (over, date(2016, 3, 1))
    ]
    assert worker.rows("SELECT id, end_date, status FROM treatment ORDER BY id") == [
        (2001, over, "waiting"),
        (2002, None, "running"),
    ]
    assert worker.rows("SELECT end_date, degree_days FROM withholding_period") == [(day, 151.0)]
    assert worker.rows("SELECT positive, result FROM lab_sample") == [(12, "positive")]


@pytest.mark.parametrize(
    ("health", "constraint"),
    [
        (HealthRecords((OUTBREAK._replace(site_id=501),)), "disease_outbreak_place_check"),
        (
            HealthRecords((OUTBREAK,), (TREATMENT._replace(deaths=901),)),
            "treatment_counts_check",
        ),
        (
            HealthRecords((OUTBREAK,), lab_samples=(SAMPLE._replace(positive=3),)),
            "lab_sample_result_check",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(
    worker: Worker, health: HealthRecords, constraint: str
) -> None:
    with pytest.raises(ContractBroken, match=constraint):
        worker.simulated(health=health)
    assert worker.one("SELECT count(*) FROM disease_outbreak") == 0
