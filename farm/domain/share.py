"""Shares of a whole."""

from __future__ import annotations

from typing import Any

import numpy as np


def bounded(share: Any) -> Any:
    """Return shares within [0, 1]: what is beyond is at the bound.

    As ``numpy.clip``, whose checks take several times as long as this on the arrays of a day.
    """
    return np.minimum(np.maximum(share, 0.0), 1.0)
