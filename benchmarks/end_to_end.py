"""How close the whole farm comes to a bare COPY.

One run, one machine, two new servers of one kind, one after the other:

1. the farm makes a scenario in a fresh home (``farm run``), timed from the submission of the first
   session to the completion of the last by the ledger's own clock;
2. every table and leaf that it counts rows of is copied out to files, in the binary format;
3. the same bytes are copied from the files into bare tables in another fresh home, by as many
   connections as the farm had workers, and the same keys are built.

The ratio is the time of 3 over the time of 1: the share of the ceiling that the farm reaches. With
several rounds all of it is done as often, each time in another home, and the median is what counts.
README.md beside this file says what is fair about it and what is not.

    python -m benchmarks.end_to_end [--scenario full] [--sessions 1-4] [--workers 2] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import psutil
import psycopg
from psycopg import sql

#: One-minute load average from which on other programs are part of what is measured.
BUSY = 1.0

#: Bytes handed to the server at a time; larger pieces gain nothing.
PIECE = 1 << 20


class Round(NamedTuple):
    """One time through all three steps. Seconds of ``parts``, copying and keys are of workers."""

    farm_s: float
    rows: float
    chunks: float
    parts: tuple[float, ...]
    memory_mb: float
    bare_s: float
    copy_s: float
    keys_s: float
    bytes: int

    @property
    def share(self) -> float:
        """The share of the ceiling that the farm reached."""
        return self.bare_s / self.farm_s


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a farm in a home of its own."""
    return {**os.environ, "FARM_HOME": str(home)}


def farm(home: Path, *args: str) -> str:
    """Run a farm command in a home and return what it printed; ends the benchmark if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "farm", *args],
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"farm {' '.join(args)} ended with {done.returncode}")
    return done.stdout


@contextmanager
def scratch(*, keep: bool) -> Iterator[Path]:
    """Yield a folder for homes and files; removed at the end unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="farm-bench-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)


def empty(folder: Path) -> None:
    """Empty all files of a folder whose servers have stopped.

    The disk is free again, and the next round creates its files as fast as this one did: where
    many were deleted, ext4 is ten times slower at that for minutes.
    """
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.truncate(path, 0)


@contextmanager
def server(home: Path, *command: str) -> Iterator[str]:
    """Yield the URL of the PostgreSQL that a farm command starts in a new home; stop it then."""
    try:
        farm(home, *command)
        yield json.loads(farm(home, "services", "status", "--json"))["postgres"]["url"]
    finally:
        farm(home, "services", "stop")


class Bare(NamedTuple):
    """A table or leaf as it is loaded again: its columns and its keys, in words of SQL."""

    name: str
    columns: str
    keys: list[str]


def filled(connection: psycopg.Connection[Any]) -> list[Bare]:
    """Return all that the ledger counts rows of, by leaf, largest first.

    A table without months is its own leaf. Its keys are those of its table.
    """
    found = connection.execute(
        """
        WITH counted AS (
            SELECT DISTINCT format('public.%I', name)::regclass AS oid
              FROM ops.chunk_commit, jsonb_object_keys(rows) AS name
        )
        SELECT c.relname,
               (SELECT string_agg(format('%I %s%s', attname, format_type(atttypid, atttypmod),
                                         CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END),
                                  ', ' ORDER BY attnum)
                  FROM pg_attribute
                 WHERE attrelid = p.oid AND attnum > 0 AND NOT attisdropped),
               ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint
                      WHERE conrelid = p.oid AND contype IN ('p', 'u', 'x') ORDER BY contype)
          FROM counted
          JOIN pg_class p USING (oid)
          LEFT JOIN pg_inherits i ON i.inhparent = p.oid
          JOIN pg_class c ON c.oid = coalesce(i.inhrelid, p.oid) AND c.relkind = 'r'
         WHERE pg_relation_size(c.oid) > 0
         ORDER BY pg_relation_size(c.oid) DESC, c.relname
        """
    )
    bare = [Bare(*row) for row in found]
    if keyless := [each.name for each in bare if not each.keys]:
        sys.exit(f"{keyless[0]} has no key to compare with")
    return bare


def copy_out(connection: psycopg.Connection[Any], leaf: str, folder: Path) -> int:
    """Write a leaf's rows to a file in COPY's binary format and return the file's size."""
    target = folder / leaf
    statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(leaf))
    with target.open("wb") as file, connection.cursor().copy(statement) as copy:
        for piece in copy:
            file.write(piece)
    return target.stat().st_size


def load_all(url: str, tables: SimpleQueue[Bare], folder: Path) -> list[tuple[float, float]]:
    """Load one file after the other over one connection; return the seconds as `load` does."""
    spent = []
    with psycopg.connect(url, autocommit=True) as connection, suppress(Empty):
        connection.execute("SET synchronous_commit = off")
        while True:
            spent.append(load(connection, tables.get_nowait(), folder))
    return spent


def load(connection: psycopg.Connection[Any], bare: Bare, folder: Path) -> tuple[float, float]:
    """Copy one file into a bare table and build its keys; return the seconds of each."""
    name = sql.Identifier(bare.name)
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(bare.columns)))
    began = time.perf_counter()
    with (folder / bare.name).open("rb") as file, connection.transaction():
        statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(name)
        with connection.cursor().copy(statement) as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
    copied = time.perf_counter()
    for key in bare.keys:
        connection.execute(sql.SQL("ALTER TABLE {} ADD {}").format(name, sql.SQL(key)))
    return copied - began, time.perf_counter() - copied


