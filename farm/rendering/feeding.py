"""Feeding events: a day's feed, split into meals that sum to it to the gram and to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.observation import Meals
from farm.errors import ContractBroken
from farm.rendering.arrow import Table, Words
from farm.rendering.days import Days
from farm.rendering.epoch import DAY_MINUTES, MINUTE_US, by_day
from farm.rendering.groups import grouped
from farm.rendering.layout import Layout


def feeding_rows(layout: Layout, stage_id: NDArray[Any], feed_g: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many meals each day has: as usual for the stage, but none below one gram."""
    meals: NDArray[np.int64] = np.minimum(layout.meals[stage_id], feed_g)
    return meals


def feedings(layout: Layout, days: Days, chance: Generator) -> Table:
    """Return `feeding_event` for the days with feed, ordered by assignment and time.

    Every meal is at least one gram. The meals of a day sum exactly to its ``feed_g`` and cost
    exactly its ``feed_cents``, each within a cent of its share.

    Raises ContractBroken where eggs are fed, feed is of no type, or a place has no feed store.
    """
    fed = np.flatnonzero(days["feed_g"] > 0)
    feed_g = days["feed_g"][fed]
    number = feeding_rows(layout, days["lifecycle_stage_id"][fed], feed_g)
    _check(layout, days, fed, number)
    meal_day, first, meal = grouped(number)
    row = fed[meal_day]
    jitter, size = chance.random((2, len(row)))

    dawn, hours = feeding_day(layout, days.container[fed], days.day[fed])
    early = 0.5 + layout.observation.meals.time_jitter * (2.0 * jitter - 1.0)
    light = hours[meal_day]
    since_dawn = light / number[meal_day] * (meal + early)
    minute = np.floor((dawn[meal_day] + since_dawn) * 60.0).astype(np.int64)
    at_sea = layout.containers.is_sea[days.container[row]]
    share = _share(layout.observation.meals, since_dawn, light, at_sea, days["appetite"][row], size)
    eaten = _running(share, feed_g, number, first, meal_day)
    amount = _steps(eaten, first)
    # Whole cents for the first so many grams of the day; both factors are far below 2**31.
    paid = days["feed_cents"][row] * eaten // feed_g[meal_day]
    biomass = days["biomass_kg"][row]
    percent = np.divide(amount / 10.0, biomass, out=np.zeros(len(row)), where=biomass > 0)
    return {
        "fed_at": (days.day[row] * DAY_MINUTES + minute) * MINUTE_US,
        "assignment_id": days["assignment_id"][row],
        "feed_store_id": layout.containers.feed_store_id[days.container[row]],
        "feed_type_id": days["feed_type_id"][row],
        "amount_kg": amount,
        "feeding_percent": percent,
        "method": Words(
            layout.method_codes[days["lifecycle_stage_id"][row]], layout.feeding_methods
        ),
        "cost": _steps(paid, first),
    }


def _check(layout: Layout, days: Days, fed: NDArray[np.int64], number: NDArray[np.int64]) -> None:
    where = f"batch {days.batch_id}, {days.month}"
    if (number == 0).any():
        raise ContractBroken(f"{where}: eggs or alevins were fed")
    if (days["feed_type_id"][fed] == 0).any():
        raise ContractBroken(f"{where}: fish were fed, but with no type of feed")
    if (layout.containers.feed_store_id[days.container[fed]] < 0).any():
        raise ContractBroken(f"{where}: fish were fed where there is no feed store")


def _share(
    spec: Meals,
    since_dawn: NDArray[np.float64],
    light: NDArray[np.float64],
    at_sea: NDArray[np.bool_],
    appetite: NDArray[np.float64],
    uniform: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how large each meal is against the others of its day, above 0.

    Args:
        spec: how meals are split.
        since_dawn: hours since feeding could begin.
        light: hours of that day in which fish can be fed.
        at_sea: whether fish see dawn and dusk.
        appetite: that of the day.
        uniform: chance of each meal.
    """
    # A uniform number of standard deviation 1 lies within sqrt(3) of its mean: below a variation of
    # one half, every share is positive.
    scatter = 1.0 + spec.size_cv * np.sqrt(3.0) * (2.0 * uniform - 1.0)
    twilight = np.exp(-since_dawn / spec.twilight) * spec.morning
    twilight += np.exp((since_dawn - light) / spec.twilight) * spec.evening
    missing = spec.held_back * np.maximum(1.0 - appetite, 0.0)
    share: NDArray[np.float64] = (
        scatter * (1.0 + at_sea * twilight) * (1.0 - missing * since_dawn / light)
    )
    return share


def _running(
    share: NDArray[np.float64],
    feed_g: NDArray[np.int64],
    number: NDArray[np.int64],
    first: NDArray[np.int64],
    meal_day: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the whole grams of its day that have been eaten when each meal is over.

    One gram a meal is set aside; the rest is cut at the rounded running total of the meals' shares,
    so that no gram is lost or made, and no meal is empty.
    """
    running = np.cumsum(share)
    before = (running[first] - share[first])[meal_day]
    last = first + number - 1
    whole = running[last][meal_day] - before
    rest = feed_g - number
    cut = np.rint((running - before) / whole * rest[meal_day]).astype(np.int64)
    cut[last] = rest
    meals_so_far = np.arange(1, len(share) + 1) - first[meal_day]
    eaten: NDArray[np.int64] = cut + meals_so_far
    return eaten


def _steps(running: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each meal adds to the running total of its day."""
    step: NDArray[np.int64] = np.diff(running, prepend=0)
    step[first] = running[first]
    return step


def feeding_day(
    layout: Layout, container: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the hour (UTC) at which feeding may begin in each container and day, and for how long.

    Under lamps on land. At sea from sunrise to sunset, where the sun stands 0.833 degrees below
    the horizon, with Cooper's declination (1969, Solar Energy 12: 333-346) and without the equation
    of time; no shorter or longer than the observation allows, and always within the UTC day.
    """
    light, places = layout.observation.light, layout.containers
    declination = by_day(day, _declination)
    latitude = np.radians(places.latitude[container])
    height = np.sin(np.radians(-0.833)) - np.sin(latitude) * np.sin(declination)
    half_turn = np.arccos(np.clip(height / (np.cos(latitude) * np.cos(declination)), -1.0, 1.0))
    daylight = np.clip(
        half_turn * (24.0 / np.pi), light.shortest_feeding_day, light.longest_feeding_day
    )
    noon = np.clip(12.0 - places.longitude[container] / 15.0, daylight / 2, 24.0 - daylight / 2)
    at_sea = places.is_sea[container]
    dawn = np.where(at_sea, noon - daylight / 2, light.lamps_on)
    return dawn, np.where(at_sea, daylight, light.lamps_off - light.lamps_on)


def _declination(day: NDArray[np.float64]) -> NDArray[np.float64]:
    date = day.astype(np.int64).astype("datetime64[D]")
    of_year = (date - date.astype("datetime64[Y]")).astype(np.int64) + 1
    declination: NDArray[np.float64] = np.radians(23.45) * np.sin(
        2.0 * np.pi * (284 + of_year) / 365.0
    )
    return declination
