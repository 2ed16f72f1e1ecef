"""Streams that are seeded together are those of their addresses, whatever was asked before."""

from __future__ import annotations

from farm.domain.calendar import Month
from farm.rendering.chances import AREA_PARTS, BatchChances, Chances
from farm.simulation.streams import Decision, Streams

STREAMS = Streams(20_150_101)
DECISIONS = (
    Decision.FISH_SAMPLE,
    Decision.LICE_ON_FISH,
    Decision.READINGS,
    Decision.MEALS,
    Decision.HEALTH_SAMPLE,
)
MARCH, APRIL = Month(2016, 3), Month(2016, 4)


def test_every_stream_is_that_of_its_decision_and_address() -> None:
    chances = Chances(STREAMS, [7, 300_000], [1, 2])

    for batch, month in ((300_000, MARCH), (7, APRIL), (7, MARCH), (7, MARCH)):
        found = chances.of_batch(batch, month)
        expected = BatchChances(*(STREAMS.at(one, batch, month.index) for one in DECISIONS))
        assert [one.random() for one in found] == [one.random() for one in expected]
    for area, month in ((2, APRIL), (1, MARCH)):
        assert [one.random() for one in chances.of_area(area, month)] == [
            STREAMS.at(Decision.AREA_READINGS, area, month.index, part).random()
            for part in range(AREA_PARTS)
        ]


def test_a_plan_may_have_no_batches_or_no_areas() -> None:
    assert len(Chances(STREAMS, [], [1]).of_area(1, MARCH)) == AREA_PARTS
    assert len(Chances(STREAMS, [1], []).of_batch(1, MARCH)) == len(DECISIONS)
