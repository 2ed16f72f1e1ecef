"""Clearing: when the last fish of a site are gone, its barge is emptied and washed.

The next generation comes with another pellet, and nothing of the old one stays at a fallow site.
"""

from __future__ import annotations

import numpy as np

from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame
from farm.simulation.process import Today
from farm.simulation.state import Own, State


class Clearing:
    """Those who clear barges.

    ``own``: ``last`` day with fish at each store, as an ordinal, 0 for never.
    """

    name = "feed_clearing"

    def __init__(self, trade: FeedTrade, frame: Frame, stores: Stores) -> None:
        self._after, self._frame, self._stores = trade.cleared, frame, stores
        at_sea = [store.site_id is not None for store in frame.feed_stores]
        self._barge = np.asarray(at_sea, dtype=np.bool_)
        # The containers whose fish are fed, and the store of each.
        self._fed = np.flatnonzero(frame.store_of >= 0)
        self._fed_from = frame.store_of[self._fed]

    def begin(self) -> Own:
        """Return that no store ever had fish."""
        return {"last": np.zeros(len(self._frame.feed_stores), dtype=np.int64)}

    def work(self, today: Today, state: State) -> None:
        """Discard what is left where the fish have been gone for the days that it takes."""
        last = state.own[self.name]["last"]
        last[self._fed_from[state.population[self._fed] > 0]] = today.ordinal
        due = self._barge & (last == today.ordinal - self._after)
        if np.count_nonzero(due):
            kinds = len(self._frame.feed_types)
            where = due[:, np.newaxis].repeat(kinds, axis=1)
            self._stores.discard(where, today, state.own[self._stores.name])
