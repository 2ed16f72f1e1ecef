"""What the checks found: verdicts, what was skipped and why, and all of it as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Self

from farm.validation.checks import Check, Group

#: Examples of offenders that are shown.
EXAMPLES = 5

#: What stands in the place of offenders where a check could not be asked, with the reason.
_UNASKED = "could not be asked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one check. Offenders are EXAMPLES at most; ``measured`` counts all."""

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

    @classmethod
    def unasked(cls, check: Check, problem: str) -> Self:
        """Return the verdict on a check that has no answer, and so has failed.

        It counts one problem where there must be none, and what is wrong is its only offender: so
        JSON and `ops.check_result` tell it as they tell every other failure.
        """
        return cls(
            id=check.id,
            group=check.group,
            title=check.title,
            passed=False,
            measured=1.0,
            low=0.0,
            high=0.0,
            unit="problems",
            source=check.source,
            offenders=({_UNASKED: problem},),
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the verdict on the whole from those on its years, in order.

        Offenders add up. A check that could not be asked of one year has no answer.
        """
        unasked = next((part for part in parts if part.problem), None)
        offenders = (offender for part in parts for offender in part.offenders)
        return unasked or replace(
            parts[0],
            passed=all(part.passed for part in parts),
            measured=sum(part.measured for part in parts),
            offenders=tuple(islice(offenders, EXAMPLES)),
        )

    @property
    def problem(self) -> str | None:
        """Why the check could not be asked; None where it was."""
        return self.offenders[0].get(_UNASKED) if self.offenders else None

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as JSON data: exact decimals as floats, and as text what JSON lacks.

        That is days, instants, and numbers that are none.
        """
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
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    is_json = value is None or isinstance(value, bool | int | float | str)
    is_number = not isinstance(value, float) or math.isfinite(value)
    return value if is_json and is_number else str(value)
