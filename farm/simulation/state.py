"""Everything that a day hands on to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

import numpy as np

from farm.domain.world import Stage
from farm.simulation.frame import Floats, Frame, Integers

#: The arrays that a process owns, by name.
Own = dict[str, Any]

#: Whether the fish of a stage are fed, by stage id; index 0 is the stage of empty containers.
FED = np.asarray([False, *(stage.is_fed for stage in Stage)], dtype=np.bool_)


@dataclass(slots=True)
class State:
    """The farm at the end of a day: one element per container.

    Days are proleptic ordinals (`date.toordinal`), 0 meaning never; ids are 0 in empty containers.
    ``weight_g`` is the mean weight at full precision: what is published is rounded, what is carried
    on is not.
    """

    assignment: Integers
    batch: Integers
    stage: Integers
    population: Integers
    weight_g: Floats
    arrived: Integers  #: day on which the fish came into this container
    stage_since: Integers  #: day on which the fish came into this stage of life
    sea_since: Integers  #: day on which the fish came to sea
    leaves: Integers  #: next day on which fish will leave, once it is known
    ready_from: Integers  #: last stage only: first day on which a pen may be harvested
    empty_by: Integers  #: last stage only: day by which a pen must be empty
    start_count: Integers
    start_weight_g: Floats
    dead: Integers  #: deaths since the assignment began
    came: Integers  #: fish that came after the day on which it began
    gone: Integers  #: fish that were moved out since it began
    weight_cv: Floats  #: standard deviation of single fish's weights over their mean
    withheld: Integers  #: medicines whose withholding runs or is to follow: no harvest until 0
    early: Integers  #: 1 where fish are to be harvested as soon as they may, whatever they weigh
    postponed: Integers  #: days by which withholding periods have put off the harvest so far
    own: dict[str, Own] = field(default_factory=dict)  #: the arrays of each process, by its name

    @classmethod
    def empty(cls, frame: Frame) -> State:
        """Return the state of a farm without fish."""
        arrays: dict[str, Any] = {}
        for entry in fields(cls):
            if entry.name == "own":
                continue
            kind = np.float64 if entry.name in _REAL else np.int64
            arrays[entry.name] = np.zeros(frame.size, dtype=kind)
        return cls(**arrays)

    def vacate(self, container: int) -> None:
        """Leave one container without fish."""
        for array in _per_container(self):
            array[container] = 0


#: The arrays of real numbers; all others are of whole ones.
_REAL = frozenset({"weight_g", "start_weight_g", "weight_cv"})

#: The arrays that describe the fish of a container.
PER_CONTAINER = tuple(f.name for f in fields(State) if f.name != "own")

_per_container = attrgetter(*PER_CONTAINER)


def dump(state: State) -> dict[str, Any]:
    """Return the state as plain JSON data; floats survive the round trip exactly."""
    core = {f.name: getattr(state, f.name).tolist() for f in fields(State) if f.name != "own"}
    own = {
        process: {name: array.tolist() for name, array in arrays.items()}
        for process, arrays in state.own.items()
    }
    return {"farm": core, "processes": own}


def restore(data: Mapping[str, Any], pattern: State) -> State:
    """Return the state that `dump` was called on.

    Args:
        data: what `dump` returned.
        pattern: a fresh state of the same farm, for names, shapes and types.

    Raises:
        ValueError: the data belong to another farm or to other processes.
    """
    core = {
        f.name: _array(data["farm"], f.name, getattr(pattern, f.name), "farm")
        for f in fields(State)
        if f.name != "own"
    }
    if set(data["farm"]) != set(core) or set(data["processes"]) != set(pattern.own):
        raise ValueError("the snapshot was taken by other processes")
    own = {
        process: {
            name: _array(data["processes"][process], name, array, process)
            for name, array in arrays.items()
        }
        for process, arrays in pattern.own.items()
    }
    return State(**core, own=own)


def _array(data: Mapping[str, Any], name: str, pattern: Any, owner: str) -> Any:
    if name not in data:
        raise ValueError(f"the snapshot lacks {owner}.{name}")
    array = np.asarray(data[name], dtype=pattern.dtype)
    if array.shape != pattern.shape:
        raise ValueError(f"the snapshot was taken of another farm: {owner}.{name}")
    return array
