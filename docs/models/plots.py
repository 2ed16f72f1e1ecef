"""Draw the plots of the model pages: ``python docs/models/plots.py [NAME ...]``.

Every curve comes out of the farm's own functions with the parameters in config/, every series out
of its own simulation; nothing is drawn from a formula of this file. Needs the dev packages, and no
database. Names are those of PLOTS; without any, all are drawn, into docs/models/images.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from farm.domain import (
    disease,
    feeding,
    growth,
    lice,
    mortality,
    stress,
    treatment,
    vaccine,
    water,
    weather,
)
from farm.domain.calendar import Month, Period
from farm.domain.events import SiteEventKind
from farm.domain.exact import PRICE_UNIT
from farm.domain.harvest import Condition, qualities
from farm.domain.harvest import Quality as SlaughterQuality
from farm.domain.observation import ByParameter, Observation
from farm.domain.plan import Plan
from farm.domain.quantity import PLAIN
from farm.domain.scenario import Scenario
from farm.domain.world import Cause, Parameter, Quality, Stage, disease_cause_id
from farm.rendering.days import Days
from farm.rendering.epoch import DAY_US
from farm.rendering.health import health_samples
from farm.rendering.layout import Layout
from farm.rendering.lice import lice_counts
from farm.rendering.lines import Lines
from farm.rendering.readings import drift, readings
from farm.rendering.sampling import samples
from farm.rendering.stocked import stocked_lines
from farm.rendering.table import Runs, Table
from farm.settings.scenarios import load_scenario
from farm.simulation.care.delousing import treatment_limit
from farm.simulation.dice import Dice
from farm.simulation.engine import simulate
from farm.simulation.environment.days import Days as DaysOfMonth
from farm.simulation.environment.environment import Environment
from farm.simulation.environment.sea import Sea
from farm.simulation.expectation import expect
from farm.simulation.frame import Frame
from farm.simulation.history import History, SiteEventRecord
from farm.simulation.needs import Yardstick
from farm.simulation.process import Rates, Today
from farm.simulation.scheduler import make_plan
from farm.simulation.site_log import SiteLog
from farm.simulation.starts import day_of, intended_starts
from farm.simulation.state import State
from farm.simulation.streams import Decision, Streams
from farm.simulation.world import build_world

mpl.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Floats = NDArray[np.float64]

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"

GEOGRAPHIES = {"FO": ("Faroe Islands", "#1f6f8b"), "SC": ("Scotland", "#c8553d")}

#: Okabe and Ito's colours, which colour-blind readers tell apart.
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
DARK, GREY = "#444444", "#9a9a9a"

STAGES = {
    Stage.EGG_ALEVIN: (YELLOW, "eggs, alevins"),
    Stage.FRY: (ORANGE, "fry"),
    Stage.PARR: (SKY, "parr"),
    Stage.SMOLT: (GREEN, "smolt"),
    Stage.POST_SMOLT: (PURPLE, "post-smolt"),
    Stage.ADULT: (BLUE, "adult, at sea"),
}

KINDS = {
    SiteEventKind.STORM: (BLUE, "storm"),
    SiteEventKind.HEAT_WAVE: (VERMILION, "heat wave"),
    SiteEventKind.COLD_SPELL: (SKY, "cold spell"),
    SiteEventKind.HYPOXIA: (PURPLE, "hypoxia"),
    SiteEventKind.ALGAL_BLOOM: (GREEN, "algal bloom"),
    SiteEventKind.JELLYFISH: (ORANGE, "jellyfish"),
}

CAUSES = {
    Cause.BACKGROUND: GREY,
    Cause.HANDLING: ORANGE,
    Cause.ENVIRONMENT: BLUE,
    Cause.PREDATION: VERMILION,
    Cause.DEFORMITY: PURPLE,
    Cause.UNKNOWN: YELLOW,
    Cause.TREATMENT: SKY,
}

#: What the sea of the largest scenario is looked at.
SEA_YEARS = Period(Month(2018, 1), Month(2021, 12))


def main() -> None:
    """Draw the plots that were asked for."""
    target = HERE / "images"
    target.mkdir(exist_ok=True)
    plt.rcParams.update(
        {
            "font.size": 8.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.titlesize": 9,
            "axes.titlelocation": "left",
            "legend.frameon": False,
            "legend.fontsize": 7.5,
        }
    )
    for name in sys.argv[1:] or list(PLOTS):
        path = target / f"{name}.png"
        save(PLOTS[name](), path)
        print(f"wrote {path}, {path.stat().st_size // 1000} kB")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG of 128 colours."""
    raw = io.BytesIO()
    figure.savefig(raw, dpi=100)
    plt.close(figure)
    Image.open(raw).convert("RGB").quantize(128).save(path, optimize=True)


# What is drawn from.


@cache
def scenario_of(name: str) -> Scenario:
    """Return a scenario of config/."""
    return load_scenario(name, CONFIG)


@cache
def plan_of(name: str) -> Plan:
    """Return its plan."""
    return make_plan(scenario_of(name))


@cache
def lived(code: str) -> History:
    """Return what the demo company lived through in ten years in one geography."""
    scenario = scenario_of("demo")
    return simulate(scenario, plan_of("demo"), code, scenario.horizon, None)


def sea_days(history: History) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield the rows of each pen's fish, and their days at sea."""
    ids, stage = history.daily["assignment_id"], history.daily["lifecycle_stage_id"]
    edges = np.flatnonzero(np.diff(ids)) + 1
    for first, last in zip([0, *edges], [*edges, ids.size], strict=True):
        if stage[first] == Stage.ADULT.id:
            yield slice(first, last), np.arange(last - first)


@dataclass(frozen=True)
class Nature:
    """Four years at the sites and halls of the full company, without fish: (days, places)."""

    frame: Frame
    days: NDArray[np.datetime64]
    normal: Floats
    sea: dict[str, Floats]
    halls: dict[str, Floats]
    #: Shape (days, kinds, sites).
    intensity: Floats
    events: tuple[SiteEventRecord, ...]

    def site(self, name: str) -> int:
        """Return the index of a site."""
        return [site.name for site in self.frame.sites].index(name)

    def between(self, first: str, last: str) -> slice:
        """Return the rows of some days."""
        found = np.searchsorted(self.days, np.array([first, last], dtype="datetime64[D]"))
        return slice(int(found[0]), int(found[1]))


@cache
def nature_of(code: str) -> Nature:
    """Let the environment of one geography pass, day by day, as the simulation does."""
    scenario = scenario_of("full")
    frame = Frame.of(build_world(scenario), code)
    dice = Dice(Streams(scenario.seed), frame)
    environment = Environment(scenario.biology, frame, dice)
    state, own, log = State.empty(frame), environment.begin(), SiteLog(frame)
    nobody = np.zeros((len(Cause), frame.size), dtype=np.int64)
    book, rates = log.begin(), Rates(frame.size, 0)
    sea = Sea(scenario.biology.water, frame, dice)
    seas, halls, days, intensity, normal = [], [], [], [], []
    for month in SEA_YEARS.months():
        environment.turn_month(month, own)
        normal += [*sea.normal(DaysOfMonth.of(month))]
        for offset in range(month.days):
            today = Today.of(month.first + timedelta(days=offset))
            around = environment.surroundings(today, state, own)
            log.note(around.events, rates, state, nobody, book)
            seas.append(around.sea)
            halls.append(around.halls)
            days.append(today.date)
            intensity.append(around.events.intensity)
    return Nature(
        frame=frame,
        days=np.array(days, dtype="datetime64[D]"),
        normal=np.array(normal),
        sea={f.name: np.array([getattr(day, f.name) for day in seas]) for f in fields(seas[0])},
        halls={f.name: np.array([getattr(day, f.name) for day in halls]) for f in fields(halls[0])},
        intensity=np.array(intensity),
        events=log.records(book),
    )


def panels(rows: int, columns: int, height: float, **more: Any) -> tuple[Figure, Any]:
    """Return a figure of the usual width with some axes."""
    return plt.subplots(rows, columns, figsize=(10, height), layout="constrained", **more)


def grid(*all_axes: Axes) -> None:
    """Draw faint horizontal lines."""
    for axes in all_axes:
        axes.grid(axis="y", color="#e5e5e5", lw=0.6)


def by_year(axes: Axes) -> None:
    """Label a year of days by its months."""
    axes.xaxis.set_major_locator(mdates.MonthLocator(interval=2))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%b"))  # type: ignore[no-untyped-call]


def by_time(axes: Axes) -> None:
    """Label days without saying the year of each."""
    locator = mdates.AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    concise = mdates.ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(concise)


def shade(axes: Axes, first: date, last: date, colour: str) -> None:
    """Shade the time between two days."""
    begin, end = np.datetime64(first), np.datetime64(last)
    axes.axvspan(begin, end, lw=0, color=colour, alpha=0.3)  # type: ignore[arg-type]


# One function for each page.


def draw_growth() -> Figure:
    """Draw growth against temperature, the season, the setback, and the pens of a batch."""
    parameters = scenario_of("full").biology.growth
    figure, axes = panels(2, 2, 5.6)
    celsius = np.linspace(0, 23, 200)
    tgc = parameters.tgc("FO", Stage.ADULT)
    for grams, colour in ((150.0, SKY), (1000.0, BLUE), (4000.0, VERMILION)):
        factor = growth.WarmWater(parameters).factor(grams, celsius)
        bent = growth.next_weight(grams, tgc * factor, celsius) / grams - 1
        straight = growth.next_weight(grams, tgc, celsius) / grams - 1
        axes[0, 0].plot(celsius, 100 * bent, color=colour, label=f"{grams / 1000:g} kg")
        axes[0, 0].plot(celsius, 100 * straight, color=colour, lw=0.8, ls=":")
    axes[0, 0].set(title=f"growth in a day, TGC {tgc:g}; dotted: without the temperature factor",
                   xlabel="water, °C", ylabel="% of weight", ylim=(0, 3.6))  # fmt: skip
    axes[0, 0].legend()
    days = np.arange(1, 366)
    season = [growth.seasonal_factor(parameters, int(day)) for day in days]
    axes[0, 1].plot(days, season, color=GREEN)
    axes[0, 1].set(title="seasonal factor at sea", xlabel="day of year", ylabel="of the TGC")
    since = np.arange(0, 71)
    for stage in (Stage.PARR, Stage.ADULT):
        depth, lasts = parameters.setback_depth.of(stage), parameters.setback_days.of(stage)
        axes[1, 0].plot(since, growth.setback_factor(depth, lasts, since),
                        color=STAGES[stage][0], label=STAGES[stage][1])  # fmt: skip
    axes[1, 0].set(title="appetite after a move", xlabel="days since arrival", ylabel="share",
                   ylim=(0, 1.05))  # fmt: skip
    axes[1, 0].legend(loc="lower right")
    history = lived("FO")
    batch = _longest_batch(history)
    for rows, at_sea in sea_days(history):
        if history.daily["batch_id"][rows][0] == batch:
            axes[1, 1].plot(at_sea, history.daily["mean_weight_g"][rows] / 1000, color=BLUE, lw=0.7)
    axes[1, 1].set(title="the pens of one batch, simulated (demo, Faroe Islands)",
                   xlabel="days at sea", ylabel="mean weight, kg")  # fmt: skip
    grid(*axes.flat)
    return figure


