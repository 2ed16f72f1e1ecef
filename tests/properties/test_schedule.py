from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from farm.domain.scenario import Scenario
from farm.errors import ProgrammeImpossible
from farm.settings.scenarios import load_scenario
from farm.simulation.scheduler import make_plan
from tests.properties.plan_promises import assert_sound

CONFIG = Path(__file__).parents[2] / "config"


@cache
def smoke() -> dict[str, object]:
    return load_scenario("smoke", CONFIG).dump()


@st.composite
def small_scenarios(draw: st.DrawFn) -> Scenario:
    """A company in one geography with few containers and a programme that may or may not fit."""
    data = Scenario.restore(smoke()).dump()
    which = draw(st.integers(0, 1))
    data["geographies"] = [data["geographies"][which]]
    company = data["outline"]["companies"][which]
    data["outline"] |= {
        "seed": draw(st.integers(0, 2**63 - 1)),
        "sessions": draw(st.lists(st.integers(1, 14), min_size=1, max_size=3)),
        "companies": [company],
    }
    for field in company["facilities"]:
        few = field in {"hatcheries", "nurseries", "smolt_facilities"}
        company["facilities"][field] = draw(st.integers(1, 2 if few else 6))
    eggs = draw(st.integers(20_000, 600_000))
    company["programme"] = {
        "target_active_batches": draw(st.floats(0.5, 6)),
        "eggs_min": eggs,
        "eggs_max": eggs + draw(st.integers(0, 100_000)),
        "ramp": draw(st.lists(st.floats(0.5, 2), min_size=1, max_size=3)),
    }
    return Scenario.restore(data)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_scenarios())
def test_a_programme_is_booked_soundly_or_refused_in_one_line(scenario):
    try:
        plan = make_plan(scenario)
    except ProgrammeImpossible as refused:
        event("refused")
        reason = str(refused)
    else:
        event(f"{min(len(plan.batches), 4)} batches or more")
        assert plan.batches
        assert_sound(scenario, plan)
        return
    assert "bottleneck" in reason
    assert "\n" not in reason
