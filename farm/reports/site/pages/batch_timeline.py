"""The timeline of a batch: panels over one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farm.reports.site.chart import Chart, Trace, bars, dots, line
from farm.reports.site.data import Data, Row
from farm.reports.site.panels import Panel, panels


def timeline(own: Mapping[str, Data]) -> Chart:
    """Return the chart from the batch's rows, by the names of `batch.sql`."""
    weeks, months = own["weeks"].rows, own["months"].rows
    shown = [
        Panel(
            "Mean weight and samples, g",
            _weight(own),
            1.6,
        ),
        Panel("Fish", [line(weeks, "date", "fish", "fish", "--c5", fill="tozeroy")]),
        Panel("Mortality, % a week", [bars(weeks, "date", "mortality", "mortality", "--bad")]),
        Panel(
            "Temperature, °C",
            [line(weeks, "date", "temperature_c", "temperature", "--c10")],
            layout={"rangemode": "normal"},
        ),
        Panel("Feed, kg a week", [bars(weeks, "date", "feed_kg", "feed", "--c6")]),
        Panel("FCR of the month, kg/kg", _fcr(months), layout={"range": [0.4, 2.2]}),
        Panel("Adult female lice per fish", _lice(own)),
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
        says="Read downwards: where the fish fell sick or were treated, feed and mortality answer,"
        " and the weight curve bends. Dots are samples and counts of each place, the band their"
        " lightest and heaviest fish; dashed is the limit of lice.",
        data=[own[name] for name in names],
        **panels(shown, 105),
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
    filled = {"fill": "tonexty", "fillcolor": "--band", "hoverinfo": "skip"}
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
        line(own["weeks"].rows, "date", "lice", "true mean", "--c7"),
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
    for reason, colour in _REASONS.items():
        rows = [row for row in own["treatments"].rows if row["reason"] == reason]
        if rows:
            made.append(dots(rows, "date", "reason", reason, colour, size=8, label="treatment"))
    return made


_REASONS = {
    "vaccination": "--c3",
    "preventive": "--c7",
    "lice": "--c2",
    "outbreak": "--c4",
}