def _longest_batch(history: History) -> int:
    """Return the batch that was longest at sea."""
    adult = history.daily["lifecycle_stage_id"] == Stage.ADULT.id
    batches, days = np.unique(history.daily["batch_id"][adult], return_counts=True)
    return int(batches[np.argmax(days)])


def draw_feeding() -> Figure:
    """Draw feed conversion, what holds appetite back, feeding rates, and the life of a pen."""
    biology = scenario_of("full").biology
    parameters = biology.feeding
    figure = plt.figure(figsize=(10, 5.6), layout="constrained")
    top, bottom = np.asarray(figure.subfigures(2, 1))
    axes, below = top.subplots(1, 3), bottom.subplots(1, 2)
    grams = np.geomspace(0.15, 6500, 300)
    for code, (name, colour) in GEOGRAPHIES.items():
        fcr = feeding.Conversion(parameters, code).at(grams)
        axes[0].semilogx(grams, fcr, color=colour, label=name)
    axes[0].set(title="feed conversion", xlabel="mean weight, g", ylabel="kg feed / kg gain")
    axes[0].legend()
    saturation, density = np.linspace(25, 100, 200), np.linspace(0.85, 1.05, 200)
    axes[1].plot(saturation, feeding.oxygen_factor(parameters, saturation), color=BLUE)
    axes[1].set(title="oxygen", xlabel="% saturation", ylabel="share of the appetite")
    axes[2].plot(density, feeding.crowding_factor(parameters, density), color=BLUE)
    axes[2].set(title="crowding", xlabel="density over the container's limit",
                ylabel="share of the appetite")  # fmt: skip
    celsius, tgc = np.linspace(2, 18, 100), biology.growth.tgc("FO", Stage.ADULT)
    for weight, colour in ((100.0, SKY), (1000.0, BLUE), (4000.0, VERMILION)):
        factor = growth.WarmWater(biology.growth).factor(weight, celsius)
        after = growth.next_weight(weight, tgc * factor, celsius)
        rate = feeding.specific_feeding_rate(
            feeding.Conversion(parameters, "FO").at(weight), weight, after
        )
        below[0].plot(celsius, rate, color=colour, label=f"{weight / 1000:g} kg")
    below[0].set(title=f"feed in a day at full appetite, TGC {tgc:g}", xlabel="water, °C",
                 ylabel="% of biomass")  # fmt: skip
    below[0].legend()
    _pen_fed(below[1])
    grid(*axes, *below)
    return figure


def _pen_fed(axes: Axes) -> None:
    history = lived("FO")
    rows, at_sea = max(sea_days(history), key=lambda pen: len(pen[1]))
    daily = history.daily
    percent = 100 * daily["feed_g"][rows] / (1000 * daily["biomass_kg"][rows])
    hungry = daily["is_fasting"][rows]
    axes.plot(at_sea, percent, color=BLUE, lw=0.7)
    axes.plot(at_sea[hungry], percent[hungry], ls="", marker="|", ms=6, color=VERMILION,
              label="fasting: storm, bad water, before harvest")  # fmt: skip
    axes.legend(loc="upper right")
    axes.set(title="feed of one pen, simulated (demo, Faroe Islands)", xlabel="days at sea",
             ylabel="% of biomass", ylim=(-0.05, 1.6))  # fmt: skip


def draw_mortality() -> Figure:
    """Draw losses by days at sea, their tail, their causes, and losses in fresh water."""
    parameters = scenario_of("full").biology.mortality
    figure, axes = panels(2, 2, 5.8)
    weeks, ages = pen_weeks()
    age = np.arange(0, 610)
    quiet = 700 * mortality.sea_median(parameters, age)
    axes[0, 0].semilogy(age, quiet, color=DARK, label="everyday losses, median")
    bins = np.arange(0, 600, 28)
    for percentile, colour in ((50, BLUE), (95, VERMILION)):
        found = [np.percentile(weeks[(ages >= b) & (ages < b + 28)], percentile) for b in bins[:-1]]
        axes[0, 0].semilogy(bins[:-1] + 14, np.maximum(found, 1e-3), color=colour, marker=".",
                            label=f"simulated pen-weeks, {percentile}th percentile")  # fmt: skip
    axes[0, 0].set(title="losses at sea: high, low, rising", xlabel="days at sea",
                   ylabel="% a week")  # fmt: skip
    axes[0, 0].legend(loc="upper center")
    worst = np.sort(weeks)[::-1]
    axes[0, 1].semilogx(100 * np.arange(1, len(worst) + 1) / len(worst),
                        100 * np.cumsum(worst) / worst.sum(), color=BLUE)  # fmt: skip
    axes[0, 1].set(title=f"the tail: {len(worst):,} simulated pen-weeks",
                   xlabel="worst pen-weeks, %", ylabel="share of all losses, %")  # fmt: skip
    _causes(axes[1, 0])
    for stage in tuple(Stage)[:-1]:
        colour, label = STAGES[stage]
        since = np.arange(0, 61)
        excess = mortality.early_factor(
            parameters.early_excess.of(stage), parameters.early_days.of(stage), since
        )
        axes[1, 1].plot(since, parameters.fresh_level.of(stage) * excess, color=colour, label=label)
    axes[1, 1].set(title="everyday losses in fresh water, mean", ylim=(0, 0.3),
                   xlabel="days since the stage began", ylabel="% a day")  # fmt: skip
    axes[1, 1].legend(ncols=2)
    grid(axes[0, 0], axes[0, 1], axes[1, 1])
    return figure


def pen_weeks() -> tuple[Floats, NDArray[np.int64]]:
    """Return the weekly losses in per cent of the demo's pens, and the days at sea before them."""
    rates, ages = [], []
    for code in GEOGRAPHIES:
        history = lived(code)
        for rows, at_sea in sea_days(history):
            deaths, living = history.daily["deaths"][rows], history.daily["population"][rows]
            number = len(at_sea) // 7
            died = deaths[: 7 * number].reshape(number, 7).sum(axis=1)
            rates.append(100 * died / (living + deaths)[: 7 * number : 7])
            ages.append(at_sea[: 7 * number : 7])
    return np.concatenate(rates), np.concatenate(ages)


def _causes(axes: Axes) -> None:
    below = np.zeros(len(STAGES))
    deaths = np.concatenate([lived(code).daily["deaths_by_cause"] for code in GEOGRAPHIES])
    stages = np.concatenate([lived(code).daily["lifecycle_stage_id"] for code in GEOGRAPHIES])
    total = np.array([deaths[stages == stage.id].sum(axis=0) for stage in STAGES])
    share = 100 * total / total.sum(axis=1, keepdims=True)
    named = [(cause.value, colour, share[:, cause.id - 1]) for cause, colour in CAUSES.items()]
    named.append(("disease", DARK, share[:, len(Cause) :].sum(axis=1)))
    for label, colour, part in named:
        axes.barh(range(len(STAGES)), part, left=below, color=colour, label=label)
        below += part
    axes.set_yticks(range(len(STAGES)), [label for _, label in STAGES.values()])
    axes.invert_yaxis()
    axes.set(title="causes of death, simulated", xlabel="%")
    axes.legend(ncols=6, loc="upper center", bbox_to_anchor=(0.42, -0.16), fontsize=7,
                handlelength=1, columnspacing=0.8)  # fmt: skip


def draw_harvest() -> Figure:
    """Draw weights at harvest, a site emptied pen by pen, weight classes and quality."""
    figure, axes = panels(2, 2, 5.6)
    for code, (name, colour) in GEOGRAPHIES.items():
        of_pen: dict[int, list[tuple[int, float]]] = {}
        for event in lived(code).harvests:
            of_pen.setdefault(event.assignment_id, []).append((event.count, event.biomass_kg))
        weights = [sum(kg for _, kg in days) / sum(n for n, _ in days) for days in of_pen.values()]
        market = scenario_of("demo").biology.harvest.markets[code]
        axes[0, 0].hist(weights, bins=np.arange(2, 8.1, 0.25), color=colour, alpha=0.6, label=name)
        axes[0, 0].axvline(market.target / 1000, color=colour, lw=1)
    axes[0, 0].set(title="mean weight of harvested pens, simulated; lines: targets",
                   xlabel="kg live", ylabel="pens")  # fmt: skip
    axes[0, 0].legend()
    _emptied(axes[0, 1])
    _weight_classes(axes[1, 0])
    _qualities(axes[1, 1])
    grid(*axes.flat)
    return figure


def _emptied(axes: Axes) -> None:
    """Draw the fish of the pens of one batch in its last months at sea."""
    history = lived("SC")
    batch = _longest_batch(history)
    for rows, _ in sea_days(history):
        if history.daily["batch_id"][rows][0] == batch:
            last = slice(max(rows.stop - 130, rows.start), rows.stop)
            axes.plot(history.daily["date"][last], history.daily["population"][last] / 1000,
                      color=GEOGRAPHIES["SC"][1], lw=0.8)  # fmt: skip
    axes.set(title="the pens of one batch, emptied in turn (demo, Scotland)",
             ylabel="fish, thousands")  # fmt: skip
    by_time(axes)


def _weight_classes(axes: Axes) -> None:
    grades = scenario_of("demo").biology.harvest.grades
    width = 0.8 / len(GEOGRAPHIES)
    for turn, (code, (name, colour)) in enumerate(GEOGRAPHIES.items()):
        lots = lived(code).harvest_lots
        gutted = [lots["gutted_kg"][lots["weight_class"] == name].sum() for name in grades.names]
        share = 100 * np.array(gutted) / sum(gutted)
        at = np.arange(len(grades.names)) + turn * width
        axes.bar(at, share, width, color=colour, label=name)
    axes.set_xticks(range(len(grades.names)), grades.names)
    axes.set(title="weight classes, simulated", xlabel="kg gutted", ylabel="% of gutted weight")
    axes.legend()


def _qualities(axes: Axes) -> None:
    """Draw the shares of the qualities at slaughter against open wounds."""
    grades = scenario_of("demo").biology.harvest.grades
    wounded = np.linspace(0, 0.3, 31)
    none, one = np.zeros_like(wounded), np.ones_like(wounded)
    found = Condition(wounded, wounded / 2, none, one)
    parts = 100 * qualities(grades, found, one[:, None], none)[:, 0].T
    labels = [quality.value for quality in SlaughterQuality]
    axes.stackplot(100 * wounded, *parts, labels=labels, colors=(GREEN, YELLOW, VERMILION))
    axes.set(title="quality, where half as many fish are scarred as wounded",
             xlabel="% of the fish wounded", ylabel="% of the fish", ylim=(0, 100))  # fmt: skip
    axes.legend(loc="lower left")


def draw_economy() -> Figure:
    """Draw the salmon price, what a kilogram costs, one batch's value, and profit by batch."""
    figure, axes = panels(2, 2, 6.2)
    _salmon_prices(axes[0, 0])
    _cost_of_a_kilogram(axes[0, 1])
    _value_of_a_batch(axes[1, 0])
    for code, (place, colour) in GEOGRAPHIES.items():
        accounts = lived(code).figures.batch_accounts
        margin = [100.0 * float(a.profit) / float(a.revenue) for a in accounts]
        axes[1, 1].plot([a.closed_on for a in accounts], margin, "o", ms=4, color=colour,
                        label=place)  # fmt: skip
    axes[1, 1].axhline(0.0, color=DARK, lw=0.8)
    axes[1, 1].set(title="profit of batches by the day on which they were sold out",
                   ylabel="% of revenue")  # fmt: skip
    axes[1, 1].legend()
    grid(*axes.flat)
    return figure


