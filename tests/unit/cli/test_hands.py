"""Waiting for a session that nobody works on says so, once."""

from __future__ import annotations

from itertools import islice, repeat

from farm.cli.wait import PATIENCE, Hands


def hints(hands: Hands, looks: int) -> list[str]:
    """Return what is said in so many looks."""
    return [hint for hint in islice((hands() for _ in repeat(None)), looks) if hint]


def test_messages_without_workers_are_pointed_out_once():
    hands = Hands(waiting=lambda: 3, anybody_at_work=lambda: False)
    assert hints(hands, PATIENCE) == []
    assert len(hints(hands, 5 * PATIENCE)) == 1


def test_nothing_is_said_while_somebody_works_or_nothing_waits_or_nobody_knows():
    assert hints(Hands(lambda: 3, lambda: True), 3 * PATIENCE) == []
    assert hints(Hands(lambda: 0, lambda: False), 3 * PATIENCE) == []
    assert hints(Hands(lambda: None, lambda: False), 3 * PATIENCE) == []


def test_a_moment_between_two_chunks_starts_the_count_again():
    busy = iter([*[False] * PATIENCE, True, *[False] * PATIENCE])
    hands = Hands(waiting=lambda: 1, anybody_at_work=lambda: next(busy))
    assert hints(hands, 2 * PATIENCE + 1) == []
