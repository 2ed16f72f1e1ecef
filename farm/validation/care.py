"""What the checks must know of a scenario's care for fish, as values for their places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from farm.domain.events import CROSSINGS, SPELLS
from farm.domain.scenario import Scenario
from farm.domain.world import Stage


def care_facts(scenario: Scenario) -> Mapping[str, Any]:
    """Return values for the queries' places.

    ``treatments``, ``lab_tests``, ``screenings``, ``vaccines`` and ``settling_tests`` (the test
    that settles the diagnosis of each disease) are lists of objects as JSON, the others are
    numbers of ``care.toml`` and ``laboratory.toml``; ``staff`` is who works where, as JSON.
    """
    biology = scenario.biology
    treating, laboratory = biology.care.treating, biology.laboratory
    return {
        "treatments": json.dumps(
            [
                {**spec.model_dump(mode="json"), "in_feed": spec.in_feed}
                for spec in biology.treatments
            ]
        ),
        "lab_tests": json.dumps([spec.model_dump(mode="json") for spec in laboratory.tests]),
        "screenings": json.dumps(
            [
                {"geography": geography, **rule.model_dump(mode="json")}
                for geography, rules in laboratory.screening.items()
                for rule in rules
            ]
        ),
        "settling_tests": json.dumps(
            [
                {"disease": code, "test": profile.tests[0]}
                for code, profile in biology.diseases.items()
            ]
        ),
        "courses": json.dumps(
            [
                {"disease": code, **profile.course.model_dump(mode="json")}
                for code, profile in biology.diseases.items()
            ]
        ),
        "vaccines": json.dumps(
            [spec.model_dump(mode="json") for spec in biology.vaccines.vaccines]
        ),
        "staff": laboratory.visits.model_dump_json(),
        "health_fish": scenario.observation.health.fish,
        "gills_affected_from": scenario.observation.health.affected_from,
        "feeding_methods": [
            getattr(scenario.observation.stages, stage).feeding_method if stage.is_fed else None
            for stage in Stage
        ],
        "score_half": biology.vaccines.practice.score_half,
        "egg_weight_g": biology.growth.egg_weight,
        "visit_interval": laboratory.visits.interval,
        "bath_density": treating.density,
        "fading_days": treating.fading_days,
        "deaths_after": treating.deaths_after,
        "lice_after": biology.care.measured_after,
        "recount": treating.recount,
        "lice_act_at": json.dumps(
            {code: min(shares) for code, shares in biology.care.delousing.act_at.items()}
        ),
        "storm": biology.events.storm.model_dump_json(),
        "spell_days": json.dumps({kind: biology.events.spell(kind).most_days for kind in SPELLS}),
        "events_known_after": max(biology.events.crossing(kind).gap_days for kind in CROSSINGS),
    }
