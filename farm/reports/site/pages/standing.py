"""Where the company stands on the last day: the handover to whoever works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farm.reports.site.blocks import Table, Text
from farm.reports.site.data import Column, Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import short

#: By query: the title, what to say, what to say without rows, the columns.
_TABLES: Mapping[str, tuple[str, str, str, Sequence[Column]]] = {
    "stages": (
        "Fish by stage of life",
        "",
        "No fish are left.",
        (
            text("stage", "Stage"),
            number("batches", "Batches"),
            number("containers", "Containers"),
            columns.FISH,
            columns.BIOMASS,
            number("mean_weight_g", "Mean weight", "g", 1),
        ),
    ),
    "batches": (
        "Current batches",
        "Oldest first: the next to be harvested are on top.",
        "No batch has fish in water.",
        (
            columns.BATCH,
            columns.GEOGRAPHY,
            text("stage", "Stage"),
            text("places", "Places"),
            number("containers", "Containers"),
            columns.FISH,
            number("mean_weight_g", "Mean weight", "g", 1),
            columns.BIOMASS,
            text("start_date", "Eggs laid down"),
            number("days_in_stage", "In its stage", "days"),
            number("age_days", "Age", "days"),
            text("expected_harvest", "Harvest expected"),
        ),
    ),
    "health": (
        "Health by place",
        "Places with an outbreak first, then by mortality.",
        "No place has fish.",
        (
            columns.PLACE,
            columns.NAME,
            number("containers", "Containers"),
            columns.FISH,
            columns.BIOMASS,
            number("mortality_percent_30_days", "Mortality", "% in 30 days", 2),
            number("open_outbreaks", "Open outbreaks"),
            text("diseases", "Diseases"),
            text("sick_since", "Since"),
            number("running_treatments", "Running treatments", "containers"),
            text("treatments", "Treatments"),
            number("withheld_containers", "Withheld", "containers"),
            text("withheld_until", "Until about"),
            text("lice_counted_on", "Lice counted"),
            number("lice_adult_female", "Adult females", "per fish", 2),
            number("lice_limit", "Limit", "per fish", 1),
        ),
    ),
    "withholding": (
        "Withheld from harvest",
        "",
        "All fish may be harvested.",
        (
            columns.PLACE,
            columns.BATCH,
            text("treatment", "Medicine"),
            text("start_date", "Since"),
            number("containers", "Containers"),
            number("required", "Required"),
            text("rule", "in"),
            text("expected_end", "Expected to end"),
        ),
    ),
    "inventory": (
        "Feed in stock and on its way",
        "Use is that of the last fourteen days.",
        "No feed is in the books.",
        (
            columns.PLACE,
            text("feed_store", "Store"),
            text("feed", "Feed"),
            number("stock_t", "In stock", "t", 2),
            number("kg_per_day", "Use", "kg a day", 0),
            number("days_left", "Lasts", "days", 1),
            number("lots", "Lots"),
            text("oldest_lot", "Oldest lot of"),
            text("expires_on", "Expires"),
            number("orders", "Open orders"),
            number("ordered_t", "Ordered", "t", 1),
            text("next_delivery", "Next delivery"),
        ),
    ),
    "harvests": (
        "Harvests of the last 90 days",
        "",
        "Nothing was harvested.",
        (
            columns.PLACE,
            columns.BATCH,
            text("grade", "Quality"),
            text("first_day", "From"),
            text("last_day", "To"),
            columns.FISH,
            columns.WEIGHT,
            columns.LIVE,
            number("gutted_t", "Gutted weight", "t", 1),
            number("revenue_per_kg", "Revenue", "per kg", 2),
            columns.CURRENCY,
        ),
    ),
}


def standing(reader: Reader) -> list[Table | Text]:
    """Return the blocks: the views of where the company stands, one table each."""
    found = {name: reader.rows("standing", name) for name in _TABLES}
    tables = [
        Table(title, says, Data(f"current_{name}", shape, found[name]), empty)
        for name, (title, says, empty, shape) in _TABLES.items()
    ]
    return [Text([_in_words(found["stages"])]), *tables]


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
