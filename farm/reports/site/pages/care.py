"""What was done about health: treatments, antibiotics, withholding, the laboratory."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Section, Table, Text
from farm.reports.site.chart import Chart, bars, by_year, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.settings.yardsticks import Answers


def care(reader: Reader) -> list[Section]:
    """Return the sections."""
    return [
        Section("Treatments", _treatments(reader)),
        Section("Antibiotics", [_antibiotics(reader)]),
        Section("Withholding", [_withholding(reader)]),
        Section("Laboratory", [_laboratory(reader)]),
    ]


def _treatments(reader: Reader) -> list[Chart | Table | Text]:
    types = Data(
        "treatments",
        [
            text("treatment", "Treatment"),
            text("method", "Method"),
            text("reason", "Reason"),
            number("containers", "Containers treated"),
            columns.FISH,
            columns.BIOMASS,
            number("judged", "Judged"),
            number("worked", "Worked", "% of judged", 0),
            number("median_effect", "Median effect", "% less", 0),
            number("deaths_percent", "Deaths by it", "% of fish", 2),
        ],
        reader.rows("health", "treatments"),
    )
    methods = Data(
        "treatments_by_year",
        [
            columns.YEAR,
            text("method", "Method"),
            text("reason", "Reason"),
            number("containers", "Containers treated"),
            number("worked", "Worked", "%", 0),
        ],
        reader.rows("health", "methods"),
    )
    lice = [row for row in methods.rows if row["reason"] == "lice"]
    return [
        Text([_judged(reader.yardsticks.answers, types.rows)]),
        Chart(
            "Lice treatments by method",
            _medicines_said(lice),
            [methods],
            split(lice, "method", bars, "year", "containers"),
            by_year("Containers treated", barmode="stack"),
        ),
        Table("How often they worked", "", types, "Nothing was treated."),
    ]


def _judged(answers: Answers, types: Sequence[Row]) -> str:
    said = (
        f"A lice treatment worked where adult females fell by {answers.lice_fall:.0f} % or more,"
        f" another one where weekly deaths fell by {answers.deaths_fall:.0f} % or more."
    )
    shares = []
    for name, others in (("lice", False), ("sick fish", True)):
        own = [row for row in types if (row["reason"] == "outbreak") == others and row["judged"]]
        judged = sum(row["judged"] for row in own)
        if judged:
            worked = sum(row["judged"] * row["worked"] for row in own) / judged
            shares.append(f"{worked:.0f} % of {judged:,} treatments against {name}")
    if shares:
        said += f" By that, {' and '.join(shares)} worked."
    if len(shares) > 1:
        said += " Sick fish are treated while deaths still rise, so that bar is a high one."
    return said


#: Methods in which no medicine is used.
_WITHOUT_MEDICINE = frozenset({"mechanical", "thermal", "freshwater bath", "cleaner fish"})


def _medicines_said(lice: Sequence[Row]) -> str:
    """Return how much was done without medicines, in the first and in the last three years."""
    years = sorted({row["year"] for row in lice})
    if len(years) < 2 * _YEARS:
        return "Containers treated against lice."
    shares = []
    for own in (years[:_YEARS], years[-_YEARS:]):
        rows = [row for row in lice if row["year"] in own]
        free = sum(row["containers"] for row in rows if row["method"] in _WITHOUT_MEDICINE)
        share = 100 * free / sum(row["containers"] for row in rows)
        shares.append(f"{share:.0f} % in {own[0]} to {own[-1]}")
    return f"Done without a medicine (thermal, mechanical, freshwater): {', '.join(shares)}."


#: So many years at the beginning are compared with those at the end.
_YEARS = 3


def _antibiotics(reader: Reader) -> Table:
    return Table(
        "Antibiotics by year",
        "Active substance; per tonne of fish harvested in that year in that geography.",
        Data(
            "antibiotics",
            [
                columns.YEAR,
                columns.GEOGRAPHY,
                text("substance", "Substance"),
                number("containers", "Containers treated"),
                number("kg", "Used", "kg", 2),
                columns.LIVE,
                number("g_per_t", "Use", "g/t harvested", 1),
            ],
            reader.rows("health", "antibiotics"),
        ),
        "No antibiotic was ever used.",
    )


def _withholding(reader: Reader) -> Table:
    rows = reader.rows("health", "withholding")
    inside = sum(row["harvested_inside"] for row in rows)
    says = "No fish were harvested inside one." if not inside else f"{inside} harvests inside one!"
    return Table(
        "Withholding periods by medicine",
        says,
        Data(
            "withholding",
            [
                text("treatment", "Medicine"),
                number("periods", "Periods"),
                number("required", "Required"),
                text("rule", "in"),
                number("mean_days", "Mean length", "days", 1),
                number("longest", "Longest", "days"),
                number("open", "Still open"),
                number("harvested_inside", "Harvests inside"),
            ],
            rows,
        ),
        "No medicine with a withholding period was used.",
    )


def _laboratory(reader: Reader) -> Table:
    return Table(
        "Samples by test",
        "",
        Data(
            "laboratory",
            [
                text("disease", "Disease"),
                text("test", "Test"),
                text("method", "Method"),
                number("samples", "Samples"),
                number("positive", "Positive"),
                number("screening", "Of screening"),
                number("days_to_result", "Sample to result", "days", 1),
            ],
            reader.rows("health", "laboratory"),
        ),
        "No sample was taken.",
    )
