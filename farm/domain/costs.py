"""What fish cost beside feed, and what they bring, as configured in ``config/parameters/costs.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field

from farm.domain.quantity import Strict, unit


class Costs(Strict):
    """``costs.toml``."""

    #: Price of an eyed egg by geography.
    egg: dict[str, Annotated[float, unit("money/egg"), Field(gt=0)]]

    def strangers(self, *, geographies: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield a key and what is wrong for each name that stands for nothing, or is missing."""
        if set(self.egg) != set(geographies):
            yield "egg", f"must name the geographies {sorted(geographies)}"