def _salmon_prices(axes: Axes) -> None:
    """Draw prices of three weight classes in the Faroes, and of one in Scotland."""
    shades = {"2-3": SKY, "4-5": GEOGRAPHIES["FO"][1], "6-7": DARK}
    for name, colour in shades.items():
        told = [r for r in lived("FO").figures.salmon_prices if r.weight_class == name]
        axes.plot([r.month for r in told], [float(r.price_per_kg) for r in told], color=colour,
                  lw=1, label=f"{name} kg, DKK")  # fmt: skip
    told = [r for r in lived("SC").figures.salmon_prices if r.weight_class == "4-5"]
    axes.plot([r.month for r in told], [10.0 * float(r.price_per_kg) for r in told],
              color=GEOGRAPHIES["SC"][1], lw=1, label="4-5 kg, GBP · 10")  # fmt: skip
    axes.set(title="price of superior salmon by weight class", ylabel="per kg gutted",
             ylim=(0, None))  # fmt: skip
    axes.legend(ncols=2, loc="lower right")


#: The parts of what a harvested batch costs.
PARTS = {"egg": YELLOW, "vaccination": PURPLE, "treatment": SKY, "feed": ORANGE,
         "operating": BLUE, "harvest": GREY}  # fmt: skip


def _cost_of_a_kilogram(axes: Axes) -> None:
    """Draw what a gutted kilogram of the batches of each year cost in the Faroes, by part."""
    accounts = lived("FO").figures.batch_accounts
    years = sorted({a.closed_on.year for a in accounts})
    below = np.zeros(len(years))
    for part, colour in PARTS.items():
        of_year = []
        for year in years:
            closed = [a for a in accounts if a.closed_on.year == year]
            spent = sum(float(getattr(a, f"{part}_cost")) for a in closed)
            of_year.append(spent / sum(a.gutted_kg for a in closed))
        axes.bar(years, of_year, bottom=below, color=colour, label=part)
        below += np.asarray(of_year)
    axes.set(title="cost of a kilogram by year of harvest, Faroe Islands",
             ylabel="DKK per kg gutted", ylim=(0, 1.25 * below.max()))  # fmt: skip
    axes.legend(ncols=3, loc="upper left")


def _value_of_a_batch(axes: Axes) -> None:
    """Draw what the living fish of one batch have cost so far, and what died with the dead."""
    history = lived("FO")
    batch = history.figures.batch_accounts[-1].batch_id
    months = [m for m in history.figures.batch_months if m.batch_id == batch]
    (code,) = (b.code for b in history.batches if b.id == batch)
    when = [m.month for m in months]
    lost = np.cumsum([float(m.mortality_cost) for m in months]) / 1e6
    axes.plot(when, [float(m.book_value) / 1e6 for m in months], color=BLUE, marker=".",
              label="book value of the living")  # fmt: skip
    axes.plot(when, lost, color=VERMILION, marker=".", label="gone with the dead")
    axes.set(title=f"what has been spent on {code} so far", ylabel="million DKK")
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(mdates.AutoDateLocator()))
    axes.legend()


def draw_stress() -> Figure:
    """Draw the limiting saturation, and what low oxygen and heat cost."""
    biology = scenario_of("full").biology
    parameters, aeration = biology.events.stress, biology.water.aeration
    figure, axes = panels(1, 3, 3.1)
    celsius = np.linspace(2, 20, 100)
    axes[0].plot(celsius, stress.limiting_saturation(parameters, celsius), color=BLUE,
                 label="limiting saturation")  # fmt: skip
    axes[0].axhline(aeration, color=GREEN, ls="--", label="emergency aeration, mean of the day")
    axes[0].axhline(aeration - parameters.daily_dip, color=GREEN, ls=":",
                    label="the lowest hour then")  # fmt: skip
    axes[0].set(title="the limit", xlabel="water, °C", ylabel="oxygen, % saturation", ylim=(30, 72))
    axes[0].legend(loc="upper left")
    saturation = np.linspace(aeration, 80, 200)
    for degrees, colour in ((7, SKY), (12, BLUE), (16, VERMILION)):
        lost = 100 * stress.oxygen_hazard(parameters, saturation, degrees)
        axes[1].plot(saturation, lost, color=colour, label=f"{degrees} °C")
    axes[1].set(title="low oxygen", xlabel="day's mean, % saturation", ylabel="losses, % a day")
    axes[1].legend()
    hot = np.linspace(14, 20, 100)
    axes[2].plot(hot, 100 * stress.heat_hazard(parameters, hot), color=VERMILION)
    axes[2].set(title="heat", xlabel="water, °C", ylabel="losses, % a day")
    grid(*axes)
    return figure


def draw_sea_water() -> Figure:
    """Draw temperatures, likeness of neighbours, salinity and current of some sites."""
    figure = plt.figure(figsize=(10, 7.2), layout="constrained")
    top, middle, bottom = np.asarray(figure.subfigures(3, 1, height_ratios=[1.25, 1, 1]))
    warm = top.subplots(1, 2)
    nature, water_of = nature_of("SC"), scenario_of("full").biology.water
    years = nature.between("2019-01-01", "2021-01-01")
    kishorn = nature.site("Loch Kishorn")
    warm[0].plot(nature.days[years], nature.normal[years, kishorn], color=DARK, lw=1,
                 label="normal at Loch Kishorn")  # fmt: skip
    for name, colour in (("Loch Kishorn", BLUE), ("Loch Carron", SKY), ("Ronas Voe", VERMILION)):
        column = nature.sea["temperature_c"][years, nature.site(name)]
        warm[0].plot(nature.days[years], column, color=colour, lw=0.7, label=name)
    warm[0].set(title="temperature: two neighbours and a far site", ylabel="°C", ylim=(4.5, 17.5))
    by_time(warm[0])
    warm[0].legend(ncols=2, loc="upper left")
    latitude = np.array([site.latitude for site in nature.frame.sites])
    longitude = np.array([site.longitude for site in nature.frame.sites])
    apart = weather.distances_km(latitude, longitude)
    lower = weather.mixing(apart, water_of.sea_common.temperature_range)
    pairs = np.triu_indices(len(apart), 1)
    meant = (lower @ lower.T)[pairs]
    anomaly = nature.sea["temperature_c"] - nature.normal
    found = np.asarray(np.corrcoef(anomaly.T))[pairs]
    warm[1].plot(apart[pairs], found, ls="", marker=".", ms=1.5, color=SKY,
                 label="temperature anomalies, 2018-2021")  # fmt: skip
    warm[1].plot(apart[pairs], meant, ls="", marker=".", ms=1.5, color=BLUE,
                 label="regional part, as meant")  # fmt: skip
    warm[1].set(title="correlation of sites", xlabel="distance, km", ylabel="correlation",
                ylim=(0, 1.02))  # fmt: skip
    warm[1].legend(loc="lower left", markerscale=6)
    _salt(middle.subplots(1, 2, width_ratios=[2, 1]), nature)
    _current(bottom.subplots(1, 2, width_ratios=[2, 1]), nature)
    return figure


#: A site of each exposure in Scotland.
EXPOSURES = {
    "sheltered": ("Loch Kishorn", ORANGE),
    "moderate": ("Loch Nevis", GREEN),
    "exposed": ("Wyre Sound", BLUE),
}


def _salt(axes: Any, nature: Nature) -> None:
    year = nature.between("2020-01-01", "2021-01-01")
    for exposure, (name, colour) in EXPOSURES.items():
        column = nature.sea["salinity_psu"][year, nature.site(name)]
        axes[0].plot(nature.days[year], column, color=colour, lw=0.8, label=f"{name}, {exposure}")
    axes[0].set(title="salinity", ylabel="PSU", ylim=(27, None))
    axes[0].legend(ncols=3, loc="lower center")
    by_year(axes[0])
    common = scenario_of("full").biology.water.weather_common
    sea = scenario_of("full").biology.water.sea["SC"]
    runoff = np.linspace(0, 8, 100)
    for exposure, (_, colour) in EXPOSURES.items():
        salinity = water.salinity_after(
            sea, 0.0, sea.freshening.of(exposure), runoff, common.runoff_scale
        )
        axes[1].plot(runoff, salinity, color=colour)
    axes[1].set(title="salinity by runoff", xlabel="runoff over its mean", ylabel="PSU")
    grid(*axes)


def _current(axes: Any, nature: Nature) -> None:
    span = nature.between("2020-01-01", "2020-04-01")
    for name, colour in EXPOSURES.values():
        axes[0].plot(nature.days[span], nature.sea["current_m_s"][span, nature.site(name)],
                     color=colour, lw=0.8)  # fmt: skip
    axes[0].set(title="current, mean of the day: spring and neap tides, weather", ylabel="m/s",
                ylim=(0, None))  # fmt: skip
    by_time(axes[0])
    for code, (name, colour) in GEOGRAPHIES.items():
        of = scenario_of("full").biology.water
        years = range(2015, 2026)
        trend = [water.warming(of.sea[code], of.sea_common, year, 183.0) for year in years]
        axes[1].plot(years, trend, color=colour, label=name)
    axes[1].set(title="trend", ylabel="°C against mid-2018")
    axes[1].legend()
    grid(*axes)


def draw_oxygen() -> Figure:
    """Draw saturation, demand, what is left in a pen, and a pen's life."""
    of = scenario_of("full").biology.water
    figure, axes = panels(2, 2, 5.8)
    celsius = np.linspace(0, 22, 100)
    for psu, colour in ((0.0, SKY), (28.0, GREEN), (35.0, BLUE)):
        axes[0, 0].plot(celsius, water.oxygen_saturation(celsius, psu), color=colour,
                        label=f"{psu:g} PSU")  # fmt: skip
    axes[0, 0].set(title="full saturation at one atmosphere", xlabel="water, °C", ylabel="mg/L")
    axes[0, 0].legend()
    grams = np.geomspace(0.2, 6000, 200)
    for degrees, fed, colour, style in (
        (14.0, 1.0, VERMILION, "-"),
        (8.0, 1.0, BLUE, "-"),
        (8.0, 0.0, BLUE, ":"),
    ):
        ration = fed * of.respiration.full_ration
        per_kg = 1000 * np.asarray(water.oxygen_demand(of.respiration, 1.0, grams, degrees, ration))
        axes[0, 1].loglog(grams, per_kg, color=colour, ls=style,
                          label=f"{degrees:g} °C, {'fed' if fed else 'fasting'}")  # fmt: skip
    axes[0, 1].set(title="oxygen demand of a kilogram of fish", xlabel="mean weight, g",
                   ylabel="mg/(kg h)")  # fmt: skip
    axes[0, 1].legend()
    _left(axes[1, 0])
    _pen_oxygen(axes[1, 1])
    grid(*axes.flat)
    return figure


