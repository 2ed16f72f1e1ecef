"""Tell the life of one pen and its batch: ``python docs/batch_life.py [ASSIGNMENT]``.

Writes docs/batch-life.md and its picture from the database of the current home (FARM_HOME,
FARM_DATABASE_URL); needs the dev packages. Without an assignment's id, the pen is taken to which
most happened: an outbreak with a diagnosis, treatments, a harvest that a withholding period moved.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import psycopg
from psycopg.rows import namedtuple_row

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

sys.path.insert(0, str(Path(__file__).parent))
from pictures import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, YELLOW, database_url, save

Connection = psycopg.Connection[Any]
Rows = Sequence[Any]

PAGE = Path(__file__).parent / "batch-life.md"
PICTURE = Path(__file__).parent / "images" / "batch-life.png"

#: Pens whose fish were harvested, by how much their life has to show.
EVENTFUL = """
WITH pens AS (
    SELECT a.id, a.batch_id, c.site_id, a.start_date, a.end_date
      FROM assignment a JOIN container c ON c.id = a.container_id
     WHERE c.site_id IS NOT NULL AND a.end_date IS NOT NULL
)
SELECT p.id
  FROM pens p
  JOIN LATERAL (SELECT count(*) AS n, sum(d.deaths_by_cause[7 + o.disease_id]) AS deaths
                  FROM disease_outbreak o JOIN daily_state d ON d.assignment_id = p.id
                   AND d.date >= o.first_case_date AND d.date < coalesce(o.end_date, d.date + 1)
                 WHERE o.site_id = p.site_id AND o.diagnosed_date IS NOT NULL
                   AND o.first_case_date BETWEEN p.start_date AND p.end_date) o ON o.deaths > 0
  JOIN LATERAL (SELECT count(*) FILTER (WHERE reason = 'lice') AS lice,
                       count(*) FILTER (WHERE reason = 'outbreak') AS cures
                  FROM treatment t WHERE t.assignment_id = p.id) t ON t.lice > 0
  LEFT JOIN LATERAL (SELECT count(*) AS n, min(p.end_date - w.end_date) AS days
                  FROM withholding_period w WHERE w.assignment_id = p.id) w ON true
 ORDER BY least(t.cures, 1) DESC, least(w.n, 1) DESC, (w.days <= 6) DESC NULLS LAST,
          o.deaths DESC, p.id
 LIMIT 1
"""

PEN = """
SELECT a.id, a.batch_id, b.code AS batch, b.eggs, b.start_date AS born, b.egg_source,
       coalesce(u.name, k.name) AS origin, r.name AS strain, c.code AS container, s.name AS site,
       s.id AS site_id, s.exposure, g.id AS geography_id, g.name AS geography, g.currency,
       a.start_date, a.end_date, a.start_count, a.start_weight_g
  FROM assignment a JOIN batch b ON b.id = a.batch_id JOIN container c ON c.id = a.container_id
  JOIN site s ON s.id = c.site_id JOIN geography g ON g.id = b.geography_id
  JOIN strain r ON r.id = b.strain_id LEFT JOIN egg_supplier u ON u.id = b.egg_supplier_id
  LEFT JOIN broodstock k ON k.id = b.broodstock_id
 WHERE a.id = %(pen)s
"""

ON_LAND = """
SELECT l.name AS stage, count(*) AS containers, min(a.start_date) AS first, max(a.end_date) AS last,
       min(a.start_weight_g) AS from_g, max(a.end_weight_g) AS to_g
  FROM assignment a JOIN lifecycle_stage l ON l.id = a.lifecycle_stage_id
 WHERE a.batch_id = %(batch)s GROUP BY l.id, l.name ORDER BY l.id
"""

DAYS = """
SELECT date, population, mean_weight_g / 1000 AS kg, temperature_c, feed_kg::float8 AS feed_kg,
       biomass_kg, appetite, is_fasting, deaths, deaths_by_cause, lice_adult_female, lice_mobile,
       gill_score, is_withheld, disease_id, sick_percent
  FROM daily_state WHERE assignment_id = %(pen)s ORDER BY date
