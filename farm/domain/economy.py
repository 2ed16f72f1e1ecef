"""What feeding and selling fish costs and brings: the part of a scenario that is about money."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from farm.domain.costs import Costs
from farm.domain.feed_trade import FeedTrade
from farm.domain.quantity import Strict


class Economy(Strict):
    """All economic parameters of a scenario: ``feed.toml`` and ``costs.toml``."""

    feed: FeedTrade
    costs: Costs

    def strangers(
        self,
        *,
        geographies: Collection[str],
        suppliers: Collection[str],
        weight_classes: Collection[str],
    ) -> Iterator[tuple[str, str]]:
        """Yield a key and what is wrong for each name that stands for nothing, or is missing."""
        for key, problem in self.feed.strangers(geographies=geographies, suppliers=suppliers):
            yield f"feed.{key}", problem
        for key, problem in self.costs.strangers(
            geographies=geographies, weight_classes=weight_classes
        ):
            yield f"costs.{key}", problem
