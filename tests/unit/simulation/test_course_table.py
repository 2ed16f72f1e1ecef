"""The table of courses against plain loops over slots and containers."""

from __future__ import annotations

import numpy as np
import pytest

from farm.simulation.care.course_table import (
    FREE,
    PLANNED,
    REAL,
    RUNNING,
    SLOTS,
    WAITING,
    WHOLE,
    CourseTable,
    nothing,
)
from farm.simulation.state import Own

CONTAINERS = 7

#: The second of three types gives way to the others.
GIVES_WAY = np.asarray([False, True, False])


def rows_of(own: Own, phase: int) -> list[int]:
    found = np.argwhere(own["phase"] == phase).tolist()
    return [slot * CONTAINERS + container for slot, container in found]


def is_open(own: Own, container: int, *, gives_way: bool) -> bool:
    """Whether a course could be planned in a container."""
    phases, kinds = own["phase"][:, container].tolist(), own["kind"][:, container].tolist()
    in_the_way = [
        phase in {PLANNED, RUNNING} and (gives_way or not GIVES_WAY[kind])
        for phase, kind in zip(phases, kinds, strict=True)
    ]
    return FREE in phases and not any(in_the_way)


def compare(table: CourseTable, own: Own) -> None:
    for phase in (FREE, PLANNED, RUNNING, WAITING):
        assert table.rows(phase).tolist() == rows_of(own, phase)
    for gives_way in (False, True):
        expected = [is_open(own, each, gives_way=gives_way) for each in range(CONTAINERS)]
        found = [table.is_open(each, gives_way=gives_way) for each in range(CONTAINERS)]
        assert found == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_is_known_of_the_table_follows_every_change_of_phase(seed: int) -> None:
    chance = np.random.default_rng(seed)
    own = nothing(CONTAINERS)
    table = CourseTable(own, GIVES_WAY)
    for _ in range(40):
        kind = int(chance.integers(3))
        gives_way = bool(GIVES_WAY[kind])
        able = [each for each in range(CONTAINERS) if table.is_open(each, gives_way=gives_way)]
        chosen = chance.permutation(able)[: chance.integers(1, 4)].tolist()
        free = table.free_rows(chosen)
        first = [own["phase"][:, each].tolist().index(FREE) for each in chosen]
        assert free.tolist() == [s * CONTAINERS + c for s, c in zip(first, chosen, strict=True)]
        table.plan(free, kind)
        compare(table, own)
        for phase, following in ((WAITING, FREE), (RUNNING, WAITING), (PLANNED, RUNNING)):
            rows = table.rows(phase)
            moved = rows[chance.random(rows.size) < 0.4]
            if following == FREE:
                table.wipe(moved)
            else:
                table.enter(following, moved)
            compare(table, own)


def test_columns_are_views_of_the_arrays_in_the_state() -> None:
    own = nothing(CONTAINERS)
    own["phase"][2, 3], own["hazard"][2, 3] = RUNNING, 0.25
    names = list(own)
    table = CourseTable(own, GIVES_WAY)
    row = 2 * CONTAINERS + 3
    assert (table.rows(RUNNING).tolist(), table.container[row]) == ([row], 3)
    assert list(own) == names
    assert all(array.shape == (SLOTS, CONTAINERS) for array in own.values())

    table.deaths[row] = 9
    kept = table.excerpt(np.asarray([row]))
    course = dict(zip((*WHOLE, *REAL), (*kept.whole[0], *kept.real[0]), strict=True))
    assert (kept.phase[0], course["deaths"], course["hazard"]) == (RUNNING, 9, 0.25)
    assert own["deaths"][2, 3] == 9

    table.wipe(np.asarray([row]))
    assert not any(array.any() for array in own.values())
    # An excerpt stays as it is.
    assert kept.real[0, REAL.index("hazard")] == 0.25


def test_all_are_in_the_way_of_a_course_that_gives_way() -> None:
    table = CourseTable(nothing(CONTAINERS), GIVES_WAY)
    table.plan(np.asarray([1]), 0)
    table.plan(np.asarray([2]), 1)
    closed = [
        [each for each in range(CONTAINERS) if not table.is_open(each, gives_way=gives_way)]
        for gives_way in (True, False)
    ]
    assert closed == [[1, 2], [1]]
