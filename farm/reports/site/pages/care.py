"""What was done about health: treatments, antibiotics, withholding, the laboratory."""

from __future__ import annotations

from farm.reports.site.blocks import Section, Table, Text
from farm.reports.site.chart import Chart, bars, by_year, split
from farm.reports.site.data import Data, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader


def care(reader: Reader) -> list[Section]:
    """Return the sections."""
    return [
        Section("Treatments", _treatments(reader)),
        Section("Antibiotics", [_antibiotics(reader)]),
        Section("Withholding", [_withholding(reader)]),
        Section("Laboratory", [_laboratory(reader)]),
    ]


def _treatments(reader: Reader) -> list[Chart | Table | Text]:
    answers = reader.yardsticks.answers
    said = (
        f"A lice treatment worked where adult females fell by {answers.lice_fall:.0f} % and more,"
        f" another one where weekly deaths fell by {answers.deaths_fall:.0f} % and more; treatments"
        " of sick fish begin while deaths still rise, so they rarely do at once."
    )
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
        Text([said]),
        Chart(
            "Lice treatments by method",
            "Mechanical and thermal methods take over from baths and medicines over the years.",
            [methods],
            split(lice, "method", bars, "year", "containers"),
            by_year("Containers treated", barmode="stack"),
        ),
        Table("How often they worked", "", types, "Nothing was treated."),
    ]


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
