"""The yardsticks are numbers with a unit and a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.errors import ScenarioInvalid
from farm.settings.yardsticks import load_yardsticks

CONFIG = Path(__file__).parents[3] / "config"


def test_those_of_the_project_can_be_read() -> None:
    found = load_yardsticks(CONFIG)
    assert found.mortality_notice.week_large < found.mortality_notice.five_weeks_large
    assert {"answered_within", "week_small"} <= set(found.facts)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('value = 1.5, unit = "%"', 'value = 1.5, unit = "per mille"', "week_small: the unit"),
        ("value = 28,", "value = 0,", "answers.answered_within: Input should be greater"),
        ("[answers]", "[replies]", "answers: Field required"),
        ("[answers]", "[answers", "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(tmp_path, before, after, problem) -> None:
    text = (CONFIG / "reference/yardsticks.toml").read_text()
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/yardsticks.toml").write_text(text.replace(before, after, 1))
    with pytest.raises(ScenarioInvalid, match=problem):
        load_yardsticks(tmp_path)


def test_a_missing_file_is_said() -> None:
    with pytest.raises(ScenarioInvalid, match="no such file"):
        load_yardsticks(Path("/nowhere"))
