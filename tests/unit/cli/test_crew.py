"""Workers that die are started again, unless that is plainly no use."""

from __future__ import annotations

import pytest

from farm.cli.crew import GRACE_S, MOST_EARLY_DEATHS, STEADY_S, Crew
from farm.errors import ServiceUnavailable


class FakeGroup:
    """Workers that are alive until they are told otherwise."""

    def __init__(self) -> None:
        self.starts = 0
        self.running = False
        self.code: int | None = None
        self.graces: list[float] = []

    def stand_by(self) -> None:
        self.standing_by = True

    def start(self) -> None:
        self.starts += 1
        self.running = True

    def die(self, code: int) -> None:
        self.running, self.code = False, code

    def alive(self) -> bool:
        return self.running

    def exit_code(self) -> int | None:
        return self.code

    def rss_mb(self) -> float:
        return 123.5

    def stop(self, grace_s: float) -> bool:
        self.graces.append(grace_s)
        self.running = False
        return True


@pytest.fixture
def group() -> FakeGroup:
    return FakeGroup()


@pytest.fixture
def crew(group: FakeGroup) -> Crew:
    made = Crew(group, lambda: "No module named farm")
    made.start(0.0)
    return made


def test_living_workers_are_left_alone(crew: Crew, group: FakeGroup):
    assert crew.revive(1.0) is None
    assert group.starts == 1


@pytest.mark.parametrize(
    ("code", "ending"), [(-9, "SIGKILL"), (1, "exit code 1"), (-250, "signal 250")]
)
def test_dead_workers_are_started_again_with_a_line_about_it(
    crew: Crew, group: FakeGroup, code: int, ending: str
):
    group.die(code)

    assert crew.revive(1.0) == f"the workers ended ({ending}) and were started again"
    assert group.starts == 2


def test_workers_that_never_get_going_end_the_run_with_their_last_words(
    crew: Crew, group: FakeGroup
):
    for death in range(MOST_EARLY_DEATHS - 1):
        group.die(1)
        crew.revive(float(death))
    group.die(1)

    with pytest.raises(ServiceUnavailable, match=r"exit code 1.*No module named farm"):
        crew.revive(float(MOST_EARLY_DEATHS))


def test_accidents_far_apart_never_add_up(crew: Crew, group: FakeGroup):
    for death in range(1, 50):
        group.die(-9)
        assert crew.revive(death * (STEADY_S + 1)) is not None
    assert group.starts == 50


def test_stopping_gives_the_workers_time_and_killing_does_not(crew: Crew, group: FakeGroup):
    crew.stop()
    crew.kill()
    assert group.graces == [GRACE_S, 0.0]
