"""How feed is bought and kept, as configured in ``config/parameters/feed.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field

from farm.domain.quantity import Strict, unit


class FeedTrade(Strict):
    """``feed.toml``."""

    #: Days from delivery for which feed may be fed.
    shelf_life: Annotated[int, unit("day"), Field(ge=30, le=1000)]

    def strangers(
        self, *, geographies: Collection[str], suppliers: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield a key and what is wrong for each name that stands for nothing, or is missing."""
        yield from ()
