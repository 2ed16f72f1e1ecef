"""docs/states.md draws the machines that the code has, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from farm.domain.calendar import Month
from farm.orchestration.advance import advance
from farm.orchestration.decide import LOST
from farm.orchestration.resume import resume
from farm.orchestration.retry_failed import Selection, retry_failed
from farm.orchestration.states import ChunkState, MonthState, SessionState
from tests.unit.orchestration.sessions import Shop, batch_month

DOC = Path(__file__).parents[3] / "docs" / "states.md"
EDGE = re.compile(r"^\s*(\[\*\]|\w+) --> (\[\*\]|\w+)(?:: (\w)\. .+)?$")
MACHINES: dict[str, type[StrEnum]] = {
    "Session": SessionState,
    "Month": MonthState,
    "Chunk": ChunkState,
}


def drawing(name: str) -> list[tuple[str, str, str | None]]:
    """Return the edges of a machine's drawing: from, to, letter."""
    section = DOC.read_text().partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    mermaid = section.partition("```mermaid\n")[2].partition("```")[0]
    lines = mermaid.splitlines()[1:]
    found = [EDGE.match(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return [(m[1], m[2], m[3]) for m in found if m]


def edges(name: str) -> set[tuple[str, str]]:
    return {(a, b) for a, b, _ in drawing(name) if "[*]" not in {a, b}}


@pytest.mark.parametrize(("name", "states"), MACHINES.items())
def test_the_states_are_those_of_the_enum(name, states):
    drawn = {state for a, b, _ in drawing(name) for state in (a, b)} - {"[*]"}
    assert drawn == {state.value for state in states}


@pytest.mark.parametrize("name", MACHINES)
def test_every_letter_below_a_drawing_is_in_it(name):
    section = DOC.read_text().partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    explained = set(re.findall(r"\*\*(\w)\*\*", section))
    assert explained <= {letter for _, _, letter in drawing(name) if letter}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached_and_left_unless_it_is_the_end(name):
    drawn = drawing(name)
    begun = {b for a, b, _ in drawn if a == "[*]"}
    reached = begun | {b for a, b, _ in drawn if a != b}
    ended = {a for a, b, _ in drawn if b == "[*]"}
    states = {state.value for state in MACHINES[name]}
    assert reached >= states
    assert {a for a, b, _ in drawn if a != b} >= states - ended


#: What changes a ledger, one move at a time.
MOVERS = (
    "set_session_state",
    "expand",
    "start",
    "publish",
    "claim",
    "release",
    "fail",
    "reset_failed",
)


class Watch:
    """Sees every move of session 1 and its chunks."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sessions: set[tuple[str, str]] = set()
        self.chunks: set[tuple[str, str]] = set()
        self.before = self._look()
        for name in (*MOVERS, "close_month", "commit"):
            setattr(shop.ledger, name, self._watched(getattr(shop.ledger, name)))

    def _watched(self, move: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            result = move(*given, **named)
            (was, were), (now, are) = self.before, self._look()
            self.sessions |= {(was, now)} - {(now, now)}
            self.chunks |= {(were[n], s) for n, s in are.items() if were.get(n, s) != s}
            self.before = now, are
            return result

        return watched

    def _look(self) -> tuple[str, dict[str, str]]:
        return self.shop.state.value, {n: s.value for n, s in self.shop.states().items()}


def test_every_move_of_a_session_that_cannot_be_simulated_is_drawn():
    # Given a session whose only simulation is poison
    shop = Shop()
    shop.open("FO")
    watch = Watch(shop)
    simulation = shop.ledger.of(1).chunks["1/FO/simulate"].address
    advance(1, **shop.movers)
    shop.fail(simulation)

    # When it gives up, is tried again, paused and resumed
    advance(1, **shop.movers)
    retry_failed(1, Selection(), dry_run=False, **shop.movers)
    shop.ledger.set_session_state(1, SessionState.PAUSED)
    resume(1, cache=shop.cache, **shop.movers)

    # Then it made just these moves, and all are drawn
    assert watch.sessions == {
        ("planning", "failed"),
        ("failed", "planning"),
        ("planning", "paused"),
        ("paused", "planning"),
    }
    assert watch.sessions <= edges("Session")
    assert watch.chunks <= edges("Chunk")


def test_every_move_of_a_troubled_session_is_drawn():
    shop = Shop()
    shop.open("FO")
    watch = Watch(shop)
    shop.simulated(months=2)
    advance(1, **shop.movers)

    # An outage gives a chunk back; a worker dies, and wakes up after its chunk was sent again
    claim = shop.claim(batch_month(1))
    shop.ledger.release(claim, ConnectionError(), counted=False)
    advance(1, **shop.movers)
    zombie = shop.claim(batch_month(1), "zombie")
    shop.ledger.dead.add("zombie")
    advance(1, **shop.movers)
    shop.ledger.commit(zombie, {})

    # The session is paused and resumed; the other chunk fails, and succeeds at the second chance
    shop.ledger.set_session_state(1, SessionState.PAUSED)
    resume(1, cache=shop.cache, **shop.movers)
    shop.fail(batch_month(2))
    shop.ledger.close_month(1, Month(2015, 1))
    advance(1, **shop.movers)
    retry_failed(1, Selection(), dry_run=False, **shop.movers)
    shop.commit(batch_month(2))
    shop.ledger.close_month(1, Month(2015, 2))
    advance(1, **shop.movers)

    assert watch.sessions == {
        ("planning", "running"),
        ("running", "paused"),
        ("paused", "running"),
        ("running", "failed"),
        ("failed", "running"),
        ("running", "completed"),
    }
    assert watch.sessions <= edges("Session")
    assert watch.chunks <= edges("Chunk")


def test_no_move_leads_out_of_a_committed_chunk():
    assert not {b for a, b in edges("Chunk") if a == "committed"}
    shop = Shop()
    shop.simulated(months=1)
    shop.commit(batch_month(1))
    assert shop.ledger.claim(batch_month(1), "w2", 5) is None
    assert shop.ledger.publish(1, [batch_month(1)], LOST) == []
    assert shop.ledger.reset_failed(1, [batch_month(1)]) == []
