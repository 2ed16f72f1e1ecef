"""Draw the picture of the README from a finished farm: ``python docs/pictures.py [PNG]``.

Reads the database of the current home (FARM_HOME, FARM_DATABASE_URL); needs the dev packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import psycopg

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

GEOGRAPHIES = {"FO": ("Faroe Islands", "#1f6f8b"), "SC": ("Scotland", "#c8553d")}

BIOMASS = """
SELECT date, sum(d.biomass_kg) / 1e6
  FROM daily_state d JOIN batch b ON b.id = d.batch_id JOIN geography g ON g.id = b.geography_id
 WHERE g.code = %s AND d.lifecycle_stage_id = 6 GROUP BY date ORDER BY date
"""

WEIGHTS = """
SELECT d.batch_id, date, sum(d.biomass_kg) / nullif(sum(d.population), 0)
  FROM daily_state d JOIN batch b ON b.id = d.batch_id JOIN geography g ON g.id = b.geography_id
 WHERE g.code = %s AND extract(dow FROM date) = 1 GROUP BY d.batch_id, date ORDER BY 1, 2
"""

LOSSES = """
SELECT date_trunc('week', date)::date, 100.0 * sum(deaths) / sum(population + deaths) * 7,
       avg(temperature_c)
  FROM daily_state d JOIN batch b ON b.id = d.batch_id JOIN geography g ON g.id = b.geography_id
 WHERE g.code = %s AND d.lifecycle_stage_id = 6 GROUP BY 1 ORDER BY 1
"""

HARVEST = """
SELECT date_trunc('month', h.date)::date, sum(h.biomass_kg) / 1e6
  FROM harvest_event h JOIN assignment a ON a.id = h.assignment_id JOIN batch b ON b.id = a.batch_id
  JOIN geography g ON g.id = b.geography_id WHERE g.code = %s GROUP BY 1 ORDER BY 1
"""


def main() -> None:
    """Draw biomass, harvest, weights, temperature and losses of ten years."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images/ten-years.png")
    with psycopg.connect(database_url()) as connection:
        draw(connection, target)
    print(f"wrote {target}")


def database_url() -> str:
    """Return the URL of the current home's database."""
    status = subprocess.run(
        [sys.executable, "-m", "farm", "services", "status", "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return str(json.loads(status.stdout)["postgres"]["url"])


def draw(connection: psycopg.Connection[Any], target: Path) -> None:
    """Draw the figure into a file."""
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(4, 1, figsize=(10, 8.4), sharex=True, layout="constrained")
    scenario, seed = connection.execute("SELECT scenario_name, seed FROM ops.session").fetchone()  # type: ignore[misc]
    figure.suptitle(f"Ten years of the '{scenario}' company, seed {seed}", fontweight="bold")
    for code, (name, colour) in GEOGRAPHIES.items():
        days, tonnes = columns(connection, BIOMASS, code)
        axes[0].plot(days, tonnes, color=colour, label=name, lw=1.2)
        months, harvest = columns(connection, HARVEST, code)
        shift = 0 if code == "FO" else 12
        axes[1].bar([date.fromordinal(m.toordinal() + shift) for m in months], harvest,
                    width=12, align="edge", color=colour)  # fmt: skip
        weights(axes[2], connection, code, colour)
        weeks, losses, water = columns(connection, LOSSES, code)
        axes[3].plot(weeks, water, color=colour, lw=1.0)
        axes[3].bar(weeks, [min(x * 10, 20) for x in losses], width=6, color=colour, alpha=0.35)
    axes[0].set_ylabel("biomass at sea\n1,000 t")
    axes[0].legend(frameon=False, loc="upper left")
    axes[1].set_ylabel("harvest\n1,000 t a month")
    axes[2].set_ylabel("mean weight of\neach batch, kg")
    axes[3].set_ylabel("sea water, °C (line)\nweekly losses, ‰ (bars)")
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=110)


def columns(connection: psycopg.Connection[Any], query: str, code: str) -> list[list[Any]]:
    """Return the columns of a query for one geography."""
    return [list(c) for c in zip(*connection.execute(query, (code,)).fetchall(), strict=True)]  # type: ignore[call-overload]


def weights(axes: Axes, connection: psycopg.Connection[Any], code: str, colour: str) -> None:
    """Draw one line per batch."""
    lines: dict[int, tuple[list[date], list[float]]] = {}
    for batch, day, kg in connection.execute(WEIGHTS, (code,)):
        xs, ys = lines.setdefault(batch, ([], []))
        xs.append(day)
        ys.append(kg)
    for xs, ys in lines.values():
        axes.plot(xs, ys, color=colour, lw=0.7, alpha=0.8)


if __name__ == "__main__":
    main()
