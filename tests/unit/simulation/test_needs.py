"""What a batch needs: enough room in every phase, and no more than it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from farm.domain.plan import TransferKind
from farm.domain.world import Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.expectation import expect
from farm.simulation.life import draft
from farm.simulation.needs import Needs, Yardstick
from farm.simulation.starts import Start

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def full():
    return load_scenario("full", CONFIG)


@pytest.fixture(scope="module")
def expectation(full):
    return expect(full, "FO", full.horizon.first_day, full.horizon.days)


def needs(full, expectation, day: int = 0, eggs: int = 3_200_000) -> Needs:
    return Yardstick(full, "FO", expectation).needs(Start(0, day, eggs), day)


def kinds(found: Needs) -> list[tuple[Stage, TransferKind | None]]:
    return [(move.stage, move.kind) for move in found.moves]


def test_a_life_goes_through_all_stages_with_its_splits_and_gradings(full, expectation):
    assert kinds(needs(full, expectation)) == [
        (Stage.EGG_ALEVIN, None),
        (Stage.FRY, TransferKind.STAGE),
        (Stage.FRY, TransferKind.SPLIT),
        (Stage.PARR, TransferKind.STAGE),
        (Stage.PARR, TransferKind.GRADING),
        (Stage.SMOLT, TransferKind.STAGE),
        (Stage.POST_SMOLT, TransferKind.STAGE),
        (Stage.ADULT, TransferKind.SEA),
    ]


def test_post_smolts_are_split_once_they_are_grown_large_on_land(full, expectation):
    split = (Stage.POST_SMOLT, TransferKind.SPLIT)
    assert split not in kinds(needs(full, expectation, day=0))
    assert split in kinds(needs(full, expectation, day=3_000))


def test_tanks_are_not_taken_before_they_are_needed(full, expectation):
    moves = {(m.stage, m.kind): m for m in needs(full, expectation).moves}
    first = moves[Stage.FRY, TransferKind.STAGE]
    second = moves[Stage.FRY, TransferKind.SPLIT]
    assert first.containers > second.containers > 0
    # A split leaves as many fish to a tank in the old tanks as it puts into the new.
    assert second.leaves == pytest.approx(
        second.containers / (first.containers + second.containers)
    )


def test_a_move_takes_as_many_days_as_there_is_work_around_the_expected_day(full, expectation):
    breeding = full.breeding
    for move in needs(full, expectation).moves:
        number = list(Stage).index(move.stage)
        if move.kind in {None, TransferKind.SPLIT, TransferKind.GRADING}:
            continue
        age = int(expectation.enters[0, number])
        fish = 3_200_000 * expectation.share[0, number]
        rate = breeding.moves.fish_per_day(move.stage, expectation.weight_g[0, number])
        assert (move.days - 1) * rate < fish
        assert move.days * rate >= fish or move.days == breeding.moves.longest
        assert move.first <= age < move.first + move.days


def test_small_batches_move_in_a_day(full, expectation):
    assert all(move.days == 1 for move in needs(full, expectation, eggs=100_000).moves)


def test_a_grading_parts_a_normal_distribution_and_no_gram_is_lost(full, expectation):
    (grading,) = (m for m in needs(full, expectation).moves if m.kind is TransferKind.GRADING)
    large, small = grading.portions
    assert large.share + small.share == 1.0
    mean = large.share * large.relative_weight + small.share * small.relative_weight
    assert mean == pytest.approx(1.0)
    # The upper half of a normal distribution lies 0.798 standard deviations above its mean.
    cv = full.biology.size.level.of(Stage.PARR)
    assert large.relative_weight == pytest.approx(1 + 0.798 * cv, abs=1e-3)
    assert large.containers >= small.containers


def test_a_life_is_drafted_with_every_stay_filled_and_emptied(full, expectation):
    found = needs(full, expectation, day=3_000)
    life = draft(found.moves)
    assert len(life.stays) == sum(move.containers for move in found.moves)
    for stay in life.stays:
        if stay.stage is Stage.ADULT:
            assert stay.holds > 0
        else:
            assert 3_000 <= stay.start < stay.end
            assert stay.holds == pytest.approx(0, abs=1e-9)
    assert sum(stay.holds for stay in life.stays) == pytest.approx(1.0)
