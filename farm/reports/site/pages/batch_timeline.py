"""The timeline of a batch: panels over one time axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from farm.reports.site.chart import Chart, Trace, dots, line, steps
from farm.reports.site.data import Data, Row
from farm.reports.site.findings import top
from farm.reports.site.panels import Panel, panels
from farm.reports.site.wording import day, several


def timeline(own: Mapping[str, Data]) -> Chart:
    """Return the chart from the batch's rows, by the names of `batch.sql`."""
    weeks, months = own["weeks"].rows, own["months"].rows
    shown = [
        Panel("Weight, g", _weight(own), 1.6, key=_WEIGHTS),
        Panel("Fish", [line(weeks, "date", "fish", "fish", "--c6", fill="tozeroy")]),
        Panel("Mortality, % a week", [steps(weeks, "date", "mortality", "mortality", "--bad")]),
        Panel(
            "Temperature, °C",
            [line(weeks, "date", "temperature_c", "temperature", "--c10")],
            layout={"rangemode": "normal"},
        ),
        Panel("Feed, kg a week", [steps(weeks, "date", "feed_kg", "feed", "--c2")]),
        Panel("FCR, kg/kg", _fcr(months), layout={"rangemode": "normal"}, key=_FCRS),
        Panel("Female lice per fish", _lice(own), key=_LICE if own["lice"].rows else {}),
        Panel(
            "Outbreaks and treatments",
            _events(own),
            _lanes(own),
            _NAMES,
        ),
    ]
    names = ("weeks", "samples", "lice", "outbreaks", "treatments")
    return Chart(
        title="One life on one timeline",
        says=" ".join(_told(own)),
        data=[own[name] for name in names],
        **panels(shown, 105),
    )


#: What the colours of a panel mean.
_WEIGHTS = {"mean": "--c1", "samples": "--c2", "their range": "--c7"}
_FCRS = {"biological": "--c3", "economic": "--c9"}
_LICE = {"true": "--c3", "counts": "--c4", "limit": "--bad"}


def _told(own: Mapping[str, Data]) -> Iterator[str]:
    """Yield what to look at: the worst week, the highest count, what befell it."""
    worst = top(own["weeks"].rows, "mortality")
    if worst and worst["mortality"]:
        yield f"Worst week: {worst['mortality']:.1f} % died in the days to {day(worst['date'])}."
    highest = top(own["lice"].rows, "adult_female")
    if highest:
        above = sum(
            row["treat_from"] is not None and row["adult_female"] >= row["treat_from"]
            for row in own["lice"].rows
        )
        yield (
            f"Highest lice count: {highest['adult_female']:.2f} on {day(highest['date'])};"
            f" {above} of {len(own['lice'].rows)} counts reached the limit."
        )
    outbreaks = len(own["outbreaks"].rows)
    days = {row["date"] for row in own["treatments"].rows if row["reason"] != "vaccination"}
    yield (
        f"{several(outbreaks, 'outbreak')}, treatments on {several(len(days), 'day')}: read"
        " downwards to see what feed, mortality and weight did then."
    )


#: The last panel's axis has names, not numbers.
_NAMES = {"type": "category", "rangemode": "normal", "tickfont": {"size": 10}, "dtick": 1}


def _lanes(own: Mapping[str, Data]) -> float:
    """Return the share of the last panel: it has a line for each disease and reason."""
    lanes = {row["disease"] for row in own["outbreaks"].rows}
    return 0.3 + 0.17 * (len(lanes) + len({row["reason"] for row in own["treatments"].rows}))


def _weight(own: Mapping[str, Data]) -> list[Trace]:
    samples = own["samples"].rows
    spread = [
        line(samples, "date", end, "", "rgba(0,0,0,0)") for end in ("lightest_g", "heaviest_g")
    ]
    filled = {"fill": "tonexty", "fillcolor": "--range", "hoverinfo": "skip"}
    return [
        {**spread[0], "hoverinfo": "skip"},
        {**spread[1], **filled},
        line(own["weeks"].rows, "date", "mean_weight_g", "mean weight", "--c1"),
        dots(samples, "date", "mean_weight_g", "sample", "--c2", size=4, label="place"),
    ]


def _fcr(months: Sequence[Row]) -> list[Trace]:
    return [
        line(months, "month", "fcr_economic", "economic", "--c9", mode="lines+markers"),
        line(months, "month", "fcr_biological", "biological", "--c3", mode="lines+markers"),
    ]


def _lice(own: Mapping[str, Data]) -> list[Trace]:
    counts = own["lice"].rows
    limit = {"color": "--bad", "dash": "dash", "width": 1, "shape": "hv"}
    return [
        line(own["weeks"].rows, "date", "lice", "true mean", "--c3"),
        dots(counts, "date", "adult_female", "count", "--c4", size=4),
        line(counts, "date", "treat_from", "limit", "--bad", line=limit),
    ]


def _events(own: Mapping[str, Data]) -> list[Trace]:
    made: list[Trace] = [
        line(
            [{"x": at, "y": row["short"]} for at in (row["first"], row["last"])],
            "x",
            "y",
            f"{row['disease']}, {row['place']}",
            "--bad",
            line={"color": "--bad", "width": 8},
        )
        for row in own["outbreaks"].rows
    ]
    for reason, (name, colour) in _REASONS.items():
        rows = [{**row, "what": name} for row in own["treatments"].rows if row["reason"] == reason]
        if rows:
            made.append(dots(rows, "date", "what", name, colour, size=8, label="treatment"))
    return made


#: What a reason for a treatment is called, and its colour.
_REASONS = {
    "vaccination": ("vaccination", "--c3"),
    "preventive": ("preventive", "--c7"),
    "lice": ("against lice", "--c2"),
    "outbreak": ("against disease", "--c4"),
}
