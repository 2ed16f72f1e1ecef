"""Scores that are drawn along with others are those of their own addresses."""

from __future__ import annotations

from farm.simulation.serial_scores import SerialScores
from farm.simulation.streams import Decision, Streams


def test_a_score_is_that_of_its_id_whatever_is_drawn_along():
    streams, decision = Streams(5), Decision.TREATMENT_HARM
    scores = SerialScores(streams, decision)
    asked = [[200_001], [200_063, 200_064], [200_001, 300_007, 200_065], [], [1]]

    assert [scores.of(ids) for ids in asked] == [
        [streams.at(decision, each).standard_normal() for each in ids] for ids in asked
    ]