def _left(axes: Axes) -> None:
    of = scenario_of("full").biology.water
    density = np.linspace(0, 25, 100)
    full = water.oxygen_saturation(10.0, 34.0)
    for current, colour in ((0.03, VERMILION), (0.07, ORANGE), (0.12, GREEN), (0.2, BLUE)):
        taken = water.oxygen_demand(of.respiration, density, 4000.0, 10.0, 0.6)
        taken = taken * water.residence_h(of.sea_common, current)
        left = of.sea_common.saturation - 100 * taken / full
        axes.plot(density, left, color=colour, label=f"{current:g} m/s")
    axes.axhline(of.aeration, color=DARK, ls="--", lw=0.8, label="aeration holds it here")
    axes.set(title="in a pen of fish of 4 kg at 10 °C, by current", xlabel="density, kg/m³",
             ylabel="% saturation", ylim=(15, 100))  # fmt: skip
    axes.legend(loc="lower left", ncols=2)


def _pen_oxygen(axes: Axes) -> None:
    history = lived("FO")
    rows, at_sea = max(sea_days(history), key=lambda pen: len(pen[1]))
    daily = history.daily
    full = water.oxygen_saturation(daily["temperature_c"][rows], daily["salinity_psu"][rows])
    outside = _outside(history, rows)
    axes.plot(at_sea, full, color=DARK, lw=1, label="full saturation")
    axes.plot(at_sea, outside, color=SKY, lw=0.7, label="outside of the pen")
    axes.plot(at_sea, daily["oxygen_mg_l"][rows], color=BLUE, lw=0.7, label="in the pen")
    axes.set(title="one pen, simulated (demo, Faroe Islands)", xlabel="days at sea", ylabel="mg/L")
    axes.legend(loc="lower left")


def _outside(history: History, rows: slice) -> Floats:
    """Return the oxygen of a pen's site on the days of the pen's fish."""
    bookings = {b.id: b.container_id for batch in plan_of("demo").batches for b in batch.bookings}
    containers = {c.id: c for c in plan_of("demo").world.container}
    pen = containers[bookings[int(history.daily["assignment_id"][rows][0])]]
    sea = history.site_days
    here = sea["site_id"] == pen.site_id
    day = np.searchsorted(sea["date"][here], history.daily["date"][rows])
    oxygen: Floats = sea["oxygen_mg_l"][here][day]
    return oxygen


def draw_weather_and_events() -> Figure:
    """Draw what makes the events of one site and year, and when events begin."""
    nature = nature_of("SC")
    biology = scenario_of("full").biology
    figure, axes = panels(4, 1, 8.0, height_ratios=[1, 1, 1, 1.1])
    name = "Loch Nevis"
    site = nature.site(name)
    year = nature.between("2020-01-01", "2021-01-01")
    days = nature.days[year]
    axes[0].plot(days, nature.sea["wind_m_s"][year, site], color=BLUE, lw=0.8)
    axes[0].axhline(biology.events.storm.wind.of("moderate"), color=DARK, ls="--", lw=0.8)
    axes[0].set(title=f"{name}, 2020: wind, mean of the day, the threshold of storms, and storms",
                ylabel="m/s")  # fmt: skip
    sea = biology.water.sea["SC"]
    anomaly = (nature.sea["temperature_c"] - nature.normal)[year, site]
    axes[1].plot(days, anomaly, color=DARK, lw=0.8)
    for extreme, sign in ((biology.events.heat_wave, 1), (biology.events.cold_spell, -1)):
        margin = sign * water.temperature_margin(sea, extreme.percentile)
        axes[1].axhline(margin, color=DARK, ls="--", lw=0.8)
    axes[1].set(title="temperature above normal, its 10th and 90th percentiles, heat waves (red) "
                "and cold spells (blue)", ylabel="°C")  # fmt: skip
    shown = {0: (SiteEventKind.STORM,), 1: (SiteEventKind.HEAT_WAVE, SiteEventKind.COLD_SPELL)}
    for row, kinds in shown.items():
        for event in nature.events:
            if event.site_id == nature.frame.sites[site].id and event.kind in kinds:
                end = event.end_date or SEA_YEARS.last_day
                shade(axes[row], event.start_date, end, KINDS[SiteEventKind(event.kind)][0])
    for kind in (SiteEventKind.HYPOXIA, SiteEventKind.ALGAL_BLOOM, SiteEventKind.JELLYFISH):
        colour, label = KINDS[kind]
        most = nature.intensity[year, kind.row]
        axes[2].plot(days, most, color=colour, lw=0.5, alpha=0.5)
        axes[2].plot([], [], color=colour, label=label)
    axes[2].set(title="intensity of spells at all Scottish sites, 2020", ylabel="share",
                ylim=(0, 1.02))  # fmt: skip
    axes[2].legend(ncols=3, loc="upper left")
    for lane in axes[:3]:
        lane.set_xlim(days[0], days[-1])
        by_year(lane)
    _event_seasons(axes[3])
    grid(*axes)
    return figure


def _event_seasons(axes: Axes) -> None:
    site_years = sum(len(nature_of(code).frame.sites) for code in GEOGRAPHIES) * 4
    for place, (kind, (colour, label)) in enumerate(KINDS.items()):
        counts = np.zeros(12)
        for code in GEOGRAPHIES:
            for event in nature_of(code).events:
                counts[event.start_date.month - 1] += event.kind == kind
        axes.bar(np.arange(12) + 0.14 * (place - 2.5), counts / site_years, width=0.14,
                 color=colour, label=label)  # fmt: skip
    axes.set_xticks(range(12), [date(2020, m, 1).strftime("%b") for m in range(1, 13)])
    axes.set(title="events that begin, both geographies, 2018-2021", ylabel="per site, in a year")
    axes.legend(ncols=6, loc="upper center")


def draw_fresh_water() -> Figure:
    """Draw the water of halls by source, and what fish make of it."""
    nature = nature_of("FO")
    figure, axes = panels(2, 2, 5.4)
    year = nature.between("2020-01-01", "2021-01-01")
    days, fresh = nature.days[year], scenario_of("full").biology.water.fresh
    flows = nature.frame.flow_through
    for stage in (Stage.EGG_ALEVIN, Stage.PARR):
        for source, is_flow, colour in (("ras", False, BLUE), ("flow_through", True, ORANGE)):
            of_stage = [h.lifecycle_stage_id == stage.id for h in nature.frame.halls]
            found = np.flatnonzero(np.array(of_stage) & (flows == is_flow))
            if not len(found):
                continue
            hall = int(found[0])
            column = nature.halls["temperature_c"][year, hall]
            axes[0, 0].plot(days, column, color=colour, lw=0.8,
                            label=source if stage is Stage.PARR else None)  # fmt: skip
            line = water.fresh_setpoint(fresh, stage) + np.asarray(
                water.fresh_season(fresh, source, np.arange(1, len(days) + 1))
            )
            axes[0, 0].plot(days, line, color=colour, lw=1.2, ls=":")
            if stage is Stage.PARR:
                axes[0, 1].plot(days, nature.halls["ph"][year, hall], color=colour, lw=0.8)
    axes[0, 0].set(title="a hatchery's and a parr hall's water; dotted: set point and season",
                   ylabel="°C", ylim=(4.5, 17))  # fmt: skip
    axes[0, 0].legend(loc="upper center", ncols=2)
    axes[0, 1].set(title="pH of the water that runs into two parr halls", ylabel="pH")
    by_year(axes[0, 0])
    by_year(axes[0, 1])
    _tank(axes[1])
    grid(*axes.flat)
    return figure


def _tank(axes: Any) -> None:
    history = lived("FO")
    daily = history.daily
    for stage in (Stage.FRY, Stage.PARR, Stage.SMOLT, Stage.POST_SMOLT):
        rows = np.flatnonzero(daily["lifecycle_stage_id"] == stage.id)[::7]
        full = water.oxygen_saturation(daily["temperature_c"][rows], 0.0)
        density = daily["density_kg_m3"][rows]
        colour, label = STAGES[stage]
        axes[0].plot(density, 100 * daily["oxygen_mg_l"][rows] / full, ls="", marker=".", ms=2,
                     color=colour, label=label)  # fmt: skip
        axes[1].plot(density, daily["ph"][rows], ls="", marker=".", ms=2, color=colour)
    axes[0].set(title="oxygen in tanks, simulated (demo, Faroe Islands)", xlabel="density, kg/m³",
                ylabel="% saturation")  # fmt: skip
    axes[0].legend(markerscale=4)
    axes[1].set(title="pH in the same tanks", xlabel="density, kg/m³", ylabel="pH")


def perfect(observation: Observation) -> Observation:
    """Return the same observation with sensors that show the truth."""
    nothing, fine = (
        ByParameter.model_validate({p.value: value for p in Parameter}, context=PLAIN)
        for value in (0.0, 0.001)
    )
    outages = observation.sensors.outages.model_copy(update={"per_year": 0.0})
    sensors = observation.sensors.model_copy(
        update={
            "noise": nothing,
            "drift": nothing,
            "resolution": fine,
            "outlier_share": 0.0,
            "outages": outages,
        }
    )
    return observation.model_copy(update={"sensors": sensors})


@cache
def layout_of(per_day: int, *, true: bool) -> Layout:
    """Return the layout of the demo's plan with so many readings a day."""
    scenario = scenario_of("demo")
    seen = scenario.observation.model_copy(update={"readings_per_day": per_day})
    return Layout.of(
        plan_of("demo"),
        perfect(seen) if true else seen,
        scenario.biology.lice.aggregation,
        scenario.seed,
        scenario.horizon.last_day,
    )


def chance_of(decision: Decision, *address: int) -> np.random.Generator:
    """Return a stream of the demo."""
    return Streams(scenario_of("demo").seed).at(decision, *address)


def lines_of(layout: Layout, history: History, batch: int, month: Month) -> tuple[Days, Lines]:
    """Return the lines of a batch in a month."""
    code = next(b.code for b in history.batches if b.id == batch)
    days = Days.of(layout, history.slice(batch, code, month))
    return days, stocked_lines(layout, days)


def read(layout: Layout, history: History, batch: int, month: Month) -> dict[str, NDArray[Any]]:
    """Return the readings of a batch in a month, as the farm renders them."""
    days, lines = lines_of(layout, history, batch, month)
    chance = chance_of(Decision.READINGS, days.batch_id, month.index)
    table = readings(layout, lines, layout.observation.readings_per_day, chance)
    return whole(table)


def whole(table: Table) -> dict[str, NDArray[Any]]:
    """Return the columns of numbers of a table with an element for each row."""
    arrays = {
        name: np.repeat(column.values, column.lengths) if isinstance(column, Runs) else column
        for name, column in table.items()
    }
    return {name: each for name, each in arrays.items() if isinstance(each, np.ndarray)}


def draw_sensors() -> Figure:
    """Draw days of readings with their shape, drift and calibration, and a bad month."""
    figure, axes = panels(2, 2, 5.8)
    history = lived("SC")
    batch = _longest_batch(history)
    month = _last_september(history, batch)
    for lane, parameter, title, unit in (
        (axes[0, 0], Parameter.OXYGEN, "oxygen in a pen, hourly readings of four days", "mg/L"),
        (axes[0, 1], Parameter.SALINITY, "salinity in the same pen: the tide", "PSU"),
    ):
        _days_of(lane, history, batch, month, parameter)
        lane.set(title=title, ylabel=unit, xlabel=f"day of {month.first:%B %Y}")
    axes[0, 0].legend(loc="upper left", ncols=3)
    low, high = axes[0, 0].get_ylim()
    axes[0, 0].set_ylim(low, high + 0.15 * (high - low))
    _drifts(axes[1, 0], history, batch)
    _bad_month(axes[1, 1], history)
    grid(*axes.flat)
    return figure


