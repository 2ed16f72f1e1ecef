"""What the event loop is told of the connections to Redis."""

from __future__ import annotations

from typing import Any

from farm.orchestration.transport import WatchedOnce


class Loop:
    """An event loop as kombu's: who is called for which file."""

    def __init__(self) -> None:
        self.readers: dict[int, Any] = {}
        self.told = 0

    def add_reader(self, fd: int, callback: Any, *args: Any) -> None:
        self.told += 1
        self.readers[fd] = callback, args

    def remove_reader(self, fd: int) -> None:
        del self.readers[fd]


def test_a_loop_is_told_of_a_reader_once_and_again_when_it_has_another_or_none():
    def one(_fd: int) -> None: ...
    def other(_fd: int) -> None: ...

    loop = Loop()
    watched = WatchedOnce(loop)
    for _ in range(3):
        watched.add_reader(5, one, 5)
    assert (loop.told, loop.readers) == (1, {5: (one, (5,))})
    # When its file is removed, or is somebody else's by now
    watched.remove_reader(5)
    watched.add_reader(5, one, 5)
    loop.readers[5] = other, ()
    watched.add_reader(5, one, 5)
    assert (loop.told, loop.readers) == (3, {5: (one, (5,))})
