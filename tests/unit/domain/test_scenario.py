from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from farm.domain.calendar import Month
from farm.domain.scenario import Scenario
from farm.settings.scenarios import load_scenario

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def demo():
    return load_scenario("demo", CONFIG)


def test_sessions_follow_each_other_without_a_gap(demo):
    assert demo.session_numbers == (1, 2, 3, 4)
    periods = [demo.period(session) for session in demo.session_numbers]
    assert periods[0].first == demo.horizon.first == Month(2015, 1)
    assert periods[-1].last == demo.horizon.last == Month(2024, 12)
    for before, after in pairwise(periods):
        assert before.last.next() == after.first


def test_sessions_name_the_years_they_touch(demo):
    assert [demo.years(session) for session in demo.session_numbers] == ["1-3", "4-6", "7-9", "10"]


@pytest.mark.parametrize("session", [0, 5, -1])
def test_a_session_that_does_not_exist_is_refused(demo, session):
    with pytest.raises(KeyError):
        demo.period(session)
    with pytest.raises(KeyError):
        demo.years(session)


def test_geographies_are_found_by_code(demo):
    assert demo.geography_codes == ("FO", "SC")
    assert demo.geography("SC").currency == "GBP"
    assert demo.company("FO").geography == "faroe"
    with pytest.raises(KeyError):
        demo.geography("NO")
    with pytest.raises(KeyError):
        demo.company("NO")


def test_a_restored_scenario_is_the_one_that_was_dumped(demo):
    # Given a dump that went through JSON, as in the database
    dumped = json.loads(json.dumps(demo.dump()))

    # When it is restored
    restored = Scenario.restore(dumped)

    # Then nothing differs
    assert restored == demo
    assert restored.fingerprint() == demo.fingerprint()


def test_a_dump_with_an_unknown_key_is_not_restored(demo):
    with pytest.raises(ValueError, match="colour"):
        Scenario.restore({**demo.dump(), "colour": "red"})


def test_a_dump_that_does_not_fit_together_is_not_restored(demo):
    data = demo.dump()
    data["geographies"][1]["code"] = "FO"
    with pytest.raises(ValueError, match="second geography"):
        Scenario.restore(data)


def test_the_fingerprint_changes_with_whatever_changes_the_rows(demo):
    other_seed = load_scenario("demo", CONFIG, seed=7)
    changed = demo.dump()
    changed["biology"]["growth"]["egg_weight"] += 0.001

    prints = {
        demo.fingerprint(),
        other_seed.fingerprint(),
        Scenario.restore(changed).fingerprint(),
        load_scenario("smoke", CONFIG).fingerprint(),
    }

    assert len(prints) == 4
    assert all(len(text) == 64 for text in prints)
