"""How people look after the health of fish, as configured in ``config/parameters/care.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from farm.domain.delousing import CountingRule, DelousingParameters
from farm.domain.disease import DiseaseKind
from farm.domain.measures import Share, WholeDays
from farm.domain.quantity import Strict, unit
from farm.domain.treatment import Treating


class Answering(Strict):
    """How people answer an outbreak: ``answering`` in ``care.toml``."""

    #: Kinds of diseases that they treat as soon as they see them, before a laboratory confirms.
    at_sight: tuple[DiseaseKind, ...]
    #: Share of the fish that is sick from which a container is treated.
    sick_from: Share
    #: Share of a place's containers with susceptible fish that are sick from which all of them are
    #: treated.
    all_from: Share
    #: Days before the fish of a container are treated for the same disease again.
    pause: WholeDays
    #: Days from the decision to the first container, and before people think about it again.
    preparation: WholeDays
    reconsidered: WholeDays
    #: Days over which deaths must on average be above what a disease's profile says before fish
    #: are harvested early.
    harvest_early_after: Annotated[int, unit("day"), Field(ge=1, le=60)]


class CareParameters(Strict):
    """``care.toml``."""

    #: How lice are counted, by geography: rules in order of the day from which they hold.
    counting: dict[str, Annotated[tuple[CountingRule, ...], Field(min_length=1)]]
    #: Days for which a count after a treatment waits for the other pens of the site.
    gather: WholeDays
    delousing: DelousingParameters
    #: Days after a treatment on which its effect is measured.
    measured_after: WholeDays
    #: Weight in grams from which fish can be harvested early.
    harvest_early_from: Annotated[float, unit("g"), Field(ge=0)]
    treating: Treating
    answering: Answering
