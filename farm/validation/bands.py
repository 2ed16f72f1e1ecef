"""Published figures that the data must agree with: config/reference/bands.csv.

Each row names its source, which begins with its grade: [found] read in the named publication;
[computed from open data]; [derived] follows from others; [from memory, to be verified] a default,
never a proof.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from farm.errors import ScenarioInvalid

_FILE = "reference/bands.csv"

_GRADES = ("found", "computed from open data", "derived", "from memory, to be verified")

#: How a band of percentiles is cut: a measured 5th percentile belongs between the published 5th
#: percentile and the middle, a 95th between the middle and the published 95th. A figure of other
#: farms is a yardstick: a wide band has twice the room on both sides of the middle.
_PARTS = ("p5", "p95", "wide")


class Band(BaseModel):
    """A published figure: where it lies, of whom, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}[a-z]?$")]
    quantity: Annotated[str, Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]
    low: float
    typical: float | None
    high: float
    population: str
    statistic: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(pattern=rf"^\[({'|'.join(_GRADES)})\]( .+)?$")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        middle = self.low if self.typical is None else self.typical
        if not self.low <= middle <= self.high or self.low == self.high:
            raise ValueError("low, typical and high must rise")
        return self

    @field_validator("typical", mode="before")
    @classmethod
    def _may_be_unknown(cls, given: object) -> object:
        return given or None

    def limits(self, part: str = "") -> tuple[float, float]:
        """Return low and high of the band, or of a part of it.

        Parts are its lower (p5) and upper (p95) half, and all of it with twice the room around the
        middle (wide), which never reaches below 0 where the band does not. Raises KeyError for
        another part, and for a half where the typical figure is not known.
        """
        if not part:
            return self.low, self.high
        if part == "wide":
            return self._wide()
        if part not in _PARTS or self.typical is None:
            raise KeyError(f"{self.id}.{part}")
        return (self.low, self.typical) if part == "p5" else (self.typical, self.high)

    def _wide(self) -> tuple[float, float]:
        middle = (self.low + self.high) / 2 if self.typical is None else self.typical
        low = 2 * self.low - middle
        return max(low, 0.0) if self.low >= 0 else low, 2 * self.high - middle


def load_bands(config_dir: Path) -> Mapping[str, Band]:
    """Return the bands by id.

    Raises:
        ScenarioInvalid: the file is missing or a row is wrong; names the row.
    """
    label = f"{config_dir.name}/{_FILE}"
    try:
        with (config_dir / _FILE).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise ScenarioInvalid(label, "", "no such file") from None
    bands: dict[str, Band] = {}
    for row in rows:
        name = row.get("id") or "?"
        try:
            band = Band.model_validate(row)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            key = ".".join([name, *map(str, first["loc"])])
            problem = first["msg"].removeprefix("Value error, ")
            raise ScenarioInvalid(label, key, problem) from None
        if band.id in bands:
            raise ScenarioInvalid(label, band.id, "occurs twice")
        bands[band.id] = band
    return bands


def find(bands: Mapping[str, Band], name: str) -> tuple[Band, float, float]:
    """Return the band called ``EN42`` or a part of it, ``EN42.p5``, with its low and high.

    Raises KeyError for a band or a part that does not exist.
    """
    found, _, part = name.partition(".")
    return bands[found], *bands[found].limits(part)
