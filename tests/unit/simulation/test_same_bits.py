"""The same bits on every processor: numpy's inner loops and BLAS kernels decide nothing."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reference.small_farm import CONFIG

#: Simulates a few months and prints a digest; more of numpy's features are switched off after farm
#: has switched off its own, and before numpy is imported.
PROGRAM = """
import os, sys
from hashlib import sha256
from pathlib import Path
import farm
os.environ["NPY_DISABLE_CPU_FEATURES"] += sys.argv[1]
from farm.settings.scenarios import load_scenario
from farm.simulation.engine import simulate
from farm.simulation.scheduler import make_plan
scenario = load_scenario("smoke", Path(sys.argv[2]))
plan, digest, snapshot = make_plan(scenario), sha256(), None
for session in scenario.session_numbers[:2]:
    history = simulate(scenario, plan, "SC", scenario.period(session), snapshot)
    snapshot = history.snapshot
    for column in history.daily.values():
        digest.update(column.tobytes())
    digest.update(repr(snapshot.state).encode())
print(digest.hexdigest())
"""

#: Prints which of the features that farm switches off numpy uses all the same.
SWITCHED_ON = """
import farm
from numpy._core._multiarray_umath import __cpu_features__ as on
print([name for name in ("X86_V4", "AVX512_ICL", "AVX512_SPR") if on[name]])
"""

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="the features are those of x86-64"
)


def digest(off: str = "", **environment: str) -> str:
    """Return the digest of a simulation with some features of the processor switched off."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, off, str(CONFIG)],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_processor_without_avx2_or_with_another_blas_finds_the_same_bits():
    assert digest() == digest(" X86_V3", OPENBLAS_CORETYPE="Prescott")


def test_a_processor_with_avx512_finds_the_same_bits_since_its_loops_are_switched_off():
    switched_off = subprocess.run(
        [
            sys.executable,
            "-c",
            SWITCHED_ON,
        ],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert switched_off.stdout.strip() == "[]"
