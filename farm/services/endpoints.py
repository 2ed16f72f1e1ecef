"""Where the two servers are."""

from __future__ import annotations

from dataclasses import dataclass, field

from farm.settings.secrets import mask


@dataclass(frozen=True, slots=True)
class Endpoints:
    """URLs with their passwords: for connecting, and never for showing."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)

    def __str__(self) -> str:
        return f"{mask(self.database_url)} {mask(self.redis_url)}"
