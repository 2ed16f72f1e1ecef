"""The smallest scenario, made by the real generator in this process: no workers, no messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from farm.bootstrap import VERSIONS, Blueprints, PureGenerator
from farm.db.connection import Connection, Database, connect
from farm.db.history import PostgresHistoryStore
from farm.db.ledger import PostgresLedger
from farm.db.loader import PostgresLoader
from farm.db.tables import DATA_TABLES
from farm.domain.scenario import Scenario
from farm.orchestration import work
from farm.orchestration.advance import advance
from farm.orchestration.decide import Limits
from farm.orchestration.submit import submit
from farm.orchestration.work import WorkDeps
from farm.settings.scenarios import load_scenario
from farm.settings.yardsticks import load_yardsticks
from farm.simulation.scheduler import make_plan
from farm.validation.bands import load_bands
from farm.validation.checks import Check, Needs, load_checks
from farm.validation.readers import Reader
from farm.validation.run import judge
from farm.validation.scope import Scope
from farm.validation.verdict import Skipped, Verdict
from tests.fakes.delivery import MemoryCache, MemoryQueue

CONFIG = Path(__file__).parents[3] / "config"
CHECKS = {check.id: check for check in load_checks()}
BANDS = load_bands(CONFIG)
ANSWERS = load_yardsticks(CONFIG).answers

Answers = dict[str, Verdict | Skipped]


def make(database_url: str) -> Scenario:
    """Generate all sessions of `smoke` into a migrated database."""
    scenario = load_scenario("smoke", CONFIG)
    database = Database(database_url, "test")
    ledger = PostgresLedger(database)
    queue = MemoryQueue()
    limits = Limits(120, 3600.0, 3600.0)
    movers: dict[str, Any] = {"ledger": ledger, "publisher": queue, "broker": queue}
    deps = WorkDeps(
        ledger=ledger,
        cache=MemoryCache(),
        store=PostgresHistoryStore(database),
        loader=PostgresLoader(database),
        generator=PureGenerator(),
        blueprint_of=Blueprints(ledger),
        worker="test",
        max_attempts=1,
        clock=lambda: 0.0,
    )
    plan = make_plan(scenario)
    for number in scenario.session_numbers:
        submit(number, scenario, lambda: plan, VERSIONS, limits=limits, **movers)
        while queue.messages:
            while queue.messages:
                message = queue.messages.pop(0)
                if message.chunk is not None and message.month is not None:
                    work.render_month(message.chunk, deps)
                elif message.chunk is not None:
                    work.simulate_geography(message.chunk, deps)
                elif message.month is not None:
                    ledger.close_month(number, message.month)
            advance(number, limits=limits, **movers)
    database.close()
    return scenario


_PLACES = {"container", "hall", "station", "site", "area", "geography"}
_STAY = {"assignment", "lifecycle_stage", *_PLACES}

#: What else a check reads that names one of these.
_MADE_OF = {
    "pg_class": set(DATA_TABLES),
    "container_place": _PLACES,
    "site_place": {"site", "area", "geography"},
    "store_place": {"feed_store", *_PLACES},
    "stay": _STAY,
    "outbreak": {"disease_outbreak", "disease", *_PLACES},
    "reading_month": {"environmental_reading"},
    "pen_week": {"daily_state", *_STAY},
    "named_death": {"mortality_event", "mortality_cause", "disease", *_STAY},
    "water_month": {"daily_state", "site_day"},
    "odd_day": {"daily_state", "transfer", "harvest_event", "assignment"},
    "evening": {
        *("daily_state", "treatment", "vaccination", "lab_sample", "transfer"),
        *("harvest_event", "assignment", "growth_sample"),
    },
    "lot_use": {"feed_lot", "feed_draw"},
    "stock_day": {"feed_lot", "feed_draw"},
    "herd_day": {"daily_state", *_STAY},
}


def reads(check: Check, tables: Collection[str]) -> bool:
    """Return whether any of these tables can change the answer of a check."""
    made = set().union(*(parts for name, parts in _MADE_OF.items() if check.uses(name)))
    return any(check.uses(name) or name in made for name in tables)


@dataclass(frozen=True)
class Finished:
    """A finished farm on one connection. Whatever is changed to ask a question is rolled back."""

    url: str
    scenario: Scenario
    connection: Connection
    reader: Reader

    @classmethod
    @contextmanager
    def at(cls, database_url: str, scenario: Scenario) -> Iterator[Finished]:
        """Open the farm in a database."""
        with connect(database_url, "test") as connection:
            reader = Reader(connection)
            reader.prepare()
            yield cls(database_url, scenario, connection, reader)

    def asked(
        self,
        checks: Iterable[Check],
        *changes: str,
        scope: Scope | None = None,
    ) -> Answers:
        """Return the answers by id, after some changes."""
        scope = scope or Scope(self.scenario, self.scenario.session_numbers, answers=ANSWERS)
        with self.connection.transaction(force_rollback=True):
            for change in changes:
                done = self.connection.execute(change.encode())
                assert done.rowcount, f"nothing was changed by: {change}"
            answers = judge(self.reader, list(checks), scope, BANDS)
        return {one.id: one for one in answers}


def eager(name: str) -> Check:
    """Return a check that asks however little there is."""
    return replace(CHECKS[name], needs=Needs(0, "anything"))


def failed(answers: Answers) -> set[str]:
    """Return the ids of the checks that failed."""
    return {one.id for one in answers.values() if isinstance(one, Verdict) and not one.passed}


def ten_years(scenario: Scenario) -> Scope:
    """Return a scope of ten years of a shorter scenario."""
    outline = scenario.outline.model_copy(update={"sessions": (36, 36, 36, 12)})
    longer = scenario.model_copy(update={"outline": outline})
    return Scope(longer, longer.session_numbers)
