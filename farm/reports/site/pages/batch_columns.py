"""The columns of a batch's tables and CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farm.reports.site.data import Column, number, text
from farm.reports.site.pages import columns

#: The columns of each query of `batch.sql`, in the order of the page.
COLUMNS: Mapping[str, Sequence[Column]] = {
    "weeks": (
        text("date", "Week's end"),
        columns.FISH,
        columns.BIOMASS,
        number("mean_weight_g", "Mean weight", "g", 2),
        columns.DEATHS,
        number("mortality", "Mortality", "% a week", 3),
        number("feed_kg", "Feed", "kg"),
        number("temperature_c", "Temperature", "°C", 1),
        number("oxygen_mg_l", "Oxygen", "mg/L", 1),
        number("density_share", "Density", "% of limit", 0),
        number("lice", "Adult female lice", "per fish", 3),
    ),
    "samples": (
        text("date", "Sampled"),
        columns.PLACE,
        number("n", "Fish"),
        number("mean_weight_g", "Mean weight", "g", 2),
        number("lightest_g", "Lightest", "g", 2),
        number("heaviest_g", "Heaviest", "g", 2),
        number("condition_factor", "Condition factor", "", 2),
    ),
    "months": (
        columns.MONTH,
        text("stage", "Stage"),
        number("end_population", "Fish"),
        number("mean_weight_g", "Mean weight", "g", 1),
        number("mortality_percent", "Mortality", "%", 2),
        number("feed_kg", "Feed", "kg"),
        number("growth_kg", "Growth", "kg"),
        number("fcr_biological", "FCR biological", "kg/kg", 2),
        number("fcr_economic", "FCR economic", "kg/kg", 2),
        number("sgr_percent_day", "SGR", "%/day", 2),
        number("tgc", "TGC", "", 2),
        number("treatments", "Treatments"),
        number("harvested_kg", "Harvested", "kg"),
        number("cost", "Cost", "", 0),
        number("book_value", "Book value", "", 0),
    ),
    "stages": (
        text("stage", "Stage"),
        columns.PLACE,
        columns.NAME,
        number("containers", "Containers"),
        text("first", "From"),
        text("last", "To"),
        number("from_g", "Weight at first", "g", 2),
        number("to_g", "Weight at last", "g", 1),
    ),
    "lice": (
        text("date", "Counted"),
        columns.PLACE,
        number("n", "Fish"),
        number("adult_female", "Adult female", "per fish", 2),
        number("mobile", "Mobile", "per fish", 2),
        number("attached", "Attached", "per fish", 2),
        number("treat_from", "Limit", "per fish", 1),
    ),
    "outbreaks": (
        text("disease", "Disease"),
        columns.PLACE,
        text("first", "First sick"),
        text("onset_date", "Noticed"),
        text("diagnosed_date", "Diagnosed"),
        text("last", "Over"),
        number("containers", "Containers", "at once"),
        number("most_sick", "Most sick", "% of a container", 1),
        number("deaths_of_place", "Deaths at the place"),
    ),
    "treatments": (
        text("date", "Day"),
        text("treatment", "Treatment"),
        text("reason", "Reason"),
        columns.PLACE,
        number("containers", "Containers"),
        columns.FISH,
        number("before_value", "Before", "", 2),
        number("after_value", "After", "", 2),
        columns.DEATHS,
        number("cost", "Cost", "", 0),
        text("withheld_until", "Withheld until"),
    ),
    "harvests": (
        text("weight_class", "Weight class", "kg gutted"),
        text("quality", "Quality"),
        columns.FISH,
        columns.LIVE,
        number("gutted_t", "Gutted weight", "t", 1),
        number("revenue", "Revenue", "", 0),
    ),
    "causes": (
        text("cause", "Cause"),
        number("on_land", "On land"),
        number("at_sea", "At sea"),
        number("deaths", "Deaths"),
    ),
    "accounts": (
        text("item", "Item"),
        number("amount", "Amount", "", 0),
        number("per_kg", "Per kg gutted", "", 2),
        number("of_cost", "Of all costs", "%", 1),
    ),
}
