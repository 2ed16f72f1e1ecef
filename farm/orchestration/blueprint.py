"""A scenario with everything computed from it once: the same in every process that works on it."""

from __future__ import annotations

from typing import NamedTuple

from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.rendering.layout import Layout
from farm.simulation.scheduler import make_plan


class Blueprint(NamedTuple):
    """A scenario, its plan, and the plan as rendering needs it.

    ``fingerprint`` is the scenario's as the ledger has it; None where no ledger was asked.
    """

    scenario: Scenario
    plan: Plan
    layout: Layout
    fingerprint: str | None = None

    @classmethod
    def of(cls, scenario: Scenario) -> Blueprint:
        """Return the blueprint of a scenario; raises ProgrammeImpossible if it cannot be booked."""
        plan = make_plan(scenario)
        layout = Layout.of(
            plan,
            scenario.observation,
            scenario.biology.lice.aggregation,
            scenario.seed,
            scenario.horizon.last_day,
        )
        return cls(scenario, plan, layout)
