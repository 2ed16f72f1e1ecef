"""Catalogue rows: small tables that other rows refer to. Ids count from 1 in configured order."""

from __future__ import annotations

from datetime import date

from farm.domain import world as rows
from farm.domain.biology import Biology
from farm.domain.catalogue import Catalogue, ParameterRanges
from farm.domain.facilities import Facilities
from farm.domain.geography import GeographySpec
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
    Cause.TREATMENT: "Treatment",
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


def feed_types(catalogue: Catalogue, biology: Biology) -> tuple[rows.FeedType, ...]:
    """Return the feeds, from the smallest fish to the largest; then with each medicine in turn."""
    mixed = [(i, t) for i, t in enumerate(biology.treatments, 1) if t.in_feed]
    makes = [(None, "", ""), *((i, f"_{t.code}", f" with {t.name}") for i, t in mixed)]
    return tuple(
        rows.FeedType(
            number * len(catalogue.feed_types) + i,
            f"{f.code}{code}",
            f"{f.name}{name}",
            f.pellet_mm,
            f.protein_percent,
            f.fat_percent,
            f.weight_range_g[0],
            f.weight_range_g[1],
            treatment,
        )
        for number, (treatment, code, name) in enumerate(makes)
        for i, f in enumerate(catalogue.feed_types, 1)
    )


def feed_suppliers(catalogue: Catalogue) -> tuple[rows.FeedSupplier, ...]:
    """Return those who sell feed."""
    return tuple(
        rows.FeedSupplier(i, s.code, s.name, s.lead_time_days, s.reliability)
        for i, s in enumerate(catalogue.feed_suppliers, 1)
    )


def mortality_causes(biology: Biology) -> tuple[rows.MortalityCause, ...]:
    """Return the causes of death, diseases last."""
    named = tuple(rows.MortalityCause(c.id, c.value, name) for c, name in _CAUSES.items())
    return named + tuple(
        rows.MortalityCause(rows.disease_cause_id(disease.id), disease.code, disease.name)
        for disease in diseases(biology)
    )


def diseases(biology: Biology) -> tuple[rows.Disease, ...]:
    """Return the diseases, in order of their codes."""
    return tuple(
        rows.Disease(i, code, profile.name, profile.kind, profile.agent)
        for i, code in enumerate(biology.disease_codes, 1)
        for profile in (biology.diseases[code],)
    )


def treatment_types(biology: Biology) -> tuple[rows.TreatmentType, ...]:
    """Return the ways to treat fish."""
    return tuple(
        rows.TreatmentType(
            i,
            t.code,
            t.name,
            t.method,
            t.is_medicine,
            t.substance,
            t.dose.amount if t.dose else None,
            t.dose.unit if t.dose else None,
            t.duration,
            t.fasting,
            t.withdrawal_degree_days,
            t.withdrawal_days,
        )
        for i, t in enumerate(biology.treatments, 1)
    )


def vaccines(biology: Biology) -> tuple[rows.Vaccine, ...]:
    """Return the vaccines."""
    return tuple(
        rows.Vaccine(i, v.code, v.name, v.min_weight, v.onset, v.dose)
        for i, v in enumerate(biology.vaccines.vaccines, 1)
    )


def vaccine_protections(biology: Biology) -> tuple[rows.VaccineProtection, ...]:
    """Return what each vaccine protects from."""
    ids = {code: i for i, code in enumerate(biology.disease_codes, 1)}
    return tuple(
        rows.VaccineProtection(i, ids[code], share)
        for i, vaccine in enumerate(biology.vaccines.vaccines, 1)
        for code, share in sorted(vaccine.protects.items())
        if share > 0
    )


def lab_tests(biology: Biology) -> tuple[rows.LabTest, ...]:
    """Return the tests of laboratories."""
    ids = {code: i for i, code in enumerate(biology.disease_codes, 1)}
    return tuple(
        rows.LabTest(i, t.code, t.name, t.method, ids[t.disease], t.sensitivity, t.specificity)
        for i, t in enumerate(biology.laboratory.tests, 1)
    )


def lice_limits(geography_id: int, spec: GeographySpec) -> tuple[rows.LiceLimit, ...]:
    """Return the limits of adult female lice that a geography's rules name."""
    return tuple(
        rows.LiceLimit(
            geography_id * 100 + number,
            geography_id,
            limit.kind,
            date.fromisoformat(limit.since),
            date.fromisoformat(limit.until) if limit.until else None,
            limit.first_month,
            limit.last_month,
            limit.adult_female,
        )
        for number, limit in enumerate(spec.lice_limits, 1)
    )


def quality_flags() -> tuple[rows.QualityFlag, ...]:
    """Return what a reading can be worth."""
    return tuple(rows.QualityFlag(q.id, q.value, name) for q, name in _QUALITIES.items())
