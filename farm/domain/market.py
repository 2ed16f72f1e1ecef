"""Markets: what prices that stray have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence


def noise(scores: Sequence[float], log_sd: float, persistence: float) -> float:
    """Return what noise makes of a price: mean 1.

        exp(sd * x - sd^2 / 2),  x = sum_k persistence^k z_k / sqrt(sum_k persistence^(2k))

    x is the score of an AR(1) series that forgets what is older than the scores given, so it is
    the same whoever asks, without any series being carried along.

    Args:
        scores: independent standard normal scores z, that of the month itself first.
        log_sd: of the logarithm of the price.
        persistence: from month to month.
    """
    weights = [persistence**age for age in range(len(scores))]
    # Summed exactly, so that every machine finds the same bits.
    score = math.fsum(w * z for w, z in zip(weights, scores, strict=True))
    score /= math.sqrt(math.fsum(w * w for w in weights))
    return math.exp(log_sd * score - 0.5 * log_sd * log_sd)
