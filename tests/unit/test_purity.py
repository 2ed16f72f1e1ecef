"""The pure rooms own no clock and no randomness but their streams."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import farm

ROOMS = ("domain", "simulation", "rendering")

#: Calls that read a clock, by attribute name.
CLOCKS = {"now", "today", "utcnow", "time", "perf_counter", "monotonic"}

#: The only names of numpy.random that may be used: they hold no global state.
SEEDED = {"Generator", "SeedSequence", "PCG64DXSM", "Philox"}


def modules() -> Iterator[Path]:
    """Yield every module of the pure rooms."""
    for room in ROOMS:
        yield from sorted((Path(farm.__file__).parent / room).rglob("*.py"))


def offences(source: str) -> list[str]:
    """Return what a module does that a pure one may not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in CLOCKS and owner.split(".")[-1] in {"datetime", "date", "time"}:
                found.append(f"line {node.lineno}: {ast.unparse(node.func)} reads a clock")
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value).endswith("np.random")
            and node.attr not in SEEDED
        ):
            found.append(f"line {node.lineno}: {ast.unparse(node)} is global randomness")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "hash":
            found.append(f"line {node.lineno}: hash() differs between processes")
    return found


@pytest.mark.parametrize("module", list(modules()), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_pure_module_reads_no_clock_and_draws_from_no_global_generator(module: Path):
    assert offences(module.read_text()) == []


@pytest.mark.parametrize(
    "source",
    ["datetime.date.today()", "date.today()", "datetime.now(UTC)", "time.perf_counter()",
     "np.random.default_rng(3)", "np.random.normal()", "hash('FO')"],
)  # fmt: skip
def test_the_search_sees_every_kind_of_offence(source: str):
    assert len(offences(source)) == 1
