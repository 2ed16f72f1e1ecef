"""What a harvested batch earned and cost, from egg to box: the rows of `batch_account`."""

from __future__ import annotations

from farm.domain import exact
from farm.simulation.accounts import ratios
from farm.simulation.accounts.ledger import KINDS
from farm.simulation.figure_records import BatchAccountRecord
from farm.simulation.history import BatchRecord
from farm.simulation.state import Own


def account(batch: BatchRecord, index: int, own: Own) -> BatchAccountRecord | None:
    """Return the account of a batch that has no fish left; None where none were harvested.

    Args:
        batch: as it stands at the end of the period.
        index: its place in the arrays of the ledger.
        own: the arrays of the ledger, with the batch's last month.
    """
    whole = {name: int(array[index]) for name, array in own.items() if array.dtype.kind == "i"}
    real = {name: float(array[index]) for name, array in own.items() if array.dtype.kind == "f"}
    if batch.end_date is None or not whole["harvested"]:
        return None
    total = sum(whole[kind] for kind in KINDS) + whole["harvest"]
    feed_kg, growth = whole["feed_g"] / exact.GRAMS, real["growth_kg"]
    return BatchAccountRecord(
        batch_id=batch.id,
        closed_on=batch.end_date,
        eggs=batch.eggs,
        harvested=whole["harvested"],
        harvested_kg=ratios.kilograms(real["harvested_kg"]),
        gutted_kg=ratios.kilograms(real["gutted_kg"]),
        feed_kg=exact.kilograms(whole["feed_g"]),
        fcr_biological=ratios.fcr(feed_kg, growth) or 0.0,
        fcr_economic=ratios.fcr(feed_kg, growth - real["dead_kg"]) or 0.0,
        survival_percent=ratios.percent(whole["harvested"], batch.eggs),
        revenue=exact.money(whole["revenue"]),
        egg_cost=exact.money(whole["egg"]),
        feed_cost=exact.money(whole["feed"]),
        treatment_cost=exact.money(whole["treatment"]),
        vaccination_cost=exact.money(whole["vaccination"]),
        operating_cost=exact.money(whole["operating"]),
        harvest_cost=exact.money(whole["harvest"]),
        total_cost=exact.money(total),
        profit=exact.money(whole["revenue"] - total),
        mortality_cost=exact.money(whole["mortality"]),
        cost_per_kg=exact.price(total / exact.CENTS / real["gutted_kg"]),
        feed_cost_per_kg=exact.price(whole["feed"] / exact.CENTS / real["gutted_kg"]),
    )
