"""All batches in one table, and how they compare."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from farm.reports.site.blocks import Page, Section, Table
from farm.reports.site.chart import Chart, axes, dots, split
from farm.reports.site.data import Data, Row, number, text
from farm.reports.site.pages import columns
from farm.reports.site.reader import Reader
from farm.reports.site.wording import several

#: What is known of every batch, as `batches.sql` has it.
COLUMNS = (
    columns.BATCH,
    columns.GEOGRAPHY,
    text("status", "Status"),
    text("strain", "Strain"),
    text("egg_source", "Eggs from"),
    number("eggs", "Eggs"),
    text("start_date", "Laid down"),
    text("to_sea", "To sea"),
    number("smolt_g", "Smolts", "g"),
    text("last_harvest", "Last harvest"),
    number("harvested", "Harvested", "fish"),
    number("harvest_g", "Harvest weight", "g"),
    number("live_t", "Harvested", "t"),
    number("loss_on_land", "Dead on land", "% of eggs", 1),
    number("loss_at_sea", "Dead at sea", "% of smolts", 1),
    number("fcr_biological", "FCR biological", "kg/kg", 2),
    number("fcr_economic", "FCR economic", "kg/kg", 2),
    number("cost_per_kg", "Cost", "per kg gutted", 2),
)


def page(reader: Reader) -> Page:
    """Return the page."""
    data = Data("batches", COLUMNS, reader.rows("batches", "batches"))
    gone = [row for row in data.rows if row["status"] == "harvested"]
    return Page(
        path="batches.html",
        title="Batches",
        lead=f"{several(len(data.rows), 'batch', 'batches')}, {len(gone)} of them harvested."
        " Each has a page with its whole life.",
        sections=[
            Section(
                "All batches",
                [Table("From egg to harvest", "In the order in which they began.", data, most=500)],
            ),
            Section("Side by side", [_losses(data), _sizes(data)]),
        ],
    )


def _losses(data: Data) -> Chart:
    at_sea = [row for row in data.rows if row["last_harvest"]]
    losses = sorted(row["loss_at_sea"] for row in at_sea)
    says = "No batch has been harvested."
    if losses:
        middle = losses[len(losses) // 2]
        says = (
            f"Half of the batches lost less than {middle:.0f} % at sea, the worst"
            f" {losses[-1]:.0f} %."
        )
    return Chart(
        "Losses at sea of harvested batches",
        says,
        [data],
        split(at_sea, "geography", dots, "to_sea", "loss_at_sea", size=8, label="batch"),
        axes("Dead at sea, % of smolts", x="To sea"),
    )


def _sizes(data: Data) -> Chart:
    grown = [row for row in data.rows if row["last_harvest"]]
    return Chart(
        "Harvest weight against the smolts' weight",
        _by_smolts(grown),
        [data],
        split(grown, "geography", dots, "smolt_g", "harvest_g", size=8, label="batch"),
        axes("Mean harvest weight, g", x="Mean weight of the smolts put to sea, g"),
    )


def _by_smolts(grown: Sequence[Row]) -> str:
    """Return what the half with the larger smolts did other than the half with the smaller."""
    known = sorted((row for row in grown if row["smolt_g"]), key=lambda row: row["smolt_g"])
    half = len(known) // 2
    if not half:
        return "Each dot is a batch."
    small, large = known[:half], known[-half:]
    days = [fmean((r["last_harvest"] - r["to_sea"]).days for r in own) for own in (large, small)]
    grams = [fmean(r["harvest_g"] for r in own) for own in (large, small)]
    return (
        f"The half of the batches with the larger smolts (from {large[0]['smolt_g']:,.0f} g) was at"
        f" sea for {days[0]:.0f} days and harvested at {grams[0]:,.0f} g, the others for"
        f" {days[1]:.0f} days and at {grams[1]:,.0f} g."
    )
