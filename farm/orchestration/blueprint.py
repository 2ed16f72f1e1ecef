"""A scenario with everything computed from it once: the same in every process that works on it."""

from __future__ import annotations

from typing import NamedTuple

from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.rendering.layout import Layout
from farm.simulation.scheduler import make_plan


class Blueprint(NamedTuple):
    """A scenario, its plan, and the plan as rendering needs it.

    ``fingerprint`` is the scenario's, by which a ledger knows it.
    """

    scenario: Scenario
    plan: Plan
    layout: Layout
    fingerprint: str

    @classmethod
    def of(cls, scenario: Scenario) -> Blueprint:
        """Return the blueprint of a scenario; raises ProgrammeImpossible if it cannot be booked.

        The last one is kept: a run asks for it several times, and a forked process inherits it.
        """
        fingerprint = scenario.fingerprint()
        if fingerprint not in _LAST:
            made = cls._made(scenario, fingerprint)
            _LAST.clear()
            _LAST[fingerprint] = made
        return _LAST[fingerprint]

    @classmethod
    def _made(cls, scenario: Scenario, fingerprint: str) -> Blueprint:
        plan = make_plan(scenario)
        layout = Layout.of(
            plan,
            scenario.observation,
            scenario.biology.lice.aggregation,
            scenario.seed,
            scenario.horizon.last_day,
        )
        return cls(scenario, plan, layout, fingerprint)


#: The blueprint that was made last, by its fingerprint.
_LAST: dict[str, Blueprint] = {}