def _last_september(history: History, batch: int) -> Month:
    """Return the last September that a batch was at sea."""
    daily = history.daily
    at_sea = (daily["batch_id"] == batch) & (daily["lifecycle_stage_id"] == Stage.ADULT.id)
    return max(Month.of(d) for d in daily["date"][at_sea].astype(object) if d.month == 9)


def _day(rows: dict[str, NDArray[Any]], month: Month) -> Floats:
    """Return the time of readings in days of the month, the first noon being 1.5."""
    first = (month.first - date(1970, 1, 1)).days
    return np.asarray(rows["reading_time"] / DAY_US - first + 1, dtype=np.float64)


def _days_of(axes: Axes, history: History, batch: int, month: Month, parameter: Parameter) -> None:
    seen, true = (read(layout_of(24, true=t), history, batch, month) for t in (False, True))
    first = np.min(true["sensor_id"][true["environmental_parameter_id"] == parameter.id])
    parts = []
    for rows in (seen, true):
        day = _day(rows, month)
        chosen = (rows["sensor_id"] == first) & (day >= 10) & (day < 14)
        parts.append((day[chosen], rows["value"][chosen]))
    axes.plot(*parts[0], ls="", marker=".", ms=4, color=BLUE, label="readings")
    axes.plot(*parts[1], color=ORANGE, lw=1, label="without noise and drift")
    means = parts[1][1].reshape(4, 24).mean(axis=1)
    axes.hlines(means, range(10, 14), range(11, 15), color=DARK, lw=1.2, label="truth of the day")
    axes.set_xticks(range(10, 15))


def _drifts(axes: Axes, history: History, batch: int) -> None:
    layout = layout_of(8, true=False)
    found: dict[int, tuple[list[int], list[float]]] = {}
    for number, month in history.months_of_batches():
        if number != batch:
            continue
        _, lines = lines_of(layout, history, batch, month)
        by_line = lines.watches.by_line
        chosen = by_line(lines.is_sea & (lines.parameter == Parameter.OXYGEN.id))
        drifted = drift(layout, lines, by_line(layout.figures.drift.take(lines.parameter)))
        sensors = by_line(layout.sensors.id.take(lines.watches.sensor))
        columns = (sensors[chosen], lines.day[chosen], drifted[chosen])
        for sensor, day, off in zip(*(c.tolist() for c in columns), strict=True):
            xs, ys = found.setdefault(sensor, ([], []))
            xs.append(day)
            ys.append(off)
    for (xs, ys), colour in zip(found.values(), (BLUE, ORANGE, GREEN, VERMILION), strict=False):
        broken = np.where(np.abs(np.diff(ys, append=ys[-1])) > 0.02, np.nan, ys)
        axes.plot(np.array(xs, dtype="datetime64[D]"), broken, color=colour, lw=0.9)
    limit = layout.observation.sensors.drift_flagged.oxygen
    for dashed in (limit, -limit):
        axes.axhline(dashed, color=DARK, ls="--", lw=0.8)
    axes.set(title="drift of four oxygen probes; dashed: flagged beyond", ylabel="mg/L")
    by_time(axes)


def _bad_month(axes: Axes, history: History) -> None:
    """Draw the first month of a pen's thermometer in which it fails for long and has an outlier."""
    layout = layout_of(8, true=False)
    for batch, month in history.months_of_batches():
        rows = read(layout, history, batch, month)
        warm = rows["environmental_parameter_id"] == Parameter.TEMPERATURE.id
        wild = warm & (rows["quality_flag_id"] == Quality.OUTLIER.id)
        for sensor in np.unique(rows["sensor_id"][wild]):
            mine = warm & (rows["sensor_id"] == sensor)
            day_of_reading = _day(rows, month)
            times = day_of_reading[mine]
            gap = int(np.argmax(np.diff(times)))
            if times[gap + 1] - times[gap] < 1.5 or np.ptp(times) < 26:
                continue
            off = mine & wild
            axes.plot(times, rows["value"][mine], ls="", marker=".", ms=2.5, color=BLUE)
            axes.plot(day_of_reading[off], rows["value"][off], ls="", marker="o", ms=6, mfc="none",
                      color=VERMILION, label="flagged as outlier")  # fmt: skip
            axes.axvspan(times[gap], times[gap + 1], color=GREY, alpha=0.35, lw=0, label="outage")
            axes.set(title="a month of a thermometer", ylabel="°C",
                     xlabel=f"day of {month.first:%B %Y}")  # fmt: skip
            axes.legend()
            return


@cache
def sampled(code: str) -> dict[str, dict[str, NDArray[Any]]]:
    """Return all samples of the demo in one geography, by table; and the truth on their days."""
    history, layout = lived(code), layout_of(8, true=False)
    codes = {batch.id: batch.code for batch in history.batches}
    parts: dict[str, list[dict[str, Any]]] = {}
    for batch, month in history.months_of_batches():
        days = Days.of(layout, history.slice(batch, codes[batch], month))
        address = batch, month.index
        weighed, fish = samples(layout, days, chance_of(Decision.FISH_SAMPLE, *address))
        counted, lousy = lice_counts(layout, days, chance_of(Decision.LICE_ON_FISH, *address))
        looked_at = health_samples(layout, days, chance_of(Decision.HEALTH_SAMPLE, *address))
        keys = days["assignment_id"].astype(np.int64) * 100_000 + days.day
        for name, table, day in (
            ("growth_sample", weighed, "sampled_on"),
            ("fish_observation", fish, "sampled_on"),
            ("lice_count", counted, "counted_on"),
            ("lice_observation", lousy, "counted_on"),
            ("health_sample", looked_at, "sampled_on"),
        ):
            if not table:
                continue
            columns = whole(table)
            row = np.searchsorted(
                keys, columns["assignment_id"].astype(np.int64) * 100_000 + columns[day]
            )
            truth = {f"true_{key}": column[row] for key, column in days.columns.items()}
            parts.setdefault(name, []).append(columns | truth)
    return {
        name: {key: np.concatenate([part[key] for part in several]) for key in several[0]}
        for name, several in parts.items()
    }


def draw_sampling() -> Figure:
    """Draw estimates of biomass, condition over the life, lice on single fish, and gills."""
    figure, axes = panels(2, 2, 5.8)
    _estimates(axes[0, 0])
    _conditions(axes[0, 1])
    _lice_on_fish(axes[1, 0])
    _gills(axes[1, 1])
    grid(*axes.flat)
    return figure


