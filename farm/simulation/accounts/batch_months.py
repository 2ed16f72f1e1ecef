"""What a batch was and cost in each month: the rows of `batch_month`."""

from __future__ import annotations

import numpy as np

from farm.domain import exact
from farm.domain.costs import Costs, whole_cents
from farm.domain.world import Stage
from farm.simulation.accounts import ratios
from farm.simulation.accounts.events import Harvested, Treated
from farm.simulation.accounts.ledger import KINDS, Entry, Ledger
from farm.simulation.accounts.rows import Opening, Rows
from farm.simulation.accounts.stock import stock_of_batches
from farm.simulation.accounts.tally import Tally
from farm.simulation.figure_records import BatchMonthRecord
from farm.simulation.frame import Floats, Integers


class BatchMonths:
    """The figures of all batches and months of a period: arrays of this shape."""

    def __init__(
        self, costs: Costs, rows: Rows, opening: Opening, harvested: Harvested, treated: Treated
    ) -> None:
        daily = rows.daily
        self._rows, self._harvested, self._treated = rows, harvested, treated
        tally = Tally(rows.batch, rows.month, (rows.batch_ids.size, len(rows.months)))
        self.stock = stock_of_batches(rows, opening, tally)
        self._start_weight_g = self.stock.start_weight_g
        self._deaths = tally.integers(daily["deaths"])
        self._by_cause = tally.by_column(daily["deaths_by_cause"])
        self._dead_kg = tally.floats(daily["deaths"] * daily["mean_weight_g"] / 1000.0)
        stock = self.stock
        self._growth_kg = (
            stock.end_kg + harvested.live_kg + self._dead_kg - stock.start_kg - stock.eggs_kg
        )
        self._feed_g = tally.integers(daily["feed_g"])
        self._degree_days = _degree_days(rows)
        self._density = tally.largest(daily["density_kg_m3"], 0.0)
        self._lice = tally.integers(daily["lice_adult_female_counted"])
        self._looked_at = tally.integers(daily["lice_fish_counted"])
        self._spent = {
            "egg": _egg_cents(costs, rows, stock.eggs),
            "feed": tally.integers(daily["feed_cents"]),
            "treatment": treated.treatment_cents,
            "vaccination": treated.vaccination_cents,
            "operating": _operating_cents(costs, rows, tally),
        }
        self._harvest_cents = _harvest_cents(costs, rows, harvested.gutted_kg)
        self._dead_cents: Integers = np.zeros_like(self._deaths)
        self._book_cents: Integers = np.zeros_like(self._deaths)

    def enter(self, month: int, ledger: Ledger) -> None:
        """Enter a month, by its index, into the ledger; months come in order."""
        harvested = self._harvested
        counts = {kind: self._spent[kind] for kind in KINDS} | {
            "harvest": self._harvest_cents,
            "revenue": harvested.revenue_cents,
            "feed_g": self._feed_g,
            "harvested": harvested.count,
        }
        weights = {
            "harvested_kg": harvested.live_kg,
            "gutted_kg": harvested.gutted_kg,
            "dead_kg": self._dead_kg,
            "growth_kg": self._growth_kg,
        }
        entry = Entry(
            counts={name: values[:, month] for name, values in counts.items()},
            weights={name: values[:, month] for name, values in weights.items()},
            there=(self.stock.start_population + self.stock.eggs)[:, month],
            deaths=self._deaths[:, month],
        )
        self._dead_cents[:, month], self._book_cents[:, month] = ledger.close_month(entry)

    def records(self) -> tuple[BatchMonthRecord, ...]:
        """Return the rows of batches with fish, once all months are entered."""
        there = np.argwhere(self.stock.is_there)
        return tuple(self._record(int(batch), int(month)) for batch, month in there)

    def _record(self, batch: int, month: int) -> BatchMonthRecord:
        at = batch, month
        stock, harvested = self.stock, self._harvested
        before, after = float(self._start_weight_g[at]), float(stock.last_weight_g[at])
        growth, dead = float(self._growth_kg[at]), float(self._dead_kg[at])
        feed_g, deaths = int(self._feed_g[at]), int(self._deaths[at])
        start, degree_days = int(stock.start_population[at]), float(self._degree_days[at])
        days = int(stock.days[at])
        return BatchMonthRecord(
            batch_id=int(self._rows.batch_ids[batch]),
            month=self._rows.months[month].first,
            lifecycle_stage_id=int(stock.last_stage[at]) or Stage.EGG_ALEVIN.id,
            start_population=start,
            end_population=int(stock.end_population[at]),
            start_biomass_kg=ratios.kilograms(stock.start_kg[at]),
            end_biomass_kg=ratios.kilograms(stock.end_kg[at]),
            mean_weight_g=ratios.ratio(after),
            deaths=deaths,
            deaths_by_cause=self._by_cause[at].tolist(),
            mortality_percent=ratios.percent(deaths, start + int(stock.eggs[at])),
            dead_kg=ratios.kilograms(dead),
            harvested=int(harvested.count[at]),
            harvested_kg=ratios.kilograms(harvested.live_kg[at]),
            growth_kg=ratios.kilograms(growth),
            feed_kg=exact.kilograms(feed_g),
            degree_days=ratios.kilograms(degree_days),
            sgr_percent_day=ratios.sgr(before, after, days),
            tgc=ratios.tgc(before, after, degree_days) if days else None,
            fcr_biological=ratios.fcr(feed_g / exact.GRAMS, growth),
            fcr_economic=ratios.fcr(feed_g / exact.GRAMS, growth - dead),
            max_density_kg_m3=ratios.ratio(self._density[at]),
            lice_adult_female=ratios.per_fish(int(self._lice[at]), int(self._looked_at[at])),
            treatments=int(self._treated.treatments[at]),
            egg_cost=exact.money(self._spent["egg"][at]),
            feed_cost=exact.money(self._spent["feed"][at]),
            treatment_cost=exact.money(self._spent["treatment"][at]),
            vaccination_cost=exact.money(self._spent["vaccination"][at]),
            operating_cost=exact.money(self._spent["operating"][at]),
            mortality_cost=exact.money(self._dead_cents[at]),
            book_value=exact.money(self._book_cents[at]),
        )


