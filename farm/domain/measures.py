"""Quantities that many configuration files have, each with its unit and its bounds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from farm.domain.quantity import unit

#: What people call a thing, and what files do.
Name = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]

Share = Annotated[float, unit("1"), Field(ge=0, le=1)]
#: What is left of a deviation on the next day.
Persistence = Annotated[float, unit("1"), Field(ge=0, lt=1)]

WholeDays = Annotated[int, unit("day"), Field(ge=0, le=400)]
DayOfYear = Annotated[float, unit("day of year"), Field(ge=1, le=366)]
MonthOfYear = Annotated[int, unit("month"), Field(ge=1, le=12)]
