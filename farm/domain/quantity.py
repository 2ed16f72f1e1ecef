"""Numbers with a unit and a source, as configuration files must give them.

A field declared ``weight: Annotated[float, unit("g"), Field(gt=0)]`` reads

    weight = { value = 0.17, unit = "g", source = "..." }

and holds the bare number. The unit must be the declared one, the source must not be empty. Where a
model is read back from the plain JSON that it was dumped to, pass ``context=PLAIN``: numbers then
stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

#: Validation context for data dumped by a model, where unit and source are already checked.
PLAIN: Mapping[str, object] = {"plain": True}


class Strict(BaseModel):
    """Base of every configuration model: unknown keys are errors, values are frozen and finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def unit(name: str) -> BeforeValidator:
    """Return the metadata of a field in the unit ``name``, in a form that type checkers can read.

    weight: Annotated[float, unit("g"), Field(gt=0)]
    meals: Annotated[int, unit("1/day"), Field(ge=1)]
    by_month: Annotated[tuple[float, ...], unit("°C"), Field(min_length=12, max_length=12)]

    A list becomes a tuple: values are frozen.
    """

    def read(given: Any, info: ValidationInfo) -> Any:
        if info.context is PLAIN:
            return tuple(given) if isinstance(given, list) else given
        if not isinstance(given, dict) or set(given) != {"value", "unit", "source"}:
            raise ValueError(f'write {{ value = …, unit = "{name}", source = "…" }}')
        if given["unit"] != name:
            raise ValueError(f'the unit must be "{name}", not "{given["unit"]}"')
        if not isinstance(given["source"], str) or not given["source"].strip():
            raise ValueError("the source must say where the number comes from")
        value = given["value"]
        return tuple(value) if isinstance(value, list) else value

    return BeforeValidator(read)
