"""The figures of a history in plain loops: one batch, one place, one month and one day at a time.

Written from the definitions in `farm.simulation.figure_records`, from a whole history that begins
with an empty farm; no array arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from farm.domain.calendar import Month
from farm.domain.costs import Costs
from farm.domain.plan import Plan
from farm.domain.world import Container, Stage
from farm.simulation.history import History

Figures = dict[str, Any]

_SPENT = ("egg_cost", "feed_cost", "treatment_cost", "vaccination_cost", "operating_cost")


class PlainAccounts:
    """Draws up the accounts of one geography's history."""

    def __init__(self, history: History, plan: Plan, geography: str, costs: Costs) -> None:
        self.history, self.plan, self.geography, self.costs = history, plan, geography, costs
        self.container = {c.id: c for c in plan.world.container}
        self.station = {h.id: h.station_id for h in plan.world.hall}
        self.assignment = {a.id: a for a in history.assignments}
        columns = [c.tolist() for c in history.daily.values()]
        self.days: dict[date, list[Figures]] = {}
        for values in zip(*columns, strict=True):
            row = dict(zip(history.daily, values, strict=True))
            self.days.setdefault(row["date"], []).append(row)

    def place(self, assignment: int) -> tuple[str, int]:
        return self.place_of(self.container[self.assignment[assignment].container_id])

    def place_of(self, container: Container) -> tuple[str, int]:
        if container.hall_id is None:
            return "site", container.site_id or 0
        return "station", self.station[container.hall_id]

    def rows(self, first: date, last: date) -> Iterator[Figures]:
        day = first
        while day <= last:
            yield from self.days.get(day, [])
            day += timedelta(days=1)

    def is_of(self, batch: int, assignment: int) -> bool:
        return self.assignment[assignment].batch_id == batch

    # Batches -------------------------------------------------------------------------------------

    def batch_months(self) -> list[Figures]:
        """Every batch and month with fish; money in cents."""
        found = []
        for batch in sorted(b.id for b in self.history.batches):
            book = 0
            for month in self.history.period.months():
                figures = self.batch_month(batch, month, book)
                if figures is not None:
                    found.append(figures)
                    book = figures["book_value"]
        return found

    def batch_month(self, batch: int, month: Month, book: int) -> Figures | None:
        eve = month.first - timedelta(days=1)
        before = [r for r in self.days.get(eve, []) if r["batch_id"] == batch]
        mine = [r for r in self.rows(month.first, month.last) if r["batch_id"] == batch]
        start, start_kg = self.held(before)
        laid = [
            a
            for a in self.history.assignments
            if a.batch_id == batch
            and a.lifecycle_stage_id == Stage.EGG_ALEVIN.id
            and Month.of(a.start_date) == month
        ]
        eggs = sum(a.start_count for a in laid)
        if not (start or eggs or mine):
            return None
        eggs_kg = sum(a.start_count * a.start_weight_g / 1000 for a in laid)
        end, end_kg = self.held([r for r in mine if r["date"] == month.last])
        dates = [r["date"] for r in mine if r["population"]]
        last_day = max(dates) if dates else eve
        last = [r for r in (mine or before) if r["date"] == last_day]
        last_fish, last_kg = self.held(last)
        weight = 1000 * last_kg / last_fish
        by_stage: dict[int, int] = {}
        for row in last:
            stage = row["lifecycle_stage_id"]
            by_stage[stage] = by_stage.get(stage, 0) + row["population"]
        deaths = sum(r["deaths"] for r in mine)
        dead_kg = sum(r["deaths"] * r["mean_weight_g"] / 1000 for r in mine)
        caught = [
            h
            for h in self.history.harvests
            if self.is_of(batch, h.assignment_id) and Month.of(h.date) == month
        ]
        harvested = sum(h.count for h in caught)
        harvested_kg = sum(h.biomass_kg for h in caught)
        growth = end_kg + harvested_kg + dead_kg - start_kg - eggs_kg
        feed_kg = sum(r["feed_g"] for r in mine) / 1000
        degree_days = self.degree_days(mine)
        days = (last_day - eve).days
        begun = 1000 * start_kg / start if start else 0.0
        looked_at = sum(r["lice_fish_counted"] for r in mine)
        treatments = [
            t
            for t in self.history.health.treatments
            if self.is_of(batch, t.assignment_id) and Month.of(t.start_date) == month
        ]
        jabs = [
            v
            for v in self.history.health.vaccinations
            if self.is_of(batch, v.assignment_id) and Month.of(v.date) == month
        ]
        inflated = self.costs.inflated(month)
        figures: Figures = {
            "batch_id": batch,
            "month": month.first,
            "lifecycle_stage_id": max(by_stage, key=lambda stage: (by_stage[stage], -stage)),
            "start_population": start,
            "end_population": end,
            "start_biomass_kg": start_kg,
            "end_biomass_kg": end_kg,
            "mean_weight_g": weight,
            "deaths": deaths,
            "deaths_by_cause": [
                sum(each) for each in zip(*(r["deaths_by_cause"] for r in mine), strict=True)
            ],
            "mortality_percent": 100 * deaths / (start + eggs),
            "dead_kg": dead_kg,
            "harvested": harvested,
            "harvested_kg": harvested_kg,
            "growth_kg": growth,
            "feed_kg": feed_kg,
            "degree_days": degree_days,
            "sgr_percent_day": (
                100 * (math.log(weight) - math.log(begun)) / days if begun and days else None
            ),
            "tgc": (
                1000 * (weight ** (1 / 3) - begun ** (1 / 3)) / degree_days
                if begun and days
                else None
            ),
            "fcr_biological": feed_kg / growth if feed_kg and growth > 0 else None,
            "fcr_economic": (
                feed_kg / (growth - dead_kg) if feed_kg and growth > dead_kg else None
            ),
            "max_density_kg_m3": max((r["density_kg_m3"] for r in mine), default=0.0),
            "lice_adult_female": (
                sum(r["lice_adult_female_counted"] for r in mine) / looked_at if looked_at else None
            ),
            "treatments": len(treatments),
            "egg_cost": round(eggs * self.costs.egg[self.geography] * inflated * 100),
            "feed_cost": sum(r["feed_cents"] for r in mine),
            "treatment_cost": sum(int(Decimal(t.cost) * 100) for t in treatments),
            "vaccination_cost": sum(int(Decimal(v.cost) * 100) for v in jabs),
            "operating_cost": round(self.operating(mine) * inflated * 100),
        }
        value = book + sum(figures[name] for name in _SPENT)
        there = start + eggs
        figures["mortality_cost"] = value * deaths // there
        figures["book_value"] = value - value * (deaths + harvested) // there
        return figures

    def held(self, rows: list[Figures]) -> tuple[int, float]:
        return sum(r["population"] for r in rows), sum(r["biomass_kg"] for r in rows)

    def degree_days(self, rows: list[Figures]) -> float:
        total = 0.0
        for day in sorted({r["date"] for r in rows}):
            today = [r for r in rows if r["date"] == day]
            fish = sum(r["population"] for r in today)
            if fish:
                total += sum(r["population"] * r["temperature_c"] for r in today) / fish
        return total

    def operating(self, rows: list[Figures]) -> float:
        operation, total = self.costs.operation[self.geography], 0.0
        for row in rows:
            stage = list(Stage)[row["lifecycle_stage_id"] - 1]
            room = self.container[self.assignment[row["assignment_id"]].container_id].volume_m3
            total += room * operation.volume.of(stage)
            total += row["biomass_kg"] / 1000 * operation.biomass.of(stage)
        return total

    # Places --------------------------------------------------------------------------------------

    def site_months(self) -> list[Figures]:
        """Every place and month, stocked or not; money in cents."""
        areas = {
            a.id
            for a in self.plan.world.area
            if self.plan.world.geography[a.geography_id - 1].code == self.geography
        }
        places = [("site", s.id) for s in self.plan.world.site if s.area_id in areas]
        places += [("station", s.id) for s in self.plan.world.station if s.area_id in areas]
        return [
            self.site_month(kind, number, month)
            for month in self.history.period.months()
            for kind, number in sorted(places)
        ]

    def site_month(self, kind: str, number: int, month: Month) -> Figures:
        here = (kind, number)
        mine = [
            r for r in self.rows(month.first, month.last) if self.place(r["assignment_id"]) == here
        ]
        containers = [c for c in self.container.values() if self.place_of(c) == here]
        eve = month.first - timedelta(days=1)
        _, start_kg = self.held(
            [r for r in self.days.get(eve, []) if self.place(r["assignment_id"]) == here]
        )
        by_day = {
            day: self.held([r for r in mine if r["date"] == day])
            for day in {r["date"] for r in mine}
        }
        end, end_kg = by_day.get(month.last, (0, 0.0))
        deaths = sum(r["deaths"] for r in mine)
        dead_kg = sum(r["deaths"] * r["mean_weight_g"] / 1000 for r in mine)
        harvested_kg = sum(
            h.biomass_kg
            for h in self.history.harvests
            if self.place(h.assignment_id) == here and Month.of(h.date) == month
        )
        came_kg = 0.0
        for a in self.history.assignments:
            is_laid = a.lifecycle_stage_id == Stage.EGG_ALEVIN.id
            if is_laid and self.place(a.id) == here and Month.of(a.start_date) == month:
                came_kg += a.start_count * a.start_weight_g / 1000
        for t in self.history.transfers:
            if Month.of(t.date) == month:
                came_kg += t.biomass_kg * (self.place(t.to_assignment_id) == here)
                came_kg -= t.biomass_kg * (self.place(t.from_assignment_id) == here)
        growth = end_kg + harvested_kg + dead_kg - start_kg - came_kg
        feed_kg = sum(r["feed_g"] for r in mine) / 1000
        fish = [population for population, _ in by_day.values() if population]
        looked_at = sum(r["lice_fish_counted"] for r in mine)
        return {
            "id": month.index * 10_000 + (5_000 if kind == "station" else 0) + number,
            "site_id": number if kind == "site" else None,
            "station_id": number if kind == "station" else None,
            "month": month.first,
            "containers": len(containers),
            "occupied_container_days": len(mine),
            "utilisation_percent": 100 * len(mine) / (len(containers) * month.days),
            "fallow_days": month.days - len(fish),
            "end_population": end,
            "end_biomass_kg": end_kg,
            "max_biomass_kg": max((kg for _, kg in by_day.values()), default=0.0),
            "max_density_kg_m3": max((r["density_kg_m3"] for r in mine), default=0.0),
            "deaths": deaths,
            "mortality_percent": 100 * deaths / (sum(fish) / len(fish)) if fish else 0.0,
            "growth_kg": growth,
            "harvested_kg": harvested_kg,
            "feed_kg": feed_kg,
            "feed_cost": sum(r["feed_cents"] for r in mine),
            "fcr_biological": feed_kg / growth if feed_kg and growth > 0 else None,
            "lice_adult_female": (
                sum(r["lice_adult_female_counted"] for r in mine) / looked_at if looked_at else None
            ),
            "lice_fish_counted": looked_at,
            "treatments": sum(
                self.place(t.assignment_id) == here and Month.of(t.start_date) == month
                for t in self.history.health.treatments
            ),
        }
