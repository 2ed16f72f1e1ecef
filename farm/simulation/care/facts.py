"""What the people who care for health tell each other in a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from farm.domain.world import CAUSES
from farm.simulation.frame import Integers
from farm.simulation.process import Therapy, Today
from farm.simulation.state import State


class Counts(NamedTuple):
    """Today's lice counts, one element per container: fish looked at (0: none), lice found."""

    fish: Integers
    adult_female: Integers
    mobile: Integers
    attached: Integers

    @classmethod
    def none(cls, containers: int) -> Counts:
        """Return the counts of a day without any."""
        return cls(*np.zeros((4, containers), dtype=np.int64))


class OpenOutbreaks(NamedTuple):
    """The outbreaks that go on this morning, each array of shape (diseases, places).

    ``id`` is 0 where there is none; ``onset`` is the day on which people noticed it and
    ``diagnosed`` the day on which a laboratory confirmed it, as ordinals, 0 as long as they did
    not.
    """

    id: Integers
    onset: Integers
    diagnosed: Integers


class Toll(NamedTuple):
    """The dead of a day.

    ``deaths``: by cause, shape (causes, containers), diseases last; ``dead``: of all causes, by
    container. ``ill``: the containers in which fish died of diseases.
    """

    deaths: Integers
    dead: Integers
    ill: Integers

    @classmethod
    def of(cls, deaths: Integers, dead: Integers) -> Toll:
        """Return the toll of a day, with the containers in which fish died of diseases."""
        return cls(deaths, dead, np.bitwise_or.reduce(deaths[CAUSES:], axis=0).nonzero()[0])


class NoteKind(StrEnum):
    """The kinds of `journal_entry`."""

    VISIT = "visit"
    SUSPICION = "suspicion"
    DIAGNOSIS = "diagnosis"
    RULED_OUT = "ruled_out"
    RESULT = "result"
    MORTALITY = "mortality"
    RECOVERY = "recovery"
    LICE = "lice"
    DECISION = "decision"
    TREATMENT = "treatment"
    EFFECT = "effect"
    WITHHOLDING = "withholding"
    VACCINATION = "vaccination"
    EARLY_HARVEST = "early_harvest"
    EVENT = "event"


#: What a note holds, by name.
Facts = Mapping[str, str | int | float]


class Note(NamedTuple):
    """Something worth an entry in the journal of a place, in plain facts for whoever writes it.

    ``place`` is an index in `Frame.places`; ``assignment`` and ``outbreak`` are ids, None where it
    is of no single one. What ``facts`` holds follows from the kind, see
    `farm.simulation.care.journal`.
    """

    kind: NoteKind
    place: int
    assignment: int | None
    outbreak: int | None
    facts: Facts


#: Says whether a note of a kind on a place, by index, may be written down today.
Listens = Callable[[NoteKind, int], bool]


def all_ears(_kind: NoteKind, _place: int) -> bool:
    """Listen to every note, as long as nobody knows what is written down."""
    return True


class Possible(Protocol):
    """Says in which of some containers a treatment type can be ordered today."""

    def __call__(
        self, kind: int, containers: Sequence[int], today: Today, state: State, *, urgent: bool
    ) -> list[int]:
        """Return them for a type, by its index; harvests wait for what is urgent."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """A treatment that people decided on: one type, for containers of one place.

    ``kind``: index of the treatment type. ``outbreak``: id of the outbreak that it answers, 0 for
    none. ``day``: ordinal of the first container's first day; the others follow as fast as the
    type allows.
    """

    kind: int
    place: int
    containers: tuple[int, ...]
    reason: str
    outbreak: int
    day: int


class Rounds(NamedTuple):
    """What people did about health today: treatments that began, lice that they counted.

    ``medicine``: id of the treatment type that the fish of each container are to get with their
    feed today, 0 for none.
    """

    therapy: Therapy | None
    counts: Counts
    medicine: Integers
