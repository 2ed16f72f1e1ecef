"""Joins every port to its adapter. Nothing else in the package does."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import redis
from celery import Celery

from farm.db.cache import RedisBroker, RedisLedgerCache, open_client
from farm.db.connection import Database
from farm.db.history import PostgresHistoryStore
from farm.db.ledger import PostgresLedger
from farm.db.loader import PostgresLoader
from farm.db.markers import markers, sha256_of
from farm.domain.address import ChunkAddress
from farm.domain.scenario import Scenario
from farm.domain.version import GENERATOR_VERSION
from farm.errors import FarmError, Fenced
from farm.orchestration.advance import advance
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.canvas import CeleryPublisher, make_app
from farm.orchestration.decide import Action, Limits
from farm.orchestration.delivery import delivery_settings
from farm.orchestration.faults import OnPoint, armed
from farm.orchestration.ports import (
    Broker,
    HistoryStore,
    Ledger,
    LedgerCache,
    Loader,
    Publisher,
    SessionRow,
)
from farm.orchestration.reconcile import Reconciler
from farm.orchestration.resume import Resumed, resume
from farm.orchestration.retry import RetryPolicy
from farm.orchestration.retry_failed import Selection, retry_failed
from farm.orchestration.submit import (
    Submitted,
    Versions,
    check_unchanged,
    restored_scenario,
    submit,
)
from farm.orchestration.verify import Comparison, Marker, Verifier, require_reproducible
from farm.orchestration.work import BlueprintOf, WorkDeps
from farm.rendering.expected import expected_area_rows, expected_rows
from farm.rendering.render import render
from farm.rendering.slices import slices
from farm.services.announced import announced
from farm.services.embedded import Services
from farm.settings.settings import Settings
from farm.simulation.engine import simulate

#: What besides the scenario decides the bytes this process generates.
VERSIONS = Versions(generator=GENERATOR_VERSION, numpy=np.__version__)


class PureGenerator:
    """The generator of this package, as workers ask for it."""

    simulate = staticmethod(simulate)
    render = staticmethod(render)
    expected_rows = staticmethod(expected_rows)
    expected_area_rows = staticmethod(expected_area_rows)
    slices = staticmethod(slices)


class Blueprints:
    """The blueprints of submitted sessions, made once per process and scenario."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._of_session: dict[int, Blueprint] = {}

    def __call__(self, session: int, *, afresh: bool = False) -> Blueprint:
        """Return the blueprint of a submitted session.

        The ledger is asked once for each session, and ``afresh``. Whoever claims a chunk says which
        fingerprint it goes by, so that a database that was reset meanwhile is noticed.

        Raises:
            Fenced: the session is not in the database (any more).
            SessionRefused: this process has another generator or numpy than the session.
        """
        if afresh or session not in self._of_session:
            self._of_session[session] = self._looked_up(session)
        return self._of_session[session]

    def _looked_up(self, session: int) -> Blueprint:
        row = _row_of(self._ledger, session)
        for known in self._of_session.values():
            if known.fingerprint == row.fingerprint:
                return known
        scenario = restored_scenario(self._ledger, row)
        check_unchanged([row], scenario, VERSIONS)
        blueprint = Blueprint.of(scenario)
        # A plan is a hundred thousand objects that live as long as the process. Collected once and
        # frozen, they are not walked again by every full garbage collection.
        gc.collect()
        gc.freeze()
        return blueprint


