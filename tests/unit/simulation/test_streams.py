from __future__ import annotations

import pytest

from farm.simulation.streams import ADDRESS_WORDS, Decision, Streams, decision_word


def test_no_two_decisions_share_a_word():
    words = {decision_word(decision) for decision in Decision}
    assert len(words) == len(Decision)


def test_a_stream_depends_on_nothing_but_seed_decision_and_address():
    first = Streams(7).at(Decision.DEATHS, 1, 2, 3).random(5).tolist()
    busy = Streams(7)
    busy.at(Decision.APPETITE, 1).random(100)
    assert busy.at(Decision.DEATHS, 1, 2, 3).random(5).tolist() == first


@pytest.mark.parametrize(
    ("seed", "decision", "address"),
    [
        (8, Decision.DEATHS, (1, 2, 3)),
        (7, Decision.FRAILTY, (1, 2, 3)),
        (7, Decision.DEATHS, (1, 2, 4)),
        (7, Decision.DEATHS, (2, 1, 3)),
        (7, Decision.DEATHS, (1, 2, 3, 0)),
        (7, Decision.DEATHS, (1, 2)),
    ],
)
def test_every_part_of_an_address_counts(seed, decision, address):
    first = Streams(7).at(Decision.DEATHS, 1, 2, 3).random(5).tolist()
    assert Streams(seed).at(decision, *address).random(5).tolist() != first


@pytest.mark.parametrize("word", [-1, 2**32])
def test_words_of_an_address_fit_into_32_bits(word):
    with pytest.raises(ValueError, match="32-bit"):
        Streams(1).at(Decision.DEATHS, word)


def test_an_address_has_a_limited_length():
    Streams(1).at(Decision.DEATHS, *range(ADDRESS_WORDS))
    with pytest.raises(ValueError, match="at most"):
        Streams(1).at(Decision.DEATHS, *range(ADDRESS_WORDS + 1))
