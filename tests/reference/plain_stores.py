"""Feed stores told in plain loops: lots in lists, one gram as good as the next, oldest lots first.

Written from what is promised of stores, not from their code. Every movement of feed is written into
one journal, and the months are added up from it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass
class Lot:
    """A lot: what is left of it, and who took how much of it at what cost."""

    store: int
    kind: int
    number: int
    delivered: int
    expires: int
    grams: int
    cost: int
    left: int
    discarded: int = 0
    discarded_on: int | None = None

    def take(self, grams: int) -> int:
        """Take grams out; return what they cost: what is gone is worth whole cents, cut off."""
        gone = self.grams - self.left
        self.left -= grams
        return self.cost * (gone + grams) // self.grams - self.cost * gone // self.grams

    @property
    def worth(self) -> int:
        """What is left cost."""
        return self.cost - self.cost * (self.grams - self.left) // self.grams


@dataclass
class PlainStores:
    """Stores of so many grams each."""

    capacity: list[int]
    lots: list[Lot] = field(default_factory=list)
    #: Day, store, feed type, what happened (delivered, consumed, discarded) and grams.
    journal: list[tuple[int, int, int, str, int]] = field(default_factory=list)
    #: Day, store, number of the lot, container, grams, cents.
    draws: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    #: Day, store, feed type, wanted and fed.
    shortages: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    #: Month, store, feed type: grams at its end and what they cost.
    closings: dict[tuple[date, int, int], tuple[int, int]] = field(default_factory=dict)

    def put(
        self, store: int, kind: int, number: int, grams: int, price: int, day: int, expires: int
    ) -> int:
        """Unload what there is room for; a price is in 1/10,000 per kg."""
        held = sum(lot.left for lot in self.lots if lot.store == store)
        grams = min(grams, self.capacity[store] - held)
        if grams <= 0:
            return 0
        per_kg = Decimal(price) / 10_000
        cost = (Decimal(grams) / 1000 * per_kg).quantize(Decimal("0.01"), ROUND_HALF_UP)
        self.lots.append(Lot(store, kind, number, day, expires, grams, int(cost * 100), left=grams))
        self.journal.append((day, store, kind, "delivered", grams))
        return grams

    def expire(self, day: int) -> None:
        """Throw away what has expired by this morning."""
        for lot in self.lots:
            if lot.expires <= day:
                self._throw(lot, day)

    def discard(self, store: int, kind: int, day: int) -> None:
        """Throw away all of a feed."""
        for lot in self.lots:
            if (lot.store, lot.kind) == (store, kind):
                self._throw(lot, day)

    def feed(self, day: int, wishes: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """Feed containers; a wish is store, feed type and grams. Return grams and cents for each.

        Where there is too little, the first n containers get together what their wishes are of all
        wishes, in whole grams.
        """
        fed = [(0, 0)] * len(wishes)
        for store, kind in sorted({wish[:2] for wish in wishes if wish[2]}):
            line = [i for i, wish in enumerate(wishes) if wish[:2] == (store, kind) and wish[2]]
            queue = [lot for lot in self.lots if (lot.store, lot.kind) == (store, kind)]
            queue.sort(key=lambda lot: (lot.delivered, lot.number))
            wanted = sum(wishes[i][2] for i in line)
            there = min(wanted, sum(lot.left for lot in queue))
            if there < wanted:
                self.shortages.append((day, store, kind, wanted, there))
            asked = given = 0
            for i in line:
                asked += wishes[i][2]
                mine = asked * there // wanted - given
                given += mine
                fed[i] = (mine, self._serve(day, queue, i, mine))
            self.journal.append((day, store, kind, "consumed", given))
        return fed

    def _serve(self, day: int, queue: list[Lot], container: int, grams: int) -> int:
        """Take grams from the oldest lots for one container; return what they cost."""
        cost = 0
        for lot in queue:
            part = min(grams, lot.left)
            if part:
                cents = lot.take(part)
                self.draws.append((day, lot.store, lot.number, container, part, cents))
                grams -= part
                cost += cents
        return cost

    def end_month(self, first: date) -> None:
        """Count what is there."""
        for lot in self.lots:
            key = (first, lot.store, lot.kind)
            grams, worth = self.closings.get(key, (0, 0))
            self.closings[key] = (grams + lot.left, worth + lot.worth)

    def moved(self, first: date, store: int, kind: int, what: str) -> int:
        """Return the grams that were moved in a month."""
        return sum(
            grams
            for day, at, feed, how, grams in self.journal
            if (at, feed, how) == (store, kind, what)
            and date.fromordinal(day).replace(day=1) == first
        )

    def _throw(self, lot: Lot, day: int) -> None:
        if lot.left:
            self.journal.append((day, lot.store, lot.kind, "discarded", lot.left))
            lot.discarded, lot.discarded_on, lot.left = lot.left, day, 0
