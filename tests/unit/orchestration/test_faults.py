"""Crash points strike where they are told to, as often as they are told to."""

from __future__ import annotations

import pytest

from farm.domain.address import ChunkAddress
from farm.errors import SettingsInvalid
from farm.orchestration.faults import Fault, Point, armed, pass_by

CHUNK = ChunkAddress.parse("1/FO-2015-07/2016-03")
OTHER = ChunkAddress.parse("1/SC-2015-07/2016-03")


def fault(text: str, home, struck: list[str]) -> Fault:
    parsed = Fault.parse(text, home)
    return Fault(
        parsed.point, parsed.chunk, parsed.count, parsed.tally, lambda: struck.append("dead")
    )


def test_without_a_setting_nothing_happens(tmp_path):
    assert armed(None, tmp_path) is pass_by
    pass_by(Point.MID_COPY, CHUNK)


def test_it_strikes_at_its_point_and_its_chunk_only(tmp_path):
    struck: list[str] = []
    strike = fault("mid_copy:1/FO-2015-07/2016-03:5", tmp_path, struck)
    strike(Point.BEFORE_COMMIT, CHUNK)
    strike(Point.MID_COPY, OTHER)
    assert struck == []
    strike(Point.MID_COPY, CHUNK)
    assert struck == ["dead"]


def test_a_star_stands_for_any_letters(tmp_path):
    struck: list[str] = []
    strike = fault("after_claim:1/*/2016-03:5", tmp_path, struck)
    strike(Point.AFTER_CLAIM, CHUNK)
    strike(Point.AFTER_CLAIM, OTHER)
    assert len(struck) == 2


def test_the_count_holds_across_processes(tmp_path):
    struck: list[str] = []
    for _ in range(4):  # four processes, each reading the setting anew
        fault("after_commit:*:2", tmp_path, struck)(Point.AFTER_COMMIT, CHUNK)
    assert len(struck) == 2


@pytest.mark.parametrize(
    "text", ["", "mid_copy", "mid_copy:*", "nowhere:*:1", "mid_copy::1", "mid_copy:*:often"]
)
def test_a_setting_that_cannot_be_read_is_refused(text, tmp_path):
    with pytest.raises(SettingsInvalid, match="FARM_FAULT"):
        armed(text, tmp_path)
