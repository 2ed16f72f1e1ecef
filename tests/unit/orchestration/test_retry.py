"""One table: what helps against which failure."""

from __future__ import annotations

import pytest

from farm.errors import (
    AttemptsExhausted,
    ChunkBusy,
    ContractBroken,
    DatabaseLost,
    DiskFull,
    Fenced,
    ImbalanceError,
    ServiceUnavailable,
    SessionRefused,
)
from farm.orchestration.retry import Remedy, RetryDecision, RetryPolicy, decide


class BrokerGone(Exception):
    """An outage that only the caller knows."""


class TooSlow(Exception):
    """An accident that only the caller knows."""


POLICY = RetryPolicy(
    outages=(ConnectionError, BrokerGone), accidents=(MemoryError, TooSlow), first_s=1, longest_s=30
)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (DatabaseLost("gone"), Remedy.WAIT),
        (ChunkBusy("held"), Remedy.WAIT),
        (BrokerGone(), Remedy.WAIT),
        (ConnectionResetError(), Remedy.WAIT),
        (MemoryError(), Remedy.REPEAT),
        (TooSlow(), Remedy.REPEAT),
        (DiskFull("full"), Remedy.PAUSE),
        (ContractBroken("rows"), None),
        (ImbalanceError("2015-01-01", "P1", "fish", 1.0), None),
        (AttemptsExhausted("1/FO/simulate", 5), None),
        (Fenced("taken over"), None),
        (SessionRefused("other seed"), None),
        (ServiceUnavailable("wrong password"), None),
        (ZeroDivisionError(), None),
    ],
)
def test_each_failure_has_its_remedy(error, remedy):
    decision = decide(error, 1, POLICY)
    assert (decision and decision.remedy) == remedy


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (10_000, 30)]
)
def test_waits_double_up_to_the_longest(failures, seconds):
    decision = decide(DatabaseLost("gone"), failures, POLICY)
    assert decision == RetryDecision(Remedy.WAIT, seconds)
