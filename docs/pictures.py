"""Draw the pictures of a finished farm: ``python docs/pictures.py [DIRECTORY] [NAME ...]``.

Reads the database of the current home (FARM_HOME, FARM_DATABASE_URL); needs the dev packages.
Names are those of PICTURES; without any, all are drawn.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import psycopg
from PIL import Image

from farm.domain.water import oxygen_saturation

mpl.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Connection = psycopg.Connection[Any]

GEOGRAPHIES = {"FO": ("Faroe Islands", "#1f6f8b"), "SC": ("Scotland", "#c8553d")}

#: Okabe and Ito's colours, which colour-blind readers tell apart.
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip

#: The months' reference values of sea temperature in config/reference/bands.csv: the first one.
BANDS = Path(__file__).parents[1] / "config" / "reference" / "bands.csv"
FIRST_BAND = {"FO": 1, "SC": 13}

EVENTS = {
    "storm": (BLUE, "storm"),
    "heat_wave": (VERMILION, "heat wave"),
    "cold_spell": (SKY, "cold spell"),
    "hypoxia": (PURPLE, "hypoxia"),
    "algal_bloom": (GREEN, "algal bloom"),
    "jellyfish": (ORANGE, "jellyfish"),
}

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

SEA = """
SELECT date, min(temperature_c), avg(temperature_c), max(temperature_c)
  FROM site_day d JOIN site s ON s.id = d.site_id JOIN area r ON r.id = s.area_id
  JOIN geography g ON g.id = r.geography_id WHERE g.code = %s GROUP BY date ORDER BY date
"""

ONE_SITE = """
SELECT d.date, d.temperature_c FROM site_day d JOIN site s ON s.id = d.site_id
 WHERE s.code = %s || '-A01' ORDER BY d.date
"""

SITE_EVENTS = """
SELECT e.kind, e.start_date, coalesce(e.end_date, (SELECT max(date) FROM site_day)), e.severity
  FROM site_event e JOIN site s ON s.id = e.site_id JOIN area r ON r.id = s.area_id
  JOIN geography g ON g.id = r.geography_id WHERE g.code = %s ORDER BY e.start_date
"""

#: The pens that ever held most fish at once, of different sites.
FULL_PENS = """
SELECT assignment_id, container, site FROM (
    SELECT DISTINCT ON (s.id) d.assignment_id, c.code AS container, s.name AS site, d.biomass_kg
      FROM daily_state d JOIN assignment a ON a.id = d.assignment_id
      JOIN container c ON c.id = a.container_id JOIN site s ON s.id = c.site_id
      JOIN area r ON r.id = s.area_id JOIN geography g ON g.id = r.geography_id
     WHERE g.code = %s AND a.end_date IS NOT NULL ORDER BY s.id, d.biomass_kg DESC
) best ORDER BY biomass_kg DESC LIMIT 2
"""

OXYGEN = """
SELECT d.date, d.oxygen_mg_l, d.temperature_c, d.salinity_psu, o.oxygen_mg_l
  FROM daily_state d JOIN assignment a ON a.id = d.assignment_id
  JOIN container c ON c.id = a.container_id
  JOIN site_day o ON o.site_id = c.site_id AND o.date = d.date
 WHERE d.assignment_id = %s ORDER BY d.date
"""

#: Two weeks of readings around the day on which the pen had least oxygen.
READINGS = """
SELECT e.reading_time, e.value FROM environmental_reading e
  JOIN environmental_parameter p ON p.id = e.environmental_parameter_id
  JOIN quality_flag q ON q.id = e.quality_flag_id
 WHERE p.code = 'oxygen' AND q.code = 'ok' AND e.assignment_id = %s
   AND e.reading_time BETWEEN %s::date - 7 AND %s::date + 8 ORDER BY 1