def _estimates(axes: Axes) -> None:
    """Draw by how much the estimates of all pens are off, and some of them over time."""
    weighed = sampled("SC")["growth_sample"]
    at_sea = weighed["true_lifecycle_stage_id"] == Stage.ADULT.id
    off = 100.0 * (weighed["biomass_estimate_kg"] / weighed["true_biomass_kg"] - 1.0)
    pens = np.unique(weighed["assignment_id"][at_sea])
    for pen in pens:
        own = weighed["assignment_id"] == pen
        since = (weighed["sampled_on"][own] - weighed["sampled_on"][own][0]) / 30.44
        chosen = pen in pens[:: len(pens) // 6]
        axes.plot(since, off[own], lw=1.3 if chosen else 0.4, alpha=1.0 if chosen else 0.35,
                  color=BLUE if chosen else GREY, zorder=2 if chosen else 1)  # fmt: skip
    axes.axhline(0.0, color=DARK, lw=0.8)
    axes.set(title="pens: estimated biomass off by", xlabel="months at sea", ylabel="%",
             ylim=(-30, 30))  # fmt: skip


def _conditions(axes: Axes) -> None:
    weighed = sampled("SC")["growth_sample"]
    for stage, (colour, label) in STAGES.items():
        own = weighed["true_lifecycle_stage_id"] == stage.id
        if own.any():
            axes.semilogx(weighed["true_mean_weight_g"][own], weighed["condition_factor"][own],
                          ".", ms=2, color=colour, label=label)  # fmt: skip
    axes.set(title="condition factor of samples", xlabel="mean weight, g", ylabel="K")
    axes.legend(markerscale=4)


def _lice_on_fish(axes: Axes) -> None:
    """Draw the mobile lice on single fish of counts that found about one on each."""
    tables = sampled("SC")
    counted, fish = tables["lice_count"], tables["lice_observation"]
    some = (counted["mobile"] > 0.8) & (counted["mobile"] < 1.2)
    keys = counted["assignment_id"][some].astype(np.int64) * 100_000 + counted["counted_on"][some]
    own = np.isin(fish["assignment_id"].astype(np.int64) * 100_000 + fish["counted_on"], keys)
    lice_of = fish["mobile"][own]
    share = np.bincount(lice_of, minlength=12)[:12] / len(lice_of)
    axes.bar(np.arange(12), 100.0 * share, color=SKY)
    axes.set(title="counts with one mobile louse a fish: fish that have …", xlabel="mobile lice",
             ylabel="% of fish", xticks=range(0, 12, 2))  # fmt: skip


def _gills(axes: Axes) -> None:
    """Draw the gills of the pen that had the worst, and what samples found."""
    looked_at = sampled("SC")["health_sample"]
    worst = looked_at["assignment_id"][np.argmax(looked_at["true_gill_score"])]
    own = looked_at["assignment_id"] == worst
    daily = lived("SC").daily
    here = daily["assignment_id"] == worst
    axes.plot(daily["date"][here], daily["gill_score"][here], color=SKY, label="of all fish")
    day = looked_at["sampled_on"][own].astype("datetime64[D]")
    axes.plot(day, looked_at["gill_score"][own], ".", color=BLUE, label="mean of the sample")
    axes.plot(day, looked_at["gill_score_max"][own], "_", color=VERMILION, label="worst fish")
    axes.set(title="gill score of a pen with gill disease", ylabel="0 to 5", ylim=(-0.1, 5.1))
    axes.legend()
    by_time(axes)


def draw_programme() -> Figure:
    """Draw one batch's containers, and how levelling moves starts and harvests."""
    scenario, plan = scenario_of("full"), plan_of("full")
    figure, axes = panels(3, 1, 7.0, height_ratios=[1.2, 1, 1])
    batch = next(b for b in plan.batches if b.code.startswith("FO-2020"))
    end = max(booking.end for booking in batch.bookings)
    life = (end - batch.start_date).days
    below = np.zeros(life)
    for stage, (colour, label) in STAGES.items():
        held = np.zeros(life)
        for booking in batch.bookings:
            if booking.stage is stage:
                begin = (booking.start - batch.start_date).days
                held[begin : (booking.end - batch.start_date).days] += 1
        axes[0].fill_between(range(life), below, below + held, color=colour, label=label, lw=0,
                             step="post")  # fmt: skip
        below += held
    axes[0].set(title=f"containers of one batch ({batch.code}, {batch.eggs:,} eggs)",
                xlabel="days of life", ylabel="containers", xlim=(0, life))  # fmt: skip
    axes[0].set_ylim(0, 1.25 * below.max())
    axes[0].legend(ncols=6, loc="upper left")
    expectation = expect(scenario, "FO", scenario.horizon.first_day, scenario.horizon.days)
    intended = intended_starts(scenario, "FO", expectation)
    booked = [b for b in plan.batches if b.code.startswith("FO-")]
    first = scenario.horizon.first_day
    _by_month(axes[1], [day_of(first, s.day) for s in intended], [b.start_date for b in booked])
    yardstick = Yardstick(scenario, "FO", expectation)
    meant = [yardstick.needs(start, start.day) for start in intended]
    span = np.arange(0, scenario.horizon.days)
    days = np.datetime64(first) + span
    for windows, colour, label in (
        ([(n.harvest_from, n.harvest_to) for n in meant], GREY, "started as intended"),
        ([((b.harvest_from - first).days, (b.harvest_to - first).days) for b in booked],
         BLUE, "as booked"),
    ):  # fmt: skip
        count = sum(((span >= a) & (span < b)).astype(int) for a, b in windows)
        axes[2].plot(days, count, color=colour, lw=1.2, label=label)
    axes[2].set(title="batches in their harvest window (full, Faroe Islands)", ylabel="batches")
    axes[2].set_xlim(days[700], days[-1])
    axes[2].legend()
    grid(*axes)
    return figure


def _by_month(axes: Axes, intended: list[date], booked: list[date]) -> None:
    for starts, colour, label, shift in (
        (intended, GREY, "intended", -0.2),
        (booked, BLUE, "booked", 0.2),
    ):
        counts = np.bincount([day.month - 1 for day in starts], minlength=12)
        axes.bar(np.arange(12) + shift, counts, width=0.4, color=colour, label=label)
    axes.set_xticks(range(12), [date(2020, m, 1).strftime("%b") for m in range(1, 13)])
    axes.set(title="starts by month in ten years (full, Faroe Islands)", ylabel="batches")
    axes.legend()


def draw_lice() -> Figure:
    """Draw how fast lice grow up, one site's counts and treatments, the year, and the decade."""
    parameters = scenario_of("full").biology.lice
    figure, axes = panels(2, 2, 5.8)
    warmth = np.linspace(4.0, 16.0, 60)
    speed = lice.speed(parameters, warmth)
    for days, colour, label in (
        (parameters.larva_days, GREEN, "egg and larva"),
        (parameters.attached_days, SKY, "attached"),
        (parameters.mobile_days, BLUE, "mobile"),
    ):
        axes[0, 0].plot(warmth, days / speed, color=colour, label=label)
    axes[0, 0].set(title="mean days in each group", xlabel="water, °C", ylabel="days", ylim=(0, 60))
    axes[0, 0].legend()
    _counts_of_a_site(axes[0, 1])
    for code, (name, colour) in GEOGRAPHIES.items():
        counts = site_counts(code)
        month = counts["date"].astype("datetime64[M]").astype(np.int64) % 12
        mean = [counts["adult_female"][month == m].mean() for m in range(12)]
        axes[1, 0].plot(np.arange(1, 13), mean, color=colour, marker=".", label=name)
    axes[1, 0].set(title="adult females in the counts of sites, mean", xlabel="month",
                   ylabel="per fish", xticks=range(1, 13), ylim=(0, None))  # fmt: skip
    axes[1, 0].legend()
    _ways_to_delouse(axes[1, 1])
    grid(*axes.flat)
    return figure


def site_counts(code: str) -> dict[str, NDArray[Any]]:
    """Return the lice counts of the demo's sites in one geography, one element per day and site."""
    daily = lived(code).daily
    site_of = sites_of_assignments(code)
    counted = daily["lice_fish_counted"] > 0
    site = np.array([site_of[a] for a in daily["assignment_id"][counted].tolist()])
    day = daily["date"][counted].astype(np.int64)
    keys, group = np.unique(np.stack([site, day]), axis=1, return_inverse=True)
    fish = np.bincount(group.ravel(), daily["lice_fish_counted"][counted])
    females = np.bincount(group.ravel(), daily["lice_adult_female_counted"][counted])
    dates = keys[1].astype("datetime64[D]")
    return {"site": keys[0], "date": dates, "adult_female": females / fish}


def sites_of_assignments(code: str) -> dict[int, int]:
    """Return the sites of the demo's assignments at sea."""
    sites = {c.id: c.site_id for c in plan_of("demo").world.container if c.site_id is not None}
    opened = lived(code).assignments
    return {a.id: sites[a.container_id] for a in opened if a.container_id in sites}


def _counts_of_a_site(axes: Axes) -> None:
    """The generation at a Scottish site that was deloused most often."""
    history, site_of = lived("SC"), sites_of_assignments("SC")
    code_of = dict(enumerate(scenario_of("demo").biology.treatments, 1))
    given = [t for t in history.health.treatments if t.reason == "lice"]
    batch_of = {a.id: a.batch_id for a in history.assignments}
    often = Counter((site_of[t.assignment_id], batch_of[t.assignment_id]) for t in given)
    (site, batch), _ = often.most_common(1)[0]
    daily = history.daily
    here = (daily["batch_id"] == batch) & ~np.isnan(daily["lice_adult_female"])
    here &= np.array([site_of.get(a) == site for a in daily["assignment_id"].tolist()])
    days, group = np.unique(daily["date"][here], return_inverse=True)
    fish = np.bincount(group, daily["population"][here])
    true = np.bincount(group, daily["population"][here] * daily["lice_adult_female"][here]) / fish
    axes.plot(days, true, color=SKY, label="on the fish")
    counts = site_counts("SC")
    seen = (counts["site"] == site) & (counts["date"] >= days[0]) & (counts["date"] <= days[-1])
    axes.plot(counts["date"][seen], counts["adult_female"][seen], ".", color=BLUE, label="counted")
    limits = [limit for limit in plan_of("demo").world.lice_limit if limit.geography_id == 2]
    limit = [treatment_limit(tuple(limits), day) for day in days.tolist()]
    axes.plot(days, np.array(limit), color=VERMILION, lw=0.9, label="limit")
    starts = sorted(
        {
            (t.start_date, code_of[t.treatment_type_id].is_medicine)
            for t in given
            if site_of[t.assignment_id] == site and batch_of[t.assignment_id] == batch
        }
    )
    for day, is_medicine in starts:
        axes.axvline(np.datetime64(day), color=PURPLE if is_medicine else GREY, lw=0.6)  # type: ignore[arg-type]
    axes.set(title="a site: adult females; lines are treatments", ylabel="per fish")
    axes.legend()
    by_time(axes)


def _ways_to_delouse(axes: Axes) -> None:
    """Draw the weeks with treatments against lice of a site and year, by kind."""
    specs = scenario_of("demo").biology.treatments
    kinds = {"thermal": "machines", "mechanical": "machines", "freshwater_bath": "fresh water"}
    weeks: dict[tuple[str, int], set[tuple[int, int]]] = {}
    stocked: Counter[int] = Counter()
    for code in GEOGRAPHIES:
        site_of, history = sites_of_assignments(code), lived(code)
        for given in history.health.treatments:
            spec = specs[given.treatment_type_id - 1]
            kind = "medicines" if spec.is_medicine else kinds.get(spec.method, "")
            if spec.lice is None or not kind or given.reason == "outbreak":
                continue
            where = (site_of[given.assignment_id], given.start_date.toordinal() // 7)
            weeks.setdefault((kind, given.start_date.year), set()).add(where)
        daily = history.daily
        at_sea = daily["lifecycle_stage_id"] == Stage.ADULT.id
        ids = np.array([site_of[a] for a in daily["assignment_id"][at_sea].tolist()])
        days = np.unique(np.stack([ids, daily["date"][at_sea].astype(np.int64)]), axis=1)[1]
        stocked.update(
            (days.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970).tolist()
        )
    years = [year for year in sorted(stocked) if stocked[year] > 365]
    for kind, colour in (("machines", BLUE), ("fresh water", SKY), ("medicines", PURPLE)):
        found = [365 * len(weeks.get((kind, year), ())) / stocked[year] for year in years]
        axes.plot(years, found, color=colour, marker=".", label=kind)
    axes.set(title="weeks with a treatment against lice", ylabel="per site and year",
             ylim=(0, None))  # fmt: skip
    axes.legend()


def draw_disease() -> Figure:
    """Draw courses, an outbreak, when outbreaks begin, and what they cost."""
    figure, axes = panels(2, 2, 6.0)
    profiles = scenario_of("full").biology.diseases
    colours = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
    shown = dict(zip(("agd", "cgd", "winter_ulcer", "pd", "hsmi", "cms"), colours, strict=True))
    days = np.arange(0.0, 150.0)
    for code in ("ipn", "agd", "cms"):
        course = profiles[code].course
        parts = (course.incubation, course.rise, course.plateau, course.decline)
        colour = shown.get(code, DARK)
        axes[0, 0].plot(days, disease.intensity(days, *parts), color=colour, label=code)
        axes[0, 0].plot(days, disease.prevalence(days, *parts), color=colour, ls=":", lw=1)
    axes[0, 0].set(title="median courses in a pen: intensity, and who carries it (dotted)",
                   xlabel="days after the infection", ylabel="share of the height")  # fmt: skip
    axes[0, 0].legend()
    _an_outbreak(axes[0, 1])
    _when_outbreaks_begin(axes[1, 0], shown)
    _what_outbreaks_cost(axes[1, 1])
    grid(axes[0, 0], axes[0, 1], axes[1, 0])
    return figure


def _an_outbreak(axes: Axes) -> None:
    """Draw the deaths of an outbreak of the demo, pen by pen, and what people knew."""
    histories = {code: lived(code) for code in GEOGRAPHIES}
    code, outbreak = max(
        (
            (code, outbreak)
            for code, history in histories.items()
            for outbreak in history.health.outbreaks
            if outbreak.site_id and outbreak.end_date and outbreak.diagnosed_date
        ),
        key=lambda pair: (pair[1].assignments_affected, pair[1].deaths),
    )
    history, end = histories[code], outbreak.end_date
    pens = {c.id: c.code for c in plan_of("demo").world.container if c.site_id == outbreak.site_id}
    number = 0
    for assignment in history.assignments:
        if assignment.container_id not in pens:
            continue
        rows = history.daily["assignment_id"] == assignment.id
        when = history.daily["date"][rows].astype("datetime64[D]")
        during = (when >= np.datetime64(outbreak.first_case_date)) & (
            when < np.datetime64(end or outbreak.first_case_date)
        )
        if not during.any():
            continue
        cause = disease_cause_id(outbreak.disease_id) - 1
        died = history.daily["deaths_by_cause"][rows, cause][during]
        fish = history.daily["population"][rows][during]
        share = 1000.0 * died / np.maximum(fish + died, 1)
        axes.plot(when[during], share, lw=0.9, color=(BLUE, SKY, GREEN, PURPLE, ORANGE)[number % 5])
        number += 1
    for day, text in ((outbreak.onset_date, "noticed"), (outbreak.diagnosed_date, "diagnosed")):
        if day is not None:
            axes.axvline(np.datetime64(day), color=VERMILION, lw=0.8, ls="--")  # type: ignore[arg-type]
            axes.annotate(text, (mdates.date2num(day), axes.get_ylim()[1]), fontsize=7,  # type: ignore[no-untyped-call]
                          rotation=90, va="top", ha="right")  # fmt: skip
    name = sorted(scenario_of("demo").biology.diseases)[outbreak.disease_id - 1]
    axes.set(title=f"an outbreak of {name} in the demo: deaths in each pen", ylabel="‰ a day")
    by_time(axes)


def _when_outbreaks_begin(axes: Axes, shown: dict[str, str]) -> None:
    """Draw by the day how many outbreaks a year begin at a site with fish at their worst age."""
    biology = scenario_of("full").biology
    days = np.arange(1, 366)
    for code, style in (("SC", "-"), ("FO", "--")):
        warmth = water.climatology(biology.water.sea[code].temperature, days)
        for name, colour in shown.items():
            phase = biology.diseases[name].phases[-1]
            rate = phase.onsets_per_year.get(code, 0.0) * disease.window(phase.temperature, warmth)
            rate *= [
                float(disease.season(phase.season.peak, phase.season.amplitude, int(day)))
                for day in days
            ]
            label = name if code == "SC" else None
            if rate.any():
                axes.plot(days, rate, color=colour, ls=style, lw=1.1, label=label)
    axes.set(title="outbreaks that begin in a normal year: Scotland, the Faroes (dashed)",
             xlabel="day of year", ylabel="per site and year", ylim=(0, None))  # fmt: skip
    axes.legend(ncols=2)


def _what_outbreaks_cost(axes: Axes) -> None:
    """Draw what an untreated course costs a container: median, and 90 % of courses."""
    days = np.arange(1000.0)
    profiles = scenario_of("full").biology.diseases
    costs = []
    for code, profile in profiles.items():
        course, effects = profile.course, profile.effects
        parts = (course.incubation, course.rise, course.plateau, course.decline)
        median = effects.mortality * float(disease.intensity(days, *parts).sum())
        spread = np.hypot(effects.outbreak_log_sd, effects.container_log_sd)
        costs.append((median, spread, code))
    for row, (median, spread, code) in enumerate(sorted(costs)):
        low, high = median * np.exp(-1.645 * spread), median * np.exp(1.645 * spread)
        axes.plot([low, min(high, 100.0)], [row, row], color=GREY, lw=2)
        axes.plot(median, row, "o", color=BLUE, ms=4)
        axes.annotate(code, (0.022, row), fontsize=7, va="center")
    axes.set(title="deaths of an untreated course: median, 5 to 95 %", xlabel="% of the fish",
             xscale="log", xlim=(0.02, 100.0), yticks=[])  # fmt: skip


def draw_treatment() -> Figure:
    """Draw whom treatments kill, what else they do to fish, and how long they withhold them."""
    figure, axes = panels(2, 2, 5.8)
    _whom_treatments_kill(axes[0, 0])
    treating = scenario_of("full").biology.care.treating
    warmth = np.linspace(4.0, 16.0, 60)
    for weight, colour in ((1000.0, SKY), (2000.0, BLUE), (5000.0, DARK)):
        for gills, style in ((0.0, "-"), (2.0, "--")):
            share = treatment.share_killed(
                1.0, 0.0, 0.0, treating, temperature_c=warmth, weight_g=weight, sick=0.0,
                gill_score=gills,
            )  # fmt: skip
            label = f"{weight / 1000:g} kg" + (", gill score 2" if gills else "")
            axes[0, 1].plot(warmth, 100.0 * share, color=colour, ls=style, label=label)
    axes[0, 1].set(title="deaths of a treatment over its median", xlabel="water, °C",
                   ylabel="times", ylim=(0, None))  # fmt: skip
    axes[0, 1].legend()
    _around_a_delousing(axes[1, 0])
    sea = scenario_of("full").biology.water.sea["SC"]
    days = np.arange(1, 366)
    twice = np.concatenate(2 * [water.climatology(sea.temperature, days)])
    warm = np.concatenate([[0.0], np.cumsum(twice)])
    for code, colour in (("emamectin", ORANGE), ("florfenicol", BLUE), ("oxytetracycline", PURPLE)):
        (spec,) = (s for s in scenario_of("full").biology.treatments if s.code == code)
        reached = np.searchsorted(warm, warm[:365] + (spec.withdrawal_degree_days or 0.0))
        label = f"{spec.withdrawal_degree_days:g} °C·day ({spec.substance})"
        axes[1, 1].plot(days, reached - np.arange(365), color=colour, label=label)
    axes[1, 1].set(title="withholding period in Scottish water",
                   xlabel="day of year", ylabel="days", ylim=(0, None))  # fmt: skip
    axes[1, 1].legend()
    grid(*axes.flat)
    return figure


def _whom_treatments_kill(axes: Axes) -> None:
    """Draw the shares of pens that single treatments of the demo killed, by way of treating."""
    specs = scenario_of("demo").biology.treatments
    for code, colour in (
        ("thermal", VERMILION),
        ("mechanical", ORANGE),
        ("freshwater_bath", SKY),
        ("azamethiphos", PURPLE),
    ):
        shares = [
            100.0 * given.deaths / given.fish
            for geography in GEOGRAPHIES
            for given in lived(geography).health.treatments
            if specs[given.treatment_type_id - 1].code == code and given.status == "completed"
        ]
        found = np.sort(np.maximum(shares, 0.01))
        above = 1.0 - np.arange(found.size) / max(found.size, 1)
        axes.step(found, above, color=colour, label=f"{code.replace('_', ' ')} ({found.size})")
    axes.set(title="treatments of a pen that kill more than a share (demo)", xscale="log",
             xlabel="% of the fish", ylabel="share of treatments")  # fmt: skip
    axes.legend()


def _around_a_delousing(axes: Axes) -> None:
    """Draw deaths, appetite and lice of pens on the days around heat or a machine."""
    reach = np.arange(-10, 22)
    specs = scenario_of("demo").biology.treatments
    sums = np.zeros((3, reach.size))
    pens = np.zeros(reach.size)
    for code in GEOGRAPHIES:
        daily = lived(code).daily
        first = {a: i for i, a in reversed(list(enumerate(daily["assignment_id"].tolist())))}
        start = daily["date"]
        for given in lived(code).health.treatments:
            if specs[given.treatment_type_id - 1].method not in {"thermal", "mechanical"}:
                continue
            zero = first[given.assignment_id]
            at = zero + int((np.datetime64(given.start_date) - start[zero]).astype(int)) + reach
            inside = (at >= zero) & (at < start.size)
            inside &= daily["assignment_id"][np.minimum(at, start.size - 1)] == given.assignment_id
            rows = at[inside]
            pens[inside] += 1
            sums[0, inside] += 100.0 * daily["deaths"][rows] / daily["population"][rows]
            sums[1, inside] += daily["appetite"][rows]
            sums[2, inside] += daily["lice_adult_female"][rows]
    means = sums / np.maximum(pens, 1)
    axes.plot(reach, means[0], color=VERMILION, label="deaths, % a day")
    axes.plot(reach, means[1], color=GREEN, label="appetite, share")
    axes.plot(reach, means[2], color=BLUE, label="adult female lice per fish")
    axes.set(title="around a thermal or mechanical delousing (demo), mean of pens",
             xlabel="days since", ylim=(0, None))  # fmt: skip
    axes.legend()


def draw_vaccination() -> Figure:
    """Draw when batches are vaccinated, and what it does to them."""
    figure, axes = panels(2, 2, 5.8)
    _timing_of_vaccination(axes[0, 0])
    _around_a_vaccination(axes[0, 1])
    vaccines = scenario_of("demo").biology.vaccines
    weight = np.geomspace(25, 300, 60)
    for celsius, colour in ((8.0, BLUE), (12.0, GREEN), (16.0, VERMILION)):
        for spec, style in zip(vaccines.vaccines[:2], ("-", "--"), strict=True):
            scores = [
                vaccine.side_effect_score(spec, vaccines.practice, grams, celsius, 0.0)
                for grams in weight
            ]
            axes[1, 0].plot(weight, scores, style, color=colour,
                            label=f"{celsius:g} °C, {spec.dose:g} mL")  # fmt: skip
    axes[1, 0].set(title="side effects in the end, median group", xlabel="g at vaccination",
                   ylabel="Speilberg score", xscale="log", ylim=(0, None))  # fmt: skip
    axes[1, 0].set_xticks([30, 60, 120, 240], ["30", "60", "120", "240"])
    axes[1, 0].minorticks_off()
    axes[1, 0].legend(ncols=2)
    degree_days = np.arange(0, 1500, 5.0)
    shown = vaccine.developed(vaccines.practice, degree_days)
    axes[1, 1].plot(degree_days, 100 * shown, color=GREY, label="side effects, of the final score")
    for spec, colour in zip(vaccines.vaccines, (BLUE, SKY, VERMILION, ORANGE, GREEN), strict=True):
        disease_, share = max(spec.protects.items(), key=lambda pair: pair[1])
        label = f"{spec.code.replace('_', ' ')}: {disease_}"
        axes[1, 1].step([0, spec.onset, 1500], [0, 100 * share, 100 * share], where="post",
                        color=colour, label=label)  # fmt: skip
    axes[1, 1].set(title="what a vaccine takes away of the risk (most of any disease)", ylabel="%",
                   xlabel="degree-days since")  # fmt: skip
    axes[1, 1].legend()
    grid(*axes.flat)
    return figure


def _timing_of_vaccination(axes: Axes) -> None:
    """Draw degree-days from vaccination to sea, and what people aim for, by year."""
    practice = scenario_of("full").biology.vaccines.practice
    years = np.linspace(2015, 2025, 101)
    for z, style in ((0.0, "-"), (-1.645, "--"), (1.645, "--")):
        axes.plot(years, [practice.aim(y, z) for y in years], style, color=DARK, lw=0.9,
                  label="aim: median, 5 and 95 %" if z == 0 else None)  # fmt: skip
    for code, (name, colour) in GEOGRAPHIES.items():
        found = vaccinated(code)
        at, warmth = zip(*found, strict=True)
        axes.scatter(at, warmth, s=14, color=colour, label=f"{name} (demo)")
    axes.set(title="degree-days from vaccination to sea, by batch", xlabel="year at vaccination",
             ylim=(0, None))  # fmt: skip
    axes.legend()


def vaccinated(code: str) -> list[tuple[float, float]]:
    """Return year of vaccination and degree-days until the sea of each batch of the demo."""
    history = lived(code)
    batch_of = {a.id: a.batch_id for a in history.assignments}
    to_sea: dict[int, date] = {}
    for move in history.transfers:
        if move.kind == "sea":
            to_sea.setdefault(batch_of[move.from_assignment_id], move.date)
    daily = history.daily
    found = []
    for batch, sea in to_sea.items():
        days = [v.date for v in history.health.vaccinations if batch_of[v.assignment_id] == batch]
        middle = sorted(days)[len(days) // 2]
        here = daily["batch_id"] == batch
        here &= (daily["date"] >= np.datetime64(middle)) & (daily["date"] < np.datetime64(sea))
        warmth = float(daily["temperature_c"][here].mean()) * (sea - middle).days
        found.append((middle.year + middle.timetuple().tm_yday / 365.25, warmth))
    return found


def _around_a_vaccination(axes: Axes) -> None:
    """Draw appetite and deaths of tanks on the days around their vaccination."""
    reach = np.arange(-10, 26)
    sums, tanks = np.zeros((2, reach.size)), np.zeros(reach.size)
    for code in GEOGRAPHIES:
        daily = lived(code).daily
        first = {a: i for i, a in reversed(list(enumerate(daily["assignment_id"].tolist())))}
        for given in {(v.assignment_id, v.date) for v in lived(code).health.vaccinations}:
            zero = first[given[0]]
            at = zero + int((np.datetime64(given[1]) - daily["date"][zero]).astype(int)) + reach
            inside = (at >= zero) & (at < daily["date"].size)
            at = np.minimum(at, daily["date"].size - 1)
            inside &= daily["assignment_id"][at] == given[0]
            rows = at[inside]
            tanks[inside] += 1
            sums[0, inside] += daily["appetite"][rows]
            sums[1, inside] += 1000.0 * daily["deaths"][rows] / daily["population"][rows]
    means = sums / np.maximum(tanks, 1)
    axes.plot(reach, means[0], color=GREEN, label="appetite, share (0 on days without feed)")
    axes.plot(reach, means[1], color=VERMILION, label="deaths, per mille a day")
    axes.set(title="around a vaccination (demo), mean of tanks", xlabel="days since",
             ylim=(0, None))  # fmt: skip
    axes.legend()


def draw_health_monitoring() -> Figure:
    """Draw what samples found, when answers came, and what was written."""
    figure, axes = panels(2, 2, 6.2)
    tests = scenario_of("demo").biology.laboratory.tests
    samples_ = [s for code in GEOGRAPHIES for s in lived(code).health.lab_samples]
    answered = [s for s in samples_ if s.positive is not None]
    colours = {"screening": BLUE, "suspicion": VERMILION, "follow_up": ORANGE}
    codes = [t.code for t in tests]
    many = Counter(s.lab_test_id for s in answered)
    shown = [codes[number - 1] for number, _ in sorted(many.most_common(12))]
    for turn, (reason, colour) in enumerate(colours.items()):
        share = []
        for code in shown:
            mine = [s for s in answered if codes[s.lab_test_id - 1] == code and s.reason == reason]
            fish = sum(s.n for s in mine)
            share.append(100 * sum(s.positive or 0 for s in mine) / fish if fish else 0)
        at = np.arange(len(shown)) + 0.27 * (turn - 1)
        axes[0, 0].barh(at, share, 0.25, color=colour, label=reason.replace("_", "-"))
    axes[0, 0].set_yticks(range(len(shown)), [code.replace("_", " ") for code in shown])
    axes[0, 0].set(title="fish found positive (demo)", xlabel="%")
    axes[0, 0].legend()
    for method, colour in (("pcr", BLUE), ("histology", PURPLE), ("bacteriology", GREEN)):
        days = [(s.received_on - s.sampled_on).days for s in answered
                if s.received_on and tests[s.lab_test_id - 1].method == method]  # fmt: skip
        axes[0, 1].hist(days, bins=np.arange(0.5, 16), density=True, histtype="step", color=colour,
                        label=method)  # fmt: skip
    axes[0, 1].set(title="from sample to answer", xlabel="days", ylabel="share")
    axes[0, 1].legend()
    _prv_by_age(axes[1, 0])
    entries = Counter(e.kind for code in GEOGRAPHIES for e in lived(code).health.journal)
    kinds = [kind for kind, _ in entries.most_common()][::-1]
    axes[1, 1].barh([kind.replace("_", " ") for kind in kinds], [entries[k] for k in kinds],
                    color=GREY)  # fmt: skip
    axes[1, 1].set(title="journal entries (demo)", xlabel="entries")
    grid(*axes.flat)
    return figure


def _prv_by_age(axes: Axes) -> None:
    """Draw the share of fish that PRV PCR finds positive, by months at sea."""
    codes = [test.code for test in scenario_of("demo").biology.laboratory.tests]
    for code, (name, colour) in GEOGRAPHIES.items():
        history = lived(code)
        adult = Stage.ADULT.id
        start = {a.id: a.start_date for a in history.assignments if a.lifecycle_stage_id == adult}
        found: dict[int, list[tuple[int, int]]] = {}
        for s in history.health.lab_samples:
            at_sea = s.reason == "screening" and s.assignment_id in start
            if at_sea and codes[s.lab_test_id - 1] == "pcr_prv" and s.positive is not None:
                month = (s.sampled_on - start[s.assignment_id]).days // 61 * 2
                found.setdefault(month, []).append((s.positive, s.n))
        months = sorted(found)
        share = [100 * sum(p for p, _ in found[m]) / sum(n for _, n in found[m]) for m in months]
        axes.plot(months, share, ".-", color=colour, label=name)
    axes.set(title="PRV found in screening (demo): nearly all fish carry it in the end",
             xlabel="months at sea", ylabel="% of fish", ylim=(0, 100))  # fmt: skip
    axes.legend()


def draw_feed() -> Figure:
    """Draw prices, the stock of a barge, what is fed and delivered by month, and days of stock."""
    figure, axes = panels(2, 2, 6.0)
    _feed_prices(axes[0, 0])
    _stock_of_a_barge(axes[0, 1])
    _feed_by_month(axes[1, 0])
    _days_of_stock(axes[1, 1])
    grid(*axes.flat)
    return figure


def _feed_prices(axes: Axes) -> None:
    """Draw what grower feed costs, in the money in which prices are published."""
    scenario = scenario_of("demo")
    prices = scenario.economy.feed.prices
    kinds = [kind for kind in plan_of("demo").world.feed_type if not kind.treatment_type_id]
    kind = max(k for k, each in enumerate(kinds) if each.pellet_mm <= 9.0)
    for code, (name, colour) in GEOGRAPHIES.items():
        prices_of = lived(code).feed.prices
        chosen = prices_of["feed_type_id"] == kinds[kind].id
        asked: dict[tuple[int, date], float] = {
            (supplier, month): price / PRICE_UNIT
            for supplier, month, price in zip(
                prices_of["feed_supplier_id"][chosen].tolist(),
                prices_of["month"][chosen].tolist(),
                prices_of["price_per_kg"][chosen].tolist(),
                strict=True,
            )
        }
        for turn, supplier in enumerate(sorted({number for number, _ in asked})):
            months = sorted(month for number, month in asked if number == supplier)
            years = np.array([m.year + (m.month - 0.5) / 12 for m in months])
            rate = np.interp(years, prices.years, prices.exchange[code])
            axes.plot(years, [asked[supplier, m] for m in months] * rate, color=colour,
                      lw=0.8, label=None if turn else name)  # fmt: skip
    axes.plot(prices.years, prices.norway, "o", color=DARK, ms=3, label="Norway, the trend's knots")
    axes.set(title="price of 9 mm feed, every supplier", ylabel="NOK/kg", xlim=(2014.8, 2025.2))
    axes.legend(loc="upper left")


def _daily_stock(code: str, store: int) -> tuple[NDArray[Any], Floats, Floats]:
    """Return the days of the demo company, a store's stock in tonnes and what was fed from it."""
    history = lived(code)
    days = np.unique(history.daily["date"])
    change, fed = np.zeros(days.size), np.zeros(days.size)
    lots = history.feed.lots
    here = lots["feed_store_id"] == store
    np.add.at(change, np.searchsorted(days, lots["delivered_on"][here]),
              lots["quantity_g"][here] / 1e6)  # fmt: skip
    gone = here & ~np.isnat(lots["discarded_on"])
    np.subtract.at(change, np.searchsorted(days, lots["discarded_on"][gone]),
                   lots["discarded_g"][gone] / 1e6)  # fmt: skip
    draws = history.feed_draws
    mine = np.isin(draws["feed_lot_id"], lots["id"][here])
    at = np.searchsorted(days, draws["date"][mine])
    np.add.at(fed, at, draws["quantity_g"][mine] / 1e6)
    return days, np.cumsum(change - fed), fed


def _stock_of_a_barge(axes: Axes) -> None:
    """Draw two years of a barge, and the boats that called."""
    history = lived("SC")
    store = next(s for s in plan_of("demo").world.feed_store
                 if s.kind == "barge" and s.code.startswith("SC"))  # fmt: skip
    days, stock, _ = _daily_stock("SC", store.id)
    first = int(np.argmax(stock > 0))
    shown = slice(first, first + 730)
    axes.plot(days[shown], stock[shown], color=BLUE, lw=0.8)
    orders = history.feed.orders
    called, promised = orders["delivered_on"], orders["promised_on"]
    calls = (orders["feed_store_id"] == store.id) & (called >= days[shown][0])
    calls &= called <= days[shown][-1]
    for late, colour, label in ((False, GREEN, "delivered"), (True, VERMILION, "late")):
        on = called[calls & ((called > promised) == late)]
        axes.plot(on, np.full(len(on), -3.0), "|", color=colour, ms=6, label=label)
    axes.axhline(store.capacity_kg / 1000, color=GREY, lw=0.8, ls="--")
    axes.set(title=f"stock of one barge ({store.code}, demo); dashed: capacity", ylabel="t")
    axes.legend(loc="upper right")
    by_time(axes)


def _feed_by_month(axes: Axes) -> None:
    """Draw what is fed and delivered in each month of the year, once the company is complete."""
    since = date(2018, 1, 1)
    for code, (name, colour) in GEOGRAPHIES.items():
        fed, brought = np.zeros(12), np.zeros(12)
        history = lived(code)
        days = history.daily["date"]
        late = days >= np.datetime64(since)
        month = days[late].astype("datetime64[M]").astype(int) % 12
        np.add.at(fed, month, history.daily["feed_g"][late] / 1e6)
        lots = history.feed.lots
        recent = lots["delivered_on"] >= np.datetime64(since)
        into = lots["delivered_on"][recent].astype("datetime64[M]").astype(int) % 12
        np.add.at(brought, into, lots["quantity_g"][recent] / 1e6)
        years = 2025 - since.year
        axes.plot(range(1, 13), fed / years, color=colour, label=f"{name}, fed")
        axes.plot(range(1, 13), brought / years, "o", color=colour, ms=3, label="delivered")
    axes.set(title="feed by month (demo), mean of 2018-2024", xlabel="month", ylabel="t",
             ylim=(0, None))  # fmt: skip
    axes.legend(ncols=2)


def _days_of_stock(axes: Axes) -> None:
    """Draw for how many days the stock of a store would last, every evening."""
    for kind, colour in (("barge", BLUE), ("silo", ORANGE)):
        found: list[float] = []
        for code in GEOGRAPHIES:
            stores = [s.id for s in plan_of("demo").world.feed_store
                      if s.kind == kind and s.code.startswith(code)]  # fmt: skip
            for store in stores:
                _, stock, fed = _daily_stock(code, store)
                week = np.convolve(fed, np.full(7, 1 / 7), "same")
                busy = week > 0.2 * week.max()
                found += (stock[busy] / week[busy]).tolist()
        axes.hist(found, bins=np.arange(0, 41), density=True, histtype="step", color=colour,
                  label=f"{kind}s")  # fmt: skip
    axes.set(title="days that the stock lasts (demo)", xlabel="days at the feed of the week",
             ylabel="share of days")  # fmt: skip
    axes.legend()


PLOTS: dict[str, Callable[[], Figure]] = {
    "growth": draw_growth,
    "feeding": draw_feeding,
    "feed": draw_feed,
    "mortality": draw_mortality,
    "harvest": draw_harvest,
    "economy": draw_economy,
    "stress": draw_stress,
    "lice": draw_lice,
    "disease": draw_disease,
    "treatment": draw_treatment,
    "vaccination": draw_vaccination,
    "health-monitoring": draw_health_monitoring,
    "sea-water": draw_sea_water,
    "oxygen": draw_oxygen,
    "weather-and-events": draw_weather_and_events,
    "fresh-water": draw_fresh_water,
    "sensors": draw_sensors,
    "sampling": draw_sampling,
    "programme": draw_programme,
}

if __name__ == "__main__":
    main()