@dataclass(frozen=True, slots=True)
class Farm:
    """Everything a command, a coordinator or a worker process needs, connected when first used."""

    settings: Settings
    limits: Limits
    ledger: Ledger
    cache: LedgerCache
    broker: Broker
    publisher: Publisher
    store: HistoryStore
    loader: Loader
    plan_of: BlueprintOf
    on_point: OnPoint
    database: Database
    redis: redis.Redis

    def submit(self, session: int, scenario: Scenario, *, ahead: bool = False) -> Submitted:
        """Open a session if it is new and move it on; raises SessionRefused.

        ``ahead``: the one before it may still be open; this one is only prepared then.
        """
        return submit(
            session,
            scenario,
            lambda: Blueprint.of(scenario).plan,
            VERSIONS,
            limits=self.limits,
            ahead=ahead,
            **self._movers(),
        )

    def advance(self, session: int, *, hold_back: bool = False) -> list[Action]:
        """Do everything that follows from the ledger now."""
        limits = replace(self.limits, hold_back=hold_back)
        return advance(session, limits=limits, **self._movers())

    def resume(self, session: int) -> Resumed:
        """Put back what is missing. Raises SessionRefused if this is another generator or numpy."""
        row = _row_of(self.ledger, session)
        check_unchanged([row], restored_scenario(self.ledger, row), VERSIONS)
        return resume(session, cache=self.cache, limits=self.limits, **self._movers())

    def retry(self, session: int, selection: Selection, *, dry_run: bool) -> list[ChunkAddress]:
        """Put failed chunks back to work, or only name them; raises SessionRefused."""
        return retry_failed(
            session, selection, limits=self.limits, dry_run=dry_run, **self._movers()
        )

    def markers(self) -> list[Marker]:
        """Return the markers of all committed chunks.

        Raises SessionRefused if another generator or numpy made any of them.
        """
        require_reproducible(self.ledger.sessions(), VERSIONS)
        return markers(self.database)

    def verify(self, chosen: Sequence[Marker]) -> Iterator[Comparison]:
        """Make these chunks again and yield each comparison; raises as `Verifier.compare`."""
        verifier = Verifier(self.store, PureGenerator(), self.plan_of, sha256_of)
        return verifier.compare(chosen)

    def reconciler(self, memory_mb: Callable[[], float] | None = None) -> Reconciler:
        """Return the periodic step. ``memory_mb`` says how much all processes of the farm use."""
        return Reconciler(
            ledger=self.ledger,
            cache=self.cache,
            publisher=self.publisher,
            broker=self.broker,
            limits=self.limits,
            memory_limit_mb=self.settings.memory_limit_mb,
            memory_mb=memory_mb,
        )

    def work_deps(
        self,
        worker: str,
        policy: RetryPolicy,
        *,
        tell: Callable[[str], None],
        warn: Callable[[str, BaseException], None],
    ) -> WorkDeps:
        """Return what a worker process called ``worker`` needs for a chunk."""
        return WorkDeps(
            ledger=self.ledger,
            cache=self.cache,
            store=self.store,
            loader=self.loader,
            generator=PureGenerator(),
            blueprint_of=self.plan_of,
            worker=worker,
            max_attempts=self.settings.chunk_attempts,
            clock=time.perf_counter,
            policy=policy,
            on_point=self.on_point,
            tell=tell,
            warn=warn,
        )

    def close(self) -> None:
        """Close the connections of this process."""
        self.loader.close()
        self.database.close()
        self.redis.close()

    def _movers(self) -> dict[str, Any]:
        return {"ledger": self.ledger, "publisher": self.publisher, "broker": self.broker}


def assemble(settings: Settings, *, role: str = "cli", app: Celery | None = None) -> Farm:
    """Join the ports to PostgreSQL, Redis and Celery as the settings say.

    Args:
        settings: without URLs, the embedded servers of FARM_HOME are meant; they must be running.
        role: what this process is; PostgreSQL shows it as the connection's name.
        app: the worker's own Celery app; others publish through one of their own.

    Raises:
        ServiceUnavailable: an embedded server is not running.
    """
    settings = located(settings)
    database = Database(str(settings.database_url), role)
    client = open_client(str(settings.redis_url))
    on_point = armed(settings.fault, settings.home)
    ledger = PostgresLedger(database, lease_s=settings.lease_s, ahead=settings.months_in_flight)
    return Farm(
        settings=settings,
        limits=Limits(
            settings.months_in_flight,
            settings.quiet_s,
            settings.lease_s,
            simulations_ahead=max(settings.workers // 2, 1),
        ),
        ledger=ledger,
        cache=RedisLedgerCache(client),
        broker=RedisBroker(client),
        publisher=CeleryPublisher(app or make_app(lambda: celery_settings(settings))),
        store=PostgresHistoryStore(database),
        loader=PostgresLoader(database, on_point=on_point),
        plan_of=Blueprints(ledger),
        on_point=on_point,
        database=database,
        redis=client,
    )


def plan_announced(settings: Settings) -> None:
    """Make the blueprint of the scenario that was announced here, for the processes forked later.

    Without one that can be planned each makes its own when it gets its first chunk.
    """
    data = announced(settings)
    if data is not None:
        with contextlib.suppress(ValueError, FarmError):
            Blueprint.of(Scenario.restore(data))


def located(settings: Settings) -> Settings:
    """Return the settings with both URLs: those given, or those of the running embedded servers."""
    if settings.database_url is not None and settings.redis_url is not None:
        return settings
    found = Services(settings).endpoints()
    return settings.with_servers(database_url=found.database_url, redis_url=found.redis_url)


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Return Celery's settings for these settings; raises as `located`."""
    return delivery_settings(
        str(located(settings).redis_url),
        workers=settings.workers,
        memory_limit_mb=settings.memory_limit_mb,
    )


def _row_of(ledger: Ledger, session: int) -> SessionRow:
    for row in ledger.sessions():
        if row.session == session:
            return row
    raise Fenced(f"session {session} is not in the database")
