"""The embedded Redis-protocol server: Valkey in `FARM_HOME/redis`, loopback, password, AOF."""

from __future__ import annotations

import secrets
import shutil
import signal
import time

import psutil
import redis

from farm.errors import ServiceUnavailable
from farm.services import machine, processes
from farm.services.home import Home, last_words

NAME = "redis"
PROGRAM = "valkey-server"

_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 60.0
_POLL_S = 0.02
_PORT_TRIES = 5

#: Only the append-only file keeps the data; eviction would lose messages.
_CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir {folder}
daemonize no
supervised no
appendonly yes
appendfsync everysec
aof-load-truncated yes
save ""
maxmemory 0
maxmemory-policy noeviction
maxclients 1000
tcp-keepalive 60
loglevel notice
always-show-logo no
"""


class Valkey:
    """Starts, finds and stops the server of one home. The caller holds the home's lock."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.folder / NAME
        self._log = home.log_file(NAME)

    @property
    def url(self) -> str:
        """Return the server's URL with its password."""
        port, password = self._home.port(NAME), self._home.secret(NAME)
        if port is None or password is None:
            raise ServiceUnavailable("the embedded Redis-protocol server was never started here")
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def process(self) -> psutil.Process | None:
        """Return the running server, None when there is none."""
        return processes.server_in(self._folder, PROGRAM)

    def start(self) -> None:
        """Start the server unless it runs; afterwards it has loaded its data and answers.

        Raises:
            ServiceUnavailable: it cannot start, with the server's own last words.
        """
        running = self.process()
        if running is not None:
            self._wait_ready(running)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for orphan in processes.orphans_of(self._folder, PROGRAM):
            processes.send(orphan, signal.SIGKILL)  # its data are deleted already
        account = machine.Account(self._folder)
        account.own(self._folder, 0o700)
        account.require_folder(self._folder)
        account.require_program(machine.valkey_program())
        for _ in range(_PORT_TRIES):
            if self._wait_ready(self._launch(account)):
                return
        raise ServiceUnavailable(f"the Redis-protocol server finds no free port (see {self._log})")

    def stop(self) -> bool:
        """Stop the server after it has synced its file. Return whether it ran."""
        process = self.process()
        if process is None:
            return False
        processes.send(process, signal.SIGTERM)
        if processes.wait_gone([process], _STOP_TIMEOUT_S):
            raise ServiceUnavailable(
                f"the Redis-protocol server (pid {process.pid}) does not stop: see {self._log}"
            )
        return True

    def erase(self) -> None:
        """Delete the data of a server that does not run. Port and password stay."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _launch(self, account: machine.Account) -> processes.Record:
        port = machine.choose_port(self._home.port(NAME))
        self._home.remember_port(NAME, port)
        password = self._home.secret(NAME) or self._home.new_secret(NAME, secrets.token_urlsafe(24))
        configuration = self._folder / "valkey.conf"
        quoted = str(self._folder).replace("\\", "\\\\").replace('"', '\\"')
        processes.write_whole(
            configuration,
            _CONFIGURATION.format(port=port, password=password, folder=f'"{quoted}"'),
            mode=0o600,
        )
        account.own(configuration, 0o600)
        self._home.begin_log(NAME)
        return processes.start_detached(
            [*account.prefix, str(machine.valkey_program()), str(configuration)],
            log=self._log,
            folder=self._folder,
        )

    def _wait_ready(self, server: processes.Record | psutil.Process) -> bool:
        """Wait until the server answers; return False when its port was taken."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                    client.ping()
            except redis.RedisError as error:
                problem = str(error)
            else:
                return True
            if not processes.is_alive(server):
                said = self._home.log_of_this_start(NAME)
                if "Address already in use" in said:
                    return False
                raise ServiceUnavailable(
                    f"the Redis-protocol server does not start: {last_words(said)} "
                    f"(see {self._log}; {self._folder} holds nothing PostgreSQL does not know)"
                )
            if time.monotonic() > deadline:
                raise ServiceUnavailable(f"the Redis-protocol server does not answer: {problem}")
            time.sleep(_POLL_S)
