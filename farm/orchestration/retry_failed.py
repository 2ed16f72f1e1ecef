"""Another chance for chunks that failed for good: exactly those, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import SessionRefused
from farm.orchestration.advance import advance
from farm.orchestration.decide import Limits, reopened
from farm.orchestration.ports import Broker, Ledger, Publisher, SessionView
from farm.orchestration.states import ChunkState, SessionState


@dataclass(frozen=True, slots=True)
class Selection:
    """Which failed chunks are meant; None means any. ``batch`` may name an area or geography."""

    batch: str | None = None
    month: Month | None = None

    def includes(self, address: ChunkAddress) -> bool:
        """Return whether a chunk is meant."""
        return (self.batch is None or self.batch == address.subject) and (
            self.month is None or self.month == address.month
        )


def failed_chunks(view: SessionView, selection: Selection) -> list[ChunkAddress]:
    """Return the failed chunks of a session that are meant, in order."""
    chunks = [*view.simulations, *(chunk for month in view.months for chunk in month.chunks)]
    return [
        chunk.address
        for chunk in chunks
        if chunk.state is ChunkState.FAILED and selection.includes(chunk.address)
    ]


def retry_failed(
    session: int,
    selection: Selection,
    *,
    ledger: Ledger,
    publisher: Publisher,
    broker: Broker,
    limits: Limits,
    dry_run: bool,
) -> list[ChunkAddress]:
    """Put the failed chunks that are meant back to work and return them; a dry run only names them.

    Their attempts start anew. Chunks that are committed, running or waiting are not touched. A
    session that had given up goes on; a paused one keeps waiting for `farm resume`.

    Raises:
        SessionRefused: the session was never submitted.
    """
    row = next((row for row in ledger.sessions() if row.session == session), None)
    if row is None:
        raise SessionRefused(f"session {session} was never submitted: nothing can have failed")
    view = ledger.view(session, broker.waiting())
    chosen = failed_chunks(view, selection)
    if dry_run or not chosen:
        return chosen
    chosen = ledger.reset_failed(session, chosen)
    if row.state is SessionState.FAILED:
        ledger.set_session_state(session, reopened(view))
    advance(session, ledger=ledger, publisher=publisher, broker=broker, limits=limits)
    return chosen
