"""Makes committed chunks again and compares: the same values, or something was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from farm.domain.address import ChunkAddress
from farm.errors import SessionRefused, Terminal
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.ports import HistoryStore, SessionRow
from farm.orchestration.submit import Versions
from farm.orchestration.work import BlueprintOf, Generator, starting_point
from farm.rendering.chunk import RenderedChunk
from farm.simulation.history import History

#: Returns the SHA-256 that the marker of a chunk has, from what was made for it.
Sha256Of = Callable[[ChunkAddress, RenderedChunk | History], str]


@dataclass(frozen=True, slots=True)
class Marker:
    """What a committed chunk's marker says was made."""

    address: ChunkAddress
    sha256: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A marker beside what was made now: ``made``, or the ``problem`` why nothing could be."""

    marker: Marker
    made: str | None
    problem: str | None = None

    @property
    def agrees(self) -> bool:
        """Whether the same was made again."""
        return self.made == self.marker.sha256


@dataclass(frozen=True, slots=True)
class Verifier:
    """Makes chunks as a worker does, from the same history and by the same functions.

    It reads, and writes nothing.
    """

    store: HistoryStore
    generator: Generator
    blueprint_of: BlueprintOf
    sha256_of: Sha256Of

    def compare(self, markers: Sequence[Marker]) -> Iterator[Comparison]:
        """Yield the comparison of each, in their order, as it is made.

        Raises:
            SessionRefused: this process cannot reproduce the session of a marker.
            DatabaseLost: the connection broke.
        """
        for marker in markers:
            blueprint = self.blueprint_of(marker.address.session)
            try:
                made = self.sha256_of(marker.address, self._made(marker.address, blueprint))
            except Terminal as error:
                yield Comparison(marker, None, str(error) or type(error).__name__)
            else:
                yield Comparison(marker, made)

    def _made(self, address: ChunkAddress, blueprint: Blueprint) -> RenderedChunk | History:
        if address.month is not None:
            return self.generator.render(blueprint.layout, self.store.slice(address))
        scenario = blueprint.scenario
        snapshot = starting_point(address, scenario, self.store)
        period = scenario.period(address.session)
        return self.generator.simulate(scenario, blueprint.plan, address.subject, period, snapshot)


def sample(markers: Sequence[Marker], size: int) -> list[Marker]:
    """Return that many of the markers, or all if there are fewer, evenly spread over their order.

    The same markers give the same sample.
    """
    if size >= len(markers):
        return list(markers)
    return [markers[(2 * i + 1) * len(markers) // (2 * size)] for i in range(size)]


def require_reproducible(rows: Sequence[SessionRow], versions: Versions) -> None:
    """Raise SessionRefused where a session was made by what makes other bytes than this process."""
    for row in rows:
        there = Versions(row.generator_version, row.numpy_version)
        if there != versions:
            raise SessionRefused(
                f"session {row.session} was made by {_named(there)} and this is {_named(versions)},"
                " which may make other bytes: verify with the version that made it"
            )


def _named(versions: Versions) -> str:
    return f"generator version {versions.generator} with numpy {versions.numpy}"
