"""Numbers with a unit and a source, as configuration files must give them.

A field declared ``Quantity("g", gt=0)`` reads

    weight = { value = 0.17, unit = "g", source = "..." }

and holds the bare number. The unit must be the declared one, the source must not be empty. Where a
model is read back from the plain JSON that it was dumped to, pass ``context=PLAIN``: numbers then
stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

#: Validation context for data dumped by a model, where unit and source are already checked.
PLAIN: Mapping[str, object] = {"plain": True}


class Strict(BaseModel):
    """Base of every configuration model: unknown keys are errors, values are frozen and finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _reader(unit: str) -> Callable[[Any, ValidationInfo], Any]:
    def read(given: Any, info: ValidationInfo) -> Any:
        if info.context is PLAIN:
            return given
        if not isinstance(given, dict) or set(given) != {"value", "unit", "source"}:
            raise ValueError(f'write {{ value = …, unit = "{unit}", source = "…" }}')
        if given["unit"] != unit:
            raise ValueError(f'the unit must be "{unit}", not "{given["unit"]}"')
        if not isinstance(given["source"], str) or not given["source"].strip():
            raise ValueError("the source must say where the number comes from")
        value = given["value"]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return read


def unit(name: str) -> BeforeValidator:
    """Return the metadata of a field in the unit ``name``, in a form that type checkers can read.

    weight: Annotated[float, unit("g"), Field(gt=0)]
    meals: Annotated[int, unit("1/day"), Field(ge=1)]
    by_month: Annotated[tuple[float, ...], unit("degC"), Field(min_length=12, max_length=12)]
    """
    read = _reader(name)

    def keep(given: Any, info: ValidationInfo) -> Any:
        value = read(given, info)
        if isinstance(value, list):
            return tuple(value)
        whole = isinstance(given, dict) and isinstance(given.get("value"), int)
        return given["value"] if whole else value

    return BeforeValidator(keep)


def quantity(unit: str, **bounds: float) -> Any:
    """Return the type of a float field in ``unit``; bounds are pydantic's gt, ge, lt, le."""
    return Annotated[float, BeforeValidator(_reader(unit)), Field(**bounds)]  # type: ignore[arg-type]


def count(unit: str, **bounds: int) -> Any:
    """Return the type of a whole-number field in ``unit``; bounds as in `quantity`."""

    def read(given: Any, info: ValidationInfo) -> Any:
        value = _reader(unit)(given, info)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return Annotated[int, BeforeValidator(read), Field(**bounds)]  # type: ignore[arg-type]


def series(unit: str, length: int) -> Any:
    """Return the type of a fixed-length list of floats in ``unit`` (for instance one per month)."""

    def read(given: Any, info: ValidationInfo) -> Any:
        value = _reader(unit)(given, info)
        return tuple(float(v) for v in value) if isinstance(value, list | tuple) else value

    return Annotated[
        tuple[float, ...], BeforeValidator(read), Field(min_length=length, max_length=length)
    ]
