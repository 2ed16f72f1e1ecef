"""What a period's simulation hands on about health: rows of the tables of the same names.

Living records (outbreaks, treatments, withholding periods, lab samples) are given as they stand at
the end of the period, and again by a later one as long as they may change. Nothing is dated after
the period's last day: what is not known yet is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class OutbreakRecord(NamedTuple):
    """A row of `disease_outbreak`: a disease among the fish of one site or station.

    First case: a container becomes infected. Onset: people notice. Peak: the day of most deaths so
    far. End: the first day without an infected container. ``deaths`` are those of this disease at
    the place from the first case to the end, as in `mortality_event`.
    """

    id: int
    disease_id: int
    site_id: int | None
    station_id: int | None
    first_case_date: date
    onset_date: date | None
    diagnosed_date: date | None
    peak_date: date | None
    end_date: date | None
    assignments_affected: int
    deaths: int


class TreatmentRecord(NamedTuple):
    """A row of `treatment`: one type given to the fish of one container.

    ``end_date``: the first day after it. ``deaths`` of cause treatment on its days and after, as
    far as they are of this treatment. Before and after: adult female lice per fish where it is for
    lice, deaths in per mille of the fish and week otherwise; ``effect_percent`` is the fall from
    one to the other, negative for a rise, None where there was nothing before. Status: running,
    waiting (for the effect to be measured), completed.
    """

    id: int
    treatment_type_id: int
    assignment_id: int
    disease_outbreak_id: int | None
    reason: str
    start_date: date
    end_date: date | None
    fish: int
    biomass_kg: float
    dose_total: float | None
    dose_total_unit: str | None
    cost: str
    deaths: int
    before_date: date | None
    before_value: float | None
    after_date: date | None
    after_value: float | None
    effect_percent: float | None
    status: str


class WithholdingRecord(NamedTuple):
    """A row of `withholding_period`: no harvest from ``start_date`` to before ``end_date``.

    Exactly one of the two requirements is set. ``degree_days`` are those counted so far in the
    container's own water, up to the end.
    """

    id: int
    treatment_id: int
    assignment_id: int
    start_date: date
    end_date: date | None
    required_degree_days: float | None
    required_days: int | None
    degree_days: float


@dataclass(frozen=True, slots=True)
class VaccinationRecord:
    """A row of `vaccination`: all fish of a container on a day. Score: mean Speilberg, 0 to 6."""

    id: int
    vaccine_id: int
    assignment_id: int
    date: date
    count: int
    mean_weight_g: float
    side_effect_score: float
    cost: str


class LabSampleRecord(NamedTuple):
    """A row of `lab_sample`: fish of one container sent to a laboratory for one test."""

    id: int
    lab_test_id: int
    assignment_id: int
    disease_outbreak_id: int | None
    reason: str
    sampled_on: date
    sent_on: date | None
    received_on: date | None
    n: int
    positive: int | None
    result: str | None


class JournalRecord(NamedTuple):
    """A row of `journal_entry`: what a veterinarian or a farm hand wrote about a place."""

    id: int
    date: date
    site_id: int | None
    station_id: int | None
    assignment_id: int | None
    disease_outbreak_id: int | None
    kind: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class HealthRecords:
    """All of them, each kind in order of id."""

    outbreaks: tuple[OutbreakRecord, ...] = ()
    treatments: tuple[TreatmentRecord, ...] = ()
    withholdings: tuple[WithholdingRecord, ...] = ()
    vaccinations: tuple[VaccinationRecord, ...] = ()
    lab_samples: tuple[LabSampleRecord, ...] = ()
    journal: tuple[JournalRecord, ...] = ()
