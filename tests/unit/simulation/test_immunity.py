"""Immunity that is worked out anew where something changed is that of everybody's fish."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from farm.domain.vaccine import VaccineSpec
from farm.simulation.care.immunity import Immunity
from farm.simulation.frame import Floats
from tests.reference.small_farm import biology

CONTAINERS = 6


def plain(
    vaccines: Sequence[VaccineSpec], diseases: Sequence[str], given: Floats, days: Floats
) -> Floats:
    """The protection of each container, one after the other."""
    result = np.zeros((len(diseases), CONTAINERS))
    for row, disease in enumerate(diseases):
        for container in range(CONTAINERS):
            left = 1.0
            for vaccine, share in zip(vaccines, given[:, container], strict=True):
                if days[container] >= vaccine.onset:
                    left *= 1.0 - vaccine.protects.get(disease, 0.0) * share
            result[row, container] = 1.0 - left
    return result


def test_protection_follows_vaccination_mixing_and_degree_days():
    nature, chance = biology(), np.random.default_rng(7)
    vaccines, diseases = nature.vaccines.vaccines, nature.disease_codes
    immunity = Immunity(vaccines, diseases, CONTAINERS)
    given, days = chance.random((len(vaccines), CONTAINERS)), np.zeros(CONTAINERS)
    seen = set()
    for _ in range(200):
        if chance.random() < 0.2:
            at = chance.choice(CONTAINERS, 2, replace=False)
            given[:, at] = chance.random((len(vaccines), 2))
            days[at] = chance.choice([0.0, 300.0])
            immunity.change(at)
        found = immunity.protection(given, days)
        assert (found == plain(vaccines, diseases, given, days)).all()
        seen.add(found.tobytes())
        days += 12.0

    assert len(seen) > 20


def test_who_asked_before_keeps_the_answer():
    nature = biology()
    vaccines = nature.vaccines.vaccines
    immunity = Immunity(vaccines, nature.disease_codes, CONTAINERS)
    given = np.ones((len(vaccines), CONTAINERS))

    before = immunity.protection(given, np.zeros(CONTAINERS))
    after = immunity.protection(given, np.full(CONTAINERS, 5000.0))

    assert not before.any()
    assert after.any()
