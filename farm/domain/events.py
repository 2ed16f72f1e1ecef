"""What goes wrong at sea sites: the kinds of `site_event`."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property


class SiteEventKind(StrEnum):
    """Kinds of site events. Arrays by kind are in this order."""

    STORM = "storm"
    HEAT_WAVE = "heat_wave"
    COLD_SPELL = "cold_spell"
    HYPOXIA = "hypoxia"
    ALGAL_BLOOM = "algal_bloom"
    JELLYFISH = "jellyfish"

    @cached_property
    def row(self) -> int:
        """The kind's row in every array by kind."""
        return list(SiteEventKind).index(self)


#: Rows of arrays by kind.
KINDS = len(SiteEventKind)

#: Kinds that come and go by themselves, and kinds that the weather and the sea cross into.
SPELLS = (SiteEventKind.HYPOXIA, SiteEventKind.ALGAL_BLOOM, SiteEventKind.JELLYFISH)
CROSSINGS = (SiteEventKind.STORM, SiteEventKind.HEAT_WAVE, SiteEventKind.COLD_SPELL)
