"""Ids of the records that care makes: a place's own, and a running number."""

from __future__ import annotations

from farm.simulation.frame import Place, PlaceKind

#: Ids of a place's records follow its own; each part of care counts its records from 1.
RECORDS_OF_A_PLACE = 100_000


def record_id(place: Place, number: int) -> int:
    """Return the id of a place's record; it fits into 32 bits for places with ids below 10,000.

    Raises:
        ValueError: the place has more records than ids.
    """
    if not 0 < number < RECORDS_OF_A_PLACE:
        raise ValueError(f"{place.kind.name} {place.id}: no id for record {number}")
    return (2 * place.id + (place.kind is PlaceKind.STATION)) * RECORDS_OF_A_PLACE + number
