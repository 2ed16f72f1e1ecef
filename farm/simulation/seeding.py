"""Seeds for many streams at once: what numpy.random.SeedSequence does for one, done for thousands.

The algorithm is that of numpy 1.17 and later, which promises never to change it: M.E. O'Neill's
``seed_seq_fe128`` with four words of entropy, and spawn keys mixed in after the seed.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

Words = NDArray[np.uint32]

_POOL = 4
_BITS = 0xFFFF_FFFF
_INIT_A, _MULT_A = 0x43B0_D7E5, 0x931E_8875
_INIT_B, _MULT_B = 0x8B51_F9DD, 0x58F3_8DED
# Arrays without axes: they are combined with others faster than numpy's scalars.
_MIX_L = np.array(0xCA01_F9DD, dtype=np.uint32)
_MIX_R = np.array(0x4973_F715, dtype=np.uint32)
_SHIFT = np.array(16, dtype=np.uint32)

#: Uses of a pool's hash before the first word of a key: each word of the seed is hashed in, then
#: into every other one.
_OF_SEED = _POOL + _POOL * (_POOL - 1)


class Ready(ISeedSequence):
    """Seeds that are already worked out, of four words of 64 bits each.

    Every bit generator that is made with it gets the next one.
    """

    __slots__ = ("_seeds",)

    def __init__(self, seeds: NDArray[np.uint64]) -> None:
        self._seeds = iter(seeds)

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint64) -> NDArray[Any]:
        """Return the next seed; raises ValueError when it is not of so many words."""
        words: NDArray[np.uint64] = next(self._seeds)
        if n_words != len(words):
            raise ValueError(f"{len(words)} words of 64 bits, not {n_words} of {dtype}")
        return words


def seed_words(seed: int, keys: Words, before: tuple[int, ...] = ()) -> NDArray[np.uint64]:
    """Return the words that seed the stream of each key, shape (keys, 4).

    Row by row ``SeedSequence(seed, spawn_key=(*before, *key)).generate_state(4, numpy.uint64)``.

    Args:
        seed: below 2**128.
        keys: one key a row, at least one word each.
        before: words that come before all of these keys.
    """
    pool = _opened(seed, before)
    uses = _constants(_INIT_A, _MULT_A, _OF_SEED + _POOL * len(before), (keys.shape[1], _POOL))
    for share in _hashed(keys.T[:, np.newaxis], uses) * _MIX_R:
        pool = _mixed(pool, share)
    drawn = _hashed(pool, _constants(_INIT_B, _MULT_B, 0, (2, _POOL))).reshape(2 * _POOL, -1)
    return drawn.T.astype("<u4", order="C").view("<u8").astype(np.uint64, copy=False)


@cache
def _opened(seed: int, before: tuple[int, ...]) -> Words:
    """Return the pool, in one column, with a seed and the words before all keys in it."""
    entropy = np.array([[seed >> 32 * n & _BITS] for n in range(_POOL)], dtype=np.uint32)
    pool = _hashed(entropy, _constants(_INIT_A, _MULT_A, 0, (_POOL,)))
    for source in range(_POOL):
        others = [target for target in range(_POOL) if target != source]
        first = _POOL + source * len(others)
        uses = _constants(_INIT_A, _MULT_A, first, (len(others),))
        pool[others] = _mixed(pool[others], _hashed(pool[source], uses) * _MIX_R)
    for number, word in enumerate(before):
        uses = _constants(_INIT_A, _MULT_A, _OF_SEED + _POOL * number, (_POOL,))
        pool = _mixed(pool, _hashed(np.array([word], dtype=np.uint32), uses) * _MIX_R)
    return pool


@cache
def _constants(
    initial: int, factor: int, first: int, shape: tuple[int, ...]
) -> tuple[Words, Words]:
    """Return what a hash's constant is before and after each use from the ``first`` on.

    The constant changes with every use. ``shape`` is that of the uses; an axis for keys is added.
    """
    uses = range(first, first + math.prod(shape) + 1)
    constants = np.array(
        [initial * pow(factor, use, _BITS + 1) & _BITS for use in uses], dtype=np.uint32
    )
    return constants[:-1].reshape(*shape, 1), constants[1:].reshape(*shape, 1)


def _hashed(words: Words, constants: tuple[Words, Words]) -> Words:
    """Hash ``words``, whose last axis is that of the keys, once with each pair of constants."""
    before, after = constants
    hashed = words ^ before
    hashed *= after
    hashed ^= hashed >> _SHIFT
    return hashed


def _mixed(pool: Words, share: Words) -> Words:
    """Return a pool with something mixed in that was hashed and multiplied with its constant."""
    mixed = pool * _MIX_L - share
    mixed ^= mixed >> _SHIFT
    return mixed
