"""Ctrl-C and SIGTERM: a flag first, an exception when it is meant."""

from __future__ import annotations

import os
import signal

import pytest

from farm.cli.stopping import stop_flag


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_only_sets_the_flag(number):
    with stop_flag() as stop:
        os.kill(os.getpid(), number)
        assert stop.is_set()


def test_the_second_signal_interrupts_whatever_is_being_done():
    with stop_flag():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)


def test_afterwards_signals_mean_what_they_meant_before():
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    with stop_flag():
        assert signal.getsignal(signal.SIGINT) not in before
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before