def ceiling(url: str, tables: list[Bare], folder: Path, workers: int) -> tuple[float, float, float]:
    """Return wall seconds, COPY seconds and key seconds of loading everything from files."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    queue: SimpleQueue[Bare] = SimpleQueue()
    for bare in tables:  # largest first, so that no connection is left with a large one at the end
        queue.put(bare)
    os.sync()
    with ThreadPoolExecutor(workers) as pool:
        began = time.perf_counter()
        done = [pool.submit(load_all, url, queue, folder) for _ in range(workers)]
        spent = [each for one in done for each in one.result()]
        wall = time.perf_counter() - began
    return wall, sum(c for c, _ in spent), sum(k for _, k in spent)


BREAKDOWN = """
SELECT (SELECT extract(epoch FROM max(completed) - min(started)) FROM ops.session),
       (SELECT sum(rows) FROM ops.session),
       (SELECT count(*) FROM ops.chunk_commit),
       (SELECT sum(read_s) FROM ops.chunk_commit c WHERE chunk NOT LIKE '%/simulate'),
       (SELECT sum(make_s) FROM ops.chunk_commit WHERE chunk NOT LIKE '%/simulate'),
       (SELECT sum(encode_s) FROM ops.chunk_commit WHERE chunk NOT LIKE '%/simulate'),
       (SELECT sum(copy_s) FROM ops.chunk_commit WHERE chunk NOT LIKE '%/simulate'),
       (SELECT sum(commit_s) FROM ops.chunk_commit WHERE chunk NOT LIKE '%/simulate'),
       (SELECT sum(make_s) FROM ops.chunk_commit WHERE chunk LIKE '%/simulate'),
       (SELECT sum(read_s + encode_s + copy_s) FROM ops.chunk_commit WHERE chunk LIKE '%/simulate'),
       (SELECT sum(close_s) FROM ops.month),
       (SELECT max(memory_peak_mb) FROM ops.session)
"""


def main() -> None:
    """Run the benchmark and print the ratio with its break-down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scenario", default="demo")
    parser.add_argument("--sessions", default="1-4")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the homes and the files")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    print(machine())
    warn_if_busy()
    rounds = []
    with scratch(keep=asked.keep) as folder:
        for number in range(1, asked.rounds + 1):
            place = folder / str(number)
            place.mkdir()
            rounds.append(one_round(asked, place))
            if not asked.keep:
                empty(place)
    show(asked, rounds)


def one_round(asked: argparse.Namespace, place: Path) -> Round:
    """Make the scenario in a new home, then load the same bytes bare; no server is left running."""
    files = place / "files"
    files.mkdir()
    run = ("run", "--scenario", asked.scenario, "--sessions", asked.sessions,
           "--workers", str(asked.workers), "--no-validate", "--no-report")  # fmt: skip
    with server(place / "home", *run) as url, psycopg.connect(url) as connection:
        row = connection.execute(BREAKDOWN).fetchone()
        tables = filled(connection)
        size = sum(copy_out(connection, bare.name, files) for bare in tables)
    if row is None:
        sys.exit("the ledger is empty")
    farm_s, rows, chunks, *parts, memory_mb = (float(x or 0) for x in row)
    with server(place / "bare", "services", "start") as url:
        bare = ceiling(url, tables, files, asked.workers)
    return Round(farm_s, rows, chunks, tuple(parts), memory_mb, *bare, size)


def machine() -> str:
    """Return one line about the machine, without names or paths."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} CPUs ({cpu}), {memory:.0f} GiB, Python {platform.python_version()}"


def warn_if_busy() -> None:
    """Print the load average; on a busy machine the figures are not worth keeping."""
    load_average = os.getloadavg()[0]
    remark = ": the machine is busy, expect noise" if load_average > BUSY else ""
    print(f"load average {load_average:.2f} at the start{remark}")


def show(asked: argparse.Namespace, rounds: list[Round]) -> None:
    """Print the ratio, both rates and where the farm's time went, of the round in the middle."""
    of, median = sorted(rounds, key=lambda each: each.share)[(len(rounds) - 1) // 2], ""
    if len(rounds) > 1:
        median = f", median of {len(rounds)} rounds"
        for number, each in enumerate(rounds, 1):
            print(
                f"round {number}: farm {each.farm_s:.1f} s, COPY and keys {each.bare_s:.1f} s,"
                f" {each.share:.1%}"
            )
    print(f"scenario {asked.scenario}, sessions {asked.sessions}, {asked.workers} workers{median}")
    print(
        f"{of.rows:>16,.0f} rows in {of.chunks:,.0f} chunks, {of.bytes / 1e9:.2f} GB as COPY bytes"
    )
    print(
        f"{of.rows / of.farm_s:>16,.0f} rows/s by the farm"
        f" ({of.farm_s:.1f} s; peak memory {of.memory_mb:,.0f} MB)"
    )
    print(
        f"{of.rows / of.bare_s:>16,.0f} rows/s by COPY from files and the same keys"
        f" ({of.bare_s:.1f} s)"
    )
    print(f"{of.share:>16.1%} of the ceiling")
    print("\nwhere the farm's time went, in seconds of worker time:")
    names = ("read history", "render", "encode", "copy", "commit", "simulate", "write history",
             "close months")  # fmt: skip
    for name, seconds in zip(names, of.parts, strict=True):
        print(f"{seconds:>16.1f} {name}")
    rest = of.farm_s * asked.workers - sum(of.parts)
    print(f"{rest:>16.1f} everything else (messages, claims, waiting) of {asked.workers} workers")
    print(f"\nthe ceiling's: {of.copy_s:.1f} s copy, {of.keys_s:.1f} s keys")


if __name__ == "__main__":
    main()