def _degree_days(rows: Rows) -> Floats:
    """Return the sums over days of the mean temperature that a batch's fish lived in."""
    daily, shape = rows.daily, (rows.batch_ids.size, rows.period.days)
    by_day = Tally(rows.batch, rows.day, shape)
    fish = by_day.floats(daily["population"])
    warmth = by_day.floats(daily["population"] * daily["temperature_c"])
    means = np.divide(warmth, fish, out=np.zeros(shape), where=fish > 0)
    months = [
        means[:, first : last + 1].cumsum(axis=1)[:, -1]
        for first, last in zip(rows.first_day.tolist(), rows.last_day.tolist(), strict=True)
    ]
    return np.stack(months, axis=1)


def _egg_cents(costs: Costs, rows: Rows, eggs: Integers) -> Integers:
    price = costs.egg[rows.frame.geography.code]
    return whole_cents(eggs * price * _inflation(costs, rows))


def _harvest_cents(costs: Costs, rows: Rows, gutted_kg: Floats) -> Integers:
    price = costs.harvest[rows.frame.geography.code]
    return whole_cents(gutted_kg * price * _inflation(costs, rows))


def _operating_cents(costs: Costs, rows: Rows, tally: Tally) -> Integers:
    """Return what keeping the fish cost: by the room that they are in and by their weight."""
    operation = costs.operation[rows.frame.geography.code]
    per_m3 = np.asarray([0.0, *operation.volume.in_order()])
    per_kg = np.asarray([0.0, *operation.biomass.in_order()]) / 1000.0
    stage = rows.daily["lifecycle_stage_id"]
    volume = rows.frame.volume_m3[rows.container]
    spent = volume * per_m3[stage] + rows.daily["biomass_kg"] * per_kg[stage]
    return whole_cents(tally.floats(spent) * _inflation(costs, rows))


def _inflation(costs: Costs, rows: Rows) -> Floats:
    return np.asarray([costs.inflated(month) for month in rows.months], dtype=np.float64)
