from __future__ import annotations

import numpy as np
import pytest
from numpy.random import PCG64DXSM, Generator, SeedSequence

from farm.simulation.seeding import Ready, seed_words
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


@pytest.mark.parametrize(
    "addresses", [[(0, 1, 2), (2**32 - 1, 0, 7)], [(5,)], [(1, 2, 3, 4, 5, 6)]]
)
@pytest.mark.parametrize("seed", [0, 42, 2**63 - 1])
def test_many_streams_made_at_once_are_those_made_one_by_one(seed, addresses):
    streams = Streams(seed)
    together = list(streams.along(Decision.DEATHS, addresses))
    one_by_one = [streams.at(Decision.DEATHS, *address) for address in addresses]
    assert [s.random(9).tolist() for s in together] == [s.random(9).tolist() for s in one_by_one]


@pytest.mark.parametrize("bad", [(-1,), (2**32,), tuple(range(ADDRESS_WORDS + 1))])
def test_bad_addresses_are_refused_also_among_many(bad):
    with pytest.raises(ValueError, match="word"):
        list(Streams(1).along(Decision.DEATHS, [bad]))


def test_no_places_have_no_streams():
    assert list(Streams(1).along(Decision.DEATHS, [])) == []


@pytest.mark.parametrize("length", [1, 3, 8])
@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**63 - 1, 2**128 - 1])
def test_seeds_made_together_are_those_of_numpy(seed, length):
    keys = np.random.Generator(np.random.PCG64(1)).integers(
        0, 2**32, size=(50, length), dtype=np.uint32
    )
    for key, words in zip(keys.tolist(), seed_words(seed, keys), strict=True):
        numpys = SeedSequence(seed, spawn_key=tuple(key)).generate_state(4, np.uint64)
        assert words.tolist() == numpys.tolist()


def test_words_before_all_keys_are_words_of_each():
    keys = np.arange(15, dtype=np.uint32).reshape(5, 3)
    whole = np.concatenate([np.full((5, 2), [4, 2**32 - 1], dtype=np.uint32), keys], axis=1)
    assert np.array_equal(seed_words(9, keys, (4, 2**32 - 1)), seed_words(9, whole))


def test_a_seed_worked_out_for_one_generator_serves_no_other():
    with pytest.raises(ValueError, match="4 words of 64 bits"):
        Ready(np.zeros((1, 4), dtype=np.uint64)).generate_state(8, np.uint64)


@pytest.mark.parametrize("seed", [0, 42, 2**63 - 1])
@pytest.mark.parametrize("address", [(), (5,), (1, 2**32 - 1, 0, 7)])
def test_a_stream_is_seeded_by_its_address_as_a_spawn_key_of_numpy(seed, address):
    filled = (*address, *(0,) * (ADDRESS_WORDS - len(address)))
    key = (decision_word(Decision.DEATHS), len(address), *filled)
    numpys = Generator(PCG64DXSM(SeedSequence(seed, spawn_key=key)))
    assert Streams(seed).at(Decision.DEATHS, *address).random(5).tolist() == (
        numpys.random(5).tolist()
    )


@pytest.mark.parametrize("many", [1, 4, 5, 40])
def test_few_streams_are_made_like_many(many):
    streams = Streams(3)
    addresses = [(number, 7) for number in range(many)]
    together = [s.random() for s in streams.along(Decision.APPETITE, addresses)]
    assert together == [streams.at(Decision.APPETITE, *each).random() for each in addresses]
