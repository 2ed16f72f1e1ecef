"""Numbers as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from farm.cli import figures


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.9, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.7, "1 h 00 min"),
        (7620, "2 h 07 min"),
        (7_200_000, "2,000 h 00 min"),
    ],
)
def test_a_duration_uses_the_two_largest_units(seconds, text):
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (512, "512 B"),
        (999.96, "1.0 kB"),
        (1_200_000_000, "1.2 GB"),
        (9_999_000_000_000_000, "9,999.0 TB"),
    ],
)
def test_a_size_has_a_decimal_prefix(number, text):
    assert figures.size(number) == text


def test_an_instant_is_shown_in_utc():
    faroese_summer = timezone(timedelta(hours=1))
    assert (
        figures.instant(datetime(2026, 3, 1, 12, 30, 5, tzinfo=faroese_summer))
        == figures.instant(datetime(2026, 3, 1, 11, 30, 5, tzinfo=UTC))
        == "2026-03-01 11:30:05"
    )


def test_what_was_not_measured_is_a_dash():
    assert (figures.instant(None), figures.megabytes(None)) == ("-", "-")


def test_one_has_its_own_noun():
    assert [
        figures.several(1, "chunk"),
        figures.several(1200, "chunk"),
        figures.several(2, "batch", "batches"),
    ] == ["1 chunk", "1,200 chunks", "2 batches"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (9_949, "9.9k"),
        (9_960, "10k"),
        (45_400, "45k"),
        (999_499, "999k"),
        (999_600, "1.0M"),
        (117_604_912, "118M"),
        (2_000_000_000, "2.0G"),
        (5_000_000_000_000, "5.0T"),
    ],
)
def test_a_short_number_takes_four_places_at_most(number, text):
    assert figures.short(number) == text
