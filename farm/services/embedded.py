"""The two servers a farm needs: those the settings name, or embedded ones in FARM_HOME."""

from __future__ import annotations

from typing import Any, Protocol

import psutil

from farm.errors import ServiceUnavailable
from farm.services.endpoints import Endpoints
from farm.services.home import Home
from farm.services.postgres import Postgres
from farm.services.probes import answers
from farm.services.valkey import Valkey
from farm.settings.secrets import mask
from farm.settings.settings import Settings


class Server(Protocol):
    """What both embedded servers can do."""

    @property
    def url(self) -> str:
        """Return the URL to connect to."""

    def process(self) -> psutil.Process | None:
        """Return the running server, None when there is none."""

    def start(self) -> None:
        """Start the server unless it runs."""

    def stop(self) -> bool:
        """Stop the server; return whether it ran."""

    def erase(self) -> None:
        """Delete the data of a server that does not run. Its URL stays the same."""


class Services:
    """Starts, finds and stops a farm's servers. Servers the settings name are never touched."""

    def __init__(self, settings: Settings) -> None:
        self._home = Home(settings.home)
        self._given = {"postgres": settings.database_url, "redis": settings.redis_url}
        self._embedded: dict[str, Server] = {}
        if settings.database_url is None:
            self._embedded["postgres"] = Postgres(self._home)
        if settings.redis_url is None:
            self._embedded["redis"] = Valkey(self._home)

    def is_new(self) -> bool:
        """Return whether the database is an embedded one that was never started: it is empty."""
        return "postgres" in self._embedded and self._home.port("postgres") is None

    def start(self) -> Endpoints:
        """Start the embedded servers that do not run; all are ready when this returns.

        Raises ServiceUnavailable when one cannot start, SettingsInvalid when the home cannot be
        used.
        """
        if self._embedded:
            with self._home.lock():
                for server in self._embedded.values():
                    server.start()
        return self._endpoints()

    def stop(self) -> list[str]:
        """Stop the embedded servers and return the names of those that ran."""
        if not self._embedded or not self._home.folder.is_dir():
            return []
        with self._home.lock():
            return [name for name, server in self._embedded.items() if server.stop()]

    def erase(self) -> list[str]:
        """Delete the data of the embedded servers and return their names.

        Those that run are stopped for it and started again, empty. URLs stay the same.
        """
        if not self._embedded or not self._home.folder.is_dir():
            return []
        with self._home.lock():
            for server in self._embedded.values():
                ran = server.stop()
                server.erase()
                if ran:
                    server.start()
        return list(self._embedded)

    def endpoints(self) -> Endpoints:
        """Return where the running servers are.

        Raises ServiceUnavailable when an embedded one does not run.
        """
        idle = [name for name, server in self._embedded.items() if server.process() is None]
        if idle:
            raise ServiceUnavailable(
                f"no embedded {' and '.join(idle)} running for {self._home.folder}: "
                "`farm services start` starts what is missing; FARM_DATABASE_URL and "
                "FARM_REDIS_URL name other servers"
            )
        return self._endpoints()

    def status(self) -> dict[str, dict[str, Any]]:
        """Return what `farm services status --json` prints: url, embedded, running, pid by server.

        The URL of an embedded server connects (it is this user's own); in that of any other server
        the password is masked, `running` is whether it answers, and `pid` is None.
        """
        return {name: self._status(name) for name in self._given}

    def _status(self, name: str) -> dict[str, Any]:
        server, given = self._embedded.get(name), self._given[name]
        if server is None or given is not None:
            running = given is not None and answers(given)
            return {"url": mask(given), "embedded": False, "running": running, "pid": None}
        process = server.process()
        return {
            "url": server.url if process else None,
            "embedded": True,
            "running": process is not None,
            "pid": process.pid if process else None,
        }

    def _endpoints(self) -> Endpoints:
        urls = {name: given or self._embedded[name].url for name, given in self._given.items()}
        return Endpoints(database_url=urls["postgres"], redis_url=urls["redis"])
