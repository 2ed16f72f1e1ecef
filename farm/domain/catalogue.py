"""Catalogues as configured: what is measured, stages, strains, suppliers, feed."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from farm.domain.measures import Code, Name
from farm.domain.quantity import Strict, unit
from farm.domain.world import Stage

#: Minimum, maximum, optimum.
Range = Annotated[tuple[float, ...], Field(min_length=3, max_length=3)]


class ParameterRanges(Strict):
    """Plausible minimum and maximum of what a sensor reports, and the optimum for salmon."""

    temperature: Annotated[Range, unit("°C")]
    oxygen: Annotated[Range, unit("mg/L")]
    ph: Annotated[Range, unit("pH")]
    salinity: Annotated[Range, unit("PSU")]
    co2: Annotated[Range, unit("mg/L")]
    current: Annotated[Range, unit("m/s")]
    air_temperature: Annotated[Range, unit("°C")]
    wind_speed: Annotated[Range, unit("m/s")]
    wave_height: Annotated[Range, unit("m")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in type(self).model_fields:
            low, high, best = getattr(self, name)
            if not low <= best <= high:
                raise ValueError(f"{name}: write [minimum, maximum, optimum between them]")
        return self


class StageText(Strict):
    """How a stage reads in the catalogue."""

    name: Name
    typical_days: Annotated[int, unit("day"), Field(ge=1)]
    weight_range_g: Annotated[tuple[float, ...], unit("g"), Field(min_length=2, max_length=2)]


class StrainSpec(Strict):
    """A strain of Atlantic salmon."""

    code: Code
    name: Name


class EggSupplierSpec(Strict):
    """Someone who sells eyed eggs of one strain to some geographies."""

    code: Code
    name: Name
    country: Name
    strain: Code
    serves: Annotated[tuple[str, ...], Field(min_length=1)]


class FeedTypeSpec(Strict):
    """A feed and the fish it is made for."""

    code: Code
    name: Name
    pellet_mm: Annotated[float, unit("mm"), Field(gt=0)]
    protein_percent: Annotated[float, unit("percent"), Field(gt=0, lt=100)]
    fat_percent: Annotated[float, unit("percent"), Field(gt=0, lt=100)]
    weight_range_g: Annotated[tuple[float, ...], unit("g"), Field(min_length=2, max_length=2)]


class FeedSupplierSpec(Strict):
    """Someone who sells feed. Reliability is the share of deliveries that come in time."""

    code: Code
    name: Name
    lead_time_days: Annotated[int, unit("day"), Field(ge=0)]
    reliability: Annotated[float, unit("1"), Field(ge=0, le=1)]


class Catalogue(Strict):
    """Everything small that rows refer to."""

    parameters: ParameterRanges
    stages: dict[Stage, StageText]
    strains: Annotated[tuple[StrainSpec, ...], Field(min_length=1)]
    egg_suppliers: Annotated[tuple[EggSupplierSpec, ...], Field(min_length=1)]
    feed_types: Annotated[tuple[FeedTypeSpec, ...], Field(min_length=1)]
    feed_suppliers: Annotated[tuple[FeedSupplierSpec, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if missing := [stage.value for stage in Stage if stage not in self.stages]:
            raise ValueError(f"stages lacks {', '.join(missing)}")
        strains = {strain.code for strain in self.strains}
        for supplier in self.egg_suppliers:
            if supplier.strain not in strains:
                raise ValueError(f'egg supplier "{supplier.code}" sells unknown strain')
        edge = 0.0
        for feed in self.feed_types:
            low, high = feed.weight_range_g
            if not low <= edge < high:
                raise ValueError(f'feed type "{feed.code}" leaves a gap or an overlap in weight')
            edge = high
        return self