"""

OCCUPIED = """
WITH horizon AS (SELECT min(date) AS first, max(date) AS last FROM daily_state),
kept AS (
    SELECT c.id, CASE WHEN c.site_id IS NULL THEN l.code ELSE 'pen' END AS kind
      FROM container c LEFT JOIN hall h ON h.id = c.hall_id
      LEFT JOIN lifecycle_stage l ON l.id = h.lifecycle_stage_id WHERE c.code LIKE %s || '-%%'),
months AS (
    SELECT m::date AS first, (m + interval '1 month')::date AS next FROM horizon,
           generate_series(date_trunc('month', horizon.first::timestamp), horizon.last, '1 month') m
)
SELECT k.kind, m.first, 100.0 * coalesce(sum(
           least(coalesce(a.end_date, h.last + 1), m.next) - greatest(a.start_date, m.first)), 0)
       / ((SELECT count(*) FROM kept WHERE kept.kind = k.kind) * (m.next - m.first))
  FROM (SELECT DISTINCT kind FROM kept) k CROSS JOIN months m CROSS JOIN horizon h
  LEFT JOIN (assignment a JOIN kept c ON c.id = a.container_id) ON c.kind = k.kind
       AND a.start_date < m.next AND coalesce(a.end_date, h.last + 1) > m.first
 GROUP BY k.kind, m.first, m.next ORDER BY 1, 2
"""

#: Counted on the 15th, as `farm plan` does.
ACTIVE = """
SELECT m::date, count(DISTINCT b.id) FILTER (WHERE a.id IS NOT NULL)
  FROM generate_series((SELECT date_trunc('month', min(date)::timestamp) FROM daily_state),
                       (SELECT max(date) FROM daily_state), '1 month') m
  LEFT JOIN (assignment a JOIN batch b ON b.id = a.batch_id
             JOIN geography g ON g.id = b.geography_id AND g.code = %s)
       ON a.start_date <= m::date + 14 AND (a.end_date IS NULL OR a.end_date > m::date + 14)
 GROUP BY 1 ORDER BY 1
