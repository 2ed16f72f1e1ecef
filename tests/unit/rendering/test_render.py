"""A chunk is the same bytes whenever, wherever and in whatever order it is rendered."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from farm.db.arrow import arrow_types
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.render import render_chunk
from farm.simulation.history import HistorySlice
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, daily, history, layout
from tests.unit.rendering.farm_builder import sensors as with_sensors
from tests.unit.rendering.rendered import parts_of, shown, table_of

ROOT = Path(__file__).parents[3]

#: What another process runs: render the hand-made chunk and print its digest.
PROGRAM = """
from farm.rendering.render import render_chunk
from tests.unit.rendering.farm_builder import history, layout
from tests.unit.rendering.test_render import digest
print(digest(render_chunk(layout(), history())))
"""


def digest(chunk: RenderedChunk) -> str:
    """Return the SHA-256 of a chunk's Arrow streams."""
    sha = hashlib.sha256()
    for table in shown(chunk).values():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        sha.update(sink.getvalue())
    return sha.hexdigest()


def april() -> HistorySlice:
    return history(daily(first=Month(2016, 4).first, last=Month(2016, 4).last), Month(2016, 4))


def test_rendering_twice_gives_the_same_bytes():
    assert digest(render_chunk(layout(), history())) == digest(render_chunk(layout(), history()))


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_gives_the_same_bytes(hash_seed):
    # Given a process whose hashes are salted differently
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}

    # When it renders the chunk
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    # Then its bytes are ours
    assert answer.stdout.strip() == digest(render_chunk(layout(), history()))


def test_the_order_in_which_chunks_are_rendered_does_not_matter():
    shared = layout()

    march_first = [digest(render_chunk(shared, history())), digest(render_chunk(shared, april()))]
    april_first = [digest(render_chunk(shared, april())), digest(render_chunk(shared, history()))]

    assert march_first == april_first[::-1]
    assert march_first[0] != march_first[1]


def test_rendering_leaves_the_history_as_it_was():
    given = history()
    before = {name: column.copy() for name, column in given.columns.items()}

    render_chunk(layout(), given)

    for name, column in given.columns.items():
        np.testing.assert_array_equal(column, before[name])


def test_a_read_only_history_can_be_rendered():
    given = history()
    for column in given.columns.values():
        column.flags.writeable = False

    assert digest(render_chunk(layout(), given)) == digest(render_chunk(layout(), history()))


def test_another_seed_gives_other_readings_and_fish_but_the_same_deaths():
    ours, other = (shown(render_chunk(layout(seed=seed), history())) for seed in (1, 2))

    assert ours["mortality_event"] == other["mortality_event"]
    for name in ("environmental_reading", "feeding_event", "fish_observation", "growth_sample"):
        assert ours[name] != other[name]


def test_every_table_has_exactly_the_promised_columns():
    chunk = render_chunk(layout(), history())

    assert tuple(chunk.tables) == CHUNK_TABLES
    for name in CHUNK_TABLES:
        parts = parts_of(chunk, name)
        assert bool(parts) == (name not in {"sensor_calibration", "equipment_service"})
        for part in parts:
            assert dict(zip(part.schema.names, part.schema.types, strict=True)) == arrow_types(name)
            part.validate(full=True)
            assert sum(column.null_count for column in part.columns) == 0


def test_a_batch_that_is_gone_has_every_table_and_no_rows():
    nothing = {name: column[:0] for name, column in daily().items()}

    chunk = render_chunk(layout(), history(nothing))

    assert chunk.rows() == dict.fromkeys(CHUNK_TABLES, 0)


def test_no_row_of_a_large_table_is_lost():
    # Given a reading every ten minutes
    dense = layout(readings_per_day=144, sensors=with_sensors(outages_per_year=0.0))

    rows = table_of(render_chunk(dense, history()), "environmental_reading")

    times = rows["reading_time"].cast(pa.int64()).to_pylist()
    keys = set(zip(times, rows["sensor_id"].to_pylist(), strict=True))
    assert len(keys) == rows.num_rows == 31 * 24 * 144


def test_an_assignment_that_the_plan_lacks_is_refused():
    stranger = daily((PEN_1, PEN_2))
    stranger["assignment_id"] = stranger["assignment_id"] + np.int32(500)

    with pytest.raises(ContractBroken, match="70505 is not in the plan"):
        render_chunk(layout(), history(stranger))


def test_a_batch_that_the_plan_lacks_is_refused():
    with pytest.raises(ContractBroken, match="FO-1999-01 is not in the plan"):
        render_chunk(layout(), replace(history(), batch="FO-1999-01"))


def test_rows_of_another_batch_or_month_are_refused():
    with pytest.raises(ContractBroken, match="rows of another chunk"):
        render_chunk(layout(), replace(history(), month=Month(2016, 4)))
    theirs = daily()
    theirs["batch_id"][-1] = 8
    with pytest.raises(ContractBroken, match="rows of another chunk"):
        render_chunk(layout(), history(theirs))
