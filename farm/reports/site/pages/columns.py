"""Columns that many tables have."""

from __future__ import annotations

from farm.reports.site.data import number, text

BATCH = text("batch", "Batch", link="batches/{}.html")
PLACE = text("place", "Place", link="places/{}.html")
GEOGRAPHY = text("geography", "Geography")
NAME = text("name", "Name")
MONTH = text("month", "Month", monthly=True)
YEAR = text("year", "Year")
CURRENCY = text("currency", "Currency")
FISH = number("fish", "Fish")
BIOMASS = number("biomass_t", "Biomass", "t", 1)
LIVE = number("live_t", "Live weight", "t", 1)
WEIGHT = number("mean_weight_g", "Mean weight", "g", 0)
DEATHS = number("deaths", "Deaths")
