"""The embedded PostgreSQL server: one cluster in `FARM_HOME/postgres`, loopback TCP, scram."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from farm.errors import ServiceUnavailable
from farm.services import machine, processes
from farm.services.home import Home, last_words

NAME = "postgres"
ROLE = DATABASE = "farm"

#: Crash recovery replays at most max_wal_size of log: minutes, not more.
_START_TIMEOUT_S = 600.0
#: A fast shutdown writes what is left of a checkpoint.
_STOP_TIMEOUT_S = 120.0
_POLL_S = 0.03
#: Another program may take a free port between our look and the server's.
_PORT_TRIES = 5
#: Without this much space a server starts only to fall over its own log.
_LEAST_FREE_MB = 128


class Postgres:
    """Starts, finds and stops the server of one home. The caller holds the home's lock."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.folder / NAME
        self._data = self._folder / "data"
        self._log = home.log_file(NAME)

    @property
    def url(self) -> str:
        """Return the database's URL; its password is in the file the URL names."""
        port = self._home.port(NAME)
        if port is None:
            raise ServiceUnavailable("the embedded PostgreSQL was never started here")
        passfile = quote(str(self._password_file()), safe="/")
        return f"postgresql://{ROLE}@127.0.0.1:{port}/{DATABASE}?passfile={passfile}"

    def process(self) -> psutil.Process | None:
        """Return the running postmaster, None when there is none."""
        return processes.server_in(self._data, NAME)

    def start(self) -> None:
        """Start the server unless it runs; afterwards it accepts connections.

        Raises:
            ServiceUnavailable: it cannot start, with the server's own last words.
        """
        running = self.process()
        if running is not None:
            self._wait_ready(running)
        else:
            programs = machine.postgres_programs()
            account = machine.Account(self._data)
            self._prepare(account, programs)
            for _ in range(_PORT_TRIES):
                if self._wait_ready(self._launch(account, programs)):
                    break
            else:
                raise ServiceUnavailable(f"PostgreSQL finds no free port (see {self._log})")
        self._create_database()

    def stop(self) -> bool:
        """Stop the server: finish no statement, lose no commit. Return whether it ran."""
        process = self.process()
        if process is None:
            return False
        processes.send(process, signal.SIGINT)
        if processes.wait_gone([process], _STOP_TIMEOUT_S):
            processes.send(process, signal.SIGQUIT)  # recovers at the next start
            if processes.wait_gone([process], _STOP_TIMEOUT_S):
                raise ServiceUnavailable(f"PostgreSQL (pid {process.pid}) does not stop")
        return True

    def erase(self) -> None:
        """Delete the cluster of a server that does not run. Port and password stay."""
        for folder in (self._data, self._folder / "data.new"):
            if folder.exists():
                shutil.rmtree(folder)

    def _prepare(self, account: machine.Account, programs: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for orphan in processes.orphans_of(self._data, NAME):
            processes.send(orphan, signal.SIGQUIT)
        account.own(self._folder, 0o700)
        account.require_folder(self._folder)
        account.require_program(programs / NAME)
        self._require_space()
        if not self._data.exists():
            self._create_cluster(account, programs)
        self._require_same_version(programs)
        self._remove_stale_lock()

    def _launch(self, account: machine.Account, programs: Path) -> processes.Record:
        port = machine.choose_port(self._home.port(NAME))
        self._home.remember_port(NAME, port)
        self._write_passfile(port)
        self._home.begin_log(NAME)
        command = [str(programs / NAME), "-D", str(self._data), "-p", str(port)]
        for name, value in self._options(account, programs).items():
            command += ["-c", f"{name}={value}"]
        return processes.start_detached(
            [*account.prefix, *command], log=self._log, folder=self._folder
        )

    def _create_cluster(self, account: machine.Account, programs: Path) -> None:
        """Create the cluster beside its place and move it there when it is whole."""
        draft = self._folder / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        password = self._home.secret(NAME) or self._home.new_secret(NAME, secrets.token_urlsafe(24))
        handover = self._folder / "password.new"
        processes.write_whole(handover, password, mode=0o600)
        account.own(handover, 0o600)
        command = [
            *(str(programs / "initdb"), "-D", str(draft), "-U", ROLE),
            *("--auth=scram-sha-256", f"--pwfile={handover}"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        ]
        try:
            made = subprocess.run(
                [*account.prefix, *command],
                cwd=self._folder,
                check=False,
                capture_output=True,
                text=True,
            )
        finally:
            handover.unlink(missing_ok=True)
        if made.returncode != 0:
            raise ServiceUnavailable(f"PostgreSQL cannot be set up: {last_words(made.stderr)}")
        draft.rename(self._data)

    def _require_space(self) -> None:
        free = machine.free_disk_mb(self._folder)
        if free < _LEAST_FREE_MB:
            raise ServiceUnavailable(
                f"the disk of {self._home.folder} has {free} MB left and PostgreSQL needs "
                f"{_LEAST_FREE_MB} MB to start: free some space, then run the same command again"
            )

    def _require_same_version(self, programs: Path) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        said = subprocess.run(
            [str(programs / NAME), "--version"], check=True, capture_output=True, text=True
        ).stdout.split()
        ours = next(word for word in said if word[0].isdigit()).partition(".")[0]
        if made_by != ours:
            raise ServiceUnavailable(
                f"{self._data} was made by PostgreSQL {made_by} and {ours} is installed: "
                "`farm reset` starts anew, or choose another FARM_HOME"
            )

    def _remove_stale_lock(self) -> None:
        """Remove a postmaster.pid that no postmaster holds any more.

        After a crash of the machine its number may belong to another process of this user, and
        PostgreSQL would refuse to start. `process` has looked: no postmaster works in this folder.
        """
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _options(self, account: machine.Account, programs: Path) -> Mapping[str, str]:
        roomy = machine.memory_mb() >= 4096
        # Loading runs from checkpoint to checkpoint; a small disk must not fill with log. A log of
        # 1 GB, written over and over, was slower: its writer took twice the time, as the server
        # lets go of the memory of each of its files, and checkpoints took as much again.
        wal_mb = min(8192, max(1024, machine.free_disk_mb(self._folder) // 8))
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "60",
            "fsync": "on",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": f"{wal_mb}MB",
            "checkpoint_timeout": "30min",
            "shared_buffers": "512MB" if roomy else "128MB",
            "maintenance_work_mem": "256MB" if roomy else "64MB",
            "max_parallel_maintenance_workers": "0",
            # Autovacuum takes statistics of growing tables over and over. A tenth of the default
            # samples serves the planner as well.
            "default_statistics_target": "10",
            # Dropping or validating ten years touches every month of every table in one go.
            "max_locks_per_transaction": "256",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %a ",
            "log_checkpoints": "off",
            "update_process_title": "on",
        }
        check = [str(programs / NAME), "-D", str(self._data), "-C", "wal_compression"]
        lz4 = subprocess.run(
            [*account.prefix, *check, "-c", "wal_compression=lz4"],
            cwd=self._folder,
            check=False,
            capture_output=True,
        )
        if lz4.returncode == 0:
            options["wal_compression"] = "lz4"
        return options

    def _wait_ready(self, server: processes.Record | psutil.Process) -> bool:
        """Wait until the server accepts connections; return False when its port was taken."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError as error:
                problem = str(error)
            else:
                return True
            if not processes.is_alive(server):
                said = self._home.log_of_this_start(NAME)
                if "Address already in use" in said:
                    return False
                raise ServiceUnavailable(
                    f"PostgreSQL does not start: {last_words(said)} (see {self._log})"
                )
            if time.monotonic() > deadline:
                raise ServiceUnavailable(f"PostgreSQL does not answer: {last_words(problem)}")
            time.sleep(_POLL_S)

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                name = sql.Identifier(DATABASE)
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            self.url, dbname=database, connect_timeout=5, autocommit=True, application_name="farm"
        )

    def _password_file(self) -> Path:
        return self._home.secret_file("pgpass")

    def _write_passfile(self, port: int) -> None:
        line = f"127.0.0.1:{port}:*:{ROLE}:{self._home.secret(NAME)}\n"
        processes.write_whole(self._password_file(), line, mode=0o600)
