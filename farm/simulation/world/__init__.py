"""The world of a scenario: every place, container, sensor, machine and catalogue row.

Ids are arithmetic. A geography's id is its position from 1; areas, stations and sites are numbered
within it, hatcheries from 101, nurseries from 201, smolt facilities from 301, sites from 501; halls
add the stage; containers add the stage and a number. One more container, station or site never
changes the id or code of another one:

    area            geography * 100 + number
    density limit   geography * 100 + number
    station, site   geography * 1_000 + number
    hall            station * 10 + stage
    container       (station or site) * 10_000 + stage * 1_000 + number
    sensor          (container or site) * 10 + parameter
    equipment       (container, site or station) * 10 + kind
    feed store      hall or site
"""

from farm.simulation.world.build import build_world

__all__ = ["build_world"]
