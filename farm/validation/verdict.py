"""What the checks found: verdicts, what was skipped and why, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from farm.validation.checks import Group


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one check. Offenders are examples, at most five; ``measured`` counts all."""

    id: str
    group: Group
    title: str
    passed: bool
    measured: float
    low: float
    high: float
    unit: str
    source: str
    offenders: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as JSON data: days and instants as text, exact decimals as floats."""
        offenders = [{k: _plain(v) for k, v in row.items()} for row in self.offenders]
        return {**asdict(self), "group": self.group.value, "offenders": offenders}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that this data is too small, or not made, to answer."""

    id: str
    group: Group
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Validation:
    """A run of all checks. ``session`` is the one looked at, None for all that are completed."""

    session: int | None
    verdicts: tuple[Verdict, ...]
    skipped: tuple[Skipped, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The checks that did not pass."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `farm validate --json`."""
        return {
            "passed": len(self.verdicts) - len(self.failed),
            "failed": len(self.failed),
            "skipped": len(self.skipped),
            "checks": [verdict.as_json() for verdict in self.verdicts],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
