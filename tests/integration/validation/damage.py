"""Ways to damage a finished farm: statements that break one promise each."""

from __future__ import annotations

import re
from dataclasses import dataclass


def a_day(stage: int, more: str = "true") -> str:
    """Return the condition for one day of one assignment of a stage."""
    return f"""(assignment_id, date) = (
        SELECT d.assignment_id, d.date FROM daily_state d JOIN assignment a ON a.id = assignment_id
         WHERE a.lifecycle_stage_id = {stage} AND a.end_date IS NOT NULL
           AND d.date BETWEEN a.start_date + 3 AND a.end_date - 4 AND {more}
         ORDER BY d.assignment_id, d.date LIMIT 1)"""


def a_reading(more: str) -> str:
    """Return the condition for one reading."""
    return f"""(sensor_id, reading_time) = (
        SELECT r.sensor_id, r.reading_time FROM environmental_reading r WHERE {more}
         ORDER BY 1, 2 LIMIT 1)"""


def first(table: str, more: str = "true", key: str = "id") -> str:
    """Return the condition for the first row of a table."""
    return f"{key} = (SELECT min({key}) FROM {table} WHERE {more})"


@dataclass(frozen=True)
class Damage:
    """Statements that break one promise; ``also`` names checks that cannot but notice too."""

    check: str
    changes: tuple[str, ...]
    also: frozenset[str] = frozenset()

    @property
    def tables(self) -> set[str]:
        """The tables that the statements change."""
        pattern = r"(?:UPDATE|INTO|DELETE FROM|ALTER TABLE) ([a-z_.]+)"
        return {
            name.removeprefix("ops.") for text in self.changes for name in re.findall(pattern, text)
        }


def damage(check: str, *changes: str, also: str = "") -> Damage:
    return Damage(check, changes, frozenset(also.split()))
