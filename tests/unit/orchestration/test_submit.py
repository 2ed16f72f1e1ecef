"""Which sessions may start, and what a refusal says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import pytest

from farm.domain.scenario import Scenario
from farm.errors import SessionRefused
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Submitted, Versions, restored_scenario, submit
from tests.unit.orchestration.sessions import PLAN, Shop, new_session

VERSIONS = Versions(generator=1, numpy="2.4.6")


@dataclass
class Outlined:
    """As much of a scenario as submitting looks at."""

    name: str = "smoke"
    seed: int = 42
    print_: str = "f" * 64
    session_numbers: tuple[int, ...] = (1, 2, 3, 4)
    geography_codes: tuple[str, ...] = ("FO", "SC")

    def years(self, session: int) -> str:
        return str(session)

    def dump(self) -> dict[str, object]:
        return {"name": self.name}

    def fingerprint(self) -> str:
        return self.print_


def submitted(
    shop: Shop,
    session: int = 1,
    versions: Versions = VERSIONS,
    *,
    ahead: bool = False,
    **changes: object,
):
    scenario = cast("Scenario", replace(Outlined(), **changes))  # type: ignore[arg-type]
    return submit(session, scenario, lambda: PLAN, versions, ahead=ahead, **shop.movers)


def test_a_new_session_is_opened_and_its_simulations_sent():
    shop = Shop()
    assert submitted(shop) is Submitted.OPENED
    assert shop.sent() == ["1/FO/simulate", "1/SC/simulate"]
    assert shop.ledger.scenario(1) == {"name": "smoke"}


def test_submitting_an_open_session_again_only_moves_it_on():
    shop = Shop()
    submitted(shop)
    shop.sent()
    assert submitted(shop) is Submitted.CONTINUED
    assert shop.sent() == []


def test_a_completed_session_is_nothing_to_do():
    shop = Shop()
    submitted(shop)
    shop.ledger.set_session_state(1, SessionState.COMPLETED)
    assert submitted(shop) is Submitted.ALREADY_COMPLETED


@pytest.mark.parametrize("state", [SessionState.PAUSED, SessionState.FAILED])
def test_a_session_that_stopped_waits_for_a_person(state):
    shop = Shop()
    submitted(shop)
    shop.ledger.set_session_state(1, state)
    assert submitted(shop) is Submitted.WAITS


def test_the_next_session_starts_when_the_one_before_is_completed():
    shop = Shop()
    submitted(shop)
    shop.ledger.set_session_state(1, SessionState.COMPLETED)
    assert submitted(shop, session=2) is Submitted.OPENED


@pytest.mark.parametrize(
    "state", [None, SessionState.PLANNING, SessionState.RUNNING, SessionState.FAILED]
)
def test_a_session_before_its_predecessor_is_completed_is_refused(state):
    shop = Shop()
    if state is not None:
        submitted(shop)
        shop.ledger.set_session_state(1, state)
    named = state or SessionState.NOT_STARTED
    with pytest.raises(SessionRefused, match=f"session 2 needs session 1, which is {named}"):
        submitted(shop, session=2)
    assert len(shop.ledger.sessions()) == (state is not None)


def test_a_session_may_be_prepared_while_the_one_before_runs():
    shop = Shop()
    shop.simulated()
    assert submitted(shop, session=2, ahead=True) is Submitted.OPENED
    assert shop.sent() == ["2/FO/simulate"]


@pytest.mark.parametrize("is_simulated", [False, True])
def test_no_more_than_one_session_is_prepared_ahead(is_simulated):
    shop = Shop()
    submitted(shop)
    if is_simulated:
        shop.ledger.set_session_state(1, SessionState.RUNNING)
    submitted(shop, session=2, ahead=True)
    with pytest.raises(SessionRefused, match="session 3 needs session 2, which is planning"):
        submitted(shop, session=3, ahead=True)


@pytest.mark.parametrize("session", [0, 5])
def test_a_session_the_scenario_does_not_have_is_refused(session):
    with pytest.raises(SessionRefused, match=f"sessions 1 to 4, not {session}"):
        submitted(Shop(), session=session)


@pytest.mark.parametrize(
    ("changes", "versions", "words"),
    [
        ({"name": "demo"}, VERSIONS, ["scenario demo", "holds scenario smoke"]),
        ({"seed": 7}, VERSIONS, ["seed 7", "holds seed 42"]),
        ({"print_": "e" * 64}, VERSIONS, ["eeeeeeeeeeee", "ffffffffffff"]),
        ({}, Versions(2, "2.4.6"), ["generator version 2", "holds generator version 1"]),
        ({}, Versions(1, "2.5.0"), ["numpy 2.5.0", "holds numpy 2.4.6"]),
    ],
)
def test_other_data_than_the_database_holds_is_refused_with_both_values_and_a_way_out(
    changes, versions, words
):
    shop = Shop()
    shop.ledger.open_session(new_session(), PLAN, ("FO",))
    with pytest.raises(SessionRefused) as refused:
        submitted(shop, versions=versions, **changes)
    for word in [*words, "farm reset", "FARM_HOME", "FARM_DATABASE_URL"]:
        assert word in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_scenario_that_this_version_cannot_read_is_refused_with_a_way_out():
    # Given a session of a version whose scenarios had other keys
    shop = Shop()
    shop.ledger.open_session(new_session(1), PLAN, ["FO"])
    row = shop.ledger.sessions()[0]
    # Then one line says which version made it, and what to do
    with pytest.raises(
        SessionRefused, match=r"by version 1 of the generator.*farm reset"
    ) as refused:
        restored_scenario(shop.ledger, row)
    assert "\n" not in str(refused.value)
