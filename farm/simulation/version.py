"""The generator's version, where simulation and everything above it look for it."""

from __future__ import annotations

from farm.domain.version import GENERATOR_VERSION

__all__ = ["GENERATOR_VERSION"]
