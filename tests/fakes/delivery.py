"""Broker, publisher and cache in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ServiceUnavailable


@dataclass(frozen=True)
class Message:
    """A message in a queue: a chunk to make, or (without one) a month to close."""

    session: int
    chunk: ChunkAddress | None = None
    month: Month | None = None


class MemoryQueue:
    """`ports.Publisher` and `ports.Broker` over one list. While it is ``down``, nothing works."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.sent: list[Message] = []
        self.down = False

    def simulate(self, session: int, chunks: Sequence[ChunkAddress]) -> None:
        self._send([Message(session, chunk) for chunk in chunks])

    def render(self, session: int, month: Month, chunks: Sequence[ChunkAddress]) -> None:
        self._send([Message(session, chunk, month) for chunk in chunks])

    def close_month(self, session: int, month: Month) -> None:
        self._send([Message(session, None, month)])

    def waiting(self) -> int | None:
        return None if self.down else len(self.messages)

    def _send(self, messages: list[Message]) -> None:
        if self.down:
            raise ServiceUnavailable("the broker is down")
        self.messages += messages
        self.sent += messages


class MemoryCache:
    """`ports.LedgerCache`. While it is ``down``, every call raises."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[str, dict[str, int]]] = {}
        self.down = False
        self.replaced = 0

    def add(self, address: ChunkAddress, rows: Mapping[str, int]) -> None:
        self._reach()
        self.rows.setdefault(address.session, {}).setdefault(str(address), dict(rows))

    def committed(self, session: int) -> set[str]:
        self._reach()
        return set(self.rows.get(session, {}))

    def replace(self, session: int, rows: Mapping[str, Mapping[str, int]]) -> None:
        self._reach()
        self.replaced += 1
        self.rows[session] = {chunk: dict(by_table) for chunk, by_table in rows.items()}

    def counters(self, session: int) -> dict[str, int]:
        self._reach()
        totals: dict[str, int] = {}
        for by_table in self.rows.get(session, {}).values():
            for table, number in by_table.items():
                totals[table] = totals.get(table, 0) + number
        return {table: number for table, number in totals.items() if number}

    def _reach(self) -> None:
        if self.down:
            raise ServiceUnavailable("Redis is down")
