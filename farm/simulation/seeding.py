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
_MIX_L, _MIX_R = np.uint32(0xCA01_F9DD), np.uint32(0x4973_F715)
_SHIFT = np.uint32(16)


class Ready(ISeedSequence):
    """A seed that is already worked out, for one bit generator that takes four words of 64 bits."""

    __slots__ = ("_words",)

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint64) -> NDArray[Any]:
        """Return the words; raises ValueError when others are asked for."""
        if n_words != len(self._words) or np.dtype(dtype) != self._words.dtype:
            raise ValueError(f"{len(self._words)} words of 64 bits, not {n_words} of {dtype}")
        return self._words


@cache
def _powers(constant: int, factor: int, uses: int) -> Words:
    """Return a hash's constant before the first use and after each of them."""
    constants = [constant]
    for _ in range(uses):
        constants.append(constants[-1] * factor & _BITS)
    return np.array(constants, dtype=np.uint32)


class _Hash:
    """A hash whose constant changes with every use."""

    def __init__(self, constant: int, factor: int) -> None:
        self.constant, self._factor = constant, factor

    def __call__(self, words: Words, shape: tuple[int, ...]) -> Words:
        """Hash ``words`` once for each element of ``shape``, which they are broadcast to.

        The last axis of ``words`` is that of the keys: a use is one for all keys.
        """
        series = _powers(self.constant, self._factor, math.prod(shape))
        self.constant = int(series[-1])
        hashed = words ^ series[:-1].reshape(*shape, 1)
        hashed *= series[1:].reshape(*shape, 1)
        hashed ^= hashed >> _SHIFT
        return hashed


def seed_words(seed: int, keys: Words) -> NDArray[np.uint64]:
    """Return the words that seed the stream of each key, shape (keys, 4).

    Row by row ``SeedSequence(seed, spawn_key=key).generate_state(4, numpy.uint64)``.

    Args:
        seed: below 2**128.
        keys: one key a row, at least one word each.
    """
    pool, constant = _seeded(seed)
    mix_in = _Hash(constant, _MULT_A)
    for share in mix_in(keys.T[:, None], (keys.shape[1], _POOL)) * _MIX_R:
        pool = _mixed(pool, share)
    draw = _Hash(_INIT_B, _MULT_B)
    drawn = draw(np.concatenate([pool, pool]), (2 * _POOL,)).T
    return np.ascontiguousarray(drawn).astype("<u4").view("<u8").astype(np.uint64)


@cache
def _seeded(seed: int) -> tuple[Words, int]:
    """Return the pool before any key, in one column, and how far its hash has come."""
    mix_in = _Hash(_INIT_A, _MULT_A)
    entropy = np.array([seed >> 32 * n & _BITS for n in range(_POOL)], dtype=np.uint32)
    pool = mix_in(entropy[:, None], (_POOL,))
    for source in range(_POOL):
        others = [target for target in range(_POOL) if target != source]
        share = mix_in(pool[source], (_POOL - 1,)) * _MIX_R
        pool[others] = _mixed(pool[others], share)
    return pool, mix_in.constant


def _mixed(pool: Words, share: Words) -> Words:
    """Return a pool with something mixed in that was hashed and multiplied with its constant."""
    mixed = pool * _MIX_L - share
    mixed ^= mixed >> _SHIFT
    return mixed
