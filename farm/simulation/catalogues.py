"""Catalogue rows: small tables that other rows refer to. Ids count from 1 in configured order."""

from __future__ import annotations

from farm.domain import world as rows
from farm.domain.catalogue import Catalogue, ParameterRanges
from farm.domain.facilities import Facilities
from farm.domain.world import Cause, ContainerKind, Parameter, Quality, Stage

_PARAMETERS = {
    Parameter.TEMPERATURE: ("Temperature", "°C"),
    Parameter.OXYGEN: ("Dissolved oxygen", "mg/L"),
    Parameter.PH: ("pH", "pH"),
    Parameter.SALINITY: ("Salinity", "PSU"),
    Parameter.CO2: ("Dissolved carbon dioxide", "mg/L"),
    Parameter.CURRENT: ("Current speed", "m/s"),
    Parameter.AIR_TEMPERATURE: ("Air temperature", "°C"),
    Parameter.WIND_SPEED: ("Wind speed", "m/s"),
    Parameter.WAVE_HEIGHT: ("Significant wave height", "m"),
}

_CAUSES = {
    Cause.BACKGROUND: "Background",
    Cause.HANDLING: "Handling",
    Cause.ENVIRONMENT: "Environment",
    Cause.PREDATION: "Predation",
    Cause.DEFORMITY: "Deformity",
    Cause.UNKNOWN: "Unknown",
}

_QUALITIES = {Quality.OK: "Good", Quality.DRIFT: "Drifted", Quality.OUTLIER: "Outlier"}


def environmental_parameters(
    ranges: ParameterRanges,
) -> tuple[rows.EnvironmentalParameter, ...]:
    """Return what sensors measure."""
    found = []
    for parameter, (name, unit) in _PARAMETERS.items():
        low, high, best = getattr(ranges, parameter.value)
        found.append(
            rows.EnvironmentalParameter(parameter.id, parameter.value, name, unit, low, high, best)
        )
    return tuple(found)


def lifecycle_stages(
    catalogue: Catalogue, facilities: Facilities
) -> tuple[rows.LifecycleStage, ...]:
    """Return the stages of life."""
    found = []
    for stage in Stage:
        text = catalogue.stages[stage]
        at_sea = stage is Stage.ADULT
        container = ContainerKind.PEN if at_sea else facilities.of(stage).container
        low, high = text.weight_range_g
        found.append(
            rows.LifecycleStage(
                stage.id,
                stage.value,
                text.name,
                stage.id,
                container.value,
                text.typical_days,
                low,
                high,
            )
        )
    return tuple(found)


def strains(catalogue: Catalogue) -> tuple[rows.Strain, ...]:
    """Return the strains."""
    return tuple(rows.Strain(i, s.code, s.name) for i, s in enumerate(catalogue.strains, 1))


def egg_suppliers(catalogue: Catalogue) -> tuple[rows.EggSupplier, ...]:
    """Return those who sell eggs."""
    return tuple(
        rows.EggSupplier(i, s.code, s.name, s.country)
        for i, s in enumerate(catalogue.egg_suppliers, 1)
    )


def feed_types(catalogue: Catalogue) -> tuple[rows.FeedType, ...]:
    """Return the feeds, from the smallest fish to the largest."""
    return tuple(
        rows.FeedType(
            i, f.code, f.name, f.pellet_mm, f.protein_percent, f.fat_percent, *f.weight_range_g
        )
        for i, f in enumerate(catalogue.feed_types, 1)
    )


def feed_suppliers(catalogue: Catalogue) -> tuple[rows.FeedSupplier, ...]:
    """Return those who sell feed."""
    return tuple(
        rows.FeedSupplier(i, s.code, s.name, s.lead_time_days, s.reliability)
        for i, s in enumerate(catalogue.feed_suppliers, 1)
    )


def mortality_causes() -> tuple[rows.MortalityCause, ...]:
    """Return the causes of death."""
    return tuple(rows.MortalityCause(c.id, c.value, name) for c, name in _CAUSES.items())


def quality_flags() -> tuple[rows.QualityFlag, ...]:
    """Return what a reading can be worth."""
    return tuple(rows.QualityFlag(q.id, q.value, name) for q, name in _QUALITIES.items())