"""

#: Batches whose target the mission names: drawn as a band where the company is of that size.
MISSION = (40, 50)

KINDS = {
    "egg_alevin": (YELLOW, "egg trays"),
    "fry": (ORANGE, "fry tanks"),
    "parr": (SKY, "parr tanks"),
    "smolt": (GREEN, "smolt tanks"),
    "post_smolt": (PURPLE, "post-smolt tanks"),
    "pen": (BLUE, "pens"),
}


def main() -> None:
    """Draw the pictures that were asked for."""
    asked = sys.argv[1:]
    target = Path(asked[0] if asked else "docs/images")
    names = asked[1:] or list(PICTURES)
    target.mkdir(parents=True, exist_ok=True)
    plt.rcParams.update(
        {
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
        }
    )
    with psycopg.connect(database_url()) as connection:
        for name in names:
            path = target / f"{name}.png"
            save(PICTURES[name](connection), path)
            print(f"wrote {path}, {path.stat().st_size // 1000} kB")


def database_url() -> str:
    """Return the URL of the current home's database."""
    status = subprocess.run(
        [sys.executable, "-m", "farm", "services", "status", "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return str(json.loads(status.stdout)["postgres"]["url"])


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG of 256 colours: a third of the size, and no eye tells."""
    raw = io.BytesIO()
    figure.savefig(raw, dpi=110)
    plt.close(figure)
    Image.open(raw).convert("RGB").quantize(256).save(path, optimize=True)


def ten_years(connection: Connection) -> Figure:
    """Draw biomass, harvest, weights, temperature and losses of ten years."""
    figure, axes = plt.subplots(4, 1, figsize=(10, 8.4), sharex=True, layout="constrained")
    figure.suptitle(f"Ten years of {company(connection)}", fontweight="bold")
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
    return figure


def temperature(connection: Connection) -> Figure:
    """Draw the sea of both geographies day by day, the reference of each month, and site events."""
    figure, axes = plt.subplots(
        4, 1, figsize=(11, 8.6), sharex=True, layout="constrained", height_ratios=[3, 1.3, 3, 1.3]
    )
    figure.suptitle(f"The sea at the sites of {company(connection)}", fontweight="bold")
    for row, (code, (name, colour)) in enumerate(GEOGRAPHIES.items()):
        water, marks = axes[2 * row], axes[2 * row + 1]
        days, low, mean, high = columns(connection, SEA, code)
        month_band(water, code, days)
        water.fill_between(days, low, high, color=colour, alpha=0.35, lw=0,
                           label="coldest to warmest site")  # fmt: skip
        water.plot(days, mean, color=colour, lw=0.9, label="mean of all sites")
        water.set_ylabel(f"{name}\nsea water, °C")
        water.grid(axis="y", color="#e5e5e5", lw=0.6)
        water.legend(frameon=False, loc="upper left", ncols=3, fontsize=8)
        water.set_ylim(top=max(high) + 2.5)
        events(marks, connection, code)
    axes[-1].set_xlabel("day; events: one bar per site and event, darker where several coincide")
    axes[-1].xaxis.set_major_locator(mdates.YearLocator())
    return figure


def month_band(axes: Axes, code: str, days: list[date]) -> None:
    """Draw what the literature gives for each month as a step behind the data."""
    with BANDS.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    numbers = [f"EN{FIRST_BAND[code] + month:02d}" for month in range(12)]
    low, high = ([float(rows[number][column]) for number in numbers] for column in ("low", "high"))
    months = [*sorted({day.replace(day=1) for day in days}), days[-1]]
    bottom, top = ([column[m.month - 1] for m in months] for column in (low, high))
    axes.fill_between(months, bottom, top, step="post", color="#9a9a9a", alpha=0.35, lw=0,
                      label="month means in the literature")  # fmt: skip


def events(axes: Axes, connection: Connection, code: str) -> None:
    """Draw each event of each site as a bar in the lane of its kind."""
    kinds = list(EVENTS)
    for kind, start, end, severity in connection.execute(SITE_EVENTS, (code,)):
        first = mdates.date2num(start)
        axes.broken_barh([(first, max(mdates.date2num(end) - first, 4))],
                         (kinds.index(kind) - 0.4, 0.8), color=EVENTS[kind][0],
                         alpha=0.25 + 0.6 * severity, lw=0)  # fmt: skip
    axes.set_yticks(range(len(kinds)), [EVENTS[kind][1] for kind in kinds], fontsize=7.5)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def oxygen(connection: Connection) -> Figure:
    """Draw the oxygen of the fullest pens against saturation, and two weeks of their readings."""
    figure, axes = plt.subplots(4, 2, figsize=(11, 9.6), layout="constrained", width_ratios=[2, 1])
    figure.suptitle(f"Oxygen in the fullest pens of {company(connection)}", fontweight="bold")
    row = 0
    for code in GEOGRAPHIES:
        for assignment, pen, site in connection.execute(FULL_PENS, (code,)).fetchall():
            oxygen_of(axes[row], connection, assignment, f"{site} ({pen})")
            row += 1
    for lane in axes[row:].flat:
        lane.set_axis_off()
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    return figure


def oxygen_of(axes: Any, connection: Connection, assignment: int, title: str) -> None:
    """Draw one pen: all its days on the left, two weeks of readings on the right."""
    days, found, celsius, salt, outside = columns(connection, OXYGEN, assignment)
    full = oxygen_saturation(np.array(celsius), np.array(salt))
    left, right = axes
    left.plot(days, full, color="#444444", lw=1.0, label="saturation (Garcia and Gordon 1992)")
    left.plot(days, outside, color=SKY, lw=0.8, label="outside of the pen")
    left.plot(days, found, color=BLUE, lw=0.9, label="in the pen, mean of the day")
    left.fill_between(days, 0.6 * full, color=VERMILION, alpha=0.12, lw=0, label="below 60 %")
    left.set_ylim(min(4.0, min(found) - 0.5), max(full) + 0.5)
    left.set_ylabel("oxygen, mg/L")
    left.set_title(title, fontsize=9, loc="left")
    lowest = days[int(np.argmin(np.array(found) / full))]
    times, values = columns(connection, READINGS, assignment, lowest, lowest)
    right.plot(times, values, color=BLUE, lw=0.7, marker=".", ms=2.5)
    near = [(d, f) for d, f in zip(days, full, strict=True) if abs((d - lowest).days) <= 8]
    right.plot([d for d, _ in near], [f for _, f in near], color="#444444", lw=1.0)
    right.xaxis.set_major_locator(mdates.DayLocator(interval=5))
    right.xaxis.set_major_formatter(mdates.DateFormatter("%d %b"))
    right.set_title(f"readings around {lowest}, its lowest day", fontsize=9, loc="left")
    right.set_xlim(min(d for d, _ in near), max(d for d, _ in near))


def programme(connection: Connection) -> Figure:
    """Draw active batches by month, and how full each kind of container is."""
    figure, axes = plt.subplots(
        3, 1, figsize=(10, 8.4), sharex=True, layout="constrained", height_ratios=[1.2, 1, 1]
    )
    figure.suptitle(f"Batches and containers of {company(connection)}", fontweight="bold")
    below = np.zeros(0)
    for code, (name, colour) in GEOGRAPHIES.items():
        months, count = columns(connection, ACTIVE, code)
        below = below if len(below) else np.zeros(len(months))
        axes[0].bar(months, count, bottom=below, width=27, align="edge", color=colour, label=name)
        below = below + np.array(count)
    if below.max() >= MISSION[0]:
        axes[0].axhspan(*MISSION, color="#9a9a9a", alpha=0.3, lw=0, label="40 to 50", zorder=0)
    axes[0].set_ylabel("active batches\non the 15th")
    axes[0].legend(frameon=False, loc="upper left", ncols=3)
    axes[0].set_ylim(top=below.max() * 1.2)
    for lane, (code, (name, _)) in zip(axes[1:], GEOGRAPHIES.items(), strict=True):
        found: dict[str, tuple[list[date], list[float]]] = {}
        for kind, month, percent in connection.execute(OCCUPIED, (code,)):
            xs, ys = found.setdefault(kind, ([], []))
            xs.append(month)
            ys.append(float(percent))
        for kind, (colour, label) in KINDS.items():
            lane.plot(*found[kind], color=colour, lw=1.8 if kind == "pen" else 1.1, label=label)
        lane.set_ylim(0, 100)
        lane.set_ylabel(f"{name}\noccupied container-days, %")
        lane.grid(axis="y", color="#e5e5e5", lw=0.6)
    axes[1].legend(
        frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.18), ncols=6, fontsize=8
    )
    axes[-1].xaxis.set_major_locator(mdates.YearLocator())
    return figure


def company(connection: Connection) -> str:
    """Return what to call the company: its scenario and seed."""
    row = connection.execute("SELECT scenario_name, seed FROM ops.session").fetchone()
    assert row is not None
    return f"the '{row[0]}' company, seed {row[1]}"


def columns(connection: Connection, query: str, *parameters: object) -> list[list[Any]]:
    """Return the columns of a query."""
    return [list(c) for c in zip(*connection.execute(query, parameters).fetchall(), strict=True)]  # type: ignore[call-overload]


def weights(axes: Axes, connection: Connection, code: str, colour: str) -> None:
    """Draw one line per batch."""
    lines: dict[int, tuple[list[date], list[float]]] = {}
    for batch, day, kg in connection.execute(WEIGHTS, (code,)):
        xs, ys = lines.setdefault(batch, ([], []))
        xs.append(day)
        ys.append(kg)
    for xs, ys in lines.values():
        axes.plot(xs, ys, color=colour, lw=0.7, alpha=0.8)


PICTURES: dict[str, Callable[[Connection], Figure]] = {
    "ten-years": ten_years,
    "temperature": temperature,
    "oxygen": oxygen,
    "programme": programme,
}

if __name__ == "__main__":
    main()