"""

SAMPLES = """
SELECT sampled_on, mean_weight_g / 1000 AS kg, sd_weight_g / 1000 AS sd, n
  FROM growth_sample WHERE assignment_id = %(pen)s ORDER BY sampled_on
"""

COUNTS = """
SELECT counted_on, n, adult_female, mobile FROM lice_count
 WHERE assignment_id = %(pen)s ORDER BY counted_on
"""

LIMITS = """
SELECT d.date::date AS date, min(l.adult_female) AS limit
  FROM generate_series(%(first)s::date, %(last)s::date, '1 day') d
  LEFT JOIN lice_limit l ON l.geography_id = %(geography)s AND l.kind = 'treat'
   AND d.date >= l.from_date AND (l.to_date IS NULL OR d.date <= l.to_date)
   AND CASE WHEN l.first_month <= l.last_month
            THEN extract(month FROM d.date) BETWEEN l.first_month AND l.last_month
            ELSE extract(month FROM d.date) >= l.first_month
              OR extract(month FROM d.date) <= l.last_month END
 GROUP BY 1 ORDER BY 1
"""

TREATMENTS = """
SELECT t.id, y.name, y.code, t.reason, t.start_date, t.end_date, t.fish, t.deaths, t.before_value,
       t.after_value, t.effect_percent, t.cost::float8 AS cost, w.start_date AS withheld_from,
       w.end_date AS withheld_to
  FROM treatment t JOIN treatment_type y ON y.id = t.treatment_type_id
  LEFT JOIN withholding_period w ON w.treatment_id = t.id
 WHERE t.assignment_id = %(pen)s ORDER BY t.start_date, t.id
"""

OUTBREAKS = """
SELECT o.*, d.name, d.code FROM disease_outbreak o JOIN disease d ON d.id = o.disease_id
 WHERE o.site_id = %(site)s AND o.first_case_date < %(last)s
   AND coalesce(o.end_date, %(last)s) > %(first)s ORDER BY o.first_case_date
"""

SITE_EVENTS = """
SELECT kind, start_date, end_date, severity FROM site_event
 WHERE site_id = %(site)s AND start_date < %(last)s AND coalesce(end_date, %(last)s) > %(first)s
 ORDER BY start_date
"""

JOURNAL = """
SELECT date, kind, author, text FROM journal_entry
 WHERE (assignment_id = %(pen)s OR (site_id = %(site)s AND assignment_id IS NULL))
   AND date >= %(first)s AND date <= %(last)s ORDER BY date, id
"""

VACCINATIONS = """
SELECT v.name, min(x.date) AS first, max(x.date) AS last, sum(x.count) AS fish,
       avg(x.mean_weight_g) AS mean_g
  FROM vaccination x JOIN vaccine v ON v.id = x.vaccine_id
  JOIN assignment a ON a.id = x.assignment_id
 WHERE a.batch_id = %(batch)s GROUP BY v.name ORDER BY 2
"""

HARVEST = """
SELECT h.date, h.count, h.biomass_kg, h.mean_weight_g / 1000 AS kg FROM harvest_event h
 WHERE h.assignment_id = %(pen)s ORDER BY h.date
"""

LOTS = """
SELECT weight_class, sum(count) FILTER (WHERE quality = 'superior') AS superior,
       sum(count) FILTER (WHERE quality = 'ordinary') AS ordinary,
       sum(count) FILTER (WHERE quality = 'production') AS production,
       sum(live_kg) AS live, sum(gutted_kg) AS gutted
  FROM harvest_lot WHERE assignment_id = %(pen)s GROUP BY 1 ORDER BY min(mean_weight_g)
