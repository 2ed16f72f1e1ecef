"""The farm in containers, beside whatever else runs on this engine."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent

#: A password with a character of each kind that a URL takes as it is.
PASSWORD = "Not-a-secret_1.2~3"

#: Longer than any single command takes on a busy machine, a build from nothing included.
PATIENCE_S = 600


@functools.cache
def why_no_engine() -> str | None:
    """Return why containers cannot be started here; None when they can."""
    for what, command in (
        ("container engine", ("docker", "version")),
        ("docker compose", ("docker", "compose", "version")),
    ):
        try:
            asked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"no {what}: {error}"
        if asked.returncode != 0:
            said = asked.stderr.strip().splitlines()
            return f"no {what}: {said[0] if said else 'it does not answer'}"
    return None


class Stack:
    """One run of docker-compose.yml under a name, an image and ports of its own."""

    def __init__(self, image: str | None = None) -> None:
        self.name = f"salmon-farm-test-{os.getpid()}"
        self.image = image or f"salmon-farm:test-{os.getpid()}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COMPOSE_")}
        self._environment = {
            **kept,
            "SALMON_FARM_IMAGE": self.image,
            "POSTGRES_PASSWORD": PASSWORD,
            "POSTGRES_PORT": "0",  # the engine chooses free ones
            "FARM_FLOWER_PORT": "0",
            "FARM_FLOWER_PASSWORD": PASSWORD,
        }

    def compose(self, *args: str, code: int = 0) -> str:
        """Run `docker compose` and return what it printed; fail unless it ends with ``code``."""
        files = ("-f", str(PROJECT / "docker-compose.yml"), "--env-file", os.devnull)
        return self._run("docker", "compose", "-p", self.name, *files, *args, code=code)

    def farm(self, *args: str, code: int = 0) -> str:
        """Run a farm command beside the coordinator."""
        return self.compose("exec", "-T", "coordinator", "farm", *args, code=code)

    def json(self, *args: str) -> Any:
        """Run a farm command with --json and return what it printed."""
        return json.loads(self.farm(*args, "--json"))

    def containers(self, service: str | None = None) -> list[dict[str, Any]]:
        """Return what the engine knows of the containers, those that ended included."""
        ids = self.compose("ps", "--all", "--quiet", *([service] if service else [])).split()
        found: list[dict[str, Any]] = json.loads(self._run("docker", "inspect", *ids))
        return found

    def address(self, service: str, port: int) -> str:
        """Return where a service's port is published, as ``host:port``."""
        return self.compose("port", service, str(port)).strip()

    def database_url(self) -> str:
        """Return the URL of the database, as seen from here."""
        return f"postgresql://farm:{PASSWORD}@{self.address('postgres', 5432)}/farm"

    def docker(self, *args: str) -> str:
        """Run a docker command."""
        return self._run("docker", *args)

    def down(self) -> None:
        """Stop and remove everything but the image."""
        self.compose("down", "--volumes", "--timeout", "5")

    def remove_image(self) -> None:
        """Remove the image; what it was built from stays in the engine's cache."""
        self.docker("image", "rm", "--force", self.image)

    def _run(self, *command: str, code: int = 0) -> str:
        done = subprocess.run(
            command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        said = f"{' '.join(command)} → {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, said
        return done.stdout
