"""What is mixed into a feed."""

from __future__ import annotations

from farm.domain.biology import Biology
from farm.domain.world import FeedType


def holds_medicine(kind: FeedType, biology: Biology) -> bool:
    """Return whether only fish under prescription may eat it: functional feed holds none."""
    treatment = kind.treatment_type_id
    return treatment is not None and biology.treatments[treatment - 1].is_medicine