"""

CAUSES = "SELECT id, code, name FROM mortality_cause ORDER BY id"

#: What the journal tells that is worth quoting on the page.
TELLING = ("suspicion", "diagnosis", "decision", "treatment", "effect", "withholding", "recovery",
           "early_harvest")  # fmt: skip


def main() -> None:
    """Write the page and its picture."""
    with psycopg.connect(database_url(), row_factory=namedtuple_row) as connection:
        if len(sys.argv) > 1:
            number = int(sys.argv[1])
        else:
            found = connection.execute(EVENTFUL).fetchone()
            if found is None:
                sys.exit("no pen of this farm had an outbreak and a treatment: take a larger one")
            number = found.id
        life = Life(connection, number)
    PICTURE.parent.mkdir(exist_ok=True)
    save(draw(life), PICTURE)
    PAGE.write_text(tell(life), encoding="utf-8")
    print(f"wrote {PAGE} and {PICTURE}: assignment {number}")


class Life:
    """Everything the database knows of a pen."""

    def __init__(self, connection: Connection, number: int) -> None:
        self.pen = connection.execute(PEN, {"pen": number}).fetchone()
        if self.pen is None:
            sys.exit(f"no assignment {number} at sea")
        given = {
            "pen": number,
            "batch": self.pen.batch_id,
            "site": self.pen.site_id,
            "geography": self.pen.geography_id,
            "first": self.pen.start_date,
            "last": self.pen.end_date,
        }

        def ask(query: str) -> Rows:
            return connection.execute(query, given).fetchall()

        self.stages, self.days, self.samples = ask(ON_LAND), ask(DAYS), ask(SAMPLES)
        self.counts, self.limits = ask(COUNTS), ask(LIMITS)
        self.treatments, self.outbreaks, self.events = (
            ask(TREATMENTS), ask(OUTBREAKS), ask(SITE_EVENTS),
        )  # fmt: skip
        self.journal, self.vaccinations = ask(JOURNAL), ask(VACCINATIONS)
        self.harvest, self.lots = ask(HARVEST), ask(LOTS)
        self.causes = {row.id: row for row in connection.execute(CAUSES)}
        self.company = connection.execute("SELECT scenario_name, seed FROM ops.session").fetchone()

    def column(self, name: str) -> list[Any]:
        """Return a column of the days."""
        return [getattr(day, name) for day in self.days]


def draw(life: Life) -> Any:
    """Draw everything on one timeline."""
    figure, axes = plt.subplots(
        6, 1, figsize=(11, 13.2), sharex=True, layout="constrained",
        height_ratios=[1.3, 0.9, 1, 1, 1.2, 1.2],
    )  # fmt: skip
    pen = life.pen
    figure.suptitle(f"{pen.batch} in pen {pen.container}, {pen.site}", fontweight="bold")
    days = life.column("date")
    weight, fish, water, feed, lice, deaths = axes
    weight.plot(days, life.column("kg"), color=BLUE, lw=1.4, label="mean weight of the pen")
    weight.errorbar(
        [s.sampled_on for s in life.samples], [s.kg for s in life.samples],
        yerr=[s.sd for s in life.samples], fmt=".", color="#444444", ms=4, lw=0.6,
        label="hand samples, mean and standard deviation",
    )  # fmt: skip
    weight.set_ylabel("weight, kg")
    weight.legend(frameon=False, loc="upper left", fontsize=8)
    fish.plot(days, [n / 1000 for n in life.column("population")], color=BLUE, lw=1.2)
    fish.set_ylabel("fish, 1,000")
    fish.set_ylim(bottom=0)
    water.plot(days, life.column("temperature_c"), color=ORANGE, lw=1.0)
    water.set_ylabel("water, °C")
    eaten = [100 * d.feed_kg / d.biomass_kg if d.biomass_kg else 0.0 for d in life.days]
    feed.bar(days, eaten, width=1.0, color=GREEN, alpha=0.55, label="feed, % of biomass a day")
    feed.plot(
        days, [d.appetite if d.feed_kg else None for d in life.days], color="#444444", lw=0.8,
        label="appetite, share of need",
    )  # fmt: skip
    feed.set_ylabel("feed and appetite")
    feed.legend(frameon=False, loc="upper right", fontsize=8, ncols=2)
    lice.plot(days, life.column("lice_adult_female"), color=PURPLE, lw=1.0, label="true mean")
    lice.plot([c.counted_on for c in life.counts], [c.adult_female for c in life.counts], ".",
              color="#444444", ms=4, label="counted on 10 or 20 fish")  # fmt: skip
    limits = [row for row in life.limits if row.limit is not None]
    lice.step([row.date for row in limits], [row.limit for row in limits], where="post",
              color=VERMILION, lw=0.9, ls="--", label="limit")  # fmt: skip
    lice.set_ylabel("adult female\nlice per fish")
    lice.legend(frameon=False, loc="upper left", fontsize=8, ncols=3)
    draw_deaths(deaths, life)
    mark(axes, life)
    return figure


def draw_deaths(axes: Axes, life: Life) -> None:
    """Draw the deaths of each week by cause, the five that took most and the rest."""
    weeks: dict[date, list[int]] = {}
    for day in life.days:
        week = date.fromordinal(day.date.toordinal() // 7 * 7)
        total = weeks.setdefault(week, [0] * len(day.deaths_by_cause))
        for cause, number in enumerate(day.deaths_by_cause):
            total[cause] += number
    xs = list(weeks)
    sums = [sum(column) for column in zip(*weeks.values(), strict=True)]
    most = sorted(range(len(sums)), key=lambda cause: -sums[cause])[:5]
    start = life.pen.start_count
    below = [0.0] * len(xs)
    colours = [VERMILION, BLUE, ORANGE, GREEN, PURPLE]
    for cause, colour in [*zip(most, colours, strict=False), (None, "#bbbbbb")]:
        chosen = [cause] if cause is not None else [c for c in range(len(sums)) if c not in most]
        height = [1000 * sum(weeks[x][c] for c in chosen) / start for x in xs]
        name = "all others" if cause is None else life.causes[cause + 1].name.lower()
        axes.bar(xs, height, width=6.5, bottom=below, color=colour, label=name, align="edge")
        below = [a + b for a, b in zip(below, height, strict=True)]
    axes.set_ylabel("deaths a week,\n‰ of those stocked")
    axes.legend(frameon=False, loc="upper left", fontsize=8, ncols=3)


def mark(axes: Any, life: Life) -> None:
    """Mark outbreaks, treatments and withholding on all lanes."""
    for lane in axes:
        for outbreak in life.outbreaks:
            lane.axvspan(outbreak.first_case_date, outbreak.end_date or life.pen.end_date,
                         color=YELLOW, alpha=0.25, lw=0)  # fmt: skip
        for treatment in life.treatments:
            colour = VERMILION if treatment.reason == "lice" else SKY
            lane.axvline(treatment.start_date, color=colour, lw=0.8, alpha=0.8)
            if treatment.withheld_from:
                lane.axvspan(treatment.withheld_from, treatment.withheld_to or life.pen.end_date,
                             color=SKY, alpha=0.2, lw=0)  # fmt: skip
    top = axes[0]
    for outbreak in life.outbreaks:
        top.annotate(outbreak.code, (outbreak.first_case_date, 1.0),
                     xycoords=("data", "axes fraction"), fontsize=7.5, rotation=30,
                     va="bottom")  # fmt: skip
    axes[-1].set_xlabel(
        "yellow: outbreaks at the site; red lines: treatments against lice, blue lines: others; "
        "blue bands: withholding"
    )


def tell(life: Life) -> str:
    """Return the page."""
    pen = life.pen
    scenario, seed = life.company
    lines = [
        "# One batch's life",
        "",
        (f"*Written by `docs/batch_life.py` from the tables of the `{scenario}` scenario, seed "
        f"{seed}: every figure here is a row there. This is pen {pen.container} at {pen.site} "
        f"({pen.geography}), assignment {pen.id}, batch {pen.batch}.*"),
        "",
        f"![Weight, fish, water, feed, lice and deaths of {pen.container}](images/{PICTURE.name})",
        "",
        "## From egg to smolt",
        "",
        (f"{pen.eggs:,} eggs ({pen.origin}, {pen.strain}; {pen.egg_source}) were laid down on "
        f"{pen.born}."),
        "",
        *table(
            ["stage", "containers", "from", "to", "weight, g"],
            [
                [s.stage, s.containers, s.first, s.last, f"{s.from_g:.3g} → {s.to_g or 0:.4g}"]
                for s in life.stages
            ],
        ),
        "",
        *(
            f"- Vaccinated: {v.name}, {v.fish:,} fish of {v.mean_g:.0f} g, {v.first} to {v.last}."
            for v in life.vaccinations
        ),
        "",
        "## At sea",
        "",
        (f"{pen.start_count:,} smolts of {pen.start_weight_g:.0f} g came into the pen on "
        f"{pen.start_date}."),
        "",
        "What struck the site:",
        "",
        *table(
            ["outbreak", "first case", "noticed", "diagnosed", "peak", "over", "pens", "deaths"],
            [
                [o.name, o.first_case_date, o.onset_date, o.diagnosed_date, o.peak_date, o.end_date,
                 o.assignments_affected, f"{o.deaths:,}"]
                for o in life.outbreaks
            ],
        ),
        "",
        *table(
            ["event", "from", "to", "severity"],
            [[e.kind.replace("_", " "), e.start_date, e.end_date, e.severity] for e in life.events],
        ),
        "",
        ("What was done in this pen (before and after: adult female lice per fish, or deaths in "
         "per mille and week):"),
        "",
        *table(
            ["treatment", "reason", "on", "before", "after", "effect, %", "deaths",
             f"cost, {pen.currency}", "withheld until"],
            [
                [t.name, t.reason, t.start_date, figure(t.before_value), figure(t.after_value),
                 figure(t.effect_percent, 0), f"{t.deaths:,}", f"{t.cost:,.0f}", t.withheld_to]
                for t in life.treatments
            ],
        ),
        "",
        "## In the words of the journal",
        "",
        *(
            f"- **{entry.date}**, {entry.author}: {entry.text}"
            for entry in life.journal
            if entry.kind in TELLING
        ),
        "",
        "## Harvest",
        "",
        *table(
            ["day", "fish", "kg each", "tonnes"],
            [[h.date, f"{h.count:,}", f"{h.kg:.2f}", f"{h.biomass_kg / 1000:,.0f}"]
             for h in life.harvest],
        ),
        "",
        *table(
            ["class, kg gutted", "superior", "ordinary", "production", "live, t", "gutted, t"],
            [
                [lot.weight_class, f"{lot.superior or 0:,}", f"{lot.ordinary or 0:,}",
                 f"{lot.production or 0:,}", f"{lot.live / 1000:,.1f}", f"{lot.gutted / 1000:,.1f}"]
                for lot in life.lots
            ],
        ),
        "",
        "## See it yourself",
        "",
        "```sql",
        "SELECT date, population, mean_weight_g, deaths, feed_kg, appetite, lice_adult_female,",
        "       is_withheld",
        f"  FROM daily_state WHERE assignment_id = {pen.id} ORDER BY date;",
        f"SELECT * FROM treatment WHERE assignment_id = {pen.id} ORDER BY start_date;",
        f"SELECT date, text FROM journal_entry WHERE site_id = {pen.site_id} ORDER BY date;",
        "```",
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def table(head: list[str], rows: list[list[object]]) -> list[str]:
    """Return a Markdown table; one line where there is nothing."""
    if not rows:
        return ["(none)"]
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    body = [head, ["---"] * len(head), *cells]
    return ["| " + " | ".join(row) + " |" for row in body]


def figure(value: float | None, digits: int = 2) -> str:
    """Return a figure as people write it."""
    return "" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
