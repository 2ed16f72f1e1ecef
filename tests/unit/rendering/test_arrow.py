"""Arrow arrays hold the numbers they were given, in the promised types."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from farm.rendering.arrow import BATCH_ROWS, SCHEMAS, Words, record_batches
from farm.rendering.chunk import CHUNK_TABLES

INT2, INT4, FLOAT8 = pa.int16(), pa.int32(), pa.float64()


def feeding(amounts, **columns) -> dict[str, Any]:
    rows = len(amounts)
    whole = np.zeros(rows, dtype=np.int64)
    return {
        "fed_at": whole,
        "assignment_id": whole,
        "feed_store_id": whole,
        "feed_type_id": whole,
        "amount_kg": np.array(amounts, dtype=np.int64),
        "feeding_percent": np.zeros(rows),
        "method": Words(np.zeros(rows, dtype=np.int32), ("hand",)),
        "cost": whole,
        **columns,
    }


def test_there_is_a_schema_for_every_chunk_table():
    assert tuple(SCHEMAS) == CHUNK_TABLES


def test_the_schemas_are_the_tables():
    names = {name: schema.names for name, schema in SCHEMAS.items()}
    types = [SCHEMAS["environmental_reading"].field(at).type for at in range(7)]

    assert names == {
        "environmental_reading": [
            "reading_time",
            "sensor_id",
            "container_id",
            "assignment_id",
            "environmental_parameter_id",
            "value",
            "quality_flag_id",
        ],
        "feeding_event": [
            "fed_at",
            "assignment_id",
            "feed_store_id",
            "feed_type_id",
            "amount_kg",
            "feeding_percent",
            "method",
            "cost",
        ],
        "mortality_event": [
            "date",
            "assignment_id",
            "mortality_cause_id",
            "count",
            "mean_weight_g",
        ],
        "growth_sample": [
            "sampled_on",
            "assignment_id",
            "n",
            "mean_weight_g",
            "sd_weight_g",
            "min_weight_g",
            "max_weight_g",
            "mean_length_cm",
            "condition_factor",
            "biomass_estimate_kg",
        ],
        "lice_count": ["counted_on", "assignment_id", "n", "adult_female", "mobile", "attached"],
        "lice_observation": [
            "counted_on",
            "assignment_id",
            "fish_no",
            "adult_female",
            "mobile",
            "attached",
        ],
        "health_sample": [
            "sampled_on",
            "assignment_id",
            "n",
            "gill_score",
            "gill_score_max",
            "gills_affected",
            "wounded",
            "fin_score",
            "side_effect_score",
        ],
        "sensor_calibration": ["calibrated_on", "sensor_id", "deviation"],
        "equipment_service": ["serviced_on", "equipment_id", "kind"],
        "fish_observation": ["sampled_on", "assignment_id", "fish_no", "weight_g", "length_cm"],
    }
    assert types == [pa.timestamp("us", tz="UTC"), INT4, INT4, INT4, INT2, FLOAT8, INT2]
    assert SCHEMAS["feeding_event"].field("amount_kg").type == pa.decimal128(12, 3)


@pytest.mark.parametrize("grams", [0, 1, -1, 999, 123_456_789, 999_999_999_999, -(2**33) - 1])
def test_grams_become_kilograms_exactly(grams):
    (batch,) = record_batches("feeding_event", feeding([grams]))

    batch.validate(full=True)
    assert batch["amount_kg"].to_pylist() == [Decimal(grams).scaleb(-3)]


def test_instants_and_days_count_from_1970_in_utc():
    noon = datetime(2016, 2, 29, 12, tzinfo=UTC)
    instants = np.array([int(noon.timestamp()) * 1_000_000])
    (fed,) = record_batches("feeding_event", feeding([1], fed_at=instants))
    days = {
        "date": np.array([16_860]),
        "assignment_id": np.array([1]),
        "mortality_cause_id": np.array([1]),
        "count": np.array([1]),
        "mean_weight_g": np.array([1.5]),
    }
    (died,) = record_batches("mortality_event", days)

    assert fed["fed_at"].to_pylist() == [noon]
    assert died["date"].to_pylist() == [date(2016, 2, 29)]


def test_words_are_written_out():
    words = Words(np.array([1, 0, 1], dtype=np.int32), ("hand", "automatic"))

    (batch,) = record_batches("feeding_event", feeding([1, 2, 3], method=words))

    assert batch["method"].to_pylist() == ["automatic", "hand", "automatic"]
    assert batch["method"].type == pa.string()


def test_a_column_of_the_right_type_is_not_copied():
    columns = feeding([1, 2, 3])

    (batch,) = record_batches("feeding_event", columns)

    pointer = batch["feeding_percent"].buffers()[1].address
    assert pointer == columns["feeding_percent"].ctypes.data


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        (0, []),
        (1, [1]),
        (BATCH_ROWS, [BATCH_ROWS]),
        (BATCH_ROWS + 1, [BATCH_ROWS, 1]),
    ],
)
def test_batches_are_cut_at_their_largest_size(rows, sizes):
    batches = record_batches("feeding_event", feeding(np.arange(rows)))

    assert [batch.num_rows for batch in batches] == sizes
    assert [grams for b in batches for grams in b["amount_kg"].to_pylist()[-1:]] == [
        Decimal(last - 1).scaleb(-3) for last in np.cumsum(sizes).tolist()
    ]


def test_a_missing_column_is_an_error():
    columns = feeding([1])
    del columns["method"]

    with pytest.raises(KeyError, match="method"):
        record_batches("feeding_event", columns)
