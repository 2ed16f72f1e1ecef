"""Vaccines and tests that refer to what is not there are refused in one line."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from farm.domain import laboratory, vaccine
from farm.domain.biology import Biology
from farm.domain.laboratory import Laboratory
from farm.domain.quantity import PLAIN
from farm.domain.vaccine import VaccinationPractice, Vaccines, VaccineSpec
from tests.reference.small_farm import biology

KNOWN = {"geographies": ["FO", "SC"], "diseases": biology().disease_codes}


def with_vaccine(**changed: object) -> Vaccines:
    first, *others = biology().vaccines.vaccines
    return biology().vaccines.model_copy(
        update={"vaccines": (first.model_copy(update=changed), *others)}
    )


def test_the_projects_own_names_all_stand_for_something():
    assert list(vaccine.unknown_names(biology().vaccines, **KNOWN)) == []
    assert list(laboratory.unknown_names(biology().laboratory, **KNOWN)) == []


def test_a_vaccine_against_nothing_is_refused():
    (problem,) = vaccine.unknown_names(with_vaccine(protects={"plague": 0.5}), **KNOWN)

    assert problem == 'vaccines.polyvalent.protects: there is no "plague"'


def test_a_vaccine_used_nowhere_on_the_map_is_refused():
    given = {**biology().vaccines.vaccines[0].used_since, "XX": 2010}

    (problem,) = vaccine.unknown_names(with_vaccine(used_since=given), **KNOWN)

    assert problem == 'vaccines.polyvalent.used_since: there is no "XX"'


def test_a_vaccine_must_have_a_price_wherever_it_is_used():
    data = biology().vaccines.vaccines[0].model_dump(mode="json")

    with pytest.raises(ValidationError, match="cost_per_fish must name SC"):
        VaccineSpec.model_validate({**data, "cost_per_fish": {"FO": 1.0}}, context=PLAIN)


def test_every_year_of_the_practice_needs_its_value():
    data = biology().vaccines.practice.model_dump(mode="json")

    with pytest.raises(ValidationError, match="as many values as years"):
        VaccinationPractice.model_validate({**data, "log_sd": [0.1, 0.1]}, context=PLAIN)


def test_a_test_for_no_disease_and_a_forgotten_geography_are_refused():
    given = biology().laboratory
    strange = given.tests[0].model_copy(update={"disease": "plague"})
    given = given.model_copy(update={"tests": (strange,), "screening": {"FO": ()}})

    problems = list(laboratory.unknown_names(given, **KNOWN))

    assert problems == [
        f'laboratory.tests.{strange.code}: there is no disease "plague"',
        "laboratory.screening must name the geographies ['FO', 'SC']",
    ]


def test_screening_with_a_test_that_is_not_made_is_refused():
    data = biology().laboratory.model_dump(mode="json")

    with pytest.raises(ValidationError, match='smolt_tests: there is no test "pcr_plague"'):
        Laboratory.model_validate_json(
            json.dumps({**data, "smolt_tests": {"FO": ["pcr_plague"]}}), context=PLAIN
        )


def test_a_scenario_says_which_name_stands_for_nothing():
    data = biology().model_dump(mode="json")
    data["vaccines"]["vaccines"][0]["protects"] = {"plague": 0.5}

    with pytest.raises(ValidationError, match='there is no "plague"'):
        Biology.model_validate_json(json.dumps(data), context=PLAIN)
