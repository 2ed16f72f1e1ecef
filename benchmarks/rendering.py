"""How fast a worker renders: readings per CPU second, beside the encoding of the same rows.

    python -m benchmarks.rendering [--scenario full] [--geography FO] [--months 6]

One process and no server: it simulates the first session of a geography, then renders the last
months of it, chunk by chunk, as a worker does, and encodes them as COPY bytes. Readings per second
of different machines cannot be compared; the ratio of rendering to encoding can, nearly.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from farm.db.encoding import encode_chunk
from farm.orchestration.blueprint import Blueprint
from farm.rendering.render import render_chunk
from farm.settings.scenarios import load_scenario
from farm.simulation.engine import simulate

CONFIG = Path(__file__).parents[1] / "config"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scenario", default="full")
    parser.add_argument("--geography", default="FO")
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()

    blueprint = Blueprint.of(load_scenario(given.scenario, CONFIG))
    period = blueprint.scenario.period(1)
    history = simulate(blueprint.scenario, blueprint.plan, given.geography, period, None)
    codes = {batch.id: batch.code for batch in blueprint.plan.batches}
    months = list(period.months())[-given.months :]
    slices = [
        history.slice(batch, codes[batch], month)
        for batch, month in history.months_of_batches()
        if month in months
    ]
    chunks = [(piece.month, render_chunk(blueprint.layout, piece)) for piece in slices]
    rows = sum(sum(chunk.rows().values()) for _, chunk in chunks)
    readings = sum(chunk.rows()["environmental_reading"] for _, chunk in chunks)
    render_s, encode_s = (
        min(_cpu_seconds(work) for _ in range(given.rounds))
        for work in (
            lambda: [render_chunk(blueprint.layout, piece) for piece in slices],
            lambda: [encode_chunk(month, chunk) for month, chunk in chunks],
        )
    )
    print(
        f"scenario {given.scenario}, {given.geography}:"
        f" {len(chunks)} batch-months of {len(months)} months"
    )
    print(f"{rows:>14,} rows, {readings:,} of them readings")
    print(f"{readings / render_s:>14,.0f} readings per CPU second rendered ({render_s:.2f} s)")
    print(f"{readings / encode_s:>14,.0f} readings per CPU second encoded ({encode_s:.2f} s)")
    print(f"{render_s / encode_s:>14.2f} rendering over encoding")


def _cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of this process, all its threads, that a piece of work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
