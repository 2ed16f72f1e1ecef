"""docker-compose.yml and Dockerfile agree with the farm; what the files say, without an engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from farm.cli.main import VERBS
from farm.services.beat import Beat
from farm.settings.settings import PREFIX, Settings, load_settings

PROJECT = Path(__file__).parent.parent.parent
COMPOSE = (PROJECT / "docker-compose.yml").read_text()
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
IGNORE = (PROJECT / ".dockerignore").read_text().split()
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("text", [COMPOSE, DOCKERFILE], ids=["docker-compose.yml", "Dockerfile"])
def test_every_farm_variable_is_a_setting(text: str):
    # Others in .env would be refused by the commands that run on the same machine.
    assert set(re.findall(rf"\b{PREFIX}\w+", text)) <= SETTINGS


def test_every_command_is_a_verb_of_the_farm():
    verbs = re.findall(r"command: \[(\w+)[,\]]", COMPOSE.replace("[redis-server", ""))
    assert set(verbs) == {"coordinator", "worker", "flower"}
    assert set(verbs) <= VERBS.keys()


@pytest.mark.parametrize("role", ["coordinator", "worker"])
def test_health_is_the_sign_of_life_of_that_very_process(role: str):
    (home,) = re.findall(r"FARM_HOME=(\S+)", DOCKERFILE)
    file = Beat(load_settings(home=Path(home)), role).file
    (service,) = re.findall(rf"^  {role}:\n(?:    .*\n)+", COMPOSE, flags=re.MULTILINE)
    assert f"find {file} -newermt" in service


def test_every_published_port_is_on_loopback():
    (*published,) = re.findall(r"ports: \[(.*)\]", COMPOSE)
    assert published
    assert all(port.startswith('"127.0.0.1:') for port in published)


def test_every_image_names_its_version():
    pulled = re.findall(r"image: \$\{\w+:-(.+)\}", COMPOSE)
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert set(pulled) == {
        "timescale/timescaledb:latest-pg17",
        "redis:7",
        "salmon-farm",
    }  # the last is built here
    assert set(bases) == {"python:3.11-slim"}


def test_the_image_runs_as_a_user_and_needs_no_other_build_frontend():
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert "\nUSER farm\n" in last
    assert "COPY" not in last.partition("USER farm")[2], "files of the user's own can be changed"
    assert "# syntax=" not in DOCKERFILE


def test_whatever_the_image_copies_reaches_the_build_and_nothing_else_does():
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, flags=re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert all((PROJECT / source).exists() for source in copied)
    assert IGNORE[0] == "*"
    assert {line[1:] for line in IGNORE if line.startswith("!")} == set(copied)


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker command on this machine")
def test_compose_takes_the_file():
    version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if version.returncode != 0:
        pytest.skip("no docker compose on this machine")
    asked = ["docker", "compose", "-f", str(PROJECT / "docker-compose.yml"), "config", "--quiet"]
    checked = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
