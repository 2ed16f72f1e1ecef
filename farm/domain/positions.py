"""Positions on the earth, taken as a sphere: good to a few tenths of a percent over a geography."""

from __future__ import annotations

from math import asin, cos, pi, radians, sin, sqrt

#: Mean radius of the earth (IUGG).
EARTH_RADIUS_M = 6_371_009.0

#: Latitude and longitude in degrees north and east.
LatLon = tuple[float, ...]


def distance_m(one: LatLon, other: LatLon) -> float:
    """Return the distance between two positions in metres, by the haversine formula."""
    north = radians(other[0] - one[0])
    east = radians(other[1] - one[1])
    half = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def moved(position: LatLon, north_m: float, east_m: float) -> tuple[float, float]:
    """Return the position so many metres north and east of another one, for a few kilometres."""
    degrees = 180 / (pi * EARTH_RADIUS_M)
    latitude, longitude = position
    return latitude + north_m * degrees, longitude + east_m * degrees / cos(radians(latitude))
