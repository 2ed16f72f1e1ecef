"""The rows found so far, table by table, while a world is being built."""

from __future__ import annotations

from dataclasses import dataclass, field

from farm.domain import world as rows


@dataclass(slots=True)
class Found:
    """The tables that grow from geography to geography. Catalogues are not among them."""

    geography: list[rows.Geography] = field(default_factory=list)
    density_limit: list[rows.DensityLimit] = field(default_factory=list)
    area: list[rows.Area] = field(default_factory=list)
    station: list[rows.Station] = field(default_factory=list)
    hall: list[rows.Hall] = field(default_factory=list)
    site: list[rows.Site] = field(default_factory=list)
    container: list[rows.Container] = field(default_factory=list)
    sensor: list[rows.Sensor] = field(default_factory=list)
    equipment: list[rows.Equipment] = field(default_factory=list)
    feed_store: list[rows.FeedStore] = field(default_factory=list)
    lice_limit: list[rows.LiceLimit] = field(default_factory=list)
    broodstock: list[rows.Broodstock] = field(default_factory=list)
