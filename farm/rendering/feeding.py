"""Feeding events: a day's feed, split into meals that sum to it to the gram and to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.observation import Meals
from farm.errors import ContractBroken
from farm.rendering.almanac import MonthDays
from farm.rendering.days import Days
from farm.rendering.epoch import DAY_US, MINUTE_US
from farm.rendering.groups import numbered
from farm.rendering.layout import Layout
from farm.rendering.table import Table, Words


def feeding_rows(layout: Layout, stage_id: NDArray[Any], feed_g: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many meals each day has: as usual for the stage, but none below one gram."""
    meals: NDArray[np.int64] = np.minimum(layout.meals.take(stage_id), feed_g)
    return meals


def feedings(layout: Layout, days: Days, chance: Generator) -> Table:
    """Return `feeding_event` for the days with feed, ordered by assignment and time.

    Every meal is at least one gram. The meals of a day sum exactly to its ``feed_g`` and cost
    exactly its ``feed_cents``, each within a cent of its share.

    Raises ContractBroken where eggs are fed, feed is of no type, or a place has no feed store.
    """
    fed = (days["feed_g"] > 0).nonzero()[0]
    feed_g, feed_type, stage = (
        days[name].take(fed) for name in ("feed_g", "feed_type_id", "lifecycle_stage_id")
    )
    container = days.container.take(fed)
    store = layout.containers.feed_store_id.take(container)
    number = feeding_rows(layout, stage, feed_g)
    _check(days, number, feed_type, store)

    def each(of_day: NDArray[Any]) -> NDArray[Any]:
        """Return for each meal what is so all day, by the last axis."""
        return of_day.repeat(number, axis=-1)

    first, meal = number.cumsum() - number, numbered(number)
    jitter, size = chance.random((2, len(meal)))

    spec, at_sea = layout.observation.meals, layout.containers.is_sea.take(container)
    dawn, light = feeding_day(layout, days.calendar, container, days.of_month.take(fed))
    lost = spec.held_back * np.maximum(1.0 - days["appetite"].take(fed), 0.0)
    biomass = days["biomass_kg"].take(fed)
    biomass[biomass <= 0] = np.inf  # nothing is a percentage of no fish
    early = 0.5 + spec.time_jitter * (2.0 * jitter - 1.0)
    dawn, hours, turn, lost, biomass = each(np.array([dawn, light, light / number, lost, biomass]))
    since_dawn = turn * (meal - 1 + early)
    minute = np.floor((dawn + since_dawn) * 60.0).astype(np.int64)
    all_at_sea = np.count_nonzero(at_sea) == len(at_sea)
    sea = slice(None) if all_at_sea else each(at_sea).nonzero()[0]
    share = _share(spec, since_dawn, hours, sea, size)
    share *= 1.0 - lost * since_dawn / hours
    eaten = _running(share, feed_g, number, first, meal)
    amount = _steps(eaten, first)
    # Whole cents for the first so many grams of the day; both factors are far below 2**31.
    midnight, grams, cents = each(
        np.array([days.day.take(fed) * DAY_US, feed_g, days["feed_cents"].take(fed)])
    )
    return {
        "fed_at": midnight + minute * MINUTE_US,
        "assignment_id": each(days["assignment_id"].take(fed)),
        "feed_store_id": each(store),
        "feed_type_id": each(feed_type),
        "amount_kg": amount,
        "feeding_percent": amount / 10.0 / biomass,
        "method": Words(each(layout.method_codes.take(stage)), layout.feeding_methods),
        "cost": _steps(cents * eaten // grams, first),
    }


def _check(days: Days, number: NDArray[Any], feed_type: NDArray[Any], store: NDArray[Any]) -> None:
    if np.count_nonzero(number) < len(number):
        raise ContractBroken(f"{days}: eggs or alevins were fed")
    if np.count_nonzero(feed_type) < len(feed_type):
        raise ContractBroken(f"{days}: fish were fed, but with no type of feed")
    if np.count_nonzero(store < 0):
        raise ContractBroken(f"{days}: fish were fed where there is no feed store")


def _share(
    spec: Meals,
    since_dawn: NDArray[np.float64],
    light: NDArray[np.float64],
    sea: NDArray[np.int64] | slice,
    uniform: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how large fish of any appetite want each meal to be against the others, above 0.

    Args:
        spec: how meals are split.
        since_dawn: hours since feeding could begin.
        light: hours of that day in which fish can be fed.
        sea: the meals of fish that see dawn and dusk.
        uniform: chance of each meal.
    """
    # A uniform number of standard deviation 1 lies within sqrt(3) of its mean: below a variation of
    # one half, every share is positive.
    share: NDArray[np.float64] = 1.0 + spec.size_cv * np.sqrt(3.0) * (2.0 * uniform - 1.0)
    since = since_dawn[sea]
    if len(since):
        twilight = np.exp(-since / spec.twilight) * spec.morning
        twilight += np.exp((since - light[sea]) / spec.twilight) * spec.evening
        share[sea] *= 1.0 + twilight
    return share


def _running(
    share: NDArray[np.float64],
    feed_g: NDArray[np.int64],
    number: NDArray[np.int64],
    first: NDArray[np.int64],
    meal: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the whole grams of its day that have been eaten when each meal is over.

    One gram a meal is set aside; the rest is cut at the rounded running total of the meals' shares,
    so that no gram is lost or made, and no meal is empty.
    """
    running: NDArray[np.float64] = share.cumsum()
    last = first + number - 1
    before = running.take(first) - share.take(first)
    whole = running.take(last) - before
    rest = feed_g - number
    before, whole, left = np.array([before, whole, rest]).repeat(number, axis=1)
    running -= before
    running /= whole
    running *= left
    eaten: NDArray[np.int64] = np.rint(running).astype(np.int64)
    eaten[last] = rest
    eaten += meal
    return eaten


def _steps(running: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each meal adds to the running total of its day."""
    step = running.copy()
    step[1:] -= running[:-1]
    step[first] = running.take(first)
    return step


def feeding_day(
    layout: Layout, month: MonthDays, container: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the hour (UTC) at which feeding may begin in each container and day, and for how long.

    Under lamps on land, in daylight at sea. Days are places in the month.
    """
    light = layout.observation.light
    dawn = np.full(len(day), light.lamps_on)
    hours = np.full(len(day), light.lamps_off - light.lamps_on)
    at_sea = layout.containers.is_sea.take(container).nonzero()[0]
    if len(at_sea):
        daylight = _daylight(layout, month, container.take(at_sea), day.take(at_sea))
        dawn[at_sea], hours[at_sea] = daylight
    return dawn, hours


def _daylight(
    layout: Layout, month: MonthDays, container: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the hour (UTC) at which daylight begins, and for how long there is some.

    From sunrise to sunset, where the sun stands 0.833 degrees below the horizon, without the
    equation of time; no shorter or longer than the observation allows, and always within the UTC
    day.
    """
    light, places = layout.observation.light, layout.containers
    latitude = np.radians(places.latitude.take(container))
    height = np.sin(np.radians(-0.833)) - np.sin(latitude) * month.sun_sine.take(day)
    height /= np.cos(latitude) * month.sun_cosine.take(day)
    half_turn = np.arccos(_within(height, -1.0, 1.0))
    hours = _within(
        half_turn * (24.0 / np.pi), light.shortest_feeding_day, light.longest_feeding_day
    )
    half = hours / 2
    noon = _within(12.0 - places.longitude.take(container) / 15.0, half, 24.0 - half)
    return noon - half, hours


def _within(
    value: NDArray[np.float64],
    least: float | NDArray[np.float64],
    most: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    clipped: NDArray[np.float64] = np.minimum(np.maximum(value, least), most)
    return clipped
