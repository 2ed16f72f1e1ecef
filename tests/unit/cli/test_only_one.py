"""One run at a time in one home."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from farm.cli.only_one import only_one_run
from farm.errors import SessionRefused, SettingsInvalid


def test_a_second_run_in_the_same_home_is_refused_until_the_first_ends(tmp_path):
    # Given a run
    with ExitStack() as first:
        first.enter_context(only_one_run(tmp_path))

        # Then another one is refused
        with pytest.raises(SessionRefused, match="another `farm run`"), only_one_run(tmp_path):
            pass

    # And after it a new one may begin
    with only_one_run(tmp_path):
        pass


def test_two_homes_do_not_disturb_each_other(tmp_path):
    with only_one_run(tmp_path / "a"), only_one_run(tmp_path / "b"):
        pass


def test_a_home_that_cannot_be_used_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SettingsInvalid, match="file"), only_one_run(file):
        pass
