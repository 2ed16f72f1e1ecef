"""Where the company stands on the last day: the handover to whoever works on."""

from __future__ import annotations

from farm.reports.site.blocks import Table, Text
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import short


def standing(reader: Reader) -> list[Table | Text]:
    """Return the blocks."""

    def rows(name: str) -> list[Row]:
        return reader.rows("overview", name)

    return [
        Text([_in_words(rows("current_stages"))]),
        Table(
            "Fish by stage of life",
            "",
            Data(
                "stages",
                [
                    text("stage", "Stage"),
                    number("batches", "Batches"),
                    number("containers", "Containers"),
                    number("fish", "Fish"),
                    number("biomass_t", "Biomass", "t", 1),
                    number("mean_weight_g", "Mean weight", "g", 1),
                ],
                rows("current_stages"),
            ),
            "No fish are left.",
        ),
        Table(
            "Current batches",
            "Oldest first: the next to be harvested are on top.",
            Data(
                "current_batches",
                [
                    columns.BATCH,
                    text("geography", "Geography"),
                    text("stages", "Stage"),
                    text("places", "Places"),
                    number("containers", "Containers"),
                    number("fish", "Fish"),
                    number("mean_weight_g", "Mean weight", "g", 1),
                    number("biomass_t", "Biomass", "t", 1),
                    text("start_date", "Eggs laid down"),
                    number("age_days", "Age", "days"),
                    text("expected_harvest", "Harvest expected"),
                ],
                rows("current_batches"),
            ),
            "No batch has fish in water.",
        ),
        Table(
            "Outbreaks that are not over",
            "",
            Data(
                "current_outbreaks",
                [
                    columns.PLACE,
                    text("name", "Name"),
                    text("disease", "Disease"),
                    text("first_case_date", "First case"),
                    text("onset_date", "Noticed"),
                    text("diagnosed_date", "Diagnosed"),
                    number("assignments_affected", "Containers"),
                    number("deaths", "Deaths so far"),
                ],
                rows("current_outbreaks"),
            ),
            "All fish are free of known outbreaks.",
        ),
        Table(
            "Treatments that run, and pens withheld from harvest",
            "",
            Data(
                "current_treatments",
                [
                    columns.PLACE,
                    columns.BATCH,
                    text("treatment", "Treatment"),
                    text("reason", "Reason"),
                    text("since", "Since"),
                    number("containers", "Containers"),
                    number("fish", "Fish"),
                    number("running", "Running"),
                    number("withheld", "Withheld"),
                ],
                rows("current_treatments"),
            ),
            "No treatment runs and nothing is withheld.",
        ),
        Table(
            "Feed in stock and on its way",
            "",
            Data(
                "current_stock",
                [
                    text("geography", "Geography"),
                    text("feed", "Feed"),
                    number("stock_t", "In stock", "t", 1),
                    number("orders", "Open orders"),
                    number("ordered_t", "Ordered", "t", 1),
                ],
                rows("current_stock"),
            ),
            "No feed is in the books.",
        ),
        Table(
            "Harvests of the last 90 days",
            "",
            Data(
                "recent_harvests",
                [
                    columns.PLACE,
                    text("name", "Site"),
                    columns.BATCH,
                    text("first", "From"),
                    text("last", "To"),
                    number("pens", "Pens"),
                    number("fish", "Fish"),
                    number("live_t", "Live weight", "t", 1),
                    number("mean_weight_g", "Mean weight", "g"),
                ],
                rows("recent_harvests"),
            ),
            "Nothing was harvested.",
        ),
    ]


def _in_words(stages: list[Row]) -> str:
    if not stages:
        return "All fish have been harvested."
    fish = sum(row["fish"] for row in stages)
    sea = sum(row["biomass_t"] for row in stages if row["stage"] == "Adult")
    whole = sum(row["biomass_t"] for row in stages) or 1
    return (
        f"{short(fish)} fish are alive; {100 * sea / whole:.0f} % of their weight, {sea:,.0f} t,"
        " is at sea. The tables below are the handover: what is in the water, what is wrong with"
        " it, what is being done, and what is in the stores."
    )
