"""Random faults, one after another, until the farm is finished all the same.

    python -m benchmarks.soak [--seed 7] [--scenario demo] [--pause 4 10]

A quiet run gives the digest that is expected. A second home then makes the same scenario while,
now and then, something is killed or lost: a pool process, all workers, the run itself, all
of Redis, the Redis server, a backend of PostgreSQL. The faults follow from the seed (their moments
from the machine, too). At the end: the same digest, every session completed, or exit code 1.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis

from benchmarks.end_to_end import environment, farm

#: A soak that takes longer hangs.
PATIENCE_S = 900.0

#: The data are compared, not checked or reported on.
ONLY_MADE = ("--no-validate", "--no-report")


class Victim:
    """A farm in a home of its own, made by a run that is started again whenever it is gone."""

    def __init__(self, home: Path, scenario: str) -> None:
        self.home, self.scenario = home, scenario
        farm(home, "services", "start")
        self.starts = 0
        self.start()

    def start(self) -> None:
        """Start the run."""
        self.starts += 1
        self.run = subprocess.Popen(
            [sys.executable, "-m", "farm", "run", "--scenario", self.scenario, *ONLY_MADE],
            env=environment(self.home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def services(self) -> dict[str, Any]:
        """Return what `farm services status --json` says."""
        found: dict[str, Any] = json.loads(farm(self.home, "services", "status", "--json"))
        return found

    def workers(self) -> list[psutil.Process]:
        """Return the run's descendants: the Celery worker first, then its pool."""
        return psutil.Process(self.run.pid).children(recursive=True)


def kill_one_process(victim: Victim, chance: random.Random) -> None:
    """End one process of the pool."""
    if pool := victim.workers()[1:]:
        chance.choice(pool).kill()


def kill_all_workers(victim: Victim, _: random.Random) -> None:
    """End the worker and its pool."""
    for process in victim.workers():
        process.kill()


def kill_the_run(victim: Victim, _: random.Random) -> None:
    """End everything but the servers, and start again."""
    for process in (psutil.Process(victim.run.pid), *victim.workers()):
        process.kill()
    victim.run.wait()
    victim.start()


def flush_redis(victim: Victim, _: random.Random) -> None:
    """Lose every message, chord and ledger."""
    redis.Redis.from_url(victim.services()["redis"]["url"]).flushall()


def kill_redis(victim: Victim, _: random.Random) -> None:
    """End the Redis server and start it again on what its log kept."""
    psutil.Process(victim.services()["redis"]["pid"]).kill()
    farm(victim.home, "services", "start")


def cut_a_connection(victim: Victim, _: random.Random) -> None:
    """End one of the farm's backends."""
    with psycopg.connect(victim.services()["postgres"]["url"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'farm:%' ORDER BY random() LIMIT 1"
        )


FAULTS: tuple[Callable[[Victim, random.Random], None], ...] = (
    kill_one_process, kill_one_process, kill_all_workers, kill_the_run,
    flush_redis, kill_redis, cut_a_connection, cut_a_connection,
)  # fmt: skip


def soak(victim: Victim, seed: int, pause: tuple[float, float]) -> Counter[str]:
    """Strike until the run has finished; return what was struck how often."""
    chance, struck = random.Random(seed), Counter[str]()
    began = time.monotonic()
    while victim.run.poll() != 0:
        if time.monotonic() - began > PATIENCE_S:
            sys.exit(f"not finished after {PATIENCE_S:.0f} s: {dict(struck)}")
        if victim.run.poll() is not None:
            victim.start()
        time.sleep(chance.uniform(*pause))
        fault = chance.choice(FAULTS)
        try:
            fault(victim, chance)
        except (psutil.NoSuchProcess, redis.ConnectionError, psycopg.OperationalError):
            continue  # what was to be struck is gone already
        struck[fault.__name__.replace("_", " ")] += 1
    return struck


def main() -> None:
    """Compare a quiet run with a disturbed one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scenario", default="demo")
    parser.add_argument("--pause", type=float, nargs=2, default=(4.0, 10.0), metavar="S")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="farm-soak-"))
    quiet, disturbed = folder / "quiet", folder / "disturbed"
    try:
        farm(quiet, "run", "--scenario", asked.scenario, *ONLY_MADE)
        expected = json.loads(farm(quiet, "digest", "--json"))
        farm(quiet, "services", "stop")
        began = time.monotonic()
        victim = Victim(disturbed, asked.scenario)
        struck = soak(victim, asked.seed, tuple(asked.pause))
        seconds = time.monotonic() - began
        found = json.loads(farm(disturbed, "digest", "--json"))
        with psycopg.connect(victim.services()["postgres"]["url"]) as connection:
            tries = connection.execute(
                "SELECT attempts, count(*) FROM ops.chunk GROUP BY 1 ORDER BY 1"
            ).fetchall()
    finally:
        for home in (quiet, disturbed):
            if home.exists():
                farm(home, "services", "stop")
        shutil.rmtree(folder)
    print(f"seed {asked.seed}, scenario {asked.scenario}: {sum(struck.values())} faults"
          f" in {seconds:.0f} s, the run was started {victim.starts} times")  # fmt: skip
    for name, times in sorted(struck.items()):
        print(f"{times:>8} times: {name}")
    for attempts, chunks in tries:
        print(f"{chunks:>8} chunks took {attempts} attempt{'s' if attempts > 1 else ''}")
    print(f"digest {found['sha256'][:16]}, expected {expected['sha256'][:16]}")
    sys.exit(0 if found == expected else 1)


if __name__ == "__main__":
    main()
