"""The accounts of one geography: drawn up from what the chronicle wrote, once a period is over.

What a batch has cost so far is carried from period to period; everything else follows from the
period's own days and from the evening before them.
"""

from __future__ import annotations

from collections.abc import Sequence

from farm.domain.calendar import Month, Period
from farm.domain.costs import Costs
from farm.simulation.accounts.batch_accounts import account
from farm.simulation.accounts.batch_months import BatchMonths
from farm.simulation.accounts.events import harvested, treated
from farm.simulation.accounts.ledger import Ledger
from farm.simulation.accounts.rows import Opening, Rows
from farm.simulation.accounts.site_months import site_months
from farm.simulation.agenda import Agenda
from farm.simulation.chronicle import Chronicle
from farm.simulation.figure_records import BatchAccountRecord, FigureRecords
from farm.simulation.frame import Frame
from farm.simulation.health_records import HealthRecords
from farm.simulation.history import BatchRecord, Columns
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.state import Own, State


class Accounts:
    """Draws up the figures of a geography's months, places and batches."""

    name = "accounts"

    def __init__(self, costs: Costs, market: SalmonMarket, frame: Frame, agenda: Agenda) -> None:
        self._costs = costs
        self._market = market
        self._frame = frame
        self._agenda = agenda

    def begin(self) -> Own:
        """Return what every batch has cost before the first day: nothing."""
        return Ledger.begin(len(self._agenda.batches))

    def draw_up(
        self,
        period: Period,
        chronicle: Chronicle,
        daily: Columns,
        lots: Columns,
        batches: Sequence[BatchRecord],
        health: HealthRecords,
        opening: Opening,
        state: State,
    ) -> FigureRecords:
        """Return the figures of a period, and carry the costs of living batches into the state.

        Args:
            period: what was lived through.
            chronicle: of the period, closed.
            daily: the daily columns of the chronicle.
            lots: what the harvests of the period were sold as.
            batches: those with fish in the period, as they stand at its end.
            health: of the period.
            opening: the evening before it.
            state: the evening of its last day.
        """
        rows = Rows(period, self._frame, self._agenda, chronicle, daily)
        sold, cured = harvested(rows, lots), treated(rows, health)
        months = BatchMonths(self._costs, rows, opening, sold, cured)
        own: Own = state.own[self.name]
        ledger = Ledger(own)
        closed: list[BatchAccountRecord] = []
        index = {batch: n for n, batch in enumerate(rows.batch_ids.tolist())}
        for number, month in enumerate(rows.months):
            months.enter(number, ledger)
            for batch in batches:
                if batch.end_date is not None and Month.of(batch.end_date) == month:
                    record = account(batch, index[batch.id], own)
                    closed += [record] if record is not None else []
        return FigureRecords(
            salmon_prices=self._market.records(period),
            batch_months=months.records(),
            site_months=site_months(rows, opening, sold, cured),
            batch_accounts=tuple(sorted(closed, key=lambda record: record.batch_id)),
        )
