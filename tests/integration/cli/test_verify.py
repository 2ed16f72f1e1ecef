"""`farm verify` on a finished farm: what is the same, what was changed, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from farm.bootstrap import VERSIONS
from farm.cli import verify as verify_command
from farm.db.connection import connect
from farm.db.slices import pack, unpack
from farm.domain.address import ChunkAddress
from farm.orchestration.verify import Marker
from farm.simulation.history import HistorySlice
from tests.integration.validation.finished_farm import Finished

pytestmark = pytest.mark.services

BATCH, AREA = "1/FO-2015-01/2015-03", "1/FO-N/2015-03"
MARKED, OTHER = "1/FO-2015-01/2015-05", "1/FO-2015-01/2015-06"
CODES = ("FO", "SC")


@contextmanager
def changed(finished: Finished, table: str, change: str, where: str) -> Iterator[None]:
    """Change a column of one row of a table for a while."""
    column = change.partition(" ")[0]
    with connect(finished.url, "test") as connection:
        kept = f"CREATE TEMPORARY TABLE kept AS SELECT {column} FROM {table} WHERE {where}"
        connection.execute(kept.encode())
        done = connection.execute(f"UPDATE {table} SET {change} WHERE {where}".encode())
        assert done.rowcount == 1
        try:
            yield
        finally:
            back = f"UPDATE {table} SET {column} = (SELECT {column} FROM kept) WHERE {where}"
            connection.execute(back.encode())


def only(*chunks: str) -> Callable[[Sequence[Marker], int], list[Marker]]:
    """Return what samples just these chunks."""
    return lambda markers, _size: [one for one in markers if str(one.address) in chunks]


def warmed(finished: Finished, chunk: str) -> bytes:
    """Return the history that a chunk is made from, with its first day a degree warmer."""
    query = "SELECT data FROM ops.slice WHERE chunk = %s"
    row = finished.connection.execute(query, [chunk]).fetchone()
    assert row is not None
    address = ChunkAddress.parse(chunk)
    assert address.month is not None
    history = unpack(row[0], address, address.month)
    assert isinstance(history, HistorySlice)
    temperature = history.columns["temperature_c"].copy()
    temperature[0] += 1.0
    return pack(replace(history, columns={**history.columns, "temperature_c": temperature}))


@contextmanager
def tampered(finished: Finished) -> Iterator[None]:
    """Change the marker of one chunk, the water of another's history; cut off that of a third."""
    warmer = f"data = '\\x{warmed(finished, BATCH).hex()}'"
    with (
        changed(finished, "ops.chunk_commit", "sha256 = repeat('0', 64)", f"chunk = '{MARKED}'"),
        changed(finished, "ops.slice", warmer, f"chunk = '{BATCH}'"),
        changed(finished, "ops.slice", "data = substring(data, 1, 40)", f"chunk = '{AREA}'"),
    ):
        yield


def markers(finished: Finished) -> list[tuple[object, ...]]:
    query = "SELECT chunk, sha256, xmin::text FROM ops.chunk_commit ORDER BY 1, 2"
    return finished.connection.execute(query).fetchall()


def test_all_is_made_again_to_the_same_bytes_but_what_was_changed(farm, finished: Finished) -> None:
    with tampered(finished):
        before = markers(finished)
        code, out, err = farm("verify", "--all", "--json")
        assert markers(finished) == before
    told = json.loads(out)
    found = {one["chunk"]: one for one in told["chunks"]}
    assert (code, err, told["different"]) == (1, "", 3)
    assert told["committed"] == told["verified"] == told["same"] + 3 == len(before)
    assert {name for name, one in found.items() if not one["same"]} == {MARKED, BATCH, AREA}
    assert found[MARKED]["marked"] == "0" * 64
    assert found[BATCH]["made"] not in {None, found[BATCH]["marked"]}
    assert found[AREA]["made"] is None
    assert "damaged" in found[AREA]["problem"]
    assert all(found[f"{session}/{code}/simulate"]["same"] for session in (1, 4) for code in CODES)


def test_people_are_told_which_chunks_differ_and_how(farm, finished: Finished, monkeypatch) -> None:
    monkeypatch.setattr(verify_command, "sample", only(MARKED, BATCH, AREA, OTHER))
    with tampered(finished):
        code, out, err = farm("verify")
    assert (code, err) == (1, "")
    told = {line.split()[1].rstrip(":"): line for line in out.splitlines()[:-1]}
    assert "its marker says 0000000000000000, made again it is " in told[MARKED]
    assert "its marker says " in told[BATCH]
    assert "cannot be made again" in told[AREA]
    assert told[OTHER] == f"same     {OTHER}"
    assert out.splitlines()[-1].endswith(": 3 differ, 1 the same")


def test_a_sample_is_as_large_as_asked_and_the_same_every_time(farm) -> None:
    code, out, _ = farm("verify", "--sample", "3")
    *lines, summary = out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines] == ["same"] * 3
    assert summary.startswith("3 of ")
    assert summary.endswith("all the same")
    assert farm("verify", "--sample", "3")[1].splitlines()[:-1] == lines


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("generator_version = generator_version - 1", f"version {VERSIONS.generator - 1} with"),
        ("numpy_version = '1.0.0'", "with numpy 1.0.0"),
    ],
)
def test_what_another_version_made_is_refused_in_one_line(
    farm, finished: Finished, change: str, told: str
) -> None:
    with changed(finished, "ops.session", change, "session = 2"):
        code, out, err = farm("verify")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "session 2 was made by generator" in err
    assert told in err


def test_two_ways_to_say_how_many_are_refused(farm) -> None:
    code, out, err = farm("verify", "--all", "--sample", "3")
    assert (code, out) == (2, "")
    assert "--all and --sample exclude each other" in err


def test_nothing_generated_is_nothing_to_verify(farm, database_url, monkeypatch) -> None:
    monkeypatch.setenv("FARM_DATABASE_URL", database_url)
    code, _, err = farm("verify")
    assert code == 2
    assert "nothing was submitted" in err
